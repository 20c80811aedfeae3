"""The desk in a real browser: by one-time link, on a phone, without JavaScript; and no barrier that axe can find."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from bus.database import Database
from bus.times import now
from services.booking.tables import sessions
from tests.browser import barriers, new_page
from tests.platform import Platform

PEOPLE = ("Giulia Ferrero", "Omar Rossi", "Wangari Njoroge-Martinelli")


@pytest.fixture(scope="module")
def session_id(demo: Platform) -> str:
    """A full session that begins in ten minutes: the doors are open."""
    found = demo.publish_session(capacity=2)
    for number, name in enumerate(PEOPLE):
        demo.reserve(found, f"p{number}@example.org", name)
    move(demo, found, timedelta(minutes=10))
    return found


def move(demo: Platform, session_id: str, start: timedelta) -> None:
    """Let a session begin so long from now, and last for an hour."""
    database = Database(demo.environ["BOOKING_DATABASE_URI"])
    times = {"starts_at": now() + start, "ends_at": now() + start + timedelta(hours=1)}
    with database.transaction() as tx:
        tx.connection.execute(update(sessions).where(sessions.c.id == UUID(session_id)).values(times))
    database.close()


def sign_in(page: Page, demo: Platform) -> None:
    page.goto(demo.staff_link())
    page.get_by_role("button", name="Entra").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Le sessioni da oggi")


def test_the_demonstration_says_how_to_get_to_its_desk(demo: Platform, browser: Browser) -> None:
    (address,) = re.findall(r"desk opens once, within 24 hours, by (\S+)", demo.logs())
    with new_page(browser) as page:
        page.goto(address)
        page.get_by_role("button", name="Entra").click()
        expect(page.get_by_text("Anna Bruno, coordinamento")).to_be_visible()


def test_a_coordinator_chooses_a_password_with_the_keyboard_and_comes_back_with_it(
    demo: Platform, browser: Browser
) -> None:
    with new_page(browser, scripts=False) as page:
        page.goto(demo.staff_link())
        page.get_by_label("Nuova password").focus()
        page.keyboard.type("cavallo graffetta pila")
        page.keyboard.press("Tab")
        page.keyboard.type("cavallo graffetta pila")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Esci").click()
        page.get_by_label("Indirizzo e-mail").fill("coordinamento@example.org")
        page.get_by_label("Password").fill("cavallo graffetta pila")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Le sessioni da oggi")


def test_attendance_is_kept_on_a_phone_without_scripts(demo: Platform, browser: Browser) -> None:
    session = demo.publish_session(capacity=2)
    demo.reserve(session, "giulia@example.org")
    move(demo, session, timedelta(minutes=-30))
    with new_page(browser, scripts=False) as page:
        sign_in(page, demo)
        page.goto(f"{demo.url}/banco/sessioni/{session}")
        page.get_by_role("button", name="Giustificato").click()
        expect(page.get_by_role("button", name="Giustificato")).to_have_attribute("aria-pressed", "true")
        move(demo, session, timedelta(minutes=-90))
        page.reload()
        page.get_by_role("link", name="Chiudi il foglio").click()
        page.get_by_role("button", name="chiudi il foglio").click()
        expect(page.get_by_text("Il foglio è stato chiuso")).to_be_visible()


def test_no_page_of_the_desk_has_a_barrier_or_is_wider_than_a_phone(
    demo: Platform, browser: Browser, session_id: str
) -> None:
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        for look in _round(page, demo, session_id):
            found += barriers(page)
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append(f"{page.url}: {look} is wider than a phone")
    assert not found, "\n".join(found)


def _round(page: Page, demo: Platform, session_id: str) -> Iterator[str]:
    """Every page of the desk in turn, by a name for each."""
    session = f"{demo.url}/banco/sessioni/{session_id}"
    page.goto(f"{demo.url}/banco/accedi")
    yield "sign-in"
    page.get_by_role("button", name="Accedi").click()
    yield "sign-in-errors"
    page.goto(demo.staff_link())
    yield "link"
    page.get_by_label("Nuova password").fill("breve")
    page.get_by_role("button", name="Entra").click()
    yield "link-errors"
    page.get_by_role("button", name="Entra").click()
    yield "sessions"
    page.goto(session)
    yield "session"
    page.get_by_label("Quanti posti in tutto").fill("molti")
    page.get_by_role("button", name="Cambia i posti").click()
    yield "session-errors"
    page.goto(f"{session}/in-piu")
    page.get_by_role("button", name="Dai il posto").click()
    yield "overbook-errors"
    page.goto(f"{session}/presenze/chiudi")
    yield "close"
    page.get_by_role("button", name="chiudi il foglio").click()
    yield "too-early"
