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
    "title": say("Scrivi il titolo, su una riga, al massimo 200 caratteri."),
    "description": say("Scrivi la descrizione, al massimo 5000 caratteri."),
    "starts_at": say("Scrivi data e ora che devono ancora venire, con il fuso, come 2026-12-01T16:00:00Z."),
    "minutes": say("Scrivi quanti minuti dura: da 5 a 720."),
    "capacity": say("Scrivi un numero di posti da 1 a 10000."),
    "room_url": say("Scrivi l’indirizzo della stanza: comincia con https://. Serve dove la piattaforma non ne crea."),
    "rule": say("Scrivi una regola RRULE che finisce entro 366 giorni, come FREQ=WEEKLY;BYDAY=TU;COUNT=8."),
    "without": say("Scrivi un elenco di giorni, come 2026-12-08."),
    "stories": say(
        "Scrivi al massimo 3 storie, ognuna con title (una riga, 120 caratteri) e url (https, senza password)."
    ),
    "scope": say("Scegli one, following o all."),
    "reason": say("Scrivi perché, al massimo 500 caratteri."),
    "attendance": say("Scegli present, absent o excused."),
    "phone": say("Scrivi un numero di telefono, come 333 123 4567 o +39 333 1234567."),
    "url": say("Scrivi l’indirizzo di un calendario: comincia con https://, e non ha un nome utente."),
    "Calendars.name": say("Scrivi un nome breve, non ancora usato: lettere minuscole, cifre e trattini, fino a 40."),
    "role": say("Scegli coordinator, operator, viewer o prescriber."),
    "Accounts.partner": say("Scrivi il partner, come orso, per operator e viewer; per gli altri ruoli lascialo fuori."),
    "Accounts.after": say("Scrivi il next della pagina di prima, oppure ricomincia senza."),
    "useful": say("Scegli yes, partly o no."),
    "words": say("Scrivi al massimo 1000 caratteri, senza caratteri di controllo."),
    "own_rooms": say("Scegli true o false."),
    "reminders": say("Scegli true o false."),
    "thanks": say("Scegli true o false."),
    "staff_id": say("Scrivi l’id di un account dello staff."),
    "Audit.session_id": say("Scrivi l’id di una sessione."),
    "done_from": say("Scrivi data e ora con il fuso, come 2026-12-01T16:00:00Z."),
    "done_before": say("Scrivi data e ora con il fuso, come 2026-12-01T16:00:00Z."),
    "_schema": say("Manda un oggetto JSON."),
}
UNKNOWN_FIELD = say("Questo campo non esiste.")
