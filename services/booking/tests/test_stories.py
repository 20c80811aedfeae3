"""The stories to watch after a session: which will do, and that nobody is bothered when they change."""

from datetime import timedelta

import pytest

from contracts.booking import STORIES_MAX, NewStory, to_watch
from contracts.wire import instance
from services.booking.errors import InvalidArguments, SessionClosed, SessionStarted
from services.booking.stories import legible_stories
from services.booking.tests.desk import Desk
from services.booking.tests.test_series import WEEKLY, Office

CARPENTER = {"title": "Come sono diventata falegname", "url": "https://www.youtube.com/watch?v=abc&t=1s#inizio"}
BAKER = {"title": "Alle tre del mattino: il forno", "url": "https://video.example.org/forno"}


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


@pytest.mark.parametrize(
    "url",
    [
        "http://video.example.org/",
        "javascript:alert(1)",
        "https://anna:segreto@video.example.org/",
        "https://video.example.org\\@altrove.example/",
        "https://localhost/",
        "https://video.example.org/ spazio",
        'https://video.example.org/"onclick="',
        "https://video.example.org/<b>",
        "https://video.example.org/%zz",
    ],
)
def test_an_address_that_will_not_do_is_neither_taken_nor_shown(url: str) -> None:
    assert list(instance(NewStory).validate({"title": "Un titolo", "url": url})) == ["url"]
    assert to_watch({"stories": [{"title": "Un titolo", "url": url}]}) == []


def test_a_story_is_shown_with_the_site_that_it_is_on() -> None:
    assert [story["site"] for story in to_watch({"stories": [CARPENTER, BAKER]})] == [
        "youtube.com",
        "video.example.org",
    ]
    assert len(to_watch({"stories": [BAKER] * 9})) == STORIES_MAX
    assert to_watch({}) == []


def test_a_title_that_turns_the_text_is_refused_at_its_place() -> None:
    with pytest.raises(InvalidArguments) as refusal:
        legible_stories([BAKER, {**BAKER, "title": "a\u202eb"}])
    assert list(refusal.value.details["fields"]["stories"]) == ["1"]


def test_every_date_of_a_series_is_published_with_the_stories(office: Office) -> None:
    published = office.publish(rule=WEEKLY, stories=[CARPENTER, BAKER])
    assert [office.desk.session(each["id"])["stories"] for each in published] == [[CARPENTER, BAKER]] * 4


def test_stories_change_for_this_date_and_those_after_it_and_nobody_is_told(office: Office) -> None:
    published = office.publish(rule=WEEKLY, stories=[CARPENTER])
    mine = office.desk.book(published[2]["id"])["id"]
    said = office.desk.said()
    office.change(published[2]["id"], "following", stories=[BAKER])
    shown = [office.desk.session(each["id"])["stories"] for each in published]
    assert shown == [[CARPENTER]] * 2 + [[BAKER]] * 2
    assert office.desk.said() == said
    assert office.desk.reservation(mine)["revision"] == 0


def test_a_change_of_the_words_leaves_the_stories(office: Office) -> None:
    (session,) = office.publish(stories=[CARPENTER])
    office.change(session["id"], title="Un altro titolo")
    assert office.desk.session(session["id"])["stories"] == [CARPENTER]


def test_stories_can_be_chosen_when_a_session_is_over_and_nothing_else(office: Office) -> None:
    (session,) = office.publish()
    office.desk.now = session["ends_at"] + timedelta(days=1)
    office.change(session["id"], stories=[BAKER])
    office.change(session["id"], stories=[BAKER])
    with pytest.raises(SessionStarted):
        office.change(session["id"], stories=[], title="Un altro titolo")
    assert office.desk.session(session["id"])["stories"] == [BAKER]


def test_nobody_chooses_stories_for_a_session_that_was_called_off(office: Office) -> None:
    (session,) = office.publish()
    office.call_off(session["id"])
    with pytest.raises(SessionClosed):
        office.change(session["id"], stories=[BAKER])
