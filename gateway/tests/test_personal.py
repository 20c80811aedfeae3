"""A person's own page: asking for the link, coming in by it once, and what is on the page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from itsdangerous import URLSafeTimedSerializer
from limits import parse

from bus.times import now
from contracts.person import person_id, personal_pass
from gateway.limits import PERSONAL_LINKS
from gateway.tests.api.conftest import GIULIA, KEY
from gateway.tests.conftest import Person, Site
from gateway.tests.own import Office, office_beside
from gateway.tests.standings import Standings
from tests.databases import Reused

DOOR = "/le-mie/entra"


@pytest.fixture
def office(site: Site, kept_notify: Reused) -> Office:
    return office_beside(site, kept_notify.emptied())


@pytest.fixture
def inside(person: Person, office: Office) -> Person:
    """Giulia, on her page."""
    person.open(office.link())
    person.send()
    assert person.page.status_code == 200
    return person


def visitor(site: Site) -> Person:
    return Person(site.client.application.test_client())


def give_pass(person: Person, text: str) -> None:
    """Put a pass into the cookie, signed as the site signs it."""
    cookie = URLSafeTimedSerializer(KEY, salt="cookie:le-mie").dumps({"personal_pass": text})
    person.client.set_cookie("le-mie", str(cookie), path="/le-mie")


# Asking


def test_who_asks_reads_the_same_whoever_is_known(site: Site, office: Office) -> None:
    office.remember()
    pages = []
    for email in (GIULIA["email"], "nessuno@example.org"):
        person = visitor(site)
        person.open("/le-mie")
        pages.append(person.send(email=email).text)
    assert pages[0] == pages[1]
    assert "Se conosciamo questo indirizzo" in pages[0]
    assert len(office.links()) == 1


def test_two_clicks_send_one_link(person: Person, office: Office) -> None:
    office.remember()
    form = person.open("/le-mie")
    for _ in range(2):
        person.page = form
        person.send(email=GIULIA["email"])
    assert len(office.links()) == 1


def test_who_goes_back_to_correct_the_address_asks_anew(person: Person, office: Office) -> None:
    office.remember()
    form = person.open("/le-mie")
    for email in ("giuli@example.org", GIULIA["email"]):
        person.page = form
        person.send(email=email)
    assert len(office.links()) == 1


@pytest.mark.parametrize("email", ["", "giulia", "a@" + "b" * 300 + ".it"])
def test_what_is_no_address_is_told_at_the_field(person: Person, office: Office, email: str) -> None:
    person.open("/le-mie")
    page = person.send(email=email)
    assert page.status_code == 422
    assert '<a href="#email">' in page.text
    assert office.links() == []


def test_a_client_that_asks_too_often_has_to_wait(
    person: Person, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PERSONAL_LINKS, "limits", [parse("1 per minute")])
    form = person.open("/le-mie")
    for status in (200, 429):
        person.page = form
        assert person.send(email="giulia@example.org").status_code == status


def test_while_notify_is_silent_nobody_is_promised_a_link(person: Person) -> None:
    person.open("/le-mie")
    page = person.send(email="giulia@example.org")
    assert page.status_code == 503
    assert "Adesso non riusciamo a mandarti il link" in page.text
    assert 'value="giulia@example.org"' in page.text


# Coming in


def test_the_secret_leaves_the_address_at_once_and_is_on_no_page(site: Site, office: Office) -> None:
    link = office.link()
    answer = site.client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, DOOR)
    assert "Path=/le-mie/entra" in answer.headers["Set-Cookie"]
    assert link.rsplit("/", 1)[1] not in site.client.get(DOOR).text


def test_opening_the_link_uses_nothing_up(site: Site, office: Office, person: Person) -> None:
    link = office.link()
    for method in ("HEAD", "GET"):
        site.client.application.test_client().open(link, method=method, follow_redirects=True)
    person.open(link)
    assert "Adesso non hai niente in programma" in person.send().text


def test_a_second_use_is_refused_with_the_way_to_another_link(site: Site, office: Office) -> None:
    link = office.link()
    first, second = visitor(site), visitor(site)
    first.open(link)
    first.send()
    second.open(link)
    page = second.send()
    assert page.status_code == 410
    assert "È già stato usato" in page.text
    assert 'href="/le-mie"' in page.text


def test_two_clicks_let_in_once_and_well(person: Person, office: Office) -> None:
    link = office.link()
    form = person.open(link)
    for _ in range(2):
        person.page = form
        assert "Le mie prenotazioni" in person.send(DOOR).text
        assert person.page.status_code == 200
    person.client.get(link)  # the same browser opens it once more, and sends the form of before
    person.page = form
    assert "Adesso non hai niente in programma" in person.send(DOOR).text


def test_a_link_that_was_cut_opens_nothing(person: Person, office: Office) -> None:
    link = office.link()
    person.open(link[:-1])
    assert person.send().status_code == 404
    person.open(link)
    assert person.send().status_code == 200


def test_without_a_link_there_is_no_way_in(person: Person, office: Office) -> None:
    assert person.open(DOOR).status_code == 404
    assert "Chiedi un altro link" in person.page.text


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_pass_that_is_over_or_was_made_by_another_opens_nothing(person: Person, office: Office, hours: int) -> None:
    key = KEY if hours < 0 else bytes(32)
    until = now() + timedelta(hours=hours)
    give_pass(person, personal_pass(key, person_id(KEY, GIULIA["email"]), until))
    page = person.open("/le-mie")
    assert "Mandami il link" in page.text
    assert "le-mie=;" in page.headers["Set-Cookie"]


# On the page


def test_the_page_shows_what_the_person_booked_and_nothing_else(inside: Person, site: Site) -> None:
    session, other = site.publish(title="Il primo colloquio"), site.publish(days=2, title="Per altri")
    mine = site.book(session).json["id"]
    site.book(other, "two", email="omar@example.org")
    page = inside.open("/le-mie").text
    assert "Il primo colloquio" in page
    assert "Hai un posto." in page
    token = site.letter(mine)["token"]
    assert f'href="/gestisci/{mine}/{token}"' in page
    assert "Per altri" not in page
    assert "giulia@example.org" in page


def test_each_standing_is_said_in_words_with_its_next_step(inside: Person, site: Site) -> None:
    standings = Standings(site)
    standings.email = GIULIA["email"]
    reservation = standings.doors_open()
    standings.offered()
    standings.given_back()
    standings.over()
    page = inside.open("/le-mie").text
    assert "La porta è aperta" in page
    assert f'href="/entra/{reservation}/' in page
    assert "Prendi o lascia il posto" in page
    past = page.partition("Passate o annullate")[2]
    assert re.findall(r'<p class="seats">(\w+)</p>', past) == ["Annullata", "Conclusa"]


def test_the_list_goes_on_page_by_page(inside: Person, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.pages.personal.own.ON_A_PAGE", 1)
    for days in (1, 2):
        site.book(site.publish(days, title=f"Tra {days}"), str(days))
    first = inside.open("/le-mie").text
    assert ("Tra 1" in first, "Tra 2" in first) == (True, False)
    (following,) = re.findall(r'href="(/le-mie\?dopo=[^"]+)"', first)
    second = inside.open(following).text
    assert ("Tra 1" in second, "Tra 2" in second) == (False, True)
    assert inside.open("/le-mie?dopo=x").status_code == 422


def test_the_calendar_entry_is_the_same_as_behind_the_link_of_the_reservation(inside: Person, site: Site) -> None:
    mine = site.book(site.publish()).json["id"]
    entry = Calendar.from_ical(inside.open(f"/le-mie/calendario/{mine}.ics").data).walk("VEVENT")[0]
    assert entry["UID"] == f"{mine}@bottega"
    assert f"/entra/{mine}/" in str(entry["LOCATION"])
    theirs = site.book(site.publish(), "two", email="omar@example.org").json["id"]
    assert inside.open(f"/le-mie/calendario/{theirs}.ics").status_code == 404


def test_choices_are_kept_and_shown(inside: Person, office: Office) -> None:
    page = inside.send("/le-mie/preferenze", language="en", thanks="1").text
    assert "Fatto: d’ora in poi ti scriviamo così." in page
    kept = office.contact()
    assert (kept.language, kept.reminders, kept.thanks) == ("en", False, True)
    ticked = re.findall(r'name="(\w+)" value="(\w+)" checked', page)
    assert ticked == [("language", "en"), ("thanks", "1")]


def test_a_choice_that_there_is_not_changes_nothing(inside: Person, office: Office) -> None:
    assert inside.send("/le-mie/preferenze", language="xx").status_code == 422
    assert office.contact().language == "it"


def test_who_leaves_has_to_ask_again(inside: Person) -> None:
    inside.send("/le-mie/esci")
    assert "Mandami il link" in inside.page.text
    assert "Mandami il link" in inside.send("/le-mie/preferenze", language="en").text


def test_when_booking_is_silent_the_page_says_so_and_keeps_the_choices(inside: Person, site: Site) -> None:
    del site.bus._nodes["booking"]
    page = inside.open("/le-mie")
    assert page.status_code == 503
    assert "Le tue prenotazioni valgono lo stesso" in page.text
    assert "Come ti scriviamo" in page.text


def test_when_notify_is_silent_the_reservations_are_there(inside: Person, site: Site) -> None:
    site.book(site.publish(title="Il primo colloquio"))
    del site.bus._nodes["notify"]
    page = inside.open("/le-mie")
    assert page.status_code == 200
    assert "Il primo colloquio" in page.text
    assert "non possiamo mostrarti le tue scelte" in page.text


def test_no_cache_and_no_search_engine_has_these_pages(inside: Person) -> None:
    headers: Any = inside.open("/le-mie").headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
