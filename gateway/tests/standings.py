"""A reservation for each way in which one can stand, as its person's links show it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from bus.times import now
from gateway.tests.api.conftest import Site
from gateway.tests.series import publish_series
from services.booking import usecases, waiting
from services.booking.domain import HOLD
from services.booking.tables import sessions

HOUR = timedelta(hours=1)


class Standings:
    """Each method answers the id of a reservation of its own; of a person of its own, or of who has ``email``."""

    email: str | None = None

    def __init__(self, site: Site) -> None:
        self.site = site

    def seat(self) -> str:
        return self._book(self._publish(timedelta(days=1)))

    def doors_open(self, **session: Any) -> str:
        return self._book(self._publish(HOUR / 6, **session))

    def over(self, **session: Any) -> str:
        return self._moved_into_the_past(self.doors_open(**session))

    def waiting(self) -> str:
        return self._in_line(timedelta(days=1), people=4)[-1]

    def last_hours(self) -> str:
        return self._in_line(HOUR)[1]

    def free(self) -> str:
        first, second = self._in_line(HOUR)
        self._ask("DELETE", first)
        return second

    def missed_out(self) -> str:
        return self._moved_into_the_past(self.last_hours())

    def offered(self) -> str:
        first, second = self._in_line(timedelta(days=1))
        self._ask("DELETE", first)
        return second

    def accepted(self) -> str:
        return self._then("PUT", self.offered(), "/offer")

    def declined(self) -> str:
        return self._then("DELETE", self.offered(), "/offer")

    def expired(self) -> str:
        offered = self.offered()
        with self.site.database.transaction() as tx:
            waiting.expire_offer(tx, now() + HOLD, session_id=self._session_of(offered), reservation_id=UUID(offered))
        return offered

    def withdrawn(self) -> str:
        return self._then("DELETE", self.waiting())

    def given_back(self) -> str:
        return self._then("DELETE", self.seat())

    def called_off(self) -> str:
        waits = self.waiting()
        with self.site.database.transaction() as tx:
            usecases.cancel_session(tx, now(), session_id=self._session_of(waits))
        return waits

    def called_off_with_other_dates(self) -> str:
        """Five of them, the second of which is full."""
        dates = publish_series(self.site, dates=5)
        mine = self._book(dates[0])
        self._book(dates[1])
        with self.site.database.transaction() as tx:
            usecases.cancel_session(tx, now(), session_id=UUID(dates[0]))
        return mine

    @property
    def all(self) -> dict[str, Callable[[], str]]:
        names = [name for name in vars(Standings) if not name.startswith("_") and name not in {"all", "move", "email"}]
        return {name: getattr(self, name) for name in names}

    def move(self, reservation_id: str, **values: Any) -> None:
        """Write ``values`` into its session, past what the rules allow."""
        changed = update(sessions).where(sessions.c.id == self._session_of(reservation_id)).values(**values)
        with self.site.database.transaction() as tx:
            tx.connection.execute(changed)

    def _moved_into_the_past(self, reservation_id: str) -> str:
        start = now() - 2 * HOUR
        self.move(reservation_id, starts_at=start, ends_at=start + HOUR)
        return reservation_id

    def _publish(self, ahead: timedelta, capacity: int = 1, **session: Any) -> str:
        start: datetime = now().replace(second=0, microsecond=0) + ahead
        return self.site.publish(starts_at=start, ends_at=start + HOUR, capacity=capacity, **session)

    def _book(self, session_id: str, mine: bool = True) -> str:
        who = (self.email if mine else None) or f"{uuid4().hex}@example.org"
        return str(self.site.book(session_id, uuid4().hex, email=who).json["id"])

    def _in_line(self, ahead: timedelta, people: int = 2) -> list[str]:
        """Who books a session with one seat, one after the other."""
        session_id = self._publish(ahead)
        return [self._book(session_id, mine=number == people - 1) for number in range(people)]

    def _ask(self, method: str, reservation_id: str, what: str = "") -> Any:
        path = f"/api/v1/reservations/{reservation_id}{what}"
        answer = self.site.client.open(path, method=method, headers=self.site.token(reservation_id))
        assert answer.status_code == 200, answer.text
        return answer.json

    def _then(self, method: str, reservation_id: str, what: str = "") -> str:
        self._ask(method, reservation_id, what)
        return reservation_id

    def _session_of(self, reservation_id: str) -> UUID:
        return UUID(str(self.site.letter(reservation_id)["session_id"]))
