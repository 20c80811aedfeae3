"""What became of a calendar, in words: when it was read, what it brought, what is wrong and what to do about it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_timedelta
from flask_babel import gettext as _
from flask_babel import ngettext

from gateway.language import page_language


def ago(moment: str) -> str:
    """«12 minuti fa», or «tra 18 minuti»."""
    distance = datetime.fromisoformat(moment) - datetime.now(UTC)
    return str(format_timedelta(distance, add_direction=True, threshold=1.2, locale=page_language()))


def counts_in_words(counts: Mapping[str, int]) -> str:
    """«3 nuove, una cambiata», or that nothing is new."""
    many = [
        (counts["published"], ngettext("una nuova", "%(num)s nuove", counts["published"])),
        (counts["changed"], ngettext("una cambiata", "%(num)s cambiate", counts["changed"])),
        (counts["called_off"], ngettext("una annullata", "%(num)s annullate", counts["called_off"])),
    ]
    return ", ".join(words for number, words in many if number) or str(_("niente di nuovo"))


def problem_in_words(calendar: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a calendar (``contracts.booking.Calendar``), and what to do."""
    host, about = calendar["host"], calendar["problem_about"] or "…"
    address = _("Controlla l’indirizzo nel tuo programma. Se è cambiato, cambialo anche qui.")
    wait = _("Di solito passa da solo: riproviamo noi. Se dura, chiedi a chi gestisce %(host)s.", host=host)
    export = _("Controlla che l’indirizzo sia quello del calendario (iCal, .ics), e non di una pagina che lo mostra.")
    event = _("Correggilo nel tuo calendario: alla prossima lettura prendiamo tutto. Fino ad allora non cambia niente.")
    said = {
        "private": (_("%(host)s è in una rete privata, che da qui non si raggiunge.", host=host), address),
        "no_host": (_("%(host)s non si trova.", host=host), address),
        "certificate": (_("%(host)s non ha un certificato valido.", host=host), wait),
        "unreachable": (_("%(host)s non risponde.", host=host), wait),
        "slow": (_("%(host)s ci mette troppo: più di dieci secondi.", host=host), wait),
        "status": (_("%(host)s risponde con l’errore %(number)s.", host=host, number=about), address),
        "redirects": (_("L’indirizzo rimanda altrove troppe volte."), address),
        "too_large": (_("Il calendario è troppo grande."), _("Dacci un calendario che ha solo le sessioni.")),
        "not_a_calendar": (_("Quello che c’è a questo indirizzo non è un calendario che sappiamo leggere."), export),
        "empty": (
            _("Nel calendario non c’è nessun evento."),
            _("Per non sbagliare non annulliamo niente. Se è quello che vuoi, annulla le sessioni una per una."),
        ),
        "zone": (
            _("Il fuso orario «%(zone)s» non esiste.", zone=about),
            _("Nel tuo programma scegline uno come Europe/Rome."),
        ),
        "room": (
            _("Non sappiamo dov’è la stanza online."),
            _("Scrivi il suo indirizzo in «Cambia posti, stanza, lingua o indirizzo»."),
        ),
        "event": (
            _("L’evento «%(event)s» non si può leggere.", event=about)
            if calendar["problem_about"]
            else _("Un evento senza titolo non si può leggere."),
            event,
        ),
        "event_end": (_("Non si sa quando finisce: «%(event)s».", event=about), event),
        "event_repeats": (
            _("L’evento «%(event)s» si ripete in un modo che non sappiamo seguire.", event=about),
            _(
                "Fallo ripetere ogni giorno, settimana, mese o anno, al massimo una volta al giorno e da non più di "
                "dieci anni. Fino ad allora non cambia niente."
            ),
        ),
        "event_title": (_("Manca il titolo, è troppo lungo o ha segni illeggibili: «%(event)s».", event=about), event),
        "event_description": (
            _("La descrizione è troppo lunga, o ha segni illeggibili: «%(event)s».", event=about),
            event,
        ),
        "event_length": (
            _("Una sessione deve finire dopo l’inizio, ed entro 12 ore: «%(event)s».", event=about),
            event,
        ),
    }
    ours = (_("C’è un guasto da parte nostra."), _("Riproviamo da soli. Se dura, avvisa chi gestisce la piattaforma."))
    what, advice = said.get(calendar["problem"], ours)
    return str(what), str(advice)
