"""The use cases as a test wants to call them: each in its own transaction, at a time that stands still."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bus.database import Database
from bus.tables import outbox
from services.booking import attendance, domain, on_behalf, staff, store, usecases, waiting
from services.booking.people import join_token, manage_token
from services.booking.tests.examples import NOW, OPERATOR, PERSON_KEY, SECRET_KEY, a_draft


@dataclass
class Desk:
    database: Database
    now: datetime = NOW

    def publish(self, **changes: Any) -> UUID:
        with self.database.transaction() as tx:
            return UUID(str(usecases.publish_session(tx, self.now, a_draft(**changes))["id"]))

    def book(self, session_id: UUID, person: str = "giulia", **changes: Any) -> dict[str, Any]:
        request = {"name": person, "email": f"{person}@example.org", "language": "it", "consent": True, **changes}
        with self.database.transaction() as tx:
            return usecases.reserve_seat(tx, self.now, PERSON_KEY, session_id=session_id, **request)

    def cancel(self, reservation_id: UUID, token: str | None = None) -> dict[str, Any]:
        token = token or manage_token(SECRET_KEY, reservation_id)
        with self.database.transaction() as tx:
            return usecases.cancel_reservation(tx, self.now, SECRET_KEY, reservation_id=reservation_id, token=token)

    def accept(self, reservation_id: UUID) -> dict[str, Any]:
        token = manage_token(SECRET_KEY, reservation_id)
        with self.database.transaction() as tx:
            return waiting.accept_offer(tx, self.now, SECRET_KEY, reservation_id=reservation_id, token=token)

    def decline(self, reservation_id: UUID) -> dict[str, Any]:
        token = manage_token(SECRET_KEY, reservation_id)
        with self.database.transaction() as tx:
            return waiting.decline_offer(tx, self.now, SECRET_KEY, reservation_id=reservation_id, token=token)

    def expire(self) -> None:
        """What the timer does."""
        with self.database.transaction() as tx:
            for session_id, reservation_id in store.ended_offers(tx, self.now, 100):
                waiting.expire_offer(tx, self.now, session_id=session_id, reservation_id=reservation_id)

    def line(self, reservation_id: UUID) -> tuple[str, int | None]:
        """State and position on the waiting list."""
        place = self.reservation(reservation_id)["waiting_list"]
        return place["state"], place["position"]

    def enter(self, reservation_id: UUID, token: str | None = None) -> dict[str, Any]:
        shown = join_token(SECRET_KEY, reservation_id) if token is None else token
        with self.database.transaction() as tx:
            return attendance.enter_session(tx, self.now, SECRET_KEY, reservation_id=reservation_id, token=shown)

    def resize(self, session_id: UUID, capacity: int, actor: dict[str, Any] = OPERATOR) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return staff.set_capacity(tx, self.now, session_id=session_id, actor=actor, capacity=capacity)

    def overbook(self, session_id: UUID, person: str, actor: dict[str, Any] = OPERATOR, **more: Any) -> dict[str, Any]:
        request = {"name": person, "email": f"{person}@example.org", "language": "it", "consent": True, **more}
        request = {"reason": "Comes with an interpreter.", **request}
        with self.database.transaction() as tx:
            return staff.overbook(tx, self.now, PERSON_KEY, session_id=session_id, actor=actor, **request)

    def book_for(self, session_id: UUID, name: str, actor: dict[str, Any] = OPERATOR, **more: Any) -> dict[str, Any]:
        """With nothing but a name, unless ``email`` or ``phone`` is there."""
        request = {"name": name, "language": "it", "consent": True, **more}
        with self.database.transaction() as tx:
            return on_behalf.reserve_for(tx, self.now, PERSON_KEY, session_id=session_id, actor=actor, **request)

    def booked_for(self, actor: dict[str, Any] = OPERATOR, **page: Any) -> dict[str, Any]:
        with self.database.reading() as tx:
            return on_behalf.list_booked_for(tx, self.now, SECRET_KEY, actor=actor, **page)

    def alike(self, session_id: UUID, name: str, actor: dict[str, Any] = OPERATOR, **more: Any) -> list[dict[str, Any]]:
        about: dict[str, Any] = {"session_id": session_id, "actor": actor, "name": name, **more}
        with self.database.reading() as tx:
            return list(on_behalf.find_alike(tx, self.now, PERSON_KEY, SECRET_KEY, **about)["items"])

    def mark(self, session_id: UUID, reservation_id: UUID, word: str, actor: dict[str, Any] = OPERATOR) -> Any:
        about: dict[str, Any] = {
            "session_id": session_id,
            "reservation_id": reservation_id,
            "attendance": word,
            "actor": actor,
        }
        with self.database.transaction() as tx:
            return attendance.mark_attendance(tx, self.now, **about)

    def close_sheet(self, session_id: UUID, actor: dict[str, Any] = OPERATOR) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return attendance.close_attendance(tx, self.now, session_id=session_id, actor=actor)

    def close_sheets_left(self) -> None:
        """What the timer does."""
        with self.database.transaction() as tx:
            for session_id in store.sheets_left(tx, self.now - domain.SHEET_CLOSES, 100):
                attendance.close_by_itself(tx, self.now, session_id=session_id)

    def sheet(self, session_id: UUID, actor: dict[str, Any] = OPERATOR, after: int = 0) -> dict[str, Any]:
        with self.database.reading() as tx:
            return attendance.get_attendance(tx, self.now, session_id=session_id, actor=actor, after=after)

    def call_off(self, session_id: UUID) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return usecases.cancel_session(tx, self.now, session_id=session_id)

    def session(self, session_id: UUID) -> dict[str, Any]:
        with self.database.reading() as tx:
            return usecases.get_session(tx, self.now, session_id=session_id)

    def sessions(self, **arguments: Any) -> dict[str, Any]:
        with self.database.reading() as tx:
            return usecases.list_sessions(tx, self.now, **arguments)

    def reservation(self, reservation_id: UUID) -> dict[str, Any]:
        with self.database.reading() as tx:
            token = manage_token(SECRET_KEY, reservation_id)
            held: dict[str, Any] = {"reservation_id": reservation_id, "token": token}
            return {**usecases.get_reservation(tx, self.now, SECRET_KEY, **held), "token": token}

    def letters(self, *reservation_ids: UUID) -> list[dict[str, Any]]:
        """What notify is told."""
        with self.database.reading() as tx:
            found = usecases.describe_reservations(tx, self.now, SECRET_KEY, reservation_ids=reservation_ids)
        return list(found["items"])

    def crowd(self, session_id: UUID, people: int) -> None:
        """Let ``people`` book by the same rules, but at once and without events."""
        with self.database.transaction() as tx:
            session, booked = store.hold_session(tx, session_id), []
            assert session is not None
            for number in range(people):
                booking = domain.reserve(session, f"{number:064x}", self.now)
                session = booking.session
                booked.append(booking.reservation)
            store.insert_unreachable(tx, booked)
            store.save_seats(tx, session)

    def said(self, kind: str = "") -> list[dict[str, Any]]:
        """The events and commands in the outbox, the oldest first: ``type``, ``subject``, ``partner``, ``data``."""
        with self.database.reading() as tx:
            rows = tx.connection.execute(select(outbox).order_by(outbox.c.position)).mappings()
            return [
                {
                    "type": row["routing_key"],
                    "subject": row["subject"],
                    "partner": row["partner"],
                    "data": json.loads(row["data"]),
                }
                for row in rows
                if row["routing_key"].startswith(kind)
            ]
