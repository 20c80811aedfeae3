"""A prescriber books for somebody on a phone, by keyboard alone; axe finds no barrier, in either language."""

from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, barriers, new_page, press
from tests.platform import Platform


def invitation(demo: Platform) -> str:
    told = demo.command("staff", "add", "Paola Riva", "paola@example.org", "--role", "prescriber")
    return next(word for word in told.split() if word.startswith("http"))


def who_is_alike(page: Page, form: str) -> list[str]:
    """The form sent with nothing in it, and then for somebody of the same name."""
    page.goto(form)
    press(page, page.locator("main .btn-big"))
    expect(page.locator(".summary")).to_be_focused()
    found = barriers(page)
    press(page, page.locator("#name"), "M")
    page.keyboard.type("ario conti")
    press(page, page.locator("#consent"), "Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Forse è la stessa persona")
    return found + barriers(page)


def test_a_prescriber_books_for_somebody_by_keyboard_alone(demo: Platform, browser: Browser) -> None:
    with new_page(browser, fonts=False) as page:
        page.goto(invitation(demo))
        press(page, page.locator("main button").first)
        expect(page.locator("h1")).to_have_text("Le persone per cui hai prenotato")
        found = barriers(page)
        press(page, page.locator("main .btn-big"))
        expect(page.locator("h1")).to_have_text("Per quale sessione prenoti?")
        found += barriers(page)
        press(page, page.locator(".tag h2 a").nth(1))
        press(page, page.locator("#name"), "M")
        page.keyboard.type("ario Conti")
        form = page.url
        found += barriers(page)
        press(page, page.locator("#consent"), "Space")
        page.keyboard.press("Enter")
        expect(page.locator(".slip h2")).to_have_text("Da dare a Mario Conti")
        found += barriers(page)
        found += who_is_alike(page, form)
        page.set_viewport_size(DESK)
        page.goto(f"{demo.url}/lingua?scelta=en&torna=/banco/persone")
        expect(page.locator("h1")).to_have_text("The people you booked for")
        found += barriers(page)
    assert found == []
