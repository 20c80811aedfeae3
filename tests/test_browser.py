"""A person with a browser books a seat, reads the mail, and gives the seat back; on a phone, without JavaScript too."""

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import barriers, new_page
from tests.platform import Platform
from tests.servers import MailServer


def book(page: Page, url: str, session: str, address: str) -> None:
    """From the page of a session to the confirmation."""
    page.goto(f"{url}/sessioni/{session}")
    page.get_by_role("link", name=re.compile("Prenota|lista d.attesa")).first.click()
    page.get_by_label("Come ti chiami?").fill("Giulia Ferrero")
    page.get_by_role("button", name="Continua").click()
    page.get_by_label("Indirizzo e-mail").fill(address)
    page.get_by_label(re.compile("Va bene")).check()
    page.get_by_role("button", name="Continua").click()
    page.get_by_role("button", name=re.compile("Prenota il posto|lista d.attesa")).click()


def an_address() -> str:
    return f"giulia-{secrets.token_hex(4)}@example.org"


def link_in_mail(mails: MailServer, address: str) -> str:
    body = mails.wait_for(address)[0].get_body(("plain",))
    assert body is not None
    words: list[str] = body.get_content().split()
    return next(word for word in words if "/gestisci/" in word)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_person_books_a_seat_and_gives_it_back_by_the_link_in_the_mail(
    demo: Platform, browser: Browser, mails: MailServer, scripts: bool
) -> None:
    session, address = demo.publish_session(capacity=2), an_address()
    with new_page(browser, scripts=scripts) as page:
        book(page, demo.url, session, address)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Il posto è tuo")
        page.goto(link_in_mail(mails, address))
        assert page.url == f"{demo.url}/gestisci"  # the secret is not in the address any more
        page.get_by_role("link", name=re.compile("Annulla")).click()
        page.get_by_role("button", name=re.compile("annulla")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("annullata")
    assert demo.get(f"/api/v1/sessions/{session}")["seats_left"] == 2
    assert len(mails.wait_for(address, 2)) == 2


def test_who_comes_too_late_reads_the_place_in_line(demo: Platform, browser: Browser) -> None:
    session = demo.publish_session(capacity=1)
    demo.reserve(session, an_address())
    with new_page(browser) as page:
        book(page, demo.url, session, an_address())
        expect(page.get_by_role("heading", level=1)).to_contain_text("lista d’attesa")


def test_a_mistake_is_told_at_the_top_and_at_the_field_and_nothing_is_lost(demo: Platform, browser: Browser) -> None:
    session = demo.publish_session(capacity=1)
    with new_page(browser) as page:
        page.goto(f"{demo.url}/sessioni/{session}/prenota")
        page.get_by_label("Come ti chiami?").fill("Giulia")
        page.get_by_role("button", name="Continua").click()
        page.get_by_label("Indirizzo e-mail").fill("giulia@")
        page.get_by_role("button", name="Continua").click()
        assert page.title().startswith("Errore:")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Indirizzo e-mail")).to_have_value("giulia@")


ALL_SEE = ("/", "/sessioni", "/privacy", "/accessibilita", "/nessuna-pagina", "/banco/accedi")


def test_no_page_has_a_barrier_that_axe_can_find(demo: Platform, browser: Browser, mails: MailServer) -> None:
    session, address = demo.publish_session(capacity=2), an_address()
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        for path in (*ALL_SEE, f"/sessioni/{session}"):
            page.goto(demo.url + path)
            found += barriers(page)
        found += _barriers_on_the_way(page, demo.url, session, address)
        page.goto(link_in_mail(mails, address))
        found += barriers(page)
        page.get_by_role("link", name=re.compile("Annulla")).click()
        found += barriers(page)
    assert not found, "\n".join(found)


def test_no_page_in_english_on_a_desk_has_a_barrier_that_axe_can_find(demo: Platform, browser: Browser) -> None:
    found: list[str] = []
    with new_page(browser, phone=False, fonts=False, locale="en-GB") as page:
        for path in ALL_SEE:
            page.goto(demo.url + path)
            assert page.locator("html").get_attribute("lang") == "en"
            found += barriers(page)
    assert not found, "\n".join(found)


def _barriers_on_the_way(page: Page, url: str, session: str, address: str) -> list[str]:
    """Each step of the booking, with its errors."""
    found: list[str] = []
    page.goto(f"{url}/sessioni/{session}/prenota")
    found += barriers(page)
    page.get_by_role("button", name="Continua").click()
    found += barriers(page)
    page.get_by_label("Come ti chiami?").fill("Giulia Ferrero")
    page.get_by_role("button", name="Continua").click()
    found += barriers(page)
    page.get_by_label("Indirizzo e-mail").fill(address)
    page.get_by_label(re.compile("Va bene")).check()
    page.get_by_role("button", name="Continua").click()
    found += barriers(page)
    page.get_by_role("button", name=re.compile("Prenota il posto")).click()
    return found + barriers(page)


def test_a_page_fits_a_phone_without_scrolling_sideways(demo: Platform, browser: Browser) -> None:
    with new_page(browser) as page:
        for path in ("/", "/sessioni", "/privacy"):
            page.goto(demo.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_first_visit_takes_less_than_200_kilobytes(demo: Platform, browser: Browser) -> None:
    sizes: list[int] = []
    with new_page(browser) as page:
        page.on("requestfinished", lambda request: sizes.append(_bytes_on_the_wire(request)))
        page.goto(demo.url, wait_until="networkidle")
    assert 10_000 < sum(sizes) < 200_000


def _bytes_on_the_wire(request: object) -> int:
    sizes = request.sizes()  # type: ignore[attr-defined]
    return int(sizes["responseHeadersSize"] + sizes["responseBodySize"])
