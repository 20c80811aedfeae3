"""The people that a member booked for: what became of each, and what to hand over to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contracts.booking import LIST_BOOKED_FOR
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client, settings
from gateway.links import join_link
from gateway.pages import held
from gateway.pages.desk.became import became
from gateway.pages.desk.frame import member, notice, open_to_prescribers

PAGE_SIZE = 20
CURSOR_MAX = 200


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/persone", "people", people)
    blueprint.add_url_rule("/persone/<uuid:reservation_id>", "person", person)
    blueprint.add_url_rule("/persone/<uuid:reservation_id>/gestisci", "manage", manage)
    open_to_prescribers.update(("desk.people", "desk.person", "desk.manage"))


def people() -> ResponseReturnValue:
    after = request.args.get("dopo", "")[:CURSOR_MAX]
    try:
        found = _booked_for(limit=PAGE_SIZE, after=after or None)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code or not after:
            raise
        return redirect(url_for("desk.people"), 303)
    now = datetime.now(UTC)
    shown = [(each, *became(each, now)) for each in found["items"]]
    return render_template("desk/people.html", people=shown, next=found["next"], after=after)


def person(reservation_id: UUID) -> ResponseReturnValue:
    """One of them: how things stand, and a slip to copy or print for the person."""
    found = _booked_for(reservation_id=reservation_id)["items"]
    if not found:
        return _nobody()
    (mine,) = found
    state, following = became(mine, datetime.now(UTC))
    way = url_for("manage.enter", reservation_id=mine["id"], token=mine["token"])
    return render_template(
        "desk/person.html",
        mine=mine,
        session=mine["session"],
        state=state,
        following=following,
        way_in=join_link(mine),
        manage_in_full=settings().public_url.rstrip("/") + way,
    )


def manage(reservation_id: UUID) -> ResponseReturnValue:
    """The person's own pages, as from their link: what is done there is noted as the member's who booked for them."""
    found = _booked_for(reservation_id=reservation_id)["items"]
    if not found:
        return _nobody()
    response = redirect(url_for("manage.show"), 303)
    held.keep(response, reservation_id, found[0]["token"], by=str(member().actor["id"]))
    return response


def _nobody() -> ResponseReturnValue:
    words = [_("Forse è passato tempo, e l’abbiamo dimenticata; oppure ha prenotato per lei qualcun altro.")]
    return notice(_("Qui non c’è questa persona"), words, 404)


def _booked_for(**which: Any) -> dict[str, Any]:
    return bus_client().ask(LIST_BOOKED_FOR, actor=member().actor, **which)
