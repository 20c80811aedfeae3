"""A person's own page, for programs: the link to it by mail, the pass for the link, and what the pass opens.

What is secret comes in a header: addresses are logged.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request

from bus.client import NoAnswer
from contracts import booking, notify
from contracts.person import PASS_MAX
from contracts.wire import Refusal
from gateway.api.commands import carry_out, idempotency_key, new_key, token
from gateway.api.document import LINK_SCHEME, PASS_SCHEME, PREFIX, ApiBlueprint
from gateway.api.people_schemas import PageOfMine
from gateway.api.personal_schemas import AskedFor, NewLink, OwnContact, OwnReservations, Pass, Preferences
from gateway.api.problems import PassMissing, PassRefused, TokenMissing, page_or_not_found
from gateway.api.reservations import KEY
from gateway.context import bus_client, settings
from gateway.limits import PERSONAL_LINKS

A_LINK_LIVES = timedelta(minutes=15)
AT_THE_DOOR = timedelta(minutes=1)

blueprint = ApiBlueprint("Personal", __name__, url_prefix=PREFIX, description="A person's own page")
_BY_PASS: dict[str, Any] = {"security": [{PASS_SCHEME: []}]}
_PREFERENCES = {name: notify.SET_PREFERENCES.example[name] for name in ("language", "reminders", "thanks")}


@blueprint.route("/personal/links", methods=["POST"])
@blueprint.arguments(NewLink(), example=notify.SEND_PERSONAL_LINK.example)
@blueprint.response(202, AskedFor)
@blueprint.documents_problems(400, 413, 415)
@blueprint.doc(parameters=[KEY])
def send_personal_link(body: dict[str, Any]) -> Any:
    """Ask for a link to one's own page, by mail; good once, for 15 minutes.

    The answer is the same whoever is known, and whatever mail is sent: three an hour at most to one address.
    """
    key = idempotency_key(request.headers.get("Idempotency-Key"), whose=f"{_unreadable(body['email'])} ")
    PERSONAL_LINKS.count()
    try:
        carry_out(notify.SEND_PERSONAL_LINK, key, A_LINK_LIVES, **body)
    except NoAnswer as silence:
        if not silence.accepted:
            raise
    return {"asked": True}


@blueprint.route("/personal/links/<uuid:link_id>/use", methods=["POST"])
@blueprint.response(200, Pass)
@blueprint.documents_problems(400, 401, 404, 410)
@blueprint.doc(parameters=[KEY], security=[{LINK_SCHEME: []}])
def use_personal_link(link_id: UUID) -> Any:
    """Use the link up, for a pass. The same Idempotency-Key gives the same pass again, as where an answer was lost."""
    link: dict[str, Any] = {"link_id": str(link_id), "token": token()}
    key = idempotency_key(request.headers.get("Idempotency-Key"))
    PERSONAL_LINKS.count()
    return carry_out(notify.USE_PERSONAL_LINK, key, AT_THE_DOOR, **link)


@blueprint.route("/personal/reservations")
@blueprint.arguments(PageOfMine(), location="query")
@blueprint.response(200, OwnReservations)
@blueprint.documents_problems(401, 404, 422)
@blueprint.doc(**_BY_PASS)
def list_own_reservations(page: dict[str, Any]) -> Any:
    """All that the person booked: what is to come first, then what is over. Each with the token that manages it."""
    with _own_pass() as own_pass, page_or_not_found():
        return bus_client().ask(booking.LIST_RESERVATIONS, personal_pass=own_pass, **page)


@blueprint.route("/personal/preferences")
@blueprint.response(200, OwnContact)
@blueprint.documents_problems(401, 404)
@blueprint.doc(**_BY_PASS)
def get_preferences() -> Any:
    """What is kept of the person, and how they want to be written to; not found when they are forgotten."""
    with _own_pass() as own_pass:
        return bus_client().ask(notify.GET_PREFERENCES, personal_pass=own_pass)


@blueprint.route("/personal/preferences", methods=["PUT"])
@blueprint.arguments(Preferences(), example=_PREFERENCES)
@blueprint.response(200, Preferences)
@blueprint.documents_problems(400, 401, 404, 413, 415)
@blueprint.doc(**_BY_PASS)
def set_preferences(body: dict[str, Any]) -> Any:
    """How the person wants to be written to from now on. Doing it again changes nothing."""
    with _own_pass() as own_pass:
        return carry_out(notify.SET_PREFERENCES, new_key(), AT_THE_DOOR, personal_pass=own_pass, **body)


@contextmanager
def _own_pass() -> Iterator[str]:
    """The pass of the Authorization header. Raises PassMissing; PassRefused where a service does not take it."""
    try:
        shown = token(PASS_MAX)
    except TokenMissing:
        raise PassMissing from None
    try:
        yield shown
    except Refusal as refusal:
        if refusal.code != "not_permitted":
            raise
        raise PassRefused from None


def _unreadable(email: str) -> str:
    """So that two clients with the same key do not meet, and nobody can tell the address from what is kept of it."""
    return hmac.digest(settings().secret_key, email.encode(), "sha256").hex()
