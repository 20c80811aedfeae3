"""Notify on the real bus, in a process of its own, beside a booking service that knows two reservations.

Run as a program: ``FOLDER``. Two people book, and are told; then the session is called off, and they are told that. It
ends with status 0 when four mails are in ``FOLDER/mails``.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

SECONDS = 30.0
PEOPLE = {"giulia@example.org": "confirmed", "marco@example.org": "waiting"}


def main() -> None:
    from bus.green import patch

    patch()
    folder = Path(sys.argv[1])
    _run(folder, {address: uuid4() for address in PEOPLE})


def _run(folder: Path, reservations: dict[str, UUID]) -> None:
    from bus.embedded import EmbeddedBus
    from bus.host import Host, Part
    from bus.node import Node
    from contracts import booking
    from services.notify.service import NotifyService
    from services.notify.tests.examples import settings
    from tests.waiting import wait_until

    chosen = settings(folder / "mails")
    transport = EmbeddedBus()
    office, desk = (Node(name, transport, _database(folder, name)) for name in ("notify", "booking"))
    states = {str(reservations[address]): state for address, state in PEOPLE.items()}
    desk.answering.serve(
        booking.DESCRIBE_RESERVATIONS,
        lambda _tx, reservation_ids: {"items": [_letter(str(key), states) for key in reservation_ids]},
    )
    host = Host([Part(NotifyService, chosen, office)])
    host.start()
    desk.start()

    def mails() -> int:
        return len(list((folder / "mails").glob("*.eml")))

    _book(desk, reservations)
    wait_until(lambda: mails() == 2, "two mails", SECONDS)
    states.update(dict.fromkeys(states, "cancelled"))
    _call_off(desk, reservations)
    wait_until(lambda: mails() == 4, "four mails", SECONDS)
    desk.stop()
    host.stop()


def _database(folder: Path, name: str) -> Any:
    from bus.database import Database
    from bus.migrations import upgrade
    from services.notify.config import MIGRATIONS

    database = Database(f"sqlite:///{folder / name}.db")
    upgrade(database, MIGRATIONS)  # for the tables of the bus; booking's own do not matter here
    return database


def _letter(reservation: str, states: dict[str, str]) -> dict[str, Any]:
    """What booking answers: as its schema loads it, not as it dumps it."""
    from contracts import booking
    from services.notify.tests.examples import CANCELLED, WAITING, a_letter

    changes = {"confirmed": {}, "waiting": WAITING, "cancelled": CANCELLED}[states[reservation]]
    return dict(booking.ReservationLetter().load(a_letter(id=reservation, **changes)))


def _book(desk: Any, reservations: dict[str, UUID]) -> None:
    """The events first: the contacts come after them."""
    from bus.times import now
    from contracts import booking, notify
    from services.notify.tests.examples import DAY, about

    with desk.database.transaction() as tx:
        for address, kind in zip(PEOPLE, (booking.RESERVATION_CONFIRMED, booking.RESERVATION_WAITLISTED), strict=True):
            subject = f"reservation/{reservations[address]}"
            tx.record(kind, subject=subject, partner="orso", data=about(kind, address, reservations[address]).data)
    with desk.database.transaction() as tx:
        for address in PEOPLE:
            contact = {"email": address, "name": address.split("@")[0].title(), "language": "it", "consent": True}
            key = f"contact:{reservations[address]}"
            tx.send(notify.REMEMBER_CONTACT, idempotency_key=key, deadline=now() + DAY, **contact)


def _call_off(desk: Any, reservations: dict[str, UUID]) -> None:
    from contracts import booking
    from services.notify.tests.examples import about, session_cancelled

    with desk.database.transaction() as tx:
        for address, reservation in reservations.items():
            event = about(booking.RESERVATION_CANCELLED, address, reservation, cancelled_by="session")
            tx.record(booking.RESERVATION_CANCELLED, subject=f"reservation/{reservation}", data=event.data)
        tx.record(booking.SESSION_CANCELLED, subject="session/1", data=session_cancelled().data)
