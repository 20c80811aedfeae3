"""Changing to another date behind the secret link."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from gateway.tests.series import publish_series
from gateway.wording import day_close
from services.booking import usecases
from tests.waiting import wait_until

PATH = "/gestisci/data"


@pytest.fixture
def dates(site: Site) -> list[str]:
    """Three dates with one seat each."""
    return publish_series(site)


@pytest.fixture
def mine(site: Site, dates: list[str]) -> str:
    """Giulia's reservation, which has the seat of the first date."""
    return str(site.book(dates[0]).json["id"])


@pytest.fixture
def choosing(person: Person, site: Site, mine: str) -> Person:
    """Giulia, with the dates before her."""
    person.open_link(site, mine)
    person.open(PATH)
    return person


def state(site: Site, reservation_id: str) -> Any:
    return site.client.get(f"/api/v1/reservations/{reservation_id}", headers=site.token(reservation_id)).json["state"]


def seats_left(site: Site, session_id: str) -> Any:
    return site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"]


def offered(page: Any) -> list[str]:
    """The sessions that can be chosen."""
    return re.findall(r'<input type="radio" id="[\w-]+" name="date" value="([^"]*)"', page.text)


def reservations(site: Site) -> set[str]:
    with site.database.reading() as tx:
        found = tx.connection.exec_driver_sql("SELECT id FROM reservations").scalars()
        return {str(UUID(str(each))) for each in found}


def call_off(site: Site, session_id: str) -> None:
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, datetime.now(UTC), session_id=UUID(session_id))


def test_the_page_of_a_seat_leads_to_the_other_dates(person: Person, site: Site, mine: str) -> None:
    assert f'href="{PATH}">Cambia data' in person.open_link(site, mine).text


def test_who_waits_can_change_the_date_too(person: Person, site: Site, dates: list[str], mine: str) -> None:
    waits = str(site.book(dates[0], "two", email="omar@example.org").json["id"])
    assert f'href="{PATH}">Cambia data' in person.open_link(site, waits).text
    assert "Esci dalla lista di questa data" in person.open(PATH).text


def test_who_is_offered_a_seat_reads_that_it_goes_to_the_next(
    person: Person, site: Site, dates: list[str], mine: str
) -> None:
    waits = str(site.book(dates[0], "two", email="omar@example.org").json["id"])
    site.client.delete(f"/api/v1/reservations/{mine}", headers=site.token(mine))
    person.open_link(site, waits)
    assert "Lasci il posto che teniamo per te" in person.open(PATH).text


def test_a_session_alone_leads_to_no_other_dates(person: Person, site: Site) -> None:
    alone = str(site.book(site.publish()).json["id"])
    assert "Cambia data" not in person.open_link(site, alone).text
    assert "Hai un posto." in person.open(PATH).text


def test_a_reservation_that_is_over_leads_to_no_other_dates(person: Person, site: Site, mine: str) -> None:
    site.client.delete(f"/api/v1/reservations/{mine}", headers=site.token(mine))
    assert "Cambia data" not in person.open_link(site, mine).text
    assert "Prenotazione annullata." in person.open(PATH).text


def test_the_dates_are_told_with_day_and_seats(site: Site, dates: list[str], choosing: Person) -> None:
    assert offered(choosing.page) == dates[1:]
    session = site.client.get(f"/api/v1/sessions/{dates[2]}").json
    with site.client.application.test_request_context():
        assert day_close(session["starts_at"]) in choosing.page.text
    assert choosing.page.text.count("Ultimo posto") == 2


def test_the_page_says_what_becomes_of_the_place_and_that_a_mail_follows(choosing: Person) -> None:
    page = choosing.page.text
    assert "Lasci il posto che hai, e va a un’altra persona" in page
    assert "davanti a chi ha prenotato dopo di te" in page
    assert "un’e-mail con un link nuovo" in page


def test_looking_at_the_dates_changes_nothing(site: Site, mine: str, choosing: Person) -> None:
    choosing.open(f"{PATH}/fatto")
    assert state(site, mine) == "confirmed"


def test_a_seat_is_given_back_and_one_on_the_other_date_taken(
    site: Site, dates: list[str], mine: str, choosing: Person
) -> None:
    page = choosing.send(date=dates[1])
    assert page.request.path == f"{PATH}/fatto"
    assert "Hai cambiato data." in page.text
    assert "Il posto della nuova data è tuo." in page.text
    assert [seats_left(site, session_id) for session_id in dates] == [1, 0, 1]


def test_who_chooses_a_full_date_reads_the_place_in_line(site: Site, dates: list[str], choosing: Person) -> None:
    site.book(dates[1], "two", email="omar@example.org")
    page = choosing.send(date=dates[1]).text
    assert "sei in lista d’attesa" in page
    assert '<strong class="num">1</strong>' in page


def test_after_it_the_old_link_is_forgotten_here(dates: list[str], choosing: Person) -> None:
    choosing.send(date=dates[1])
    assert choosing.open("/gestisci").status_code == 404


def test_neither_secret_is_on_the_page_that_follows(site: Site, dates: list[str], choosing: Person) -> None:
    page = choosing.send(date=dates[1]).text
    secrets = [site.letter(each)["token"] for each in reservations(site)]
    assert len(secrets) == 2
    assert not any(secret in page for secret in secrets)


def test_a_second_click_is_as_good_as_one(site: Site, dates: list[str], choosing: Person) -> None:
    form = choosing.page
    for _ in range(2):
        choosing.page = form
        assert "Hai cambiato data." in choosing.send(date=dates[1]).text
    assert [seats_left(site, session_id) for session_id in dates] == [1, 0, 1]


def test_the_new_link_can_change_the_date_again(site: Site, dates: list[str], mine: str, choosing: Person) -> None:
    choosing.send(date=dates[1])
    (new,) = reservations(site) - {mine}
    choosing.open_link(site, new)
    assert offered(choosing.open(PATH)) == [dates[0], dates[2]]


@pytest.mark.parametrize("chosen", ["", "tomorrow"])
def test_who_chooses_nothing_is_led_to_the_choice(site: Site, mine: str, choosing: Person, chosen: str) -> None:
    page = choosing.send(date=chosen)
    assert page.status_code == 422
    assert "<title>Errore:" in page.text
    assert '<a href="#date">Scegli la data a cui vuoi passare</a>' in page.text
    assert '<input type="radio" id="date"' in page.text
    assert state(site, mine) == "confirmed"


def test_a_date_called_off_meanwhile_is_told_above_those_that_are_left(
    site: Site, dates: list[str], mine: str, choosing: Person
) -> None:
    call_off(site, dates[1])
    page = choosing.send(date=dates[1])
    assert page.status_code == 409
    assert "Le prenotazioni per questa sessione sono chiuse" in page.text
    assert offered(page) == dates[2:]
    assert "Hai cambiato data." in choosing.send(date=dates[2]).text


def test_when_no_date_is_left_the_reservation_is_shown_with_the_reason(
    site: Site, dates: list[str], choosing: Person
) -> None:
    for session_id in dates[1:]:
        call_off(site, session_id)
    page = choosing.send(date=dates[1])
    assert page.status_code == 409
    assert "Hai un posto." in page.text


def test_who_is_booked_on_that_date_already_keeps_both(
    site: Site, dates: list[str], mine: str, choosing: Person
) -> None:
    other = str(site.book(dates[1], "two").json["id"])
    page = choosing.send(date=dates[1])
    assert page.status_code == 409
    assert "In quella data hai già una prenotazione" in page.text
    assert [state(site, each) for each in (mine, other)] == ["confirmed"] * 2


def test_a_date_of_another_series_is_refused_in_words(site: Site, choosing: Person) -> None:
    for elsewhere in (site.publish(), str(uuid4())):
        page = choosing.send(date=elsewhere)
        assert page.status_code == 409
        assert "Questa data non è tra quelle della tua sessione" in page.text


def test_a_reservation_given_back_meanwhile_shows_that_it_is_over(
    site: Site, dates: list[str], mine: str, choosing: Person
) -> None:
    site.client.delete(f"/api/v1/reservations/{mine}", headers=site.token(mine))
    assert "Prenotazione annullata." in choosing.send(date=dates[1]).text
    assert seats_left(site, dates[1]) == 1


def test_a_form_that_is_not_ours_changes_nothing(site: Site, dates: list[str], mine: str, choosing: Person) -> None:
    forged = {"key": "x", "reservation": mine, "date": dates[1]}
    assert site.client.post(PATH, data=forged).status_code == 400
    assert state(site, mine) == "confirmed"


def test_a_page_left_open_does_nothing_to_the_reservation_of_another_link(
    site: Site, dates: list[str], choosing: Person
) -> None:
    left_open = choosing.page
    other = str(site.book(dates[2], "two", email="omar@example.org").json["id"])
    choosing.open_link(site, other)
    choosing.page = left_open
    assert choosing.send(date=dates[1]).status_code == 404
    assert state(site, other) == "confirmed"


def test_without_a_link_there_is_nothing_to_change(person: Person) -> None:
    assert {person.open(path).status_code for path in (PATH, f"{PATH}/fatto")} == {404}


def test_a_change_taken_in_happens_when_booking_is_back(
    site: Site, dates: list[str], mine: str, choosing: Person
) -> None:
    with booking_is_busy(site):
        page = choosing.send(date=dates[1])
    assert page.status_code == 202
    assert "Abbiamo la tua richiesta" in page.text
    wait_until(lambda: seats_left(site, dates[1]) == 0, "the seat on the other date to be taken")


def test_a_silent_booking_changes_nothing_and_says_so(site: Site, dates: list[str], choosing: Person) -> None:
    del site.bus._nodes["booking"]
    page = choosing.send(date=dates[1])
    assert page.status_code == 503
    assert "non risponde" in page.text


def test_it_is_told_in_english_too(site: Site, dates: list[str], choosing: Person) -> None:
    choosing.client.set_cookie("lingua", "en")
    assert "Which date do you want to change to?" in choosing.open(PATH).text
    assert "The seat on the new date is yours." in choosing.send(date=dates[1]).text


# When the session is called off


def test_who_lost_the_session_moves_to_another_date_by_one_button(
    person: Person, site: Site, dates: list[str], mine: str
) -> None:
    call_off(site, dates[0])
    assert person.open_link(site, mine).text.count("Passa a questa data") == 2
    assert "Hai cambiato data." in person.send(PATH).text
    assert [seats_left(site, date) for date in dates[1:]] == [1, 0]  # of the last form on the page
    assert "Un’altra data?" not in person.open_link(site, mine).text


def test_who_was_called_off_reads_nothing_of_a_seat_to_keep(
    person: Person, site: Site, dates: list[str], mine: str
) -> None:
    call_off(site, dates[0])
    person.open_link(site, mine)
    page = person.open(PATH).text
    assert "La sessione che avevi prenotato non si fa" in page
    assert "tengo il posto" not in page
