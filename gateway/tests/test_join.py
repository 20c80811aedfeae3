"""The way into the room, by a person's own link."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bus.times import now
from gateway.pages.join import door_state
from gateway.tests.api.test_requests import booking_is_busy
from gateway.tests.conftest import Person, Site
from services.booking import store, usecases

ROOM = "https://meet.example.org/orientarsi"
START = datetime(2026, 12, 1, 16, tzinfo=UTC)


def book(site: Site, minutes: float) -> str:
    """A seat in a session that starts in so many minutes."""
    start = now() + timedelta(minutes=minutes)
    session_id = site.publish(starts_at=start, ends_at=start + timedelta(hours=1))
    return str(site.book(session_id, str(uuid4())).json["id"])


def link(site: Site, reservation_id: str) -> str:
    return f"/entra/{reservation_id}/{site.letter(reservation_id)['join_token']}"


def entered(site: Site, reservation_id: str) -> Any:
    with site.database.reading() as tx:
        found = store.reservation(tx, UUID(reservation_id))
    assert found is not None
    return found.entered_at


@pytest.fixture
def reservation_id(site: Site) -> str:
    """A seat in a session whose door is open."""
    return book(site, minutes=10)


def hidden(page: Any) -> str:
    """The token of the form on a page."""
    return str(page.text.partition('name="csrf_token" value="')[2].partition('"')[0])


def press(person: Person) -> Any:
    """The button on the page at hand; answers what leads into the room, or does not."""
    return person.client.post(person.page.request.path, data={"csrf_token": hidden(person.page)})


@pytest.mark.parametrize(
    ("minutes", "state"), [(-16, "early"), (-15, "open"), (0, "open"), (59.9, "open"), (60, "over")]
)
def test_the_door_is_open_from_a_quarter_of_an_hour_before_until_the_end(minutes: float, state: str) -> None:
    session = {"cancelled": False, "ends_at": (START + timedelta(hours=1)).isoformat()}
    opens = (START - timedelta(minutes=15)).isoformat()
    entrance = {"session": session, "join_opens_at": opens, "has_seat": True}
    assert door_state(entrance, START + timedelta(minutes=minutes)) == state


def test_the_link_leaves_the_address_at_once(site: Site, reservation_id: str) -> None:
    answer = site.client.get(link(site, reservation_id))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/entra/{reservation_id}")
    assert f"Path=/entra/{reservation_id};" in answer.headers["Set-Cookie"]


def test_too_early_the_page_says_when_to_come_back(person: Person, site: Site) -> None:
    page = person.open(link(site, book(site, minutes=24 * 60))).text
    assert ">Torna " in page
    assert "<form" not in page


def test_opening_the_page_notes_nothing_and_tells_no_address(person: Person, site: Site, reservation_id: str) -> None:
    page = person.open(link(site, reservation_id)).text
    assert "meet.example.org" not in page
    assert entered(site, reservation_id) is None


def test_the_button_leads_into_the_room_and_notes_that_the_person_is_there(
    person: Person, site: Site, reservation_id: str
) -> None:
    person.open(link(site, reservation_id))
    answer = press(person)
    assert (answer.status_code, answer.headers["Location"]) == (303, ROOM)
    assert entered(site, reservation_id) is not None


def test_whoever_was_inside_comes_in_again(person: Person, site: Site, reservation_id: str) -> None:
    person.open(link(site, reservation_id))
    assert [press(person).headers["Location"] for _ in range(2)] == [ROOM] * 2


def test_the_page_lets_its_form_lead_to_the_room(person: Person, site: Site, reservation_id: str) -> None:
    policy = person.open(link(site, reservation_id)).headers["Content-Security-Policy"]
    assert "form-action 'self' https: http:" in policy
    assert "default-src 'none'" in policy


def test_a_form_that_is_not_ours_notes_nothing(person: Person, site: Site, reservation_id: str) -> None:
    person.open(link(site, reservation_id))
    assert site.client.post(f"/entra/{reservation_id}").status_code == 400
    assert entered(site, reservation_id) is None


def test_two_links_open_at_once_lead_each_to_its_own_room(person: Person, site: Site, reservation_id: str) -> None:
    other = book(site, minutes=5)
    first = person.open(link(site, reservation_id))
    person.open(link(site, other))
    person.page = first
    press(person)
    assert (entered(site, reservation_id) is None, entered(site, other) is None) == (False, True)


def test_whoever_gave_the_seat_back_does_not_get_in(person: Person, site: Site, reservation_id: str) -> None:
    path = link(site, reservation_id)
    page = person.open(path)
    site.client.delete(f"/api/v1/reservations/{reservation_id}", headers=site.token(reservation_id))
    person.page = page
    assert press(person).status_code == 409
    assert "Con questo link non si entra più." in person.open(path).text


def test_a_session_called_off_says_so_at_the_door(person: Person, site: Site) -> None:
    reservation_id = book(site, minutes=10)
    path = link(site, reservation_id)
    session_id = site.client.get(f"/api/v1/reservations/{reservation_id}", headers=site.token(reservation_id))
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, now(), session_id=UUID(session_id.json["session_id"]))
    assert "La sessione non si fa." in person.open(path).text


def test_whoever_asks_too_early_is_refused_and_not_noted(person: Person, site: Site, reservation_id: str) -> None:
    early = book(site, minutes=24 * 60)
    open_door = person.open(link(site, reservation_id))  # for the token of its form
    person.open(link(site, early))
    answer = person.client.post(f"/entra/{early}", data={"csrf_token": hidden(open_door)})
    assert answer.status_code == 409
    assert ">Torna " in answer.text
    assert entered(site, early) is None


def test_a_wrong_link_tells_nothing(person: Person, reservation_id: str) -> None:
    page = person.open(f"/entra/{reservation_id}/wrong")
    assert page.status_code == 404
    assert "Apri il link nella tua e-mail" in page.text


def test_the_link_that_manages_is_not_the_link_that_leads_in(person: Person, site: Site, reservation_id: str) -> None:
    token = site.token(reservation_id)["Authorization"].removeprefix("Bearer ")
    assert person.open(f"/entra/{reservation_id}/{token}").status_code == 404


def test_without_a_link_there_is_no_door(person: Person) -> None:
    assert person.open(f"/entra/{uuid4()}").status_code == 404


def test_a_silent_booking_is_told_at_the_door_with_a_way_on(person: Person, site: Site, reservation_id: str) -> None:
    person.open(link(site, reservation_id))
    page = person.page
    del site.bus._nodes["booking"]
    again = person.open(f"/entra/{reservation_id}")
    person.page = page
    for answer in (again, press(person)):
        assert answer.status_code == 503
        assert "La porta non risponde." in answer.text
        assert f'href="/entra/{reservation_id}"' in answer.text


def test_a_page_left_open_is_told_only_when_the_door_opens(person: Person, site: Site) -> None:
    reservation_id = book(site, minutes=60)
    page = person.open(link(site, reservation_id)).text
    assert 'hx-trigger="every 30s"' in page
    asked = person.client.get(f"/entra/{reservation_id}", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.data) == (204, b"")


def test_a_click_while_booking_is_busy_leads_nowhere_and_says_so(
    person: Person, site: Site, reservation_id: str
) -> None:
    person.open(link(site, reservation_id))
    with booking_is_busy(site):
        assert press(person).status_code == 503


def test_the_door_speaks_english_too(person: Person, site: Site, reservation_id: str) -> None:
    person.client.set_cookie("lingua", "en")
    assert "The door is open." in person.open(link(site, reservation_id)).text


def test_search_engines_stay_out(person: Person, site: Site, reservation_id: str) -> None:
    assert "noindex" in person.open(link(site, reservation_id)).headers["X-Robots-Tag"]
