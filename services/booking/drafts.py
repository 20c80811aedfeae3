"""What a partner fills in to publish a session, and whether it makes sense."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from contracts.booking import CAPACITY_MAX, DESCRIPTION_MAX, LANGUAGES, MINUTES_MAX, TITLE_MAX
from services.booking.domain import Partner, Session, Story
from services.booking.errors import InvalidArguments
from services.booking.people import printable

LONGEST = timedelta(minutes=MINUTES_MAX)


@dataclass(frozen=True)
class Draft:
    """A session to publish. Times are aware; ``partner`` is a slug; it can be booked at once, and until it starts."""

    partner: str
    title: str
    description: str
    language: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    room_url: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    stories: tuple[Story, ...] = ()
    id: UUID = field(default_factory=uuid4)


def session_from(draft: Draft, partner: Partner, now: datetime) -> Session:
    """The session that ``draft`` describes. Raises InvalidArguments with the fields that make no sense."""
    if problems := _problems(draft) or _problems_of_time(draft, now):
        raise InvalidArguments(fields={name: [words] for name, words in problems.items()})
    return Session(
        id=draft.id,
        partner=partner,
        title=draft.title.strip(),
        description=draft.description.strip(),
        language=draft.language,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        opens_at=draft.opens_at or now,
        closes_at=draft.closes_at or draft.starts_at,
        capacity=draft.capacity,
        room_url=draft.room_url,
        stories=draft.stories,
    )


def checked(session: Session, now: datetime) -> Session:
    """A session that was changed, if it still makes sense. Raises InvalidArguments with the fields that do not."""
    names = (
        "title",
        "description",
        "language",
        "capacity",
        "room_url",
        "starts_at",
        "ends_at",
        "opens_at",
        "closes_at",
    )
    draft = Draft(session.partner.id, **{name: getattr(session, name) for name in names})
    session_from(draft, session.partner, now)
    return session


def _problems(draft: Draft) -> dict[str, str]:
    checks = {
        "title": (
            0 < len(draft.title.strip()) <= TITLE_MAX and printable(draft.title),
            f"Write one line of at most {TITLE_MAX} characters.",
        ),
        "description": (
            len(draft.description) <= DESCRIPTION_MAX and all(map(printable, draft.description.split("\n"))),
            f"Write at most {DESCRIPTION_MAX} characters, without control characters.",
        ),
        "language": (draft.language in LANGUAGES, f"Choose one of {', '.join(LANGUAGES)}."),
        "capacity": (1 <= draft.capacity <= CAPACITY_MAX, f"Write a number from 1 to {CAPACITY_MAX}."),
        "room_url": (_web_address(draft.room_url), "Write an address that starts with https://."),
    }
    return {name: words for name, (good, words) in checks.items() if not good}


def _problems_of_time(draft: Draft, now: datetime) -> dict[str, str]:
    opens, closes = draft.opens_at or now, draft.closes_at or draft.starts_at
    times = {"starts_at": draft.starts_at, "ends_at": draft.ends_at, "opens_at": opens, "closes_at": closes}
    if naive := [name for name, moment in times.items() if moment.utcoffset() is None]:
        return dict.fromkeys(naive, "Say the time zone.")
    checks = {
        "starts_at": (draft.starts_at > now, "Choose a time that is to come."),
        "ends_at": (
            timedelta(0) < draft.ends_at - draft.starts_at <= LONGEST,
            "Choose a time at most 12 hours after the start.",
        ),
        "opens_at": (opens < closes, "Bookings must open before they close."),
        "closes_at": (closes <= draft.starts_at, "Bookings must close before the session starts, or as it starts."),
    }
    return {name: words for name, (good, words) in checks.items() if not good}


def _web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and printable(address) and " " not in address
