"""``kill -9`` of the whole centre while it does what touches several people: nothing is lost, nothing happens twice.

Each process dies either before its transaction commits or when notify has heard and booking has not noted it yet; then
another one starts on the same files. What is between a message and its mail, services/notify/tests/test_crashes.py has.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from bus import migrations
from bus.database import Database
from bus.tables import inbox, outbox
from bus.times import now
from services.booking import series, usecases
from services.booking.config import MIGRATIONS
from services.booking.people import manage_token
from services.booking.recurrence import ROME
from services.booking.series import Rooms
from services.booking.tables import reservations, sessions
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR, ORSO, PERSON_KEY, SECRET_KEY
from services.notify.tables import messages
from tests.faults.conftest import StartWorker
from tests.faults.job import Fault, Job, Nursery, Worker
from tests.waiting import wait_until

HOUR = timedelta(hours=1)
RARELY = 0.1  # seconds: looking takes the time of who is looked at
TOLD = Fault("bus.relay:Relay._mark", "before")


@dataclass(frozen=True)
class Case:
    """Where the process dies before its transaction commits, and what must come of it all the same.

    ``seats`` are those of the session: taken, held, and how many people wait.
    """

    dies_at: str
    events: list[str]
    mails_to: list[str]
    seats: tuple[int, int, int]


CASES = {
    "freed": Case(
        "services.booking.waiting:save",
        ["reservation.cancelled.v1", "reservation.offered.v1"],
        ["freed-1", "freed-2"],
        (0, 1, 0),
    ),
    "expired": Case(
        "services.booking.waiting:save",
        ["reservation.lapsed.v1", "reservation.offered.v1"],
        ["expired-2", "expired-3"],
        (0, 1, 0),
    ),
    "accepted": Case("services.booking.waiting:save", ["reservation.confirmed.v1"], ["accepted-2"], (1, 0, 0)),
    "moved": Case(
        "services.booking.moving:_told",
        ["reservation.cancelled.v1", "reservation.confirmed.v1", "reservation.offered.v1"],
        ["moved-1", "moved-2"],
        (0, 1, 0),
    ),
    "closed": Case(
        "services.booking.attendance:_tell",
        ["reservation.attended.v1", "reservation.missed.v1"],
        ["closed-1"],
        (2, 0, 0),
    ),
}


@dataclass
class Centre:
    """The files of a centre. ``people`` are reservations by ``<case>-<number>``, ``dates`` sessions by case."""

    folder: Path
    people: dict[str, UUID]
    dates: dict[str, UUID]

    @property
    def environ(self) -> dict[str, str]:
        return {
            "BOOKING_DATABASE_URI": self._uri("booking"),
            "NOTIFY_DATABASE_URI": self._uri("notify"),
            "NOTIFY_OUTPUT_DIR": str(self.folder / "mail"),
            "NOTIFY_SENDER": "Città dei Mestieri <info@example.org>",
            "PUBLIC_URL": "https://arlo.example.org",
            "PERSON_KEY": PERSON_KEY.hex(),
            "BOOKING_SECRET_KEY": SECRET_KEY.hex(),
        }

    def copy(self, folder: Path) -> "Centre":
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def database(self, name: str) -> Database:
        return Database(self._uri(name))

    def read(self, name: str, *columns: Any) -> list[Any]:
        database = self.database(name)
        with database.reading() as tx:
            rows = list(tx.connection.execute(select(*columns)))
        database.close()
        return rows

    def mails(self) -> Counter[str]:
        found = (message_from_bytes(path.read_bytes()) for path in (self.folder / "mail").glob("*.eml"))
        return Counter(str(mail["To"]).rpartition("<")[2].partition("@")[0] for mail in found)

    def is_quiet(self) -> bool:
        """Whether everything is told, heard, and written to people; reminders wait for their day."""
        unsent = [row for row in self.read("booking", outbox.c.sent_at) if row.sent_at is None]
        heard = all(row.state == "done" for row in self.read("notify", inbox.c.state))
        written = [row for row in self.read("notify", messages.c.state, messages.c.due_at) if row.due_at]
        return not unsent and heard and not [row for row in written if row.due_at <= now() + HOUR]

    def asks(self, what: str) -> list[list[Any]]:
        """The commands of a case; an offer expires without one."""
        there = {"session_id": str(self.dates["there"])}
        sheet = {"session_id": str(self.dates["closed"]), "actor": {**OPERATOR, "id": str(OPERATOR["id"])}}
        return {
            "freed": [["CANCEL_RESERVATION", self._held("freed-1")]],
            "expired": [],
            "accepted": [["ACCEPT_OFFER", self._held("accepted-2")]],
            "moved": [["MOVE_RESERVATION", {**self._held("moved-1"), **there}]],
            "closed": [["CLOSE_ATTENDANCE", sheet]],
        }[what]

    def let_the_offer_expire(self) -> None:
        database = self.database("booking")
        with database.transaction() as tx:
            mine = reservations.c.id == self.people["expired-2"]
            tx.connection.execute(update(reservations).where(mine).values(offer_expires_at=now() - HOUR))
        database.close()

    def _held(self, name: str) -> dict[str, str]:
        return {"reservation_id": str(self.people[name]), "token": manage_token(SECRET_KEY, self.people[name])}

    def _uri(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery("tests.faults.centre")
    yield nursery
    nursery.close()


@pytest.fixture(scope="module")
def quiet(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre in which everything that was booked has been told: where each case begins."""
    folder = tmp_path_factory.mktemp("centre")
    centre = Centre(folder / "files", {}, {})
    centre.folder.mkdir()
    for name, scripts in (("booking", MIGRATIONS), ("notify", MIGRATIONS.parents[1] / "notify" / "migrations")):
        database = centre.database(name)
        migrations.upgrade(database, scripts)
        if name == "booking":
            _fill(centre, Desk(database, now()))
        database.close()
    worker = Worker(nursery, Job({}, environ=centre.environ), folder / "worker.log")
    worker.await_running()
    wait_until(centre.is_quiet, "all that was booked to be told", every=RARELY)
    worker.stop()
    return centre


def _fill(centre: Centre, desk: Desk) -> None:
    with desk.database.transaction() as tx:
        usecases.add_partner(tx, ORSO)
    start = desk.now + timedelta(days=1)
    when = {"starts_at": start, "ends_at": start + HOUR}
    for case, seats, people in (("freed", 1, 2), ("expired", 1, 3), ("accepted", 1, 2), ("closed", 2, 2)):
        centre.dates[case] = desk.publish(capacity=seats, **when)
        _book(centre, desk, case, people)
    here, centre.dates["there"] = _series(desk)
    centre.dates["moved"] = here
    _book(centre, desk, "moved", 2)
    for case in ("expired", "accepted"):
        desk.cancel(centre.people[f"{case}-1"])
    desk.now = start
    desk.enter(centre.people["closed-1"])
    with desk.database.transaction() as tx:
        over = {"starts_at": start - timedelta(days=2), "ends_at": start - timedelta(days=2) + HOUR}
        tx.connection.execute(update(sessions).where(sessions.c.id == centre.dates["closed"]).values(over))


def _book(centre: Centre, desk: Desk, case: str, people: int) -> None:
    for number in range(1, people + 1):
        name = f"{case}-{number}"
        booked = desk.book(centre.dates[case], name="Giulia", email=f"{name}@example.org")
        centre.people[name] = UUID(str(booked["id"]))


def _series(desk: Desk) -> list[UUID]:
    facts: dict[str, Any] = {
        "title": "Il primo colloquio",
        "description": "",
        "language": "it",
        "minutes": 60,
        "capacity": 1,
    }
    start = (desk.now + timedelta(days=2)).astimezone(ROME).replace(tzinfo=None, microsecond=0)
    with desk.database.transaction() as tx:
        published = series.publish_sessions(
            tx,
            desk.now,
            Rooms("https://meet.example.org/{room}", SECRET_KEY),
            actor=OPERATOR,
            partner=ORSO.id,
            starts_at=start,
            rule="FREQ=WEEKLY;COUNT=2",
            **facts,
        )
    return [session["id"] for session in published["items"]]


@pytest.mark.parametrize("told", [False, True], ids=["before the commit", "told and not noted"])
@pytest.mark.parametrize("what", CASES)
def test_what_was_done_is_done_once(
    quiet: Centre, start_worker: StartWorker, tmp_path: Path, what: str, told: bool
) -> None:
    case, centre = CASES[what], quiet.copy(tmp_path / str(uuid4()))
    if what == "expired":
        centre.let_the_offer_expire()
    before = centre.mails()
    job = Job({}, environ=centre.environ, asks=centre.asks(what))
    start_worker(replace(job, fault=TOLD if told else Fault(case.dies_at, "after"))).await_death()
    heir = start_worker(job)
    heir.await_running()
    expected = sorted(case.mails_to)
    wait_until(lambda: _mails(centre, before) >= expected and centre.is_quiet(), "all to be told", every=RARELY)
    heir.stop()
    assert _mails(centre, before) == expected
    assert _new_events(centre, quiet) == case.events
    assert _seats(centre, centre.dates[what]) == case.seats
    assert _miscounted(centre) == []


def _mails(centre: Centre, before: Counter[str]) -> list[str]:
    return sorted((centre.mails() - before).elements())


def _new_events(centre: Centre, quiet: Centre) -> list[str]:
    """What booking has said since, which must be what notify has heard."""
    said = Counter(row[0] for row in centre.read("booking", outbox.c.routing_key))
    heard = Counter(row[0] for row in centre.read("notify", inbox.c.type))
    said.subtract(row[0] for row in quiet.read("booking", outbox.c.routing_key))
    heard.subtract(row[0] for row in quiet.read("notify", inbox.c.type))
    assert +said == +heard
    return sorted(said.elements())


def _seats(centre: Centre, session_id: UUID) -> tuple[int, int, int]:
    columns = (sessions.c.id, sessions.c.taken, sessions.c.held, sessions.c.waiting)
    (seats,) = [tuple(row[1:]) for row in centre.read("booking", *columns) if row.id == session_id]
    return seats


def _miscounted(centre: Centre) -> list[UUID]:
    """The sessions whose numbers are not those of the reservations in them."""
    counted = {"taken": "confirmed", "held": "offered", "waiting": "waiting"}
    numbers = [
        select(func.count()).where(reservations.c.session_id == sessions.c.id, reservations.c.state == state)
        for state in counted.values()
    ]
    columns = [sessions.c[name] for name in ("id", *counted)]
    rows = centre.read("booking", *columns, *(number.scalar_subquery() for number in numbers))
    return [row[0] for row in rows if tuple(row[1:4]) != tuple(row[4:])]
