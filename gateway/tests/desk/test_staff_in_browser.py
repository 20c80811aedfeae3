"""Keys and accounts in a real browser: on a phone and at a desk, without scripts, in both languages, no barriers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.tests.desk.test_desk_in_browser import OUTPUT
from tests.browser import barriers, chromium, new_page, screenshot
from tests.platform import Platform, embedded


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with embedded(tmp_path_factory.mktemp("desk"), demo=True) as platform:
        yield platform


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("language", ["it", "en"])
def test_keys_and_accounts_have_no_barriers(platform: Platform, browser: Browser, language: str) -> None:
    found: list[str] = []
    with new_page(browser, phone=language == "it", fonts=False, locale=language) as page:
        page.goto(platform.staff_link())
        page.locator("main button[type=submit]").last.click()
        for look in _round(page, platform, language):
            found += barriers(page)
            screenshot(page, OUTPUT / f"staff-{look}-{language}.png")
            if language == "it" and page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append(f"{page.url}: {look} is wider than a phone")
    assert not found, "\n".join(found)


def _round(page: Page, platform: Platform, language: str) -> Iterator[str]:
    """Every page in turn, by a name for each."""
    send = page.locator("main form button[type=submit]")
    page.goto(f"{platform.url}/banco/chiavi")
    send.last.click()
    yield "keys-errors"
    page.locator("#name").fill("Agenda")
    send.last.click()
    expect(page.locator("code")).to_contain_text("bottega_")
    yield "key"
    page.locator("main .btn-next").click()
    yield "keys"
    page.locator("main .sheet a").first.click()
    yield "revoke"
    page.goto(f"{platform.url}/banco/staff/nuovo")
    send.last.click()
    yield "account-errors"
    page.locator("#name").fill("Bea Gallo")
    page.locator("#email").fill(f"bea.{language}@example.org")
    page.locator("#partner").select_option(index=1)
    send.last.click()
    expect(page.locator("code")).to_contain_text("/banco/entra/")
    yield "link"
    page.locator("main .btn-next").click()
    yield "account"
    page.locator("main button.btn-danger").click()
    yield "account-closed"
    page.goto(f"{platform.url}/banco/staff")
    yield "accounts"
