"""What the API says to a person, in Italian; the catalogues ``api.po`` in gateway/translations have the rest."""

from pathlib import Path

from flask_babel import Domain

_CATALOGUES = Path(__file__).parent.parent / "translations"

say = Domain(translation_directories=[str(_CATALOGUES)], domain="api").lazy_gettext

# One sentence for each field, whatever is wrong with it: missing, of another type, too long.
FIELDS = {
    "name": say("Scrivi il nome: lettere, al massimo 120 caratteri, su una riga."),
    "email": say("Scrivi un indirizzo e-mail, come nome@example.org."),
    "language": say("Scegli una lingua: it o en."),
    "consent": say("Deve essere true: la persona ha letto come usiamo i suoi dati."),
    "session_id": say("Scrivi l’id di una delle date: GET /reservations/{id}/dates le elenca."),
    "starts_from": say("Scrivi data e ora con il fuso, come 2026-12-01T16:00:00Z."),
    "starts_before": say("Scrivi data e ora con il fuso, come 2026-12-01T16:00:00Z."),
    "partner": say("Scrivi l’identificativo di un partner: lettere minuscole, cifre e trattini, come orso."),
    "after": say("Non è una pagina di questo elenco: ricomincia senza."),
    "limit": say("Scrivi un numero da 1 a 100."),
    "_schema": say("Manda un oggetto JSON."),
}
UNKNOWN_FIELD = say("Questo campo non esiste.")
