"""The desk's page of one session: who waits, what people said of it, and in which order it is shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bus.times import now
from gateway.tests.api.conftest import KEY
from gateway.tests.conftest import Site
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.test_sessions import begin, book
from services.booking import feedback
from services.booking.people import manage_token


@pytest.fixture
def session_id(site: Site) -> str:
    """One of orso, in a day, with two seats."""
    return site.publish()


def look(staff: Staff, session_id: str, role: str = "operator", query: str = "") -> str:
    return str(staff.member(role).open(f"/banco/sessioni/{session_id}{query}").text)


def say(site: Site, reservation_id: str, useful: str, words: str = "") -> None:
    link: dict[str, Any] = {
        "reservation_id": UUID(reservation_id),
        "token": manage_token(KEY, UUID(reservation_id)),
    }
    with site.database.transaction() as tx:
        feedback.give_feedback(tx, now(), KEY, **link, useful=useful, words=words)


def test_who_waits_is_named_with_the_number_before_those_who_have_a_seat(staff: Staff, session_id: str) -> None:
    for number, name in enumerate(("Giulia", "Omar", "Lin Chen", "Bea Conti")):
        staff.site.book(session_id, str(number), name=name, email=f"p{number}@example.org")
    page = look(staff, session_id, "viewer")
    order = [page.index(words) for words in ('id="lista"', "Lin Chen", "Bea Conti", 'id="presenze"', "Giulia")]
    assert order == sorted(order)
    assert '<span class="visually-hidden">Numero in lista:</span> 2</p>' in page


def test_who_is_offered_a_seat_is_shown_with_its_end(staff: Staff, session_id: str) -> None:
    first, *_ = book(staff.site, session_id, 3)
    staff.site.client.delete(f"/api/v1/reservations/{first['id']}", headers=staff.site.token(first["id"]))
    assert "Un posto è suo fino alle" in look(staff, session_id)


def test_where_nobody_waits_there_is_no_list(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    assert 'id="lista"' not in look(staff, session_id)


def test_once_it_has_begun_the_sheet_comes_first_and_is_counted(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 3)
    begin(staff.site)
    page = look(staff, session_id)
    assert page.index('id="presenze"') < page.index('id="lista"')
    assert '<dt>Da segnare</dt><dd class="num">2</dd>' in page


def test_after_the_end_the_counts_and_the_words_are_shown_without_names(staff: Staff, session_id: str) -> None:
    one, two = book(staff.site, session_id, 2)
    begin(staff.site, minutes=70)
    say(staff.site, one["id"], "yes", "<b>Chiara</b>")
    say(staff.site, two["id"], "no")
    page = look(staff, session_id, "viewer")
    told = page[page.index('id="opinioni"') :]
    assert "2 persone hanno risposto" in told
    assert '<dt>Sì</dt><dd class="num">1</dd>' in told
    assert "&lt;b&gt;Chiara" in told
    assert "Giulia" not in told


def test_before_anybody_answered_it_says_when_people_are_asked(staff: Staff, session_id: str) -> None:
    begin(staff.site, minutes=70)
    assert "Le due domande partono quando si chiude il foglio" in look(staff, session_id)


def test_before_the_end_nothing_is_said_of_opinions(staff: Staff, session_id: str) -> None:
    begin(staff.site)
    assert 'id="opinioni"' not in look(staff, session_id)


def test_an_address_that_makes_no_sense_shows_the_first_page_of_each_list(staff: Staff, session_id: str) -> None:
    begin(staff.site, minutes=70)
    assert "Com’è andata" in look(staff, session_id, query="?dopo=x&lista=-1&opinioni=tutte")


PUBLISHED = {
    "title": "A metà",
    "day": (now() + timedelta(days=5)).date().isoformat(),
    "hour": "17:00",
    "minutes": "90",
    "capacity": "20",
    "language": "it",
    "repeat": "never",
}


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        ("/banco/nuova", {"title": "A metà", "step": "lingua"}, 'value="A metà"'),
        ("/banco/nuova", {**PUBLISHED, "step": "check"}, "Publish this session?"),
        ("/banco/sessioni/{}/modifica", {"title": "A metà", "minutes": "x", "step": "lingua"}, 'value="A metà"'),
        ("/banco/sessioni/{}/in-piu", {"reason": "A metà", "step": "lingua"}, "A metà</textarea>"),
    ],
    ids=["publish", "check", "change", "overbook"],
)
def test_a_form_in_another_language_keeps_what_was_typed_and_does_nothing(
    staff: Staff, session_id: str, path: str, typed: dict[str, str], kept: str
) -> None:
    person = staff.member()
    form = path.format(session_id)
    assert 'href="#lingua"' in person.open(form).text
    person.client.set_cookie("lingua", "en")
    page = person.send(form, **typed)
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert 'class="summary"' not in page.text
    assert kept in page.text
