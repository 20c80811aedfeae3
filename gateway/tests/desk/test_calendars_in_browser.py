"""A calendar is followed, changed and given up in a real browser: on a phone and at a desk, in both languages."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from gateway.tests.desk.test_calendars import an_event
from services.booking.tests.calendars.test_reading import a_calendar
from services.booking.tests.calendars.web import Web
from tests.browser import DESK, PHONE, barriers, new_page
from tests.platform import Platform
from tests.waiting import wait_until

PATH = "/browser.ics"
IN_ENGLISH_TOO = ("preview", "terms-check", "calendars")


def test_a_calendar_is_seen_confirmed_changed_and_given_up(demo: Platform, browser: Browser, calendars: Web) -> None:
    calendars.pages[PATH] = (200, a_calendar(an_event(uid="browser", title="Leggere un annuncio")), {})
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        page.goto(demo.staff_link())
        page.get_by_role("button", name="Entra").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Le sessioni da oggi")
        for look in _round(page, demo, calendars.url + PATH):
            if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                found.append(f"{page.url}: {look} is wider than a phone")
            found += barriers(page)
            if look in IN_ENGLISH_TOO:
                found += _in_english(page, demo)
    assert not found, "\n".join(found)


def _in_english(page: Page, demo: Platform) -> list[str]:
    """The same page at a desk."""
    page.set_viewport_size(DESK)
    switch = page.get_by_role("button", name="Continue in English")
    here = urlsplit(page.url).path
    if switch.count():
        switch.click()
    else:
        page.goto(f"{demo.url}/lingua?scelta=en&torna={here}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    found = barriers(page)
    page.set_viewport_size(PHONE)
    back = page.get_by_role("button", name="Continua in italiano")
    if back.count():
        back.click()
    else:
        page.goto(f"{demo.url}/lingua?scelta=it&torna={here}")
    return found


def _round(page: Page, demo: Platform, address: str) -> Iterator[str]:
    """Every page in turn, by a name for each."""
    page.goto(f"{demo.url}/banco/calendari/nuovo")
    page.get_by_role("button", name="Leggi il calendario").click()
    yield "follow-errors"
    page.get_by_label("Organizzazione").select_option(index=1)
    page.get_by_label("Indirizzo del calendario").fill(address)
    page.get_by_label("Come lo chiami").fill("Dal browser")
    page.get_by_label("Indirizzo della stanza").fill("https://meet.example.org/browser")
    _send_and_await(page, "Leggi il calendario", "Leggere un annuncio")
    yield "preview"
    _send_and_await(page, "Pubblica e segui", "una nuova")
    yield "calendar"
    yield from _change(page)
    page.get_by_role("link", name="Calendari").first.click()
    yield "calendars"
    page.get_by_role("link", name="dal-browser").click()
    page.get_by_role("button", name="Smetti di seguirlo").click()
    expect(page.get_by_role("link", name="dal-browser")).to_have_count(0)


def _send_and_await(page: Page, button: str, words: str) -> None:
    """The page waits a moment for booking to read the calendar; on a busy machine it must be loaded again."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()
    wait_until(lambda: page.get_by_text(words).count() or not page.reload(), "the calendar to be read", every=1)


def _change(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="Cambia posti, stanza").click()
    page.get_by_label("Quanti posti").fill("molti")
    page.get_by_role("button", name="Guarda che cosa cambia").click()
    yield "terms-errors"
    page.get_by_label("Quanti posti").fill("30")
    page.get_by_label("In che lingua").select_option("en")
    page.get_by_label("Indirizzo della stanza").fill("https://meet.example.org/altra")
    page.get_by_role("button", name="Guarda che cosa cambia").click()
    expect(page.get_by_role("heading", level=2, name="Posti: da 20 a 30")).to_be_visible()
    yield "terms-check"
    page.get_by_role("button", name="cambia così").click()
    expect(page.get_by_text("30 posti, in inglese")).to_be_visible()
