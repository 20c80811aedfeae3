"""What people say of a session after it: who may, until when, what is told, what the staff reads; on both databases."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking
from contracts.wire import Refusal
from services.booking import feedback, usecases
from services.booking.errors import FeedbackClosed, InvalidArguments, NoSeat, NotFound, NotPermitted, NotThere, TooEarly
from services.booking.people import manage_token
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, SECRET_KEY

END = NOW + DAY + timedelta(hours=1)
STRANGER = {**OPERATOR, "partner": "other"}


def say(desk: Desk, reservation_id: UUID, useful: str = "yes", words: str = "", token: str = "") -> dict[str, Any]:
    link: dict[str, Any] = {
        "reservation_id": reservation_id,
        "token": token or manage_token(SECRET_KEY, reservation_id),
    }
    with desk.database.transaction() as tx:
        return feedback.give_feedback(tx, desk.now, SECRET_KEY, **link, useful=useful, words=words)


def own(desk: Desk, reservation_id: UUID) -> dict[str, Any]:
    token = manage_token(SECRET_KEY, reservation_id)
    with desk.database.reading() as tx:
        return feedback.get_own_feedback(tx, desk.now, SECRET_KEY, reservation_id=reservation_id, token=token)


def read(desk: Desk, session_id: UUID, actor: dict[str, Any] = OPERATOR, after: UUID | None = None) -> dict[str, Any]:
    with desk.database.reading() as tx:
        return feedback.get_feedback(tx, session_id=session_id, actor=actor, after=after)


def told(desk: Desk) -> list[tuple[str, bool]]:
    rated = [event["data"] for event in desk.said("reservation.rated")]
    assert not any(booking.ReservationRated().validate(data) for data in rated)
    return [(data["useful"], data["in_words"]) for data in rated]


@pytest.fixture
def session_id(desk: Desk) -> UUID:
    return desk.publish(capacity=5)


@pytest.fixture
def mine(desk: Desk, session_id: UUID) -> UUID:
    """A reservation in a session that has just ended."""
    booked = UUID(str(desk.book(session_id)["id"]))
    desk.now = END
    return booked


def test_what_is_said_is_kept_and_told_without_the_words(desk: Desk, session_id: UUID, mine: UUID) -> None:
    answer = say(desk, mine, "partly", "  Troppo in fretta.\r\nMa bello. ")
    assert answer == {"reservation_id": mine, "useful": "partly", "in_words": True, "until": END + 30 * DAY}
    assert own(desk, mine) == {
        "open": True,
        "until": END + 30 * DAY,
        "useful": "partly",
        "words": "Troppo in fretta.\nMa bello.",
    }
    assert told(desk) == [("partly", True)]
    assert "fretta" not in json.dumps(desk.said()) + repr(answer)


def test_who_holds_another_token_says_nothing_and_learns_nothing(desk: Desk, mine: UUID) -> None:
    with pytest.raises(NotFound):
        say(desk, mine, token="wrong")
    with desk.database.reading() as tx, pytest.raises(NotFound):
        feedback.get_own_feedback(tx, desk.now, SECRET_KEY, reservation_id=mine, token="wrong")


def test_a_correction_counts_in_the_place_of_what_was_said(desk: Desk, session_id: UUID, mine: UUID) -> None:
    say(desk, mine, "no", "Niente di nuovo.")
    say(desk, mine, "yes")
    assert read(desk, session_id) == {"counts": {"yes": 1, "partly": 0, "no": 0}, "items": [], "next": None}
    assert told(desk) == [("no", True), ("yes", False)]


def test_saying_the_same_again_or_in_other_words_is_nothing_to_tell(desk: Desk, mine: UUID) -> None:
    for words in ("Bene.", "Bene.", "Molto bene."):
        say(desk, mine, "yes", words)
    assert told(desk) == [("yes", True)]
    assert own(desk, mine)["words"] == "Molto bene."


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [(END - timedelta(seconds=1), TooEarly), (END + 30 * DAY, FeedbackClosed)],
    ids=["before the end", "after thirty days"],
)
def test_there_is_a_time_for_it(desk: Desk, mine: UUID, moment: datetime, refusal: type[Refusal]) -> None:
    desk.now = moment
    with pytest.raises(refusal):
        say(desk, mine)
    assert not own(desk, mine)["open"]
    assert told(desk) == []


@pytest.mark.parametrize("word", ["absent", "excused"])
def test_who_was_not_there_cannot_say_how_it_was(desk: Desk, session_id: UUID, mine: UUID, word: str) -> None:
    desk.mark(session_id, mine, word)
    with pytest.raises(NotThere):
        say(desk, mine)


def test_who_is_not_marked_can_until_the_sheet_is_closed(desk: Desk, session_id: UUID, mine: UUID) -> None:
    assert own(desk, mine)["open"]
    desk.close_sheet(session_id)
    assert not own(desk, mine)["open"]


def test_who_had_no_seat_cannot(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.book(session, "giulia")
    waiting = desk.book(session, "omar")["id"]
    desk.now = END
    with pytest.raises(NoSeat):
        say(desk, waiting)


@pytest.mark.parametrize("words", ["x" * 1001, "nul \x00", "\u202egirato"])
def test_words_that_cannot_be_shown_are_refused_and_change_nothing(desk: Desk, mine: UUID, words: str) -> None:
    say(desk, mine, "yes", "Bene.")
    with pytest.raises(InvalidArguments) as refusal:
        say(desk, mine, "no", words)
    assert list(refusal.value.details["fields"]) == ["words"]
    assert own(desk, mine)["words"] == "Bene."


def test_the_staff_of_the_partner_reads_the_words_without_names(desk: Desk, session_id: UUID, mine: UUID) -> None:
    say(desk, mine, "yes", "Bene.")
    page = read(desk, session_id, {**OPERATOR, "role": "viewer"})
    assert page["items"] == [{"useful": "yes", "words": "Bene."}]
    with pytest.raises(NotPermitted):
        read(desk, session_id, STRANGER)
    with pytest.raises(NotFound):
        read(desk, uuid4())


def test_the_words_come_page_by_page_in_an_order_that_does_not_tell_who_wrote(desk: Desk) -> None:
    session = desk.publish(capacity=60)
    people = [desk.book(session, f"person{number}")["id"] for number in range(60)]
    desk.now = END
    for number, each in enumerate(people):
        say(desk, each, "yes", f"{number:02}")
    first = read(desk, session)
    rest = read(desk, session, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (50, 10, None)
    words = [item["words"] for item in (*first["items"], *rest["items"])]
    assert len(set(words)) == 60
    assert words != sorted(words)


def test_the_words_are_forgotten_with_their_people_and_the_counts_stay(
    desk: Desk, session_id: UUID, mine: UUID
) -> None:
    say(desk, mine, "no", "Mi chiamo Giulia, e non ho capito.")
    with desk.database.transaction() as tx:
        usecases.forget_people(tx, END + 91 * DAY, keep_days=90)
    assert read(desk, session_id) == {"counts": {"yes": 0, "partly": 0, "no": 1}, "items": [], "next": None}
    assert own(desk, mine)["words"] == ""


def test_who_was_forgotten_early_is_asked_nothing_more(desk: Desk, mine: UUID) -> None:
    with desk.database.transaction() as tx:
        usecases.forget_people(tx, END + 2 * DAY, keep_days=1)
    with pytest.raises(FeedbackClosed):
        say(desk, mine)
