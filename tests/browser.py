"""A real Chromium for tests: Debian's, driven by Playwright; with axe to look for barriers."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = ("background-networking", "component-update", "sync", "quic", "gpu")  # what it would do by itself
PHONE = ViewportSize(width=390, height=844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RESULTS = ["violations", "incomplete"]  # what passed is not written out, which takes as long as looking
DESK = ViewportSize(width=1280, height=900)


@contextmanager
def chromium() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@contextmanager
def new_page(
    browser: Browser, *, phone: bool = True, scripts: bool = True, fonts: bool = True, locale: str = "it-IT"
) -> Iterator[Page]:
    """A page of a fresh visitor, who reads Italian if nothing else is said."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK,
        locale=locale,
        timezone_id="Europe/Rome",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    if not fonts:
        context.route("**/*.woff2", _refuse)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def _refuse(route: Route) -> None:
    route.abort()


def barriers(page: Page) -> list[str]:
    """What axe finds on the page, doubts included, each as one line. Call it on a page without web fonts."""
    page.wait_for_load_state("load")  # before its styles are there, every link is too small
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": RESULTS})
    results = [*found.response["violations"], *found.response["incomplete"]]
    return [f"{page.url}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:120]}" for each in results]


def press(page: Page, aim: Locator, key: str = "Enter") -> None:
    """As who has a keyboard alone: Tab until ``aim`` has the focus, then a key. Fails where it cannot be reached."""
    for _ in range(80):
        if aim.and_(page.locator(":focus")).count():
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached with the keyboard: {aim}")
