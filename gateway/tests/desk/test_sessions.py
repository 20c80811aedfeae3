"""The desk's list and pages of sessions: who sees what, the number of seats, and seats beyond it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bus.times import now
from gateway.tests.conftest import Person, Site
from gateway.tests.desk.conftest import Staff
from services.booking import usecases
from services.booking.domain import Partner
from services.booking.tables import sessions

PERSON = {"name": "Omar Rossi", "email": "omar@example.org", "language": "it", "consent": "1", "reason": "L’interprete"}


@pytest.fixture
def session_id(site: Site) -> str:
    """One of orso, in a day, with two seats."""
    return site.publish()


def of_another_partner(site: Site) -> str:
    with site.database.transaction() as tx:
        usecases.add_partner(tx, Partner("torre", "La Torre"))
    return site.publish(partner="torre", title="Il primo colloquio")


def book(site: Site, session_id: str, people: int) -> list[Any]:
    return [site.book(session_id, f"key-{n}", email=f"p{n}@example.org").json for n in range(people)]


def begin(site: Site, minutes: int = 5) -> None:
    """All sessions began so many minutes ago, and last for an hour."""
    start = now() - timedelta(minutes=minutes)
    with site.database.transaction() as tx:
        tx.connection.execute(update(sessions).values(starts_at=start, ends_at=start + timedelta(hours=1)))


def test_an_operator_sees_the_sessions_of_the_own_partner(staff: Staff, session_id: str) -> None:
    of_another_partner(staff.site)
    page = staff.member().open("/banco").text
    assert "Orientarsi dopo il diploma" in page
    assert "Il primo colloquio" not in page


def test_an_operator_cannot_ask_for_another_partners(staff: Staff, session_id: str) -> None:
    of_another_partner(staff.site)
    assert "Il primo colloquio" not in staff.member().open("/banco?con=torre").text


def test_a_coordinator_sees_all_and_chooses_one(staff: Staff, session_id: str) -> None:
    of_another_partner(staff.site)
    person = staff.member("coordinator", None)
    page = person.open("/banco").text
    assert "Orientarsi dopo il diploma" in page
    assert "Il primo colloquio" in page
    assert "Orientarsi dopo il diploma" not in person.open("/banco?con=torre").text


def test_the_list_says_how_many_seats_are_taken_and_who_waits(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 3)
    assert "2 posti presi su 2, una persona in attesa" in staff.member().open("/banco").text


def test_a_session_that_has_begun_is_still_on_the_list(staff: Staff, session_id: str) -> None:
    begin(staff.site, minutes=1)
    assert "Orientarsi dopo il diploma" in staff.member().open("/banco").text


def test_the_list_goes_on_page_by_page(staff: Staff) -> None:
    for n in range(21):
        staff.site.publish(days=1 + n, title=f"Numero {n:02}")
    person = staff.member()
    assert "Numero 20" not in person.open("/banco").text
    (more,) = [line for line in person.page.text.splitlines() if "Sessioni successive" in line]
    assert "Numero 20" in person.open(more.split('href="')[1].split('"')[0].replace("&amp;", "&")).text


@pytest.mark.parametrize("query", ["dal=ieri", "dal=9999-12-31", "dopo=xyz", "con=%00"])
def test_an_address_that_makes_no_sense_leads_to_the_list(staff: Staff, query: str) -> None:
    assert staff.member("coordinator", None).open(f"/banco?{query}").status_code == 200


def test_the_names_are_for_who_may_see_them(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 1)
    path = f"/banco/sessioni/{session_id}"
    assert "Giulia Ferrero" in staff.member().open(path).text
    assert "Giulia Ferrero" in staff.member("viewer", "orso", "bea@example.org").open(path).text
    refused = staff.member("operator", "torre", "ciro@example.org").open(path)
    assert refused.status_code == 403
    assert "Questo non è tuo da fare" in refused.text
    assert "Giulia Ferrero" not in refused.text


def test_a_viewer_sees_no_forms(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    begin(staff.site)
    page = staff.member("viewer").open(f"/banco/sessioni/{session_id}").text
    assert page.count("<form") == 1  # the one that signs out
    assert "in-piu" not in page


def test_a_viewer_who_sends_a_form_all_the_same_is_refused(staff: Staff, session_id: str) -> None:
    person = staff.member("viewer")
    person.open(f"/banco/sessioni/{session_id}")
    assert person.send(f"/banco/sessioni/{session_id}/posti", capacity="9").status_code == 403


def test_a_session_that_never_was_is_not_found(staff: Staff) -> None:
    page = staff.member().open("/banco/sessioni/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11")
    assert page.status_code == 404
    assert "Questa sessione non c’è" in page.text


def test_raising_the_seats_shows_the_new_number(staff: Staff, session_id: str) -> None:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}")
    page = person.send(f"/banco/sessioni/{session_id}/posti", capacity="5").text
    assert 'name="capacity" value="5"' in page


@pytest.mark.parametrize("typed", ["", "molti", "-1", "0", "2.5", "999999", "٣"])
def test_a_number_of_seats_that_will_not_do_is_told_at_the_field(staff: Staff, session_id: str, typed: str) -> None:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}")
    page = person.send(f"/banco/sessioni/{session_id}/posti", capacity=typed)
    assert page.status_code == 422
    assert 'href="#capacity"' in page.text


def open_form(staff: Staff, session_id: str) -> Person:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}/in-piu")
    return person


def test_a_seat_beyond_the_capacity_is_given_with_a_reason(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    assert "Omar Rossi" in open_form(staff, session_id).send(**PERSON).text


def test_seats_beyond_the_capacity_are_counted(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    page = open_form(staff, session_id).send(**PERSON).text
    assert '<dt>Presi</dt><dd class="num">3</dd>' in page


def test_giving_a_seat_twice_with_one_form_gives_one(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    person = open_form(staff, session_id)
    form = person.page
    person.send(**PERSON)
    person.page = form
    assert person.send(**PERSON).text.count("Omar Rossi</strong>") == 1


def test_while_seats_are_free_none_is_given_beyond(staff: Staff, session_id: str) -> None:
    page = open_form(staff, session_id).send(**PERSON)
    assert page.status_code == 409
    assert "Ci sono ancora posti liberi" in page.text


@pytest.mark.parametrize("field", ["name", "reason", "consent"])
def test_what_is_missing_is_told_and_what_was_typed_is_kept(staff: Staff, session_id: str, field: str) -> None:
    page = open_form(staff, session_id).send(**{**PERSON, field: ""})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert (PERSON["name"] if field != "name" else PERSON["email"]) in page.text


def test_after_a_refused_name_the_form_can_be_sent_again(staff: Staff, session_id: str) -> None:
    book(staff.site, session_id, 2)
    person = open_form(staff, session_id)
    assert person.send(**{**PERSON, "name": "123"}).status_code == 422
    assert "Omar Rossi" in person.send(**PERSON).text


def test_when_booking_does_not_answer_nothing_is_said_to_have_changed(staff: Staff, session_id: str) -> None:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}")
    del staff.site.bus._nodes["booking"]
    page = person.send(f"/banco/sessioni/{session_id}/posti", capacity="5")
    assert page.status_code == 503
    assert "Non è cambiato niente" in page.text


@pytest.mark.parametrize("path", ["posti", "presenze/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"])
def test_the_address_of_a_form_leads_back_to_the_session(staff: Staff, session_id: str, path: str) -> None:
    page = staff.member().open(f"/banco/sessioni/{session_id}/{path}")
    assert page.request.path == f"/banco/sessioni/{session_id}"
