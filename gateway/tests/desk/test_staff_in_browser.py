"""Keys, accounts and the audit in a real browser: on a phone and at a desk, without scripts, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import barriers, new_page
from tests.platform import Platform


@pytest.mark.parametrize("language", ["it", "en"])
def test_keys_accounts_and_the_audit_have_no_barriers(demo: Platform, browser: Browser, language: str) -> None:
    found: list[str] = []
    with new_page(browser, phone=language == "it", fonts=False, locale=language) as page:
        page.goto(demo.staff_link())
        page.locator("main button[type=submit]").last.click()
        for look in _round(page, demo, language):
            found += barriers(page)
            if language == "it" and page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append(f"{page.url}: {look} is wider than a phone")
    assert not found, "\n".join(found)


def _round(page: Page, demo: Platform, language: str) -> Iterator[str]:
    """Every page in turn, by a name for each."""
    send = page.locator("main form button[type=submit]")
    page.goto(f"{demo.url}/banco/chiavi")
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
    page.goto(f"{demo.url}/banco/staff/nuovo")
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
    yield from _role(page)
    page.locator("main button.btn-danger").click()
    yield "account-closed"
    page.goto(f"{demo.url}/banco/staff")
    yield "accounts"
    yield from _audit(page, demo)


def _audit(page: Page, demo: Platform) -> Iterator[str]:
    page.goto(f"{demo.url}/banco/registro?dal=2026-99-99")
    yield "audit-errors"
    page.goto(f"{demo.url}/banco/sessioni/{demo.publish_session(capacity=2)}")
    page.locator("#capacity").fill("40")
    page.locator("form[action$=posti] button").click()
    page.locator("main .actions a").last.click()
    yield "audit-of-a-session"
    page.goto(f"{demo.url}/banco/registro")
    yield "audit"
    page.locator("main .on-page a").last.click()
    yield "audit-of-accounts"


def _role(page: Page) -> Iterator[str]:
    """From an account to its role, and back."""
    page.locator("main section a.btn").click()
    page.locator("#partner").select_option(index=0)
    page.locator("main form button").last.click()
    yield "role-errors"
    page.locator("#partner").select_option(index=1)
    page.locator("main form button").last.click()
