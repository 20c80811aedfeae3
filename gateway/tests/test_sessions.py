"""The home page, the list with its filters, and the page of one session."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.pages.sessions import PAGE_SIZE
from gateway.tests.conftest import Person, Site
from services.booking import usecases
from services.booking.domain import Partner


def test_the_home_page_shows_the_next_sessions_and_who_to_call(site: Site) -> None:
    site.publish(title="Il primo lavoro")
    page = site.client.get("/").text
    assert "Il primo lavoro" in page
    assert 'href="tel:+390113853400"' in page


def test_the_home_page_stands_without_booking(silent: Any) -> None:
    answer = silent.get("/")
    assert answer.status_code == 200
    assert "Ora non riusciamo a mostrarti le sessioni" in answer.text


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("", {"Orientarsi", "Working", "Altrove"}),
        ("?in=en", {"Working"}),
        ("?con=dora", {"Altrove"}),
        ("?in=it&con=orso", {"Orientarsi"}),
        ("?in=&con=&dal=", {"Orientarsi", "Working", "Altrove"}),
        ("?in=xx", {"Orientarsi", "Working", "Altrove"}),
        ("?dal=tomorrow", {"Orientarsi", "Working", "Altrove"}),
    ],
)
def test_the_list_shows_what_the_filters_ask(site: Site, filters: str, shown: set[str]) -> None:
    with site.database.transaction() as tx:
        usecases.add_partner(tx, Partner("dora", "Spazio Dora"))
    site.publish(title="Orientarsi")
    site.publish(title="Working", language="en")
    site.publish(title="Altrove", partner="dora")
    page = site.client.get(f"/sessioni{filters}").text
    assert {title for title in ("Orientarsi", "Working", "Altrove") if f">{title}</a>" in page} == shown


def test_the_list_begins_on_the_day_that_was_asked(site: Site) -> None:
    site.publish(1, title="Presto")
    site.publish(9, title="Tardi")
    day = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    page = site.client.get(f"/sessioni?dal={day}").text
    assert "Tardi" in page
    assert "Presto" not in page


def test_a_day_in_the_past_shows_what_is_to_come(site: Site) -> None:
    site.publish(title="Presto")
    assert "Presto" in site.client.get("/sessioni?dal=2001-01-01").text


def test_nothing_found_says_so_and_offers_everything(site: Site) -> None:
    site.publish()
    page = site.client.get("/sessioni?in=en").text
    assert "Nessuna sessione con queste scelte" in page
    assert "Togli i filtri" in page


def test_a_long_list_goes_on_with_the_same_filters(person: Person, site: Site) -> None:
    for days in range(1, PAGE_SIZE + 2):
        site.publish(days, title=f"Numero {days}.")
    first = person.open("/sessioni?in=it").text
    assert f"Numero {PAGE_SIZE}." in first
    following = first.split('href="/sessioni?dopo=')[1].split('"')[0].replace("&amp;", "&")
    second = person.open(f"/sessioni?dopo={following}").text
    assert f"Numero {PAGE_SIZE + 1}." in second
    assert "Numero 1." not in second
    assert "in=it" in following


@pytest.mark.parametrize("query", ["dopo=nonsense", "con=No Such Partner!"])
def test_an_address_that_makes_no_sense_leads_to_the_whole_list(site: Site, query: str) -> None:
    answer = site.client.get(f"/sessioni?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sessioni")


def test_htmx_gets_the_results_alone(site: Site) -> None:
    site.publish()
    answer = site.client.get("/sessioni", headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<div id="results">')
    assert "HX-Request" in answer.headers["Vary"]


def test_going_back_with_htmx_gets_the_whole_page(site: Site) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in site.client.get("/sessioni", headers=headers).text


def test_a_session_with_seats_offers_to_book(site: Site) -> None:
    session_id = site.publish(capacity=9)
    page = site.client.get(f"/sessioni/{session_id}").text
    assert "9 posti liberi su 9" in page
    assert "Prenota il tuo posto" in page


def test_a_full_session_offers_the_waiting_list(site: Site) -> None:
    session_id = site.publish(capacity=1)
    site.book(session_id)
    page = site.client.get(f"/sessioni/{session_id}").text
    assert "Al completo" in page
    assert "Mettiti in lista d’attesa" in page


def test_a_session_called_off_offers_another(site: Site) -> None:
    session_id = site.publish()
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, datetime.now(UTC), session_id=UUID(session_id))
    page = site.client.get(f"/sessioni/{session_id}").text
    assert "Sessione annullata" in page
    assert "Scegli un’altra sessione" in page


def test_the_room_is_on_no_open_page(site: Site) -> None:
    session_id = site.publish()
    assert "meet.example.org" not in site.client.get(f"/sessioni/{session_id}").text


def test_seats_that_did_not_change_are_not_sent_again(site: Site) -> None:
    session_id = site.publish(capacity=2)
    assert site.client.get(f"/sessioni/{session_id}/posti?visti=last.2.0").status_code == 204


def test_seats_that_changed_are_sent(site: Site) -> None:
    session_id = site.publish(capacity=2)
    site.book(session_id)
    answer = site.client.get(f"/sessioni/{session_id}/posti?visti=last.2.0")
    assert "Ultimo posto" in answer.text
    assert "HX-Refresh" not in answer.headers


def test_when_the_last_seat_goes_the_page_loads_again(site: Site) -> None:
    session_id = site.publish(capacity=1)
    site.book(session_id)
    assert site.client.get(f"/sessioni/{session_id}/posti?visti=last.1.0").headers["HX-Refresh"] == "true"


def test_what_was_known_is_shown_with_its_time_while_booking_is_silent(site: Site) -> None:
    session_id = site.publish(title="Orientarsi")
    paths = ["/", "/sessioni", f"/sessioni/{session_id}"]
    for path in paths:
        site.client.get(path)
    del site.bus._nodes["booking"]
    for path in paths:
        answer = site.client.get(path)
        assert answer.status_code == 200
        assert "Orientarsi" in answer.text
        assert "quello che sapevamo" in answer.text


def test_text_of_a_partner_is_never_markup(site: Site) -> None:
    session_id = site.publish(title="<script>alert(1)</script>", description="<b>x</b>")
    page = site.client.get(f"/sessioni/{session_id}").text
    assert "<script>alert" not in page
    assert "<b>x" not in page
