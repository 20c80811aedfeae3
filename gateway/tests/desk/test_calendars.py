"""Calendars at the desk: entering one, seeing what it would bring, and what is said of it from then on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bus.times import now
from gateway.pages.desk import calendars
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from services.booking.tests.calendars.follower import PATH, SECRET, Follower
from services.booking.tests.calendars.test_reading import a_calendar
from services.booking.tests.calendars.web import Web, serving
from services.booking.tests.desk import Desk


def an_event(days: int = 10, uid: str = "1", title: str = "Il primo colloquio") -> str:
    starts = now() + timedelta(days=days)
    lines = (f"UID:{uid}", f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", "DURATION:PT90M", f"SUMMARY:{title}")
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("https")) as web:
        yield web


@pytest.fixture
def follower(staff: Staff, web: Web, monkeypatch: pytest.MonkeyPatch) -> Follower:
    """What booking fetches; the pages do not wait for it, as the test says when."""
    monkeypatch.setattr(calendars, "WAIT", 0)
    follower = Follower(Desk(staff.site.database, now()), web)
    follower.put(an_event(), an_event(17, "2"))
    return follower


def enter(staff: Staff, follower: Follower, person: Person | None = None, **changes: str) -> Person:
    person = person or staff.member()
    person.open("/banco/calendari/nuovo")
    room = {"room_url": "https://meet.example.org/orso", "language": "it", "capacity": "12"}
    person.send(**{"name": "Corsi di primavera", "url": follower.web.url + PATH, **room, **changes})
    return person


def fetched(follower: Follower, person: Person) -> str:
    """The page at hand once booking has fetched what is due."""
    follower.desk.now = now()
    follower.run()
    return str(person.open(person.page.request.path).text)


def followed(staff: Staff, follower: Follower) -> Person:
    person = enter(staff, follower)
    fetched(follower, person)
    person.send(f"{person.page.request.path}/conferma")
    fetched(follower, person)
    return person


def test_what_a_calendar_would_bring_is_shown_before_it_is_published(staff: Staff, follower: Follower) -> None:
    person = enter(staff, follower)
    assert "ancora leggendo" in person.page.text
    page = fetched(follower, person)
    assert "Il calendario corsi-di-primavera" in page
    assert page.count("Il primo colloquio") == 2
    assert "2 nuove" in page
    assert "Il primo colloquio" not in staff.member(email="b@example.org").open("/banco").text


def test_who_confirms_reads_what_came_of_it(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    assert "2 nuove" in person.page.text
    assert person.open("/banco").text.count("Il primo colloquio</a>") == 2
    assert "2 nuove" in person.open("/banco/calendari").text


def test_the_address_is_on_no_page_afterwards(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    assert SECRET not in person.page.text + person.open("/banco/calendari").text


@pytest.mark.parametrize(
    "wrong", [("name", "«»"), ("url", "http://example.org/a.ics"), ("url", ""), ("capacity", "0"), ("room_url", "meet")]
)
def test_what_will_not_do_is_told_at_the_field(staff: Staff, follower: Follower, wrong: tuple[str, str]) -> None:
    page = enter(staff, follower, None, **dict([wrong])).page
    assert page.status_code == 422
    assert f'href="#{wrong[0]}"' in page.text


def test_a_name_that_is_taken_is_told_at_the_field(staff: Staff, follower: Follower) -> None:
    person = enter(staff, follower)
    assert 'href="#name"' in enter(staff, follower, person).page.text


def test_what_is_wrong_with_a_calendar_is_said_with_what_to_do(staff: Staff, follower: Follower) -> None:
    person = enter(staff, follower)
    follower.answer(404)
    page = fetched(follower, person)
    assert "risponde con l’errore 404" in page
    assert "Controlla l’indirizzo" in page
    assert "Non va:" in person.open("/banco/calendari").text


def test_what_an_event_lacks_is_said_with_its_title(staff: Staff, follower: Follower) -> None:
    person = enter(staff, follower)
    follower.put(an_event().replace("DURATION:PT90M\r\n", ""))
    assert "Non si sa quando finisce: «Il primo colloquio»." in fetched(follower, person)


def test_an_answer_is_asked_for_where_most_of_a_calendar_vanished(staff: Staff, follower: Follower) -> None:
    follower.put(*(an_event(10 + number, str(number)) for number in range(4)))
    person = followed(staff, follower)
    follower.answer(200, a_calendar(an_event(30, "else", "Un altro")))
    follower.desk.now += timedelta(hours=1)
    follower.run()
    page = person.open(person.page.request.path).text
    assert "non abbiamo cambiato niente" in page
    assert "4 annullate" in page


def test_who_stops_following_keeps_the_sessions(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    page = person.send(f"{person.page.request.path}/smetti").text
    assert "ancora nessun calendario" in page
    assert person.open("/banco").text.count("Il primo colloquio</a>") == 2


def test_a_calendar_is_fetched_now_by_a_button(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    asked = len(follower.web.asked)
    person.send(f"{person.page.request.path}/leggi")
    follower.desk.now = now() + timedelta(seconds=20)
    follower.run()
    assert len(follower.web.asked) == asked + 1


def test_what_other_terms_do_is_told_before_they_are_changed(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    path = person.page.request.path
    person.open(f"{path}/modifica")
    said = person.send(language="it", capacity="30", room_url="https://meet.example.org/altra").text
    assert "Posti: da 12 a 30" in said
    assert "Cambiano i posti anche 2 sessioni già pubblicate." in said
    assert "Cambiano stanza anche 2 sessioni già pubblicate. Lì nessuno ha ancora prenotato." in said
    assert "30 posti" not in person.open(path).text
    person.open(f"{path}/modifica")
    person.send(language="it", capacity="30", room_url="")
    assert "30 posti, in italiano" in person.send(step="change").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "form"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "1000000"}, "capacity"),
        ({"url": "http://example.org/a.ics"}, "url"),
        ({"room_url": "https://meet.example.org/", "own_rooms": "1"}, "room_url"),
    ],
)
def test_terms_that_will_not_do_are_told_at_the_field(
    staff: Staff, follower: Follower, wrong: dict[str, str], field: str
) -> None:
    person = followed(staff, follower)
    person.open(f"{person.page.request.path}/modifica")
    page = person.send(**{"language": "it", "capacity": "12", **wrong})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text


def test_who_only_looks_is_offered_nothing_to_press(staff: Staff, follower: Follower) -> None:
    path = followed(staff, follower).page.request.path
    viewer = staff.member("viewer", email="c@example.org")
    assert "Smetti" not in viewer.open(path).text
    assert "Segui un calendario" not in viewer.open("/banco/calendari").text
    assert viewer.open("/banco/calendari/nuovo").status_code == 403
    assert viewer.open(f"{path}/modifica").status_code == 403


def test_the_calendar_of_another_partner_is_not_shown(staff: Staff, follower: Follower) -> None:
    path = followed(staff, follower).page.request.path
    stranger = staff.member(partner="dora", email="d@example.org")
    assert stranger.open(path).status_code == 403
    assert "corsi-di-primavera" not in stranger.open("/banco/calendari").text


def test_its_words_are_in_english_too(staff: Staff, follower: Follower) -> None:
    person = followed(staff, follower)
    person.client.set_cookie("lingua", "en")
    assert "2 new" in person.open(person.page.request.path).text
