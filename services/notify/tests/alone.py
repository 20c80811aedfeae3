"""Notify on the real bus, in a process of its own, beside a booking service that knows three reservations, and staff.

Run as a program: ``FOLDER``. Things happen to the people's reservations, in rounds; after each, their mails are waited
for. It ends with status 0 when all of them are in ``FOLDER/mails``.
"""

import sys
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

SECONDS = 30.0
GIULIA, MARCO, ANNA = "giulia@example.org", "marco@example.org", "anna@example.org"
BEA = "bea@example.org"  # who booked for Anna


@dataclass(frozen=True)
class Desk:
    """What stands for booking: its node, and how each reservation is at the moment."""

    node: Any
    times: dict[str, str]
    reservations: dict[str, UUID] = field(default_factory=lambda: {each: uuid4() for each in (GIULIA, MARCO, ANNA)})
    letters: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def happen(self, event: Any, address: str, changes: dict[str, Any], **data: Any) -> None:
        """The reservation becomes what ``changes`` of the example say, and the event says so."""
        from services.notify.tests.examples import a_letter, about

        key = self.reservations[address]
        self.letters[key] = a_letter(id=str(key), session=self.times, **changes)
        said = about(event, address, key, **self.times, **data).data
        with self.node.database.transaction() as tx:
            tx.record(event, subject=f"reservation/{key}", partner="orso", data=said)

    def call_off(self) -> None:
        from contracts import booking
        from services.notify.tests.examples import session_cancelled

        with self.node.database.transaction() as tx:
            tx.record(booking.SESSION_CANCELLED, subject="session/1", data=session_cancelled(**self.times).data)

    def change(self) -> None:
        from contracts import booking
        from services.notify.tests.examples import session_changed

        times: dict[str, Any] = {**self.times, "was_starts_at": self.times["starts_at"]}
        said = session_changed("room", **times).data
        with self.node.database.transaction() as tx:
            tx.record(booking.SESSION_CHANGED, subject="session/1", partner="orso", data=said)

    def introduce(self) -> None:
        """Say how the people are reached."""
        from bus.times import now
        from contracts import notify
        from services.notify.tests.examples import DAY

        with self.node.database.transaction() as tx:
            for address, key in self.reservations.items():
                contact = {"email": address, "name": address.split("@")[0].title(), "language": "it", "consent": True}
                deadline = now() + DAY
                tx.send(notify.REMEMBER_CONTACT, idempotency_key=f"contact:{key}", deadline=deadline, **contact)

    def describe(self, _tx: Any, reservation_ids: list[UUID]) -> dict[str, Any]:
        """What booking answers: as its schema loads it, not as it dumps it."""
        from contracts import booking

        return {"items": [dict(booking.ReservationLetter().load(self.letters[key])) for key in reservation_ids]}


def main() -> None:
    from bus.green import patch

    patch()
    _run(Path(sys.argv[1]))


def _run(folder: Path) -> None:
    from bus.embedded import EmbeddedBus
    from bus.host import Host, Part
    from bus.node import Node
    from contracts import booking, staff
    from services.notify.service import NotifyService
    from services.notify.tests.examples import settings
    from tests.waiting import wait_until

    transport = EmbeddedBus()
    names = ("notify", "booking", "staff")
    office, node, colleagues = (Node(name, transport, _database(folder, name)) for name in names)
    desk = Desk(node, _times())
    node.answering.serve(booking.DESCRIBE_RESERVATIONS, desk.describe)
    bea = {"name": "Bea", "email": BEA, "language": "en"}
    colleagues.answering.serve(staff.REACH_MEMBER, lambda _tx, account_id: bea)
    host = Host([Part(NotifyService, settings(folder / "mails"), office)])
    host.start()
    node.start()
    colleagues.start()
    for happen, mails in ((_book, 3), (Desk.change, 6), (_go_on, 10), (_call_off, 11)):
        happen(desk)
        wait_until(partial(_sent, folder, mails), f"{mails} mails", SECONDS)
    colleagues.stop()
    node.stop()
    host.stop()


def _sent(folder: Path, number: int) -> bool:
    return len(list((folder / "mails").glob("*.eml"))) == number


def _book(desk: Desk) -> None:
    """The events first: the contacts come after them."""
    from contracts import booking
    from services.notify.tests.examples import WAITING

    desk.happen(booking.RESERVATION_CONFIRMED, GIULIA, {})
    for address in (MARCO, ANNA):
        desk.happen(booking.RESERVATION_WAITLISTED, address, WAITING)
    desk.introduce()


def _go_on(desk: Desk) -> None:
    from contracts import booking
    from services.notify.tests.examples import STAFF_ID, left_the_list, offered_until

    desk.happen(booking.RESERVATION_ATTENDED, GIULIA, {})
    desk.happen(booking.RESERVATION_OFFERED, MARCO, offered_until(desk.times["starts_at"]))
    desk.happen(booking.RESERVATION_LAPSED, ANNA, left_the_list("expired"), booked_by=str(STAFF_ID))


def _call_off(desk: Desk) -> None:
    """Marco is told; Anna's place was over before, and Giulia's seat is still hers."""
    from contracts import booking
    from services.notify.tests.examples import left_the_list

    desk.happen(booking.RESERVATION_CANCELLED, MARCO, left_the_list("withdrawn"), cancelled_by="session")
    desk.call_off()


def _times() -> dict[str, str]:
    """Of a session in nine days, by the real clock."""
    from bus.times import now, written

    starts_at = now() + timedelta(days=9)
    return {"starts_at": written(starts_at), "ends_at": written(starts_at + timedelta(hours=1))}


def _database(folder: Path, name: str) -> Any:
    from bus.database import Database
    from bus.migrations import upgrade
    from services.notify.config import MIGRATIONS

    database = Database(f"sqlite:///{folder / name}.db")
    upgrade(database, MIGRATIONS)  # for the tables of the bus; booking's own do not matter here
    return database
