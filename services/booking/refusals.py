"""What a person is told of a request that was refused when nobody waited for the answer any more.

They were promised a mail. It is asked for in the transaction that remembers the refusal: neither is without the other.
"""

from datetime import datetime, timedelta
from typing import Any

from bus.requests import Refused
from bus.transaction import Transaction
from contracts import notify
from contracts.booking import NAME_MAX
from contracts.person import person_id
from contracts.secret import digest
from services.booking import store
from services.booking.errors import InvalidArguments
from services.booking.people import holds, legible_name, usable_address

WORTH_TELLING = timedelta(days=30)  # for as long as notify tries to send a mail


def tell(tx: Transaction, now: datetime, person_key: bytes, secret_key: bytes, refused: Refused) -> None:
    """Ask notify for the mail to who gave the command, once for its key; for none where nobody can be reached."""
    if "email" in refused.arguments:
        about = _about_seat(tx, now, person_key, refused)
    else:
        about = _about_reservation(tx, secret_key, refused.arguments)
    if about:
        said = {"asked_for": refused.command.name, "code": refused.code, **about}
        tx.send(notify.TELL_REFUSAL, idempotency_key=_key("refused", refused), deadline=now + WORTH_TELLING, **said)


def _about_seat(tx: Transaction, now: datetime, person_key: bytes, refused: Refused) -> dict[str, Any] | None:
    """Of who asked for a seat, whom notify need not know yet. Nobody is written to who has not agreed to it."""
    given = refused.arguments
    try:
        address = usable_address(given["email"])
    except InvalidArguments:
        return None
    if not given["consent"]:
        return None
    who = {"email": address, "name": _name(given["name"], address), "language": given["language"], "consent": True}
    key = _key("refused contact", refused)
    tx.send(notify.REMEMBER_CONTACT, idempotency_key=key, deadline=now + WORTH_TELLING, **who)
    return {"person_id": person_id(person_key, address), "session_id": str(given["session_id"])}


def _about_reservation(tx: Transaction, secret_key: bytes, given: dict[str, Any]) -> dict[str, Any] | None:
    """Of whose reservation it is, if the token is right; ``session_id`` is of the date that they wanted, if any."""
    reservation_id = given["reservation_id"]
    mine = store.reservation(tx, reservation_id) if holds(given["token"], secret_key, reservation_id) else None
    if mine is None or mine.person_id is None:  # forgotten
        return None
    at_the_desk = given["by"] is not None and given["by"] == mine.booked_by  # of that the person knows nothing
    return {
        "person_id": mine.person_id,
        "session_id": str(given.get("session_id", mine.session_id)),
        "reservation_id": str(mine.id),
        "booked_by": mine.booked_by and str(mine.booked_by),
        "reachable": mine.reachable and not at_the_desk,
    }


def _name(name: str, address: str) -> str:
    """A name that can be written; else the address, which no mail greets anybody by."""
    try:
        return legible_name(name)
    except InvalidArguments:
        return address[:NAME_MAX]


def _key(what: str, refused: Refused) -> str:
    """Of bounded length, however long the key of the command is."""
    return f"{what}:{digest(refused.key)}"
