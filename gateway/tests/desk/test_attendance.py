"""The attendance sheet at the desk: filling it in, and closing it."""

from typing import Any
from uuid import UUID

import pytest

from bus.times import now
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.test_sessions import begin, book
from services.booking.attendance import close_by_itself


@pytest.fixture
def session_id(staff: Staff) -> str:
    return staff.site.publish()


@pytest.fixture
def reservation_id(staff: Staff, session_id: str) -> str:
    return str(book(staff.site, session_id, 1)[0]["id"])


def mark(person: Person, session_id: str, reservation_id: str, attendance: str) -> Any:
    person.open(f"/banco/sessioni/{session_id}")
    return person.send(f"/banco/sessioni/{session_id}/presenze/{reservation_id}", attendance=attendance)


@pytest.mark.parametrize(
    ("value", "word"), [("present", "Presente"), ("absent", "Assente"), ("excused", "Giustificato")]
)
def test_a_person_is_marked(staff: Staff, session_id: str, reservation_id: str, value: str, word: str) -> None:
    begin(staff.site)
    page = mark(staff.member(), session_id, reservation_id, value).text
    assert f'<span class="quiet">{word}</span>' in page
    assert f'value="{value}" aria-pressed="true"' in page


def test_after_marking_the_page_is_back_at_the_person(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site)
    (sent,) = mark(staff.member(), session_id, reservation_id, "present").history
    assert sent.headers["Location"] == f"/banco/sessioni/{session_id}#p-{reservation_id}"


def test_before_the_doors_open_nobody_can_be_marked(staff: Staff, session_id: str, reservation_id: str) -> None:
    person = staff.member()
    assert "Il foglio si compila da un quarto d’ora prima" in person.open(f"/banco/sessioni/{session_id}").text
    page = mark(person, session_id, reservation_id, "present")
    assert page.status_code == 409
    assert "È troppo presto" in page.text
    assert "Si può fare da domani" in page.text


def test_something_else_than_attendance_is_refused(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site)
    assert mark(staff.member(), session_id, reservation_id, "late").status_code == 400


def test_who_has_no_seat_in_it_cannot_be_marked(staff: Staff, session_id: str) -> None:
    begin(staff.site)
    assert mark(staff.member(), session_id, "018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11", "present").status_code == 404


def test_closing_asks_first_and_says_who_is_not_marked(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site, minutes=70)
    page = staff.member().open(f"/banco/sessioni/{session_id}/presenze/chiudi").text
    assert "Una persona non è segnata: risulta assente." in page


def test_a_closed_sheet_says_so_and_changes_no_more(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site, minutes=70)
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}/presenze/chiudi")
    page = person.send(f"/banco/sessioni/{session_id}/presenze/chiudi").text
    assert "Il foglio è stato chiuso" in page
    assert "Assente" in page
    refused = mark(person, session_id, reservation_id, "present")
    assert refused.status_code == 409
    assert "Il foglio delle presenze è chiuso" in refused.text


def test_the_desk_reminds_of_a_sheet_and_goes_on_with_one_that_closed_by_itself(
    staff: Staff, session_id: str, reservation_id: str
) -> None:
    begin(staff.site, minutes=70)
    person = staff.member()
    assert "Un foglio delle presenze da chiudere" in person.open("/banco").text
    assert "si chiude da solo" in person.open(f"/banco/sessioni/{session_id}").text
    with staff.site.database.transaction() as tx:
        close_by_itself(tx, now(), session_id=UUID(session_id))
    assert "da chiudere" not in person.open("/banco").text
    assert "Nessuno ha chiuso il foglio" in person.open(f"/banco/sessioni/{session_id}").text
    person.open(f"/banco/sessioni/{session_id}/presenze/chiudi")
    assert "Il foglio è stato chiuso" in person.send().text


def test_a_sheet_cannot_be_closed_before_the_end(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site)
    person = staff.member()
    assert "Chiudi il foglio" not in person.open(f"/banco/sessioni/{session_id}").text
    refused = person.send(f"/banco/sessioni/{session_id}/presenze/chiudi")
    assert refused.status_code == 409


def test_a_name_is_shown_as_it_is_and_nothing_of_it_is_run(staff: Staff, session_id: str) -> None:
    staff.site.book(session_id, name="<b>Omar</b>")
    page = staff.member().open(f"/banco/sessioni/{session_id}").text
    assert "&lt;b&gt;Omar&lt;/b&gt;" in page


def test_marking_needs_the_token_of_the_form(staff: Staff, session_id: str, reservation_id: str) -> None:
    begin(staff.site)
    client = staff.member().client
    path = f"/banco/sessioni/{session_id}/presenze/{reservation_id}"
    assert client.post(path, data={"attendance": "present"}).status_code == 400
