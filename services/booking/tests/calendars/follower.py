"""The calendars that a partner follows, as a test wants them: a web server, and a clock that stands still.

Run as a program, ``DATABASE_URI PEM NOW``: fetches a calendar that is due, and dies before it is taken over.
"""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID

from bus.database import Database
from services.booking.calendars import terms
from services.booking.calendars import usecases as calendars
from services.booking.calendars.fetching import Trust, fetch
from services.booking.calendars.following import Following
from services.booking.calendars.reading import Reading
from services.booking.series import Rooms
from services.booking.tests.calendars.test_reading import a_calendar
from services.booking.tests.calendars.web import Web
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR, SECRET_KEY

HERE = [ip_network("127.0.0.0/8")]
ROOMS = Rooms("https://meet.example.org/{room}", SECRET_KEY)
SECRET = "q0y2c7kS3m4bX8nZ"
PATH = f"/{SECRET}/orso.ics?key={SECRET}"


def at_once(work: Callable[[], Reading]) -> Reading:
    return work()


@dataclass
class Follower:
    desk: Desk
    web: Web
    headers: dict[str, str] = field(default_factory=dict)

    def put(self, *events: str) -> None:
        """What is in the calendar from now on."""
        self.answer(200, a_calendar(*events))

    def answer(self, status: int, body: bytes = b"") -> None:
        self.web.pages[PATH] = (status, body, self.headers)

    def follow(self, actor: dict[str, Any] = OPERATOR, **changes: Any) -> UUID:
        terms: dict[str, Any] = {"partner": "orso", "name": "corsi", "language": "it", "capacity": 2, **changes}
        url = terms.pop("url", self.web.url + PATH)
        with self.desk.database.transaction() as tx:
            made = calendars.follow_calendar(
                tx, self.desk.now, terms.pop("rooms", ROOMS), actor=actor, url=url, **terms
            )
        return UUID(str(made["id"]))

    def do(self, what: Callable[..., dict[str, Any]], calendar: UUID, actor: dict[str, Any] = OPERATOR) -> Any:
        with self.desk.database.transaction() as tx:
            return what(tx, self.desk.now, actor=actor, calendar_id=calendar)

    def change(self, calendar: UUID, actor: dict[str, Any] = OPERATOR, **wish: Any) -> dict[str, Any]:
        with self.desk.database.transaction() as tx:
            return terms.change_calendar(tx, self.desk.now, ROOMS, actor=actor, calendar_id=calendar, **wish)

    def effects(self, calendar: UUID, **wish: Any) -> dict[str, int]:
        with self.desk.database.reading() as tx:
            about: dict[str, Any] = {"actor": OPERATOR, "calendar_id": calendar, **wish}
            return terms.get_calendar_effects(tx, self.desk.now, ROOMS, **about)

    def taken_over(self, *events: str, **terms: Any) -> UUID:
        """A calendar that was entered, seen, confirmed and taken over."""
        self.put(*events)
        calendar = self.follow(**terms)
        self.run()
        self.do(calendars.confirm_calendar, calendar)
        self.run()
        return calendar

    def seen(self, calendar: UUID, actor: dict[str, Any] = OPERATOR) -> dict[str, Any]:
        with self.desk.database.reading() as tx:
            return calendars.get_calendar(tx, actor=actor, calendar_id=calendar)

    def following(self, aside: Callable[[Callable[[], Reading]], Reading] = at_once, **trust: Any) -> Following:
        trusted = partial(fetch, trust=Trust(self.web.trust, **{"networks": HERE, **trust}))
        return Following(self.desk.database, ROOMS, trusted, aside, lambda: self.desk.now)

    def run(self) -> int:
        """Fetch what is due; answers how many calendars were."""
        many = 0
        while self.following().run():
            many += 1
        return many

    def pass_time(self, time: timedelta) -> None:
        self.desk.now += time

    def die_while_fetching(self) -> int:
        """Another process fetches, and kills itself before it takes over; answers how it ended."""
        module = "services.booking.tests.calendars.follower"
        program = f"import sys; sys.path.insert(0, sys.argv.pop(1)); from {module} import main"
        uri = self.desk.database.engine.url.render_as_string(hide_password=False)
        arguments = [uri.replace("postgresql+psycopg2", "postgresql"), str(self.web.pem), self.desk.now.isoformat()]
        here = str(Path(__file__).parents[4])
        return subprocess.run([sys.executable, "-c", f"{program}; main()", here, *arguments], check=False).returncode


def die(_work: Callable[[], Reading]) -> Reading:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main() -> None:
    uri, pem, now = sys.argv[1:]
    trust = Trust(ssl.create_default_context(cafile=pem), HERE)
    Following(Database(uri), ROOMS, partial(fetch, trust=trust), die, lambda: datetime.fromisoformat(now)).run()
