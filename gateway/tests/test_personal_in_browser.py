"""A person's own page in a browser: by keyboard alone, on a phone and a desk, in both languages, without barriers."""

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.tests.api.conftest import GIULIA
from gateway.tests.conftest import Site
from gateway.tests.own import Office, office_beside
from gateway.tests.standings import Standings
from gateway.tests.test_line_in_browser import url as url
from tests.browser import barriers, new_page
from tests.databases import Reused


@pytest.fixture
def own(site: Site, kept_notify: Reused) -> Office:
    """Giulia is known, and has a reservation of each kind that looks different."""
    standings = Standings(site)
    standings.email = GIULIA["email"]
    for book in (standings.doors_open, standings.seat, standings.waiting, standings.offered, standings.over):
        book()
    office = office_beside(site, kept_notify.emptied())
    office.remember()
    return office


def tab_to(page: Page, selector: str) -> None:
    """By the Tab key, as far as it takes."""
    wanted = page.locator(selector)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"the Tab key does not come to {selector}")


def come_in(page: Page, url: str, office: Office) -> list[str]:
    """From the form for the address to the page; answers the barriers on the way."""
    page.goto(f"{url}/le-mie")
    tab_to(page, "#email")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    found = barriers(page)
    tab_to(page, "#email")
    page.keyboard.type(GIULIA["email"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/inviato")
    found += barriers(page)
    page.goto(url + office.links()[-1])
    assert page.url == f"{url}/le-mie/entra"
    found += barriers(page)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/le-mie")
    return found


@pytest.mark.parametrize(("phone", "language"), [(True, "it"), (False, "en")])
def test_by_keyboard_alone_a_person_comes_in_and_chooses(
    own: Office, url: str, browser: Browser, phone: bool, language: str
) -> None:
    with new_page(browser, phone=phone, fonts=False) as page:
        page.context.add_cookies([{"name": "lingua", "value": language, "url": url}])
        found = come_in(page, url, own)
        expect(page.locator(".ticket")).to_have_count(4)
        expect(page.locator(".own-past li")).to_have_count(1)
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1280)
        tab_to(page, "#reminders")
        page.keyboard.press("Space")
        tab_to(page, ".own-form button")
        page.keyboard.press("Enter")
        page.wait_for_url("**fatto=**")
        expect(page.locator("#reminders")).not_to_be_checked()
        found += barriers(page)
        tab_to(page, ".own-head button")
        page.keyboard.press("Enter")
        expect(page.locator("#email")).to_be_visible()
    assert not own.contact().reminders
    assert not found, "\n".join(found)
