"""The rows of messages, as ``store.queue`` takes them, from the events that ask for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.context import current_correlation
from bus.envelope import Event
from services.notify.domain import (
    TOLD_CHANGES,
    Kind,
    Recipient,
    Schedule,
    change_key,
    message_key,
    refusal_key,
    reminder_key,
    reminders,
    schedule,
)

CHANGED_MAX = 40  # of the column
MEMBER_REMINDERS = 1  # who booked for somebody that cannot be reached is reminded once, by the first of the reminders


def recipients(event: Event) -> list[Recipient]:
    """Who is told of an event about a reservation: the person, if they can be reached, and who booked for them."""
    reservation, person = UUID(event.data["reservation_id"]), event.data["person_id"]
    member = event.data.get("booked_by")
    told = [Recipient(reservation, person)] if event.data.get("reachable", True) else []
    return [*told, Recipient(reservation, person, UUID(member))] if member else told


def message(kind: Kind, to: Recipient, event: Event, now: datetime) -> dict[str, Any]:
    """The message ``kind`` about what ``event`` says, to be sent at once."""
    return {
        "id": message_key(kind, to, datetime.fromisoformat(event.time).date()),
        "kind": kind.value,
        **vars(to),
        **at(when(event)),
        "moved_from": moved_from(event),
        "created_at": now,
        "correlationid": event.correlationid,
    }


def change(to: Recipient, changed: set[str], event: Event, before: Any, now: datetime) -> dict[str, Any]:
    """The message about a change of a session; ``before`` is the one of the change before, if that is not sent."""
    words = changed.union(before.changed.split()) if before else changed
    return {
        **message(Kind.SESSION_CHANGED, to, event, now),
        "id": change_key(to, event.sequence),
        "changed": " ".join(word for word in TOLD_CHANGES if word in words),
        "known_start": before.known_start if before else datetime.fromisoformat(event.data["was_starts_at"]),
    }


def reminding(row: dict[str, Any], hours: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """The reminders of the seat that ``row`` is about, of the start that it knows; those that are still to come."""
    to = Recipient(row["reservation_id"], row["person_id"], row["staff_id"])
    later = {**row, "kind": Kind.REMINDER.value, "moved_from": None}
    return [
        {**later, "id": reminder_key(to, each, row["known_start"]), "due_at": due}
        for each, due in reminders(row["known_start"], hours, now).items()
    ]


def reminding_all(rows: list[dict[str, Any]], hours: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """The reminders of the seats that ``rows`` are about. Who booked for somebody is reminded in the person's place."""
    reached = {row["reservation_id"] for row in rows if row["staff_id"] is None}
    to_members = hours[:MEMBER_REMINDERS]
    reminded = [row for row in rows if row["staff_id"] is None or row["reservation_id"] not in reached]
    return [reminder for row in reminded for reminder in reminding(row, to_members if row["staff_id"] else hours, now)]


def refusals(
    asked_for: str, code: str, about: tuple[UUID | None, UUID], to: Sequence[tuple[str, UUID | None]], now: datetime
) -> list[dict[str, Any]]:
    """The messages about a refusal: ``about`` a reservation, if there was one, and the session that was asked for;
    ``to`` people, each as the pseudonym and the member of the staff who is told in their place."""
    reservation, session = about
    told = f"{asked_for} {code}"[:CHANGED_MAX]
    return [
        {
            "id": refusal_key(reservation or session, str(member or person), f"{session} {told}", now),
            "kind": Kind.REFUSED.value,
            "reservation_id": reservation,
            "session_id": session,
            "person_id": person,
            "staff_id": member,
            "changed": told,
            "created_at": now,
            "correlationid": current_correlation(),
        }
        for person, member in to
    ]


def moved_from(event: Event) -> UUID | None:
    before = event.data.get("moved_from")
    return UUID(before) if before else None


def when(event: Event) -> Schedule:
    return schedule(event.data["session_id"], event.data)


def at(moment: Schedule) -> dict[str, Any]:
    return {"session_id": moment.session_id, "known_start": moment.starts_at, "session_ends_at": moment.ends_at}
