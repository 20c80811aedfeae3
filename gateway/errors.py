"""The one table from stable error codes to HTTP status and words, for the pages and for the API alike."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bus.client import NoAnswer
from contracts.wire import Refusal


@dataclass(frozen=True)
class Problem:
    """What a person reads when something is refused: what happened, and what to do next."""

    status: int
    title: Any  # a lazy string: it is translated when it is shown
    advice: Any


NO_ANSWER = "no_answer"
FORGED = "form_expired"
INTERNAL = "internal_error"
_AGAIN = _l("Riprova tra qualche minuto. Se non va, telefonaci: prenotiamo noi per te.")

PROBLEMS = {
    # refusals of the services
    "invalid_arguments": Problem(
        422, _l("Qualcosa non è scritto come ci aspettavamo"), _l("Controlla quello che hai scritto e riprova.")
    ),
    "not_found": Problem(
        404,
        _l("Questa pagina non c’è"),
        _l("Forse il link è incompleto o la sessione è già passata. Riparti dalle sessioni in programma."),
    ),
    "session_closed": Problem(
        409,
        _l("Le prenotazioni per questa sessione sono chiuse"),
        _l("Scegline un’altra: ne aggiungiamo ogni settimana."),
    ),
    "session_started": Problem(
        409,
        _l("La sessione è già iniziata"),
        _l("Da qui non si può più cambiare la prenotazione. Se non riesci a partecipare, scrivici."),
    ),
    "session_ended": Problem(
        409, _l("La sessione è già finita"), _l("Scegline un’altra: ne aggiungiamo ogni settimana.")
    ),
    "offer_expired": Problem(
        409,
        _l("Il tempo per prendere il posto è finito"),
        _l("Adesso tocca a chi viene dopo. Puoi scegliere un’altra sessione, o rimetterti in lista."),
    ),
    "no_offer": Problem(
        409,
        _l("Adesso non c’è un posto per te"),
        _l("L’ha preso un’altra persona, oppure non è più tenuto per te. Qui sotto vedi come stanno le cose."),
    ),
    "no_seat": Problem(
        409, _l("Questa prenotazione non ha un posto"), _l("Senza un posto non si entra. Se è un errore, telefonaci.")
    ),
    "not_there": Problem(
        409,
        _l("Sul foglio delle presenze risulta che non c’eri"),
        _l("Può dire com’è andata chi ha partecipato. Se è un errore, scrivici."),
    ),
    "feedback_closed": Problem(
        409,
        _l("Il tempo per dire com’è andata è finito"),
        _l("Si può fare per 30 giorni dopo la sessione. Se vuoi dirci qualcosa lo stesso, scrivici."),
    ),
    "not_this_series": Problem(
        409,
        _l("Questa data non è tra quelle della tua sessione"),
        _l("Si può passare solo a un’altra data della stessa sessione. Scegline una tra quelle che vedi adesso."),
    ),
    "booked_already": Problem(
        409,
        _l("In quella data hai già una prenotazione"),
        _l("Non è cambiato niente: le tieni tutte e due. Se una non ti serve, annullala dal link nella sua e-mail."),
    ),
    "too_early": Problem(409, _l("È ancora presto"), _l("Torna più tardi: la pagina dice da quando.")),
    "not_permitted": Problem(
        403,
        _l("Questo non è tuo da fare"),
        _l("La sessione è di un’altra organizzazione, oppure il tuo account non arriva fin qui."),
    ),
    "seats_are_free": Problem(
        409,
        _l("Ci sono ancora posti liberi"),
        _l("Non serve un posto in più: la persona può prenotare dalla pagina della sessione."),
    ),
    "not_read_yet": Problem(
        409, _l("Il calendario non è ancora stato letto"), _l("Aspetta un momento e guarda che cosa porta.")
    ),
    "too_many_calendars": Problem(
        409,
        _l("Avete già tutti i calendari che si possono seguire"),
        _l("Smetti di seguirne uno, poi aggiungi questo."),
    ),
    "sheet_closed": Problem(
        409, _l("Il foglio delle presenze è chiuso"), _l("Quello che dice è già stato comunicato e non cambia più.")
    ),
    "consent_missing": Problem(
        422, _l("Manca il tuo consenso"), _l("Senza, non possiamo mandarti il link della sessione.")
    ),
    "idempotency_key_reused": Problem(
        422, _l("Questa richiesta è già stata usata"), _l("Ricomincia la prenotazione da capo.")
    ),
    "deadline_passed": Problem(503, _l("Ci abbiamo messo troppo"), _AGAIN),
    # the gateway's own
    NO_ANSWER: Problem(503, _l("Il servizio di prenotazione non risponde"), _AGAIN),
    FORGED: Problem(
        400,
        _l("Il modulo è scaduto"),
        _l("La pagina è rimasta aperta a lungo, o il browser rifiuta i cookie. Torna indietro, ricaricala e riprova."),
    ),
    "bad_request": Problem(400, _l("Non abbiamo capito la richiesta"), _l("Torna indietro e riprova.")),
    "forbidden": Problem(403, _l("Qui non si può entrare"), _l("Riparti dalla pagina iniziale.")),
    "method_not_allowed": Problem(
        405, _l("Questa pagina non si apre così"), _l("Torna indietro e usa il pulsante sulla pagina.")
    ),
    "payload_too_large": Problem(413, _l("Hai mandato troppi dati"), _l("Accorcia quello che hai scritto e riprova.")),
    "unsupported_media_type": Problem(
        415, _l("Non sappiamo leggere questo formato"), _l("Usa il modulo sulla pagina.")
    ),
    "too_many_requests": Problem(
        429,
        _l("Troppe richieste in poco tempo"),
        _l("Aspetta un minuto e riprova. Il posto che hai già prenotato resta tuo."),
    ),
    INTERNAL: Problem(500, _l("Si è rotto qualcosa da noi"), _AGAIN),
    "service_unavailable": Problem(503, _l("Il sito è fermo per un momento"), _AGAIN),
}
_BY_STATUS = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.CONFLICT: "bad_request",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid_arguments",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
    HTTPStatus.SERVICE_UNAVAILABLE: "service_unavailable",
}


def code_of(error: Exception) -> str:
    """The stable code of whatever went wrong; what nobody foresaw is ``internal_error``."""
    if isinstance(error, NoAnswer):
        return NO_ANSWER
    if isinstance(error, Refusal):
        return error.code if error.code in PROBLEMS else INTERNAL
    if isinstance(error, CSRFError):
        return FORGED
    if isinstance(error, HTTPException) and error.code is not None:
        return _BY_STATUS.get(HTTPStatus(error.code), INTERNAL if error.code >= 500 else "bad_request")
    return INTERNAL


def problem_of(error: Exception) -> Problem:
    return PROBLEMS[code_of(error)]
