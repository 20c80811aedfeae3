"""Booking for somebody at the desk: by a prescriber, who sees nothing else, and by the staff."""

import re
from typing import Any

import pytest

from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from tests.waiting import wait_until

MARIO = {"name": "Mario Conti", "phone": "", "email": "", "language": "it", "consent": "1"}


@pytest.fixture
def session_id(staff: Staff) -> str:
    return staff.site.publish(capacity=2)


@pytest.fixture
def prescriber(staff: Staff) -> Person:
    return staff.member("prescriber", None, "paola@example.org")


def book(member: Person, session_id: str, **person: str) -> Any:
    member.open(f"/banco/prenota/{session_id}")
    return member.send(**{**MARIO, **person})


def test_a_name_is_enough(prescriber: Person, session_id: str) -> None:
    page = book(prescriber, session_id)
    assert "Ha un posto." in page.text
    assert "Da dare a Mario Conti" in page.text


def test_who_booked_reads_that_they_are_written_to(prescriber: Person, session_id: str) -> None:
    told = [
        book(prescriber, session_id, name=name, email=email).text
        for name, email in (("A Bo", ""), ("B Re", "b@example.org"))
    ]
    assert ["a lei e a te" in text for text in told] == [False, True]
    assert ["Quando cambia qualcosa scriviamo a te" in text for text in told] == [True, False]


def test_what_is_handed_over_leads_into_the_room_and_to_the_booking(prescriber: Person, session_id: str) -> None:
    page = book(prescriber, session_id)
    assert [way.split("/")[3] for way in re.findall(r'class="address">(\S+?)<', page.text)] == ["entra", "gestisci"]


def test_the_first_page_of_a_prescriber_says_what_became_of_each(prescriber: Person, session_id: str) -> None:
    for name in ("Mario Conti", "Sara Neri", "Luca Bo"):
        book(prescriber, session_id, name=name)
    page = prescriber.open("/banco")
    assert re.findall(r"<p><strong>(.*?)</strong>", page.text) == [
        "In lista d’attesa, numero 1.",
        "Ha un posto.",
        "Ha un posto.",
    ]


def test_a_prescriber_sees_nobody_whom_another_booked_for(staff: Staff, prescriber: Person, session_id: str) -> None:
    book(prescriber, session_id)
    other = staff.member("prescriber", None, "elio@example.org")
    assert "Mario Conti" not in other.open("/banco").text


@pytest.mark.parametrize("path", ["/banco/sessioni/{}", "/banco/sessioni/{}/modifica", "/banco/sessioni/{}/in-piu"])
def test_a_prescriber_sees_nothing_else_of_the_desk(prescriber: Person, session_id: str, path: str) -> None:
    assert prescriber.open(path.format(session_id)).status_code == 403


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(prescriber: Person, session_id: str) -> None:
    page = book(prescriber, session_id, phone="12", email="mario@")
    assert page.status_code == 422
    assert ('href="#email"' in page.text, "Mario Conti" in page.text) == (True, True)


def test_a_number_that_is_none_is_told_at_its_field(prescriber: Person, session_id: str) -> None:
    assert 'href="#phone"' in book(prescriber, session_id, phone="12").text


def test_who_may_be_the_same_is_shown_before_anything_is_booked(prescriber: Person, session_id: str) -> None:
    book(prescriber, session_id)
    page = book(prescriber, session_id, name="conti  MARIO")
    assert "Forse è la stessa persona" in page.text
    assert prescriber.open("/banco").text.count("Ha un posto.") == 1


def test_who_is_another_gets_a_place_all_the_same(prescriber: Person, session_id: str) -> None:
    book(prescriber, session_id)
    book(prescriber, session_id)
    prescriber.send(step="sure")
    assert prescriber.open("/banco").text.count("Ha un posto.") == 2


def test_sending_the_form_twice_books_once(prescriber: Person, session_id: str) -> None:
    form = prescriber.open(f"/banco/prenota/{session_id}")
    prescriber.send(**MARIO)
    prescriber.page = form
    prescriber.send(**MARIO, step="sure")
    assert prescriber.open("/banco").text.count("Ha un posto.") == 1


@pytest.fixture
def queued(staff: Staff, prescriber: Person, session_id: str) -> str:
    """The page of a second booking with one number, which booking refuses once it is back."""
    book(prescriber, session_id, phone="333 123 4567")
    prescriber.open(f"/banco/prenota/{session_id}")
    with booking_is_busy(staff.site):
        page = prescriber.send(**{**MARIO, "phone": "333 123 4567"}, step="sure")
        assert (page.status_code, "Non sappiamo ancora" in page.text) == (202, True)
    return str(page.request.path)


def test_what_is_refused_later_is_told_on_the_page_that_waits(prescriber: Person, queued: str) -> None:
    page = wait_until(lambda: _if_known(prescriber.open(queued)), "the booking to be refused")
    assert page.status_code == 409
    assert "ha già un posto, o lo aspetta" in page.text


def test_while_booking_is_silent_nobody_reads_that_nothing_happened(
    staff: Staff, prescriber: Person, queued: str
) -> None:
    del staff.site.bus._nodes["booking"]
    page = prescriber.open(queued)
    assert (page.status_code, "Non è cambiato niente" in page.text) == (202, False)


def _if_known(page: Any) -> Any:
    return None if page.status_code == 202 else page


def test_an_operator_books_from_the_page_of_a_session(staff: Staff, session_id: str) -> None:
    operator = staff.member()
    assert f"/banco/prenota/{session_id}" in operator.open(f"/banco/sessioni/{session_id}").text
    assert "Ha un posto." in book(operator, session_id).text


def test_an_operator_does_not_book_for_another_partner(staff: Staff, session_id: str) -> None:
    other = staff.member("operator", "bussola", "bea@example.org")
    assert other.open(f"/banco/prenota/{session_id}").status_code == 403


def test_a_viewer_books_for_nobody(staff: Staff, session_id: str) -> None:
    assert staff.member("viewer").open(f"/banco/prenota/{session_id}").status_code == 403
