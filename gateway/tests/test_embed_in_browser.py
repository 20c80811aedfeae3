"""The list in a page of another origin, in a real browser: in its place, as high as its content, and harmless."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from werkzeug.serving import make_server

from gateway.tests.conftest import Site
from tests.browser import barriers, new_page

THEMES = ("chiaro", "scuro", "auto")
IN_PIXELS = re.compile(r"height: \d+px")
SNIPPET = '<script src="{site}/incorpora.js" data-lingua="it" data-partner="orso" data-tema="{theme}" async></script>'
HOST_PAGE = """<!doctype html><html lang="it"><head><meta charset="utf-8"><title>Un partner</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><main><h1>Un partner</h1><div id="before">prima</div>{snippet}<div id="after">dopo</div></main></body></html>"""


@dataclass
class TwoSites:
    """The platform with three sessions, and a partner's page on another origin that has the list in it."""

    platform: str
    partner: str


@contextmanager
def serving(server: Any) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def page_server(pages: dict[str, str]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            # the strictest page that can have the list at all: no styles in attributes, scripts of the platform only
            self.send_header("Content-Security-Policy", f"default-src 'none'; img-src data:; {pages['policy']}")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def sites(site: Site) -> Iterator[TwoSites]:
    for days in (1, 2, 3):
        site.publish(days, title=f"Orientarsi {days}")
    with serving(make_server("127.0.0.1", 0, site.client.application, threaded=True)) as platform:
        pages = {f"/{theme}": HOST_PAGE.format(snippet=SNIPPET.format(site=platform, theme=theme)) for theme in THEMES}
        pages["/due"] = HOST_PAGE.format(snippet=SNIPPET.format(site=platform, theme="auto") * 2)
        pages["/senza"] = HOST_PAGE.format(snippet="")
        pages["policy"] = f"script-src {platform}; frame-src {platform}"
        with serving(page_server(pages)) as partner:
            yield TwoSites(platform, partner.replace("127.0.0.1", "localhost"))


def the_frame(page: Page) -> Frame:
    """The list, once it has said how high it is."""
    expect(page.locator("iframe")).to_have_attribute("style", IN_PIXELS)
    frame = page.frames[1]
    expect(frame.get_by_role("heading", level=1)).to_have_text("Prossime sessioni")
    return frame


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_the_list_stands_at_its_place_as_high_as_its_content(sites: TwoSites, browser: Browser, phone: bool) -> None:
    with new_page(browser, phone=phone) as page:
        page.goto(f"{sites.partner}/chiaro")
        frame = the_frame(page)
        expect(frame.get_by_role("listitem")).to_have_count(3)
        inside = frame.evaluate("[document.documentElement.scrollHeight, innerHeight, document.body.scrollWidth]")
        assert inside[0] == inside[1]
        assert inside[2] <= frame.evaluate("innerWidth")
        order = "[...document.querySelector('main').children].map(each => each.id || each.tagName).join(' ')"
        assert page.evaluate(order) == "H1 before SCRIPT IFRAME after"


def test_the_frame_is_as_closed_as_it_can_be(sites: TwoSites, browser: Browser) -> None:
    with new_page(browser) as page:
        page.goto(f"{sites.partner}/chiaro")
        frame = the_frame(page)
        names = ("title", "loading", "referrerpolicy", "sandbox")
        assert [page.locator("iframe").get_attribute(name) for name in names] == [
            "Sessioni di orientamento",
            "lazy",
            "no-referrer",
            "allow-scripts allow-popups allow-popups-to-escape-sandbox",
        ]
        assert frame.evaluate("origin") == "null"


def test_nothing_is_left_in_the_page_around_it(sites: TwoSites, browser: Browser) -> None:
    problems: list[str] = []
    with new_page(browser) as page:
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{sites.partner}/senza")
        without = set(page.evaluate("Object.keys(window)"))
        page.goto(f"{sites.partner}/chiaro")
        the_frame(page)
        assert set(page.evaluate("Object.keys(window)")) - without == {"0"}  # the frame itself
        assert page.context.cookies() == []
    assert problems == []


def test_a_link_opens_a_page_of_its_own(sites: TwoSites, browser: Browser) -> None:
    with new_page(browser) as page:
        page.goto(f"{sites.partner}/chiaro")
        frame = the_frame(page)
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="Orientarsi 1").click()
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("Orientarsi 1")
        assert opened.value.evaluate("opener") is None
        assert page.url == f"{sites.partner}/chiaro"


def test_two_lists_in_one_page_do_not_disturb_each_other(sites: TwoSites, browser: Browser) -> None:
    with new_page(browser) as page:
        page.goto(f"{sites.partner}/due")
        page.locator("iframe").nth(1).scroll_into_view_if_needed()
        for number in range(2):
            expect(page.locator("iframe").nth(number)).to_have_attribute("style", IN_PIXELS)
        assert len(page.frames) == 3


def test_only_the_frame_itself_can_say_how_high_it_is(sites: TwoSites, browser: Browser) -> None:
    with new_page(browser) as page:
        page.goto(f"{sites.partner}/chiaro")
        the_frame(page)
        height = "document.querySelector('iframe').style.height"
        before = page.evaluate(height)
        page.evaluate(
            "new Promise(heard => { addEventListener('message', heard); postMessage({bottega: {height: 999}}) })"
        )
        assert page.evaluate(height) == before


@pytest.mark.parametrize("dark", [False, True], ids=["by day", "by night"])
def test_it_is_as_light_or_dark_as_asked(sites: TwoSites, browser: Browser, dark: bool) -> None:
    light, night = "rgb(255, 255, 255)", "rgb(20, 23, 60)"
    with new_page(browser) as page:
        page.emulate_media(color_scheme="dark" if dark else "light")
        papers = []
        for theme in THEMES:
            page.goto(f"{sites.partner}/{theme}")
            papers.append(the_frame(page).evaluate("getComputedStyle(document.body).backgroundColor"))
    assert papers == [light, night, night if dark else light]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_neither_theme_has_a_barrier_that_axe_can_find(sites: TwoSites, browser: Browser, phone: bool) -> None:
    found: list[str] = []
    with new_page(browser, phone=phone) as page:
        for theme in ("chiaro", "scuro"):
            page.goto(f"{sites.platform}/incorpora/sessioni?lingua=it&tema={theme}")
            found += barriers(page)
            page.goto(f"{sites.partner}/{theme}")
            the_frame(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not found, "\n".join(found)
