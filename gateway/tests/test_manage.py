"""What a person does with a reservation behind the secret link."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from services.booking import usecases
from tests.waiting import wait_until


@pytest.fixture
def session_id(site: Site) -> str:
    return site.publish(capacity=1)


@pytest.fixture
def reservation_id(site: Site, session_id: str) -> str:
    return str(site.book(session_id).json["id"])


def state(site: Site, reservation_id: str) -> Any:
    return site.client.get(f"/api/v1/reservations/{reservation_id}", headers=site.token(reservation_id)).json["state"]


def entry(answer: Any) -> Any:
    return Calendar.from_ical(answer.data).walk("VEVENT")[0]


def test_the_link_leaves_the_address_at_once(site: Site, reservation_id: str) -> None:
    token = site.token(reservation_id)["Authorization"].removeprefix("Bearer ")
    answer = site.client.get(f"/gestisci/{reservation_id}/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gestisci")
    assert "Path=/gestisci" in answer.headers["Set-Cookie"]


def test_the_secret_is_on_no_page(person: Person, site: Site, reservation_id: str) -> None:
    secret = site.token(reservation_id)["Authorization"].removeprefix("Bearer ")
    assert secret not in person.open_link(site, reservation_id).text


def test_a_seat_shows_the_way_in_and_not_the_room(person: Person, site: Site, reservation_id: str) -> None:
    page = person.open_link(site, reservation_id).text
    assert "Hai un posto." in page
    assert f'href="/entra/{reservation_id}/' in page
    assert "meet.example.org" not in page


def test_who_waits_sees_the_number_and_not_the_room(
    person: Person, site: Site, session_id: str, reservation_id: str
) -> None:
    waiting = site.book(session_id, "two", email="omar@example.org").json
    page = person.open_link(site, waiting["id"]).text
    assert '<strong class="num">1</strong>' in page
    assert "meet.example.org" not in page


def test_opening_pages_cancels_nothing(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    person.open("/gestisci/annulla")
    assert state(site, reservation_id) == "confirmed"


def test_cancelling_asks_first_and_then_does_it(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    assert "Vuoi annullare?" in person.open("/gestisci/annulla").text
    assert "Prenotazione annullata." in person.send().text
    assert state(site, reservation_id) == "cancelled"


def test_cancelling_twice_is_as_good_as_once(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    form = person.open("/gestisci/annulla")
    person.send()
    person.page = form
    assert "Prenotazione annullata." in person.send().text


def test_cancelling_needs_the_token_of_the_form(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    assert site.client.post("/gestisci/annulla", data={"key": "x"}).status_code == 400
    assert state(site, reservation_id) == "confirmed"


@pytest.mark.parametrize("key", ["", "è", "x" * 101, "a\nb"])
def test_a_key_that_no_form_of_ours_has_cancels_nothing(
    person: Person, site: Site, reservation_id: str, key: str
) -> None:
    person.open_link(site, reservation_id)
    person.open("/gestisci/annulla")
    person.send(key=key)
    assert state(site, reservation_id) == "confirmed"


def test_a_wrong_link_tells_nothing(person: Person, site: Site, reservation_id: str) -> None:
    page = person.open(f"/gestisci/{reservation_id}/wrong")
    assert page.status_code == 404
    assert "Apri il link nella tua e-mail" in page.text


def test_without_a_link_there_is_nothing_to_see(person: Person) -> None:
    assert {person.open(path).status_code for path in ("/gestisci", "/gestisci/annulla")} == {404}


def test_a_session_called_off_says_so(person: Person, site: Site, session_id: str, reservation_id: str) -> None:
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, datetime.now(UTC), session_id=UUID(session_id))
    assert "La sessione non si fa." in person.open_link(site, reservation_id).text


def test_search_engines_stay_out(person: Person, site: Site, reservation_id: str) -> None:
    assert "noindex" in person.open_link(site, reservation_id).headers["X-Robots-Tag"]


def test_the_calendar_entry_of_the_link_leads_to_the_way_in(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    answer = person.open("/gestisci/calendario.ics")
    assert answer.content_type.startswith("text/calendar")
    join_token = site.letter(reservation_id)["join_token"]
    assert entry(answer)["LOCATION"] == f"http://localhost:8000/entra/{reservation_id}/{join_token}"
    assert entry(answer)["UID"] == f"{reservation_id}@bottega"


def test_the_calendar_entry_of_the_confirmation_says_where_the_room_is_found(person: Person, site: Site) -> None:
    person.book(site.publish())
    answer = person.open("/prenotazione/calendario.ics")
    assert entry(answer)["LOCATION"] == "Online: il link è nella tua e-mail"


def test_who_waits_has_no_calendar_entry(person: Person, site: Site, session_id: str, reservation_id: str) -> None:
    person.book(session_id, email="omar@example.org")
    assert person.open("/prenotazione/calendario.ics").status_code == 404


def test_after_cancelling_the_confirmation_is_gone(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.book(session_id)
    with site.database.reading() as tx:
        booked = tx.connection.exec_driver_sql("SELECT id FROM reservations").scalar_one()
    person.open_link(site, str(UUID(str(booked))))
    person.open("/gestisci/annulla")
    person.send()
    assert person.open("/prenotazione").status_code == 404


def test_a_silent_booking_cancels_nothing_and_says_so(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    person.open("/gestisci/annulla")
    del site.bus._nodes["booking"]
    page = person.send()
    assert page.status_code == 503
    assert "non risponde" in page.text


def test_a_cancellation_taken_in_happens_when_booking_is_back(person: Person, site: Site, reservation_id: str) -> None:
    person.open_link(site, reservation_id)
    person.open("/gestisci/annulla")
    with booking_is_busy(site):
        page = person.send()
    assert page.status_code == 202
    assert "Abbiamo la tua richiesta" in page.text
    wait_until(lambda: state(site, reservation_id) == "cancelled", "the seat to be given back")
