"""What became of a reservation, and what to do next, for who made it for somebody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from gateway.pages.standing import standing
from gateway.wording import clock, day_near


def became(reservation: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """State and next step in words; ``reservation`` is a ``contracts.booking.BookedFor`` as JSON, ``now`` is aware."""
    stands = standing(reservation, now)
    if stands in {"seat", "doors_open", "over"}:
        return _with_a_seat(stands, reservation)
    if reservation["state"] == "waiting" and stands not in {"missed_out", "expired"}:
        return _in_line(stands, reservation)
    again = str(_("Se serve, prenota un’altra sessione."))
    words = {
        "missed_out": _("Non si è liberato un posto."),
        "called_off": _("La sessione non si fa."),
        "declined": _("Il posto offerto è stato lasciato."),
        "expired": _("Nessuno ha risposto in tempo: il posto è passato ad altri."),
        "withdrawn": _("Non è più in lista d’attesa."),
    }
    return str(words.get(stands, _("La prenotazione è annullata."))), again


def _with_a_seat(stands: str, reservation: Mapping[str, Any]) -> tuple[str, str]:
    opens = reservation["join_opens_at"]
    if stands == "seat":
        door = _("Dalle il suo link: la porta si apre %(day)s alle %(clock)s.", day=day_near(opens), clock=clock(opens))
        return str(_("Ha un posto.")), str(door)
    if stands == "doors_open":
        return str(_("Ha un posto, e la porta è aperta.")), str(_("Può entrare adesso, dal suo link."))
    came = {
        "present": _("La sessione è finita: la persona c’era."),
        "absent": _("La sessione è finita: la persona non c’era."),
        "excused": _("La sessione è finita: la persona non c’era, con un motivo."),
    }
    return str(came.get(reservation["attendance"], _("La sessione è finita."))), ""


def _in_line(stands: str, reservation: Mapping[str, Any]) -> tuple[str, str]:
    by_hand = str(_("Decidete insieme, poi rispondi da «Gestisci»."))
    if stands == "offered":
        until = reservation["waiting_list"]["offer_expires_at"]
        held = _("Un posto è suo fino alle %(clock)s di %(day)s.", clock=clock(until), day=day_near(until))
        return str(held), by_hand
    if stands == "free":
        return str(_("C’è un posto libero.")), str(_("È di chi lo prende per primo: rispondi subito da «Gestisci»."))
    if stands == "last_hours":
        return str(_("In lista d’attesa, per ora senza posto.")), str(
            _("Un posto che si libera adesso è di chi lo prende per primo, da «Gestisci».")
        )
    if stands == "passed_over":
        return str(_("In lista d’attesa, dopo gli altri.")), str(_("Il posto le è già stato offerto due volte."))
    number = _("In lista d’attesa, numero %(number)s.", number=reservation["position"])
    return str(number), str(_("Quando tocca a lei teniamo un posto, fino a 12 ore."))
