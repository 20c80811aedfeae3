"""When a message holds, when to try again, and what of a name may be said: plain objects, no database."""

from dataclasses import replace
from datetime import date, timedelta, timezone
from uuid import uuid4

import pytest

from contracts.booking import CHANGES
from services.notify.domain import (
    MESSAGE_DELAY_MAX,
    TOLD_CHANGES,
    Kind,
    Recipient,
    change_key,
    delay,
    has_calendar_entry,
    is_overtaken,
    message_key,
    no_longer_holds,
    reminder_key,
    reminders,
    spoken_name,
)
from services.notify.tests.examples import (
    ACCEPTED,
    CANCELLED,
    DAY,
    NOW,
    OFFER_ENDS,
    OFFERED,
    STARTS,
    WAITING,
    a_letter,
    a_message,
    left_the_list,
)

RESERVATION = uuid4()
PERSON = Recipient(RESERVATION, "p")
TODAY = date(2026, 11, 23)
A_MESSAGE = a_message(Kind.REMINDER, reservation_id=RESERVATION)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Kind.CONFIRMED, Kind.PROMOTED),
        (Kind.CANCELLED, Kind.SESSION_CANCELLED),
        (Kind.LAPSED, Kind.SESSION_CANCELLED),
    ],
)
def test_a_person_is_told_once_of_one_seat_and_once_of_its_end(one: Kind, other: Kind) -> None:
    assert message_key(one, PERSON, TODAY) == message_key(other, PERSON, TODAY + DAY)


def test_messages_on_different_occasions_are_different() -> None:
    occasions = (Kind.CONFIRMED, Kind.WAITLISTED, Kind.OFFERED, Kind.CANCELLED, Kind.REPEATED)
    assert len({message_key(kind, PERSON, TODAY) for kind in occasions}) == 5


def test_who_books_again_is_told_once_a_day() -> None:
    first, again, next_day = (message_key(Kind.REPEATED, PERSON, day) for day in (TODAY, TODAY, TODAY + DAY))
    assert (first == again, first == next_day) == (True, False)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.CONFIRMED, {}),
        (Kind.PROMOTED, ACCEPTED),
        (Kind.WAITLISTED, WAITING),
        (Kind.OFFERED, OFFERED),
        (Kind.LAPSED, left_the_list("expired")),
        (Kind.CANCELLED, CANCELLED),
        (Kind.CANCELLED, left_the_list("withdrawn")),
        (Kind.SESSION_CANCELLED, CANCELLED),
        (Kind.REPEATED, {}),
        (Kind.REPEATED, WAITING),
        (Kind.REPEATED, OFFERED),
        (Kind.REMINDER, {}),
        (Kind.ATTENDED, {}),
        (Kind.SESSION_CHANGED, {}),
        (Kind.SESSION_CHANGED, WAITING),
        (Kind.SESSION_CHANGED, OFFERED),
    ],
)
def test_a_message_holds_while_the_reservation_is_what_it_says(kind: Kind, changes: dict[str, object]) -> None:
    assert no_longer_holds(kind, a_letter(**changes), NOW) is None


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.CONFIRMED, CANCELLED),
        (Kind.PROMOTED, CANCELLED),
        (Kind.WAITLISTED, {}),
        (Kind.WAITLISTED, CANCELLED),
        (Kind.WAITLISTED, OFFERED),
        (Kind.OFFERED, WAITING),
        (Kind.OFFERED, ACCEPTED),
        (Kind.OFFERED, left_the_list("declined")),
        (Kind.OFFERED, left_the_list("expired")),
        (Kind.LAPSED, left_the_list("declined")),
        (Kind.LAPSED, ACCEPTED),
        (Kind.REPEATED, CANCELLED),
        (Kind.REMINDER, CANCELLED),
        (Kind.CANCELLED, {}),
        (Kind.SESSION_CHANGED, CANCELLED),
        (Kind.SESSION_CHANGED, left_the_list("expired")),
        (Kind.SESSION_CANCELLED, {}),
        (Kind.SESSION_CANCELLED, left_the_list("declined")),
        (Kind.SESSION_CANCELLED, left_the_list("expired")),
    ],
)
def test_a_message_that_is_no_longer_so_is_not_sent(kind: Kind, changes: dict[str, object]) -> None:
    assert no_longer_holds(kind, a_letter(**changes), NOW) == "state_changed"


def test_an_offer_is_not_announced_once_its_time_is_over() -> None:
    before, after = OFFER_ENDS - timedelta(seconds=1), OFFER_ENDS
    assert [no_longer_holds(Kind.OFFERED, a_letter(**OFFERED), now) for now in (before, after)] == [None, "offer_over"]


def test_nobody_is_invited_to_what_is_over() -> None:
    assert no_longer_holds(Kind.CONFIRMED, a_letter(), NOW + 30 * DAY) == "session_over"


def test_an_end_is_told_even_when_it_is_late() -> None:
    assert no_longer_holds(Kind.SESSION_CANCELLED, a_letter(**CANCELLED), NOW + 30 * DAY) is None


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (Kind.CONFIRMED, {}, True),
        (Kind.CANCELLED, CANCELLED, True),
        (Kind.CANCELLED, {**CANCELLED, "was_confirmed": False}, False),
        (Kind.WAITLISTED, WAITING, False),
        (Kind.SESSION_CHANGED, {}, True),
        (Kind.SESSION_CHANGED, WAITING, False),
        (Kind.REMINDER, {}, False),
        (Kind.ATTENDED, {}, False),
    ],
)
def test_the_calendar_is_told_of_seats_that_are_given_and_lost(
    kind: Kind, changes: dict[str, object], expected: bool
) -> None:
    assert has_calendar_entry(kind, a_letter(**changes)) is expected


# Reminders


def test_reminders_come_so_many_hours_before_the_start_and_none_for_what_is_past() -> None:
    moments = [reminders(STARTS, (48, 2), STARTS - timedelta(hours=left)) for left in (49, 48, 3, 2)]
    expected = {48: STARTS - 2 * DAY, 2: STARTS - timedelta(hours=2)}
    assert moments == [expected, {2: expected[2]}, {2: expected[2]}, {}]


@pytest.mark.parametrize(
    ("left", "reason"),
    [(timedelta(hours=2), None), (timedelta(seconds=1), None), (timedelta(0), "session_begun")],
)
def test_nobody_is_reminded_of_what_has_begun(left: timedelta, reason: str | None) -> None:
    assert no_longer_holds(Kind.REMINDER, a_letter(), STARTS - left) == reason


def test_thanks_are_said_afterwards() -> None:
    assert no_longer_holds(Kind.ATTENDED, a_letter(), STARTS + DAY) is None


@pytest.mark.parametrize(
    ("hours", "left", "expected"),
    [(48, 48, False), (48, 3, False), (48, 2, True), (2, 2, False), (2, 1, False)],
)
def test_a_reminder_that_was_held_up_gives_way_to_the_next(hours: int, left: int, expected: bool) -> None:
    late = replace(A_MESSAGE, id=reminder_key(PERSON, hours, STARTS))
    assert is_overtaken(late, a_letter(id=str(RESERVATION)), (48, 2), STARTS - timedelta(hours=left)) is expected


@pytest.mark.parametrize(("kind", "expected"), [(Kind.REMINDER, True), (Kind.CONFIRMED, False)])
def test_a_reminder_of_a_session_that_moved_gives_way_to_those_of_the_new_time(kind: Kind, expected: bool) -> None:
    earlier = a_message(kind, known_start=STARTS - DAY)
    assert is_overtaken(earlier, a_letter(), (48, 2), STARTS - 2 * DAY) is expected


def test_a_reminder_is_the_same_whatever_the_zone_that_the_start_is_written_in() -> None:
    in_rome = STARTS.astimezone(timezone(timedelta(hours=1)))
    assert reminder_key(PERSON, 2, STARTS) == reminder_key(PERSON, 2, in_rome)


def test_every_change_is_told_but_that_of_the_description() -> None:
    assert set(TOLD_CHANGES) == set(CHANGES) - {"description"}


def test_each_change_of_a_session_is_told_by_a_message_of_its_own() -> None:
    assert change_key(PERSON, 7) == change_key(PERSON, 7) != change_key(PERSON, 8)


def test_a_message_is_tried_for_thirty_days_and_until_the_session_is_over() -> None:
    asked = [replace(A_MESSAGE, session_ends_at=NOW + days * DAY).given_up_at for days in (8, 90)]
    assert asked == [NOW + 30 * DAY, NOW + 90 * DAY]


def test_delays_grow_up_to_a_day() -> None:
    delays = [delay(attempts, MESSAGE_DELAY_MAX, 0.0) for attempts in (1, 2, 3, 11, 1000)]
    assert delays == [timedelta(seconds=2), timedelta(seconds=6), timedelta(seconds=18), DAY, DAY]


def test_what_failed_together_does_not_come_back_together() -> None:
    assert delay(5, MESSAGE_DELAY_MAX, 1.0) == delay(5, MESSAGE_DELAY_MAX, 0.0) * 0.75


@pytest.mark.parametrize(
    "name", ["Giulia Ferrero", "محمد عبد الرحمن", "王小明", 'Seán "Jack" O\'Neill', "Dott.ssa Maria Rossi", "می‌خواهم"]
)
def test_a_name_in_any_script_is_said_as_it_is(name: str) -> None:
    assert spoken_name(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Giulia\r\nBcc: all@example.org", ""),
        ("Giulia\r\nBcc: everybody", "Giulia Bcc: everybody"),
        ("  Giulia\t\u2028Ferrero\0 ", "Giulia Ferrero"),
        ("Giulia\u202eorerreF", "GiuliaorerreF"),
    ],
)
def test_a_name_is_one_line_without_what_is_not_seen(name: str, said: str) -> None:
    assert spoken_name(name) == said


@pytest.mark.parametrize(
    "name", ["Win at https://bad.example", "www.bad", "bad.example", "me@bad", "bad\u200b.com", "bad．com", "b/a"]
)
def test_a_name_is_no_place_for_advertisements(name: str) -> None:
    assert spoken_name(name) == ""
