"""The manage page, its other dates and the door in a browser: no barriers in any state, and leading where they say."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from contracts.booking import LANGUAGES
from gateway.tests.conftest import Site
from gateway.tests.series import publish_series
from gateway.tests.standings import Standings
from tests.browser import barriers, new_page, press

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@contextmanager
def serving(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    with serving(site.client.application) as address:
        yield address


def a_room(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [b"<!doctype html><title>room</title><h1>The room</h1>"]


def links(site: Site, reservation_id: str) -> list[str]:
    """The link that manages the reservation, and the one that leads in, if it has one."""
    letter = site.letter(reservation_id)
    manage, join = (f"/{name}/{reservation_id}/" for name in ("gestisci", "entra"))
    return [manage + letter["token"], *([join + letter["join_token"]] if letter["join_token"] else [])]


def test_no_standing_has_a_barrier_that_axe_can_find(site: Site, url: str, browser: Browser) -> None:
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        for (name, made), language in zip(Standings(site).all.items(), cycle(LANGUAGES), strict=False):
            page.context.add_cookies([{"name": "lingua", "value": language, "url": url}])
            for link in links(site, made()):
                page.goto(url + link)
                assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
                found += barriers(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_button_takes_the_seat_that_is_held_and_one_leaves_it_by_keyboard_too(
    site: Site, url: str, browser: Browser, scripts: bool
) -> None:
    with new_page(browser, scripts=scripts) as page:
        for button, told in (("Prendo il posto", "Il posto è tuo."), ("Lo lascio a chi", "Hai lasciato il posto.")):
            manage, *_ = links(site, Standings(site).offered())
            page.goto(url + manage)
            press(page, page.get_by_role("button", name=button))
            expect(page.get_by_role("heading", level=1)).to_have_text(told)


@pytest.fixture
def with_dates(site: Site) -> str:
    """The link that manages who waits for the first of three dates, of which the second is full too."""
    dates = publish_series(site)
    for number, session_id in enumerate(dates[:2]):
        site.book(session_id, str(number), email=f"first{number}@example.org")
    return links(site, str(site.book(dates[0], "mine").json["id"]))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_changing_the_date_has_no_barrier_that_axe_can_find(
    url: str, browser: Browser, with_dates: str, language: str
) -> None:
    with new_page(browser, fonts=False) as page:
        page.context.add_cookies([{"name": "lingua", "value": language, "url": url}])
        page.goto(url + with_dates)
        page.locator('a[href="/gestisci/data"]').click()
        found = barriers(page)
        button = page.locator("main button")
        button.click()
        page.locator(".summary a").click()
        expect(page.get_by_role("radio").first).to_be_focused()
        found += barriers(page)
        page.get_by_role("radio").first.check()
        button.click()
        expect(page.locator(".turn strong")).to_have_text("1")
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_form_changes_the_date_by_keyboard_too(url: str, browser: Browser, with_dates: str, scripts: bool) -> None:
    with new_page(browser, scripts=scripts) as page:
        page.goto(url + with_dates)
        press(page, page.get_by_role("link", name="Cambia data"))
        press(page, page.get_by_role("radio").first, "ArrowDown")
        expect(page.get_by_label("Ultimo posto")).to_be_checked()
        press(page, page.get_by_role("button", name="Passa a questa data"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Hai cambiato data.")
        expect(page.get_by_text("Il posto della nuova data è tuo.")).to_be_visible()


def test_the_two_questions_are_answered_without_scripts_and_another_language_keeps_what_was_typed(
    site: Site, url: str, browser: Browser
) -> None:
    manage, *_ = links(site, Standings(site).over())
    with new_page(browser, scripts=False) as page:
        page.goto(url + manage)
        page.get_by_label("E con parole tue?").fill("A metà")
        page.get_by_role("link", name="English").click()
        page.get_by_role("button", name="Continue in English").click()
        expect(page.get_by_label("And in your own words?")).to_have_value("A metà")
        page.get_by_role("button", name="Send the answer").click()
        page.locator(".summary a").click()
        expect(page.get_by_label("Yes", exact=True)).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Thank you for telling us how it was.")).to_be_visible()
        expect(page.get_by_text("Partly")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_button_at_the_door_leads_to_a_room_on_another_site(
    site: Site, url: str, browser: Browser, scripts: bool
) -> None:
    standings = Standings(site)
    reservation_id = standings.doors_open()
    _, join = links(site, reservation_id)
    with serving(a_room) as room, new_page(browser, scripts=scripts) as page:
        standings.move(reservation_id, room_url=f"{room}/orientarsi")
        page.goto(url + join)
        page.get_by_role("button", name="Entra").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The room")
        assert page.url == f"{room}/orientarsi"


def test_a_page_that_is_left_open_gets_its_button_when_the_door_opens(site: Site, url: str, browser: Browser) -> None:
    standings = Standings(site)
    reservation_id = standings.doors_open()
    _, join = links(site, reservation_id)
    when = site.letter(reservation_id)["session"]
    standings.move(
        reservation_id, starts_at=when["ends_at"], ends_at=when["ends_at"] + (when["ends_at"] - when["starts_at"])
    )
    with new_page(browser) as page:
        page.clock.install()
        page.goto(url + join)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Torna ")
        standings.move(reservation_id, starts_at=when["starts_at"], ends_at=when["ends_at"])
        page.clock.run_for(31_000)
        expect(page.get_by_role("button", name="Entra")).to_be_visible()
