"""Choosing the stories to watch after a session, and where people find them."""

from typing import Any

import pytest

from gateway.tests.conftest import Person, Site
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.test_publishing import check
from gateway.tests.standings import Standings
from services.booking.domain import Story

BAKER = Story("Alle tre <b>del mattino</b>", "https://www.example.org/forno?a=1&b=2")
LINK = '<a href="https://www.example.org/forno?a=1&amp;b=2" rel="noopener noreferrer nofollow">'


@pytest.fixture
def session_id(site: Site) -> str:
    return site.publish()


def choose(staff: Staff, session_id: str, **typed: str) -> Any:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}/storie")
    return person.send(**{"scope": "one", **typed})


def test_stories_that_were_chosen_are_on_the_page_of_the_session_and_in_the_form(staff: Staff, session_id: str) -> None:
    typed = {"story_title_2": BAKER.title, "story_url_2": "https://www.example.org/il forno"}
    page = choose(staff, session_id, **typed)
    assert page.request.path == f"/banco/sessioni/{session_id}"
    public = staff.visitor().open(f"/sessioni/{session_id}").text
    for shown in (page.text, public):
        assert 'href="https://www.example.org/il%20forno" rel="noopener noreferrer nofollow"' in shown
        assert "Alle tre &lt;b&gt;del mattino&lt;/b&gt;" in shown
        assert "su example.org" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [("story_title_1", ""), ("story_url_1", "http://example.org/"), ("story_url_1", ""), ("stories", "a\u202eb")],
)
def test_a_story_that_will_not_do_is_told_at_its_field(staff: Staff, session_id: str, field: str, value: str) -> None:
    given = {"story_title_1": "Il forno", "story_url_1": "https://example.org/forno"}
    page = choose(staff, session_id, **{**given, "story_title_1" if field == "stories" else field: value})
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text


def test_stories_are_published_with_the_session_and_kept_when_something_is_wrong(staff: Staff) -> None:
    typed = {"story_title_1": "Il forno", "story_url_1": "https://example.org/forno"}
    person = check(staff, None, **typed, title="")
    assert '<details id="stories" open>' in person.page.text
    person = check(staff, person, **typed)
    assert "https://example.org/forno" in person.page.text
    page = person.send(step="publish").text
    assert "Il forno" in person.open(page.split('<h2><a href="')[1].split('"')[0]).text


def test_a_viewer_reads_the_stories_and_changes_none(staff: Staff) -> None:
    session_id = staff.site.publish(stories=(BAKER,))
    viewer = staff.member("viewer")
    assert LINK in viewer.open(f"/banco/sessioni/{session_id}").text
    assert '/storie"' not in viewer.page.text
    assert viewer.open(f"/banco/sessioni/{session_id}/storie").status_code == 403


def test_who_was_in_a_session_finds_its_stories_beside_the_questions_and_after_them(person: Person, site: Site) -> None:
    person.open_link(site, Standings(site).over(stories=(BAKER,)))
    assert LINK in person.page.text
    assert LINK in person.send(useful="yes", words="").text


def test_who_is_to_come_is_led_nowhere_else(person: Person, site: Site) -> None:
    person.open_link(site, Standings(site).doors_open(stories=(BAKER,)))
    assert LINK not in person.page.text
