"""Booking a seat on the pages: three steps, a check, and no seat taken twice."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bus.tables import outbox
from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from services.booking import usecases
from tests.waiting import wait_until


def seats_left(site: Site, session_id: str) -> Any:
    return site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"]


def test_three_steps_lead_to_a_seat(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.open(f"/sessioni/{session_id}/prenota")
    assert "Passo 1 di 3" in person.page.text
    assert "Passo 2 di 3" in person.send(name="Giulia Ferrero").text
    assert "Passo 3 di 3" in person.send(email="giulia@example.org", consent="1").text
    assert "Il posto è tuo." in person.send().text
    assert seats_left(site, session_id) == 1


def test_the_last_step_shows_everything_to_check(person: Person, site: Site) -> None:
    page = person.fill_in(site.publish()).text
    assert "Giulia Ferrero" in page
    assert "giulia@example.org" in page
    assert "Orientarsi dopo il diploma" in page


def test_who_comes_to_a_full_session_is_told_the_number_on_the_list(person: Person, site: Site) -> None:
    session_id = site.publish(capacity=1)
    site.book(session_id)
    page = person.book(session_id, email="omar@example.org").text
    assert "Sei in lista d’attesa." in page
    assert '<strong class="num">1</strong>' in page


def test_the_confirmation_can_be_loaded_again(person: Person, site: Site) -> None:
    person.book(site.publish())
    assert "Il posto è tuo." in person.open("/prenotazione").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_will_not_do_is_asked_for_again(person: Person, site: Site, name: str) -> None:
    session_id = site.publish()
    person.open(f"/sessioni/{session_id}/prenota")
    page = person.send(name=name)
    assert page.status_code == 422
    assert "<title>Errore:" in page.text
    assert '<a href="#name">Scrivi il nome' in page.text


def test_a_name_that_booking_refuses_is_asked_for_again(person: Person, site: Site) -> None:
    person.fill_in(site.publish(), name="12345")
    page = person.send()
    assert page.status_code == 422
    assert "Come ti chiami?" in page.text


@pytest.mark.parametrize("email", ["giulia", "giulia@", "a@b", "giulia@example", "x" * 250 + "@example.org"])
def test_an_address_that_will_not_do_is_kept_and_asked_for_again(person: Person, site: Site, email: str) -> None:
    session_id = site.publish()
    person.open(f"/sessioni/{session_id}/prenota")
    person.send(name="Giulia")
    page = person.send(email=email, consent="1")
    assert page.status_code == 422
    assert f'value="{email}"' in page.text
    assert 'aria-invalid="true"' in page.text


def test_without_consent_nothing_is_booked(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.open(f"/sessioni/{session_id}/prenota")
    person.send(name="Giulia")
    page = person.send(email="giulia@example.org")
    assert "Serve il tuo consenso" in page.text


def test_markup_in_a_name_stays_text(person: Person, site: Site) -> None:
    page = person.fill_in(site.publish(), name="<b>Giulia</b>").text
    assert "&lt;b&gt;Giulia" in page


def test_a_double_click_books_once(person: Person, site: Site) -> None:
    session_id = site.publish()
    check = person.fill_in(session_id)
    jar = {cookie.key: cookie.value for cookie in site.client._cookies.values()}
    person.send()
    for name, value in jar.items():  # the second click left with the cookies that the first one had
        site.client.set_cookie(name, value, path=f"/sessioni/{session_id}/prenota")
    person.page = check
    assert "Il posto è tuo." in person.send().text
    assert seats_left(site, session_id) == 1


def test_sending_the_form_again_afterwards_shows_the_confirmation(person: Person, site: Site) -> None:
    session_id = site.publish()
    check = person.fill_in(session_id)
    person.send()
    person.page = check
    assert "Il posto è tuo." in person.send().text
    assert seats_left(site, session_id) == 1


def test_booking_again_with_the_same_address_looks_the_same(person: Person, site: Site) -> None:
    session_id = site.publish(capacity=9)
    first = person.book(session_id).text
    second = person.book(session_id).text
    assert "Il posto è tuo." in first
    assert _without_reference(first) == _without_reference(second)
    assert seats_left(site, session_id) == 8


def _without_reference(page: str) -> str:
    before, _, after = page.partition("Riferimento</dt>")
    return before + after.partition("</dd>")[2]


def test_a_change_keeps_the_rest(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    person.open(f"/sessioni/{session_id}/prenota")
    assert 'value="Giulia Ferrero"' in person.page.text
    page = person.send(name="Giulia F.").text
    assert "Passo 3 di 3" in page
    assert "giulia@example.org" in page


def test_no_step_can_be_skipped(person: Person, site: Site) -> None:
    session_id = site.publish()
    for step in ("email", "controlla"):
        assert "Passo 1 di 3" in person.open(f"/sessioni/{session_id}/prenota/{step}").text


def test_changing_the_language_on_the_way_loses_nothing(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    page = person.open(f"/lingua?scelta=en&torna=/sessioni/{session_id}/prenota/controlla").text
    assert "Check and book" in page
    assert "Giulia Ferrero" in page


def test_the_person_is_written_to_in_the_language_of_the_page(person: Person, site: Site) -> None:
    person.open("/lingua?scelta=en&torna=/")
    person.book(site.publish())
    with site.database.reading() as tx:
        sent = tx.connection.execute(select(outbox.c.data).where(outbox.c.target == "notify")).scalar_one()
    assert json.loads(sent)["language"] == "en"


def test_what_is_typed_goes_nowhere_but_to_the_form(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    cookie = next(cookie for cookie in site.client._cookies.values() if cookie.key == "prenota")
    assert (cookie.path, cookie.max_age) == (f"/sessioni/{session_id}/prenota", 1800)


def test_a_tampered_draft_is_none(person: Person, site: Site) -> None:
    session_id = site.publish()
    path = f"/sessioni/{session_id}/prenota"
    site.client.set_cookie("prenota", "eyJuYW1lIjoiR2l1bGlhIn0.forged", path=path)
    assert "Passo 1 di 3" in person.open(f"{path}/email").text


def test_a_session_that_closed_meanwhile_says_so(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, datetime.now(UTC), session_id=UUID(session_id))
    page = person.send()
    assert page.status_code == 409
    assert "chiuse" in page.text


def test_a_silent_booking_keeps_the_input_and_says_that_nothing_is_booked(person: Person, site: Site) -> None:
    person.fill_in(site.publish())
    del site.bus._nodes["booking"]
    page = person.send()
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "Il posto non è ancora prenotato" in page.text
    assert "giulia@example.org" in page.text


def test_after_the_silence_the_same_form_books(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    booking = site.bus._nodes.pop("booking")
    person.send()
    site.bus.join(booking)
    assert "Il posto è tuo." in person.send().text


def test_a_request_taken_in_is_confirmed_when_booking_is_back(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.fill_in(session_id)
    with booking_is_busy(site):
        assert "Abbiamo la tua richiesta." in person.send().text
        assert site.client.get("/prenotazione", headers={"HX-Request": "true"}).status_code == 204
    wait_until(lambda: "Il posto è tuo." in person.open("/prenotazione").text, "the seat to be confirmed")
    assert seats_left(site, session_id) == 1


def test_a_step_is_kept_by_no_cache(person: Person, site: Site) -> None:
    assert person.fill_in(site.publish()).headers["Cache-Control"] == "no-store"


def test_who_has_booked_nothing_is_told_where_to_look(person: Person) -> None:
    page = person.open("/prenotazione")
    assert page.status_code == 404
    assert "la conferma è nella tua e-mail" in page.text
