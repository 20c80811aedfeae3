"""A prescriber books for somebody on a phone, by keyboard alone; axe finds no barrier, in either language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, barriers, chromium, new_page, press, screenshot
from tests.platform import Platform, embedded

OUTPUT = Path(__file__).parents[3] / "tests" / "output"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with embedded(tmp_path_factory.mktemp("prescriber"), demo=True) as platform:
        yield platform


def invitation(platform: Platform) -> str:
    told = platform.command("staff", "add", "Paola Riva", "paola@example.org", "--role", "prescriber")
    return next(word for word in told.split() if word.startswith("http"))


def look(page: Page, name: str) -> list[str]:
    screenshot(page, OUTPUT / f"prescriber-{name}.png")
    return barriers(page)


def test_a_prescriber_books_for_somebody_by_keyboard_alone(platform: Platform) -> None:
    with chromium() as browser, new_page(browser, fonts=False) as page:
        page.goto(invitation(platform))
        press(page, page.locator("main button").first)
        expect(page.locator("h1")).to_have_text("Le persone per cui hai prenotato")
        found = look(page, "nobody-yet")
        press(page, page.locator("main .btn-big"))
        expect(page.locator("h1")).to_have_text("Per quale sessione prenoti?")
        found += look(page, "choose")
        press(page, page.locator(".tag h2 a").nth(1))
        press(page, page.locator("#name"), "M")
        page.keyboard.type("ario Conti")
        found += look(page, "form")
        press(page, page.locator("#consent"), "Space")
        page.keyboard.press("Enter")
        expect(page.locator(".slip h2")).to_have_text("Da dare a Mario Conti")
        found += look(page, "slip")
        page.set_viewport_size(DESK)
        page.goto(f"{platform.url}/lingua?scelta=en&torna=/banco/persone")
        expect(page.locator("h1")).to_have_text("The people you booked for")
        found += look(page, "people-in-english")
    assert found == []
