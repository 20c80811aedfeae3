"""Calendars to subscribe to: what is in them, who may read a partner's, and what they cost to ask for again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar, Event

from bus.times import now
from gateway.feed import feed_address, feed_secret
from gateway.pages import feeds
from gateway.tests.api.conftest import KEY
from gateway.tests.conftest import Site
from services.booking import series, usecases
from services.booking.domain import Partner

ORSO = f"/calendario/orso/{feed_secret(KEY, 'orso')}.ics"


def entries(answer: Any) -> list[Event]:
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).events


def titles(answer: Any) -> list[str]:
    return [str(entry["summary"]) for entry in entries(answer)]


def test_a_feed_has_the_sessions_to_come_in_its_language(site: Site) -> None:
    site.publish(title="Orientarsi")
    site.publish(title="Working", language="en")
    assert titles(site.client.get("/calendario/it.ics")) == ["Orientarsi"]
    assert titles(site.client.get("/calendario/en.ics")) == ["Working"]


def test_an_entry_says_when_in_utc_and_leads_to_the_page_of_its_session(site: Site) -> None:
    session_id = site.publish(
        starts_at=datetime(2036, 7, 1, 15, tzinfo=UTC), ends_at=datetime(2036, 7, 1, 16, tzinfo=UTC)
    )
    answer = site.client.get("/calendario/it.ics")
    (entry,) = entries(answer)
    assert entry["uid"] == f"{session_id}@bottega"
    assert "DTSTART:20360701T150000Z\r\n" in answer.text
    assert entry["url"] == f"http://localhost:8000/sessioni/{session_id}"


def test_the_room_and_the_seats_are_in_no_public_feed(site: Site) -> None:
    site.publish()
    feed = site.client.get("/calendario/it.ics").text
    assert "meet.example.org" not in feed
    assert "Posti presi" not in feed


def test_a_feed_says_how_often_to_ask_again(site: Site) -> None:
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in site.client.get("/calendario/it.ics").text


def test_a_feed_is_a_calendar_in_lines_of_75_bytes(site: Site) -> None:
    site.publish(title="Perché così? " * 12, description="È " * 300)
    answer = site.client.get("/calendario/it.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_its_words_are_in_its_language_whatever_the_browser_likes(site: Site) -> None:
    site.publish(language="en")
    answer = site.client.get("/calendario/en.ics", headers={"Accept-Language": "it", "Cookie": "lingua=it"})
    assert "Orientation sessions" in answer.text
    assert "Book here" in answer.text.replace("\r\n ", "")


def test_there_is_no_feed_in_another_language(silent: Any) -> None:
    assert silent.get("/calendario/fr.ics").status_code == 404


def test_who_has_a_feed_already_gets_304(site: Site) -> None:
    site.publish()
    first = site.client.get("/calendario/it.ics")
    again = site.client.get("/calendario/it.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_changed_is_sent(site: Site) -> None:
    before = site.client.get("/calendario/it.ics").headers["ETag"]
    site.publish()
    assert len(entries(site.client.get("/calendario/it.ics", headers={"If-None-Match": before}))) == 1


def test_caches_may_keep_a_public_feed_and_not_a_partners(site: Site) -> None:
    assert "public" in site.client.get("/calendario/it.ics").headers["Cache-Control"]
    assert "private" in site.client.get(ORSO).headers["Cache-Control"]


def test_a_partners_feed_says_how_many_seats_are_taken(site: Site) -> None:
    session_id = site.publish(capacity=1)
    site.book(session_id)
    site.book(session_id, key="two", email="ada@example.org")
    (entry,) = entries(site.client.get(ORSO))
    assert "Posti presi: 1 su 1. Una persona in attesa." in str(entry["description"])


def test_a_partners_feed_has_its_own_sessions_in_every_language(site: Site) -> None:
    with site.database.transaction() as tx:
        usecases.add_partner(tx, Partner("dora", "Spazio Dora"))
    site.publish(title="Altrove", partner="dora")
    site.publish(title="Qui")
    site.publish(2, title="Here", language="en")
    assert titles(site.client.get(ORSO)) == ["Qui", "Here"]


def test_the_address_of_a_partners_feed_can_ask_for_english_words(site: Site) -> None:
    site.publish()
    address = feed_address("", KEY, "orso", "en")
    assert "Seats taken: 0 of 2. 0 people waiting." in str(entries(site.client.get(address))[0]["description"])


@pytest.mark.parametrize(
    "path",
    [
        "/calendario/orso/.ics",
        "/calendario/orso/wrong.ics",
        "/calendario/orso/però.ics",
        f"/calendario/dora/{feed_secret(KEY, 'orso')}.ics",
        f"/calendario/orso/{feed_secret(bytes(32), 'orso')}.ics",
    ],
)
def test_without_its_secret_a_partners_feed_is_not_there(site: Site, path: str) -> None:
    assert site.client.get(path).status_code == 404


def test_a_feed_is_as_last_known_while_booking_is_silent(site: Site) -> None:
    site.publish(title="Orientarsi")
    site.client.get("/calendario/it.ics")
    del site.bus._nodes["booking"]
    answer = site.client.get("/calendario/it.ics")
    assert titles(answer) == ["Orientarsi"]
    assert "ecco quello che sapevamo" in answer.text.replace("\r\n ", "")
    assert "Age" in answer.headers


def test_a_feed_that_was_never_known_is_an_error_and_not_an_empty_calendar(silent: Any) -> None:
    assert silent.get("/calendario/it.ics").status_code == 503


@pytest.mark.parametrize("feed", ["/calendario/it.ics", ORSO])
def test_a_session_called_off_is_so_in_the_feed_until_it_would_have_ended(site: Site, feed: str) -> None:
    session_id, published = UUID(site.publish(title="Orientarsi")), now()
    actor: dict[str, Any] = {"id": UUID(int=0), "role": "coordinator", "partner": None}
    (first,) = entries(site.client.get(feed))
    with site.database.transaction() as tx:
        series.change_sessions(tx, published, actor=actor, session_id=session_id, scope="one", minutes=30)
    (moved,) = entries(site.client.get(feed))
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, published, session_id=session_id)
    (gone,) = entries(site.client.get(feed))
    assert [entry["uid"] for entry in (first, moved, gone)] == [f"{session_id}@bottega"] * 3
    assert [entry["sequence"] for entry in (first, moved, gone)] == [0, 1, 2]
    assert [entry["status"] for entry in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert gone["summary"] == "Annullata: Orientarsi"
    assert "Prenota" not in str(gone["description"])
    assert gone["dtstart"] == first["dtstart"]


def test_a_feed_ends_with_the_most_events_the_earliest_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PAGE_MAX", 2)
    monkeypatch.setattr(feeds, "EVENTS_MAX", 3)
    for days in (4, 1, 3, 2):
        site.publish(days, title=f"Numero {days}")
    assert titles(site.client.get("/calendario/it.ics")) == ["Numero 1", "Numero 2", "Numero 3"]


def test_the_list_of_sessions_says_how_to_subscribe(site: Site) -> None:
    page = site.client.get("/sessioni").text
    assert "Iscriviti al calendario" in page
    assert 'href="webcal://localhost:8000/calendario/it.ics"' in page
