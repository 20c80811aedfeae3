"""Every error of the API as a problem document (RFC 9457), with a stable code, in the language that was asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, json, request
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from contracts.wire import NotFound, Refusal
from gateway import errors
from gateway.api.document import CHALLENGE_INVALID, PREFIX, PROBLEM_JSON, ApiBlueprint
from gateway.api.schemas import ProblemList
from gateway.api.words import FIELDS, UNKNOWN_FIELD, say
from gateway.error_pages import log_failure
from gateway.errors import INTERNAL, Problem
from gateway.language import asked_language

RETRY_SECONDS = 10  # a service that restarts is back by then

blueprint = ApiBlueprint("Problems", __name__, url_prefix=PREFIX, description="What can go wrong")


@contextmanager
def page_or_not_found() -> Iterator[None]:
    """For a list that is asked by its ``after``: well formed, but no page of ours, it is not found (404)."""
    try:
        yield
    except Refusal as refusal:
        if refusal.details.get("fields", {}).keys() == {"after"}:
            raise NotFound(**refusal.details) from None
        raise


class KeyMissing(Refusal):
    """No Idempotency-Key, or one that is not 1 to 200 printable ASCII characters."""

    code = "idempotency_key_missing"


class TokenMissing(Refusal):
    """No Authorization header with a bearer token."""

    code = "token_missing"


class NoSeat(Refusal):
    """For who has no seat there is nothing to put into a calendar."""

    code = "no_seat"


class PassMissing(Refusal):
    """No Authorization header with a pass to a person's own page."""

    code = "personal_pass_missing"


class PassRefused(Refusal):
    """The pass is none of ours, or its hour is over."""

    code = "personal_pass_refused"


class AccessKeyMissing(Refusal):
    """No Authorization header with an access key of the staff."""

    code = "access_key_missing"


class AccessKeyRefused(Refusal):
    """The key is none of ours, or it has ended."""

    code = "access_key_refused"


_CHALLENGES = {  # RFC 6750 section 3
    TokenMissing.code: "Bearer",
    PassMissing.code: "Bearer",
    PassRefused.code: CHALLENGE_INVALID,
    AccessKeyMissing.code: "Bearer",
    AccessKeyRefused.code: CHALLENGE_INVALID,
}

# What booking looks at, by the fields that it is worked out from.
_FIELDS_HERE = {"ends_at": "minutes", "opens_at": "starts_at", "closes_at": "starts_at"}

_UNKNOWN = ["Unknown field."]  # what marshmallow says of one

# What the pages say, where a program needs other words; and what only the API says.
PROBLEMS = errors.PROBLEMS | {
    "bad_request": Problem(400, say("Richiesta non valida"), say("Confrontala con il documento OpenAPI.")),
    "malformed_json": Problem(400, say("JSON non valido"), say("Il corpo della richiesta deve essere JSON in UTF-8.")),
    "idempotency_key_missing": Problem(
        400,
        say("Manca Idempotency-Key"),
        say("Manda l’intestazione Idempotency-Key: da 1 a 200 caratteri ASCII, nuova per ogni cosa che chiedi."),
    ),
    "token_missing": Problem(
        401,
        say("Manca il token"),
        say("Manda l’intestazione Authorization: Bearer, con il token che sta nel link della conferma."),
    ),
    "personal_pass_missing": Problem(
        401,
        say("Manca il lasciapassare"),
        say("Manda l’intestazione Authorization: Bearer, con il personal_pass avuto in cambio del link."),
    ),
    "personal_pass_refused": Problem(
        401,
        say("Questo lasciapassare non vale"),
        say("Vale un’ora: poi la persona chiede un altro link, con POST /personal/links."),
    ),
    "link_over": Problem(
        410,
        say("Questo link non vale più"),
        say("È già stato usato, oppure è passato un quarto d’ora: POST /personal/links ne manda un altro."),
    ),
    "access_key_missing": Problem(
        401,
        say("Manca la chiave"),
        say("Manda l’intestazione Authorization: Bearer, con una chiave di accesso: si fa al banco, in Le mie chiavi."),
    ),
    "access_key_refused": Problem(
        401,
        say("Questa chiave non vale"),
        say("È stata revocata, o il suo account è stato chiuso o ha cambiato password. Fanne un’altra al banco."),
    ),
    "not_permitted": Problem(
        403,
        say("Questa chiave non basta"),
        say("Riguarda un’altra organizzazione, oppure l’account della chiave non arriva fin qui."),
    ),
    "not_found": Problem(
        404, say("Non trovato"), say("A questo indirizzo non c’è nulla, oppure il token non è quello giusto.")
    ),
    "method_not_allowed": Problem(
        405, say("Metodo non previsto"), say("L’intestazione Allow dice quali metodi sono previsti.")
    ),
    "no_offer": Problem(
        409,
        say("Nessun posto per questa prenotazione"),
        say("Nessun posto è tenuto per lei, o libero; waiting_list dice come stanno le cose."),
    ),
    "not_this_series": Problem(
        409, say("Data di un’altra serie"), say("GET /reservations/{id}/dates dice a quali date si può passare.")
    ),
    "booked_already": Problem(
        409,
        say("C’è già una prenotazione"),
        say("La persona ha già un posto in quella sessione, o lo aspetta: non è cambiato niente."),
    ),
    "address_taken": Problem(
        409, say("Indirizzo già usato"), say("C’è già un account con questo indirizzo: GET /accounts lo elenca.")
    ),
    "own_account": Problem(
        409, say("È il tuo account"), say("Lo fa un’altra persona del coordinamento: così ne resta sempre una.")
    ),
    "payload_too_large": Problem(413, say("Corpo troppo grande"), say("Il corpo può essere al massimo di 64 KB.")),
    "unsupported_media_type": Problem(415, say("Formato non previsto"), say("Manda il corpo come application/json.")),
    "invalid_arguments": Problem(422, say("Valori non accettati"), say("Il membro errors dice quali, e perché.")),
    "idempotency_key_reused": Problem(
        422,
        say("Idempotency-Key già usata"),
        say("È stata usata con un altro contenuto: per una nuova richiesta serve una chiave nuova."),
    ),
    "deadline_passed": Problem(
        503,
        say("Arrivata troppo tardi"),
        say("Non è stato fatto niente: chiedilo di nuovo, con un’altra Idempotency-Key."),
    ),
    "too_many_requests": Problem(
        429, say("Troppe richieste"), say("Riprova dopo i secondi che dice l’intestazione Retry-After.")
    ),
}


@blueprint.route("/problems")
@blueprint.response(200, ProblemList)
@blueprint.documents_problems()
def list_problems() -> dict[str, Any]:
    """All problems by their codes; the ``type`` of a problem document leads here."""
    return {"items": [as_document(code) for code in PROBLEMS]}


def answer(error: Exception) -> Response:
    """The response to whatever went wrong under /api/."""
    code = code_of(error)
    if code == INTERNAL:
        log_failure(error)
    document = as_document(code, _fields(error))
    response = current_app.response_class(
        json.dumps(document, ensure_ascii=False, sort_keys=False), status=document["status"], mimetype=PROBLEM_JSON
    )
    response.headers |= {"Content-Language": asked_language(), "Cache-Control": "no-store", **_headers(error, code)}
    response.vary.add("Accept-Language")
    return response


def as_document(code: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The problem document for a code; one that is not known here is of a service newer than this gateway.

    ``fields`` says of each that is wrong why, as schemas do.
    """
    known = code if code in PROBLEMS else INTERNAL
    problem = PROBLEMS[known]
    with force_locale(asked_language()):
        wrong = {field: [str(_about(field, why))] for field, why in (fields or {}).items()}
        document = {
            "type": f"{PREFIX}/problems#{known}",
            "title": str(problem.title),
            "status": problem.status,
            "detail": str(problem.advice),
            "code": known,
        }
    return {**document, "errors": wrong} if wrong else document


def code_of(error: Exception) -> str:
    if isinstance(error, Refusal) and error.code in PROBLEMS:
        return error.code
    return errors.code_of(error)


def _about(field: str, why: Any) -> Any:
    """What to say of a field that is wrong: some mean something else in the requests of one subject."""
    if why == _UNKNOWN:
        return UNKNOWN_FIELD
    return FIELDS.get(f"{request.blueprint}.{field}") or FIELDS.get(field, UNKNOWN_FIELD)


def _fields(error: Exception) -> dict[str, Any]:
    """The fields that were refused, by the schema here or by a service: both say it in the same way."""
    if not isinstance(error, Refusal):
        return {}
    if error.code == "consent_missing":
        return {"consent": error.code}
    fields = error.details.get("fields")
    return {_FIELDS_HERE.get(str(name), str(name)): why for name, why in fields.items()} if fields else {}


def _headers(error: Exception, code: str) -> dict[str, str]:
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return {"Allow": ", ".join(sorted(error.valid_methods))}
    if code in _CHALLENGES:
        return {"WWW-Authenticate": _CHALLENGES[code]}
    if isinstance(error, HTTPException) and error.code == 429:
        return {name: value for name, value in error.get_headers() if name == "Retry-After"}
    return {"Retry-After": str(RETRY_SECONDS)} if PROBLEMS[code].status == 503 else {}
