"""After the session: the two questions behind the secret link, and what was said."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bus.times import now
from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from gateway.tests.standings import Standings
from services.booking.tables import feedback
from tests.waiting import wait_until

PATH = "/gestisci/opinione"


def said(site: Site) -> list[tuple[str, str | None]]:
    with site.database.reading() as tx:
        return [(row.useful, row.words) for row in tx.connection.execute(select(feedback))]


@pytest.fixture
def reservation_id(site: Site) -> str:
    """One with a seat in a session that is over."""
    return Standings(site).over()


@pytest.fixture
def asked(person: Person, site: Site, reservation_id: str) -> Person:
    """Who has opened the link in the mail."""
    person.open_link(site, reservation_id)
    return person


def test_the_link_leads_to_the_questions_once_the_session_is_over(site: Site, asked: Person) -> None:
    assert asked.page.request.path == PATH
    assert "Com’è andata?" in asked.page.text
    assert said(site) == []


def test_the_answer_is_kept_and_shown_where_it_can_be_changed(site: Site, asked: Person) -> None:
    page = asked.send(useful="partly", words=" Bello.\r\nMa corto. ")
    assert page.request.path == "/gestisci"
    assert "Grazie di averci detto com’è andata." in page.text
    assert "Bello.\nMa corto.</dd>" in page.text
    form = asked.open(PATH).text
    assert 'value="partly" required checked' in form
    asked.send(useful="yes", words="")
    assert said(site) == [("yes", None)]


@pytest.mark.parametrize(
    ("field", "answer"), [("useful", {"words": "Bello."}), ("words", {"useful": "yes", "words": "x" * 1001})]
)
def test_what_will_not_do_is_told_at_its_field_and_nothing_is_lost(
    site: Site, asked: Person, field: str, answer: dict[str, str]
) -> None:
    page = asked.send(**answer)
    assert page.status_code == 422
    assert "<title>Errore:" in page.text
    assert f'<a href="#{field}">' in page.text
    assert f"{answer['words']}</textarea>" in page.text
    assert said(site) == []


def test_signs_that_cannot_be_shown_are_told_at_the_words(asked: Person) -> None:
    page = asked.send(useful="yes", words="nul \x00")
    assert page.status_code == 422
    assert '<a href="#words">' in page.text


def test_what_is_written_is_shown_as_it_is_and_nothing_of_it_is_run(asked: Person) -> None:
    assert "&lt;b&gt;Bello" in asked.send(useful="yes", words="<b>Bello").text


def test_a_form_that_only_changes_its_language_keeps_what_was_typed_and_sends_nothing(
    site: Site, asked: Person
) -> None:
    site.client.set_cookie("lingua", "en")
    page = asked.send(step="lingua", useful="no", words="A metà")
    assert "How was it?" in page.text
    assert 'value="no" required checked' in page.text
    assert "A metà</textarea>" in page.text
    assert said(site) == []


def test_after_thirty_days_there_is_no_question_any_more(site: Site, person: Person, reservation_id: str) -> None:
    long_ago = now() - timedelta(days=31)
    Standings(site).move(reservation_id, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    assert "La sessione è finita." in person.open_link(site, reservation_id).text
    assert person.open(PATH).request.path == "/gestisci"


def test_who_answers_too_late_reads_why_not(site: Site, asked: Person, reservation_id: str) -> None:
    long_ago = now() - timedelta(days=31)
    Standings(site).move(reservation_id, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    page = asked.send(useful="yes")
    assert page.status_code == 409
    assert "Il tempo per dire com’è andata è finito" in page.text


def test_before_the_end_nobody_is_asked(site: Site, person: Person) -> None:
    person.open_link(site, Standings(site).doors_open())
    assert person.open(PATH).request.path == "/gestisci"


def test_without_a_link_there_is_nothing_to_answer(person: Person) -> None:
    assert person.open(PATH).status_code == 404


def test_a_form_that_is_not_ours_says_nothing(site: Site, asked: Person, reservation_id: str) -> None:
    forged: dict[str, Any] = {"key": "x", "reservation": reservation_id, "useful": "no"}
    assert site.client.post(PATH, data=forged).status_code == 400
    assert said(site) == []


def test_a_second_click_is_as_good_as_one(site: Site, asked: Person) -> None:
    form = asked.page
    for _ in range(2):
        asked.page = form
        assert "Grazie di averci detto com’è andata." in asked.send(PATH, useful="yes", words="Bene").text
    assert said(site) == [("yes", "Bene")]


def test_an_answer_taken_in_is_kept_when_booking_is_back(site: Site, asked: Person) -> None:
    with booking_is_busy(site):
        page = asked.send(useful="yes")
    assert page.status_code == 202
    wait_until(lambda: said(site) == [("yes", None)], "the answer to be kept")
