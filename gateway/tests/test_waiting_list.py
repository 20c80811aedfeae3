"""What a person on the waiting list reads, and does, behind the secret link."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bus.times import now
from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from services.booking import waiting
from tests.waiting import wait_until

HOUR = timedelta(hours=1)


@pytest.fixture
def full(site: Site) -> tuple[str, str]:
    """A session of tomorrow with one seat, and the reservation that has it."""
    session_id = site.publish(capacity=1)
    return session_id, str(site.book(session_id).json["id"])


@pytest.fixture
def second(site: Site, full: tuple[str, str]) -> str:
    """Who waits first."""
    return str(site.book(full[0], "two", email="omar@example.org").json["id"])


def give_back(site: Site, reservation_id: str) -> None:
    path = f"/api/v1/reservations/{reservation_id}"
    assert site.client.delete(path, headers=site.token(reservation_id)).status_code == 200


def stands(site: Site, reservation_id: str) -> Any:
    path = f"/api/v1/reservations/{reservation_id}"
    found = site.client.get(path, headers=site.token(reservation_id)).json
    return found["state"]


@pytest.fixture
def offered(site: Site, full: tuple[str, str], second: str) -> str:
    """Who waits first, once the seat was given back."""
    give_back(site, full[1])
    return second


@pytest.fixture
def late(site: Site) -> str:
    """Who waits for a session that starts in an hour, in which a seat was given back."""
    start = now() + HOUR
    session_id = site.publish(capacity=1, starts_at=start, ends_at=start + HOUR)
    first = str(site.book(session_id).json["id"])
    waits = str(site.book(session_id, "two", email="omar@example.org").json["id"])
    give_back(site, first)
    return waits


def test_who_waits_reads_the_position_and_what_will_happen(person: Person, site: Site, second: str) -> None:
    page = person.open_link(site, second).text
    assert '<strong class="num">1</strong>' in page
    assert "fino a 12 ore" in page


def test_who_is_offered_a_seat_reads_until_when(person: Person, site: Site, offered: str) -> None:
    page = person.open_link(site, offered).text
    assert "Un posto è tuo fino alle " in page
    assert "Prendo il posto" in page
    assert "Lo lascio a chi viene dopo" in page


def test_opening_and_looking_at_an_offer_changes_nothing(person: Person, site: Site, offered: str) -> None:
    person.open_link(site, offered)
    assert [person.open(path).status_code for path in ("/gestisci/posto", "/gestisci/lascia")] == [200, 200]
    assert "Un posto è tuo fino alle " in person.open("/gestisci").text


def test_one_click_takes_the_seat(person: Person, site: Site, offered: str) -> None:
    person.open_link(site, offered)
    assert "adesso c’è un posto per te" in person.send("/gestisci/posto").text
    assert stands(site, offered) == "confirmed"


def test_one_click_leaves_the_seat_to_the_next(person: Person, site: Site, full: tuple[str, str], offered: str) -> None:
    third = str(site.book(full[0], "three", email="ada@example.org").json["id"])
    person.open_link(site, offered)
    assert "Hai lasciato il posto." in person.send("/gestisci/lascia").text
    assert "Un posto è tuo fino alle " in person.open_link(site, third).text


def test_a_second_click_is_as_good_as_one(person: Person, site: Site, offered: str) -> None:
    form = person.open_link(site, offered)
    for _ in range(2):
        person.page = form
        assert "Il posto è tuo." in person.send("/gestisci/posto").text


def test_a_form_that_is_not_ours_takes_no_seat(person: Person, site: Site, offered: str) -> None:
    person.open_link(site, offered)
    assert site.client.post("/gestisci/posto", data={"key": "x", "reservation": offered}).status_code == 400
    assert stands(site, offered) == "waiting"


def test_a_page_left_open_does_nothing_to_the_reservation_of_another_link(
    person: Person, site: Site, offered: str
) -> None:
    other = str(site.book(site.publish(2), "other", email="omar@example.org").json["id"])
    left_open = person.open_link(site, offered)
    person.open_link(site, other)
    person.page = left_open
    assert person.send("/gestisci/posto").status_code == 404
    assert stands(site, offered) == "waiting"


def test_a_seat_freed_late_is_there_for_the_taking(person: Person, site: Site, late: str) -> None:
    page = person.open_link(site, late).text
    assert "C’è un posto: prendilo." in page
    assert "Lo lascio a chi viene dopo" not in page
    assert "Il posto è tuo." in person.send("/gestisci/posto").text


def test_who_comes_second_for_a_free_seat_stays_in_line_and_reads_why(person: Person, site: Site, late: str) -> None:
    page = person.open_link(site, late)
    session_id = site.client.get(f"/api/v1/reservations/{late}", headers=site.token(late)).json["session_id"]
    site.book(session_id, "three", email="ada@example.org")
    person.page = page
    answer = person.send("/gestisci/posto")
    assert answer.status_code == 409
    assert "Adesso non c’è un posto per te" in answer.text
    assert "Per ora non c’è un posto." in answer.text


def test_an_offer_that_ran_out_says_why_and_shows_a_way_on(
    person: Person, site: Site, full: tuple[str, str], offered: str
) -> None:
    page = person.open_link(site, offered)
    with site.database.transaction() as tx:
        waiting.expire_offer(tx, now() + 13 * HOUR, session_id=UUID(full[0]), reservation_id=UUID(offered))
    person.page = page
    answer = person.send("/gestisci/posto")
    assert answer.status_code == 409
    assert "Il tempo per prendere il posto è finito" in answer.text
    assert "non hai risposto in tempo" in answer.text
    assert "Prenota di nuovo questa" in answer.text


def test_leaving_the_list_asks_first_and_says_what_it_means(person: Person, site: Site, second: str) -> None:
    person.open_link(site, second)
    assert "Vuoi uscire dalla lista?" in person.open("/gestisci/annulla").text
    assert "Hai lasciato la lista d’attesa." in person.send().text


def test_a_seat_taken_while_booking_is_busy_is_the_persons_when_it_is_back(
    person: Person, site: Site, offered: str
) -> None:
    person.open_link(site, offered)
    with booking_is_busy(site):
        page = person.send("/gestisci/posto")
    assert page.status_code == 202
    assert "Abbiamo la tua richiesta" in page.text
    wait_until(lambda: stands(site, offered) == "confirmed", "the seat to be taken")


def test_a_silent_booking_takes_no_seat_and_says_so(person: Person, site: Site, offered: str) -> None:
    person.open_link(site, offered)
    del site.bus._nodes["booking"]
    page = person.send("/gestisci/posto")
    assert page.status_code == 503
    assert "non risponde" in page.text


def test_the_offer_is_told_in_english_too(person: Person, site: Site, offered: str) -> None:
    person.client.set_cookie("lingua", "en")
    page = person.open_link(site, offered).text
    assert "A seat is yours until " in page
    assert "Leave it to the next person" in page
