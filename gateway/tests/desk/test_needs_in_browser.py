"""Conversations in a real browser, without scripts: on a phone and at a desk, in both languages."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from bus.config import read_settings
from bus.database import Database
from bus.times import now
from services.needs import intake
from services.needs.config import Settings
from services.needs.tests.mails import mail, multipart, part
from tests.browser import DESK, PHONE, barriers, new_page
from tests.platform import Platform

SUBJECT = "Cambiare lavoro dopo i quarant’anni"
IN_ENGLISH_TOO = ("list", "conversation")


def test_a_conversation_is_read_taken_put_in_charge_and_resolved(demo: Platform, browser: Browser) -> None:
    _arrive(demo)
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        page.goto(demo.staff_link())
        page.get_by_role("button", name="Entra").click()
        for look in _round(page, demo):
            if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                found.append(f"{page.url}: {look} is wider than a phone")
            found += barriers(page)
            if look in IN_ENGLISH_TOO:
                found += _in_english(page)
    assert not found, "\n".join(found)


def _arrive(demo: Platform) -> None:
    """A mail of a person with what such mails have, and an automatic one."""
    settings = read_settings(Settings, demo.environ)
    database = Database(settings.database_uri)
    text = part("Buongiorno,\r\nda dove comincio?\r\n\r\nIl 20 novembre il centro ha scritto:\r\n> Ci scriva pure.")
    paper = part(b"%PDF-1.4", "application/pdf", Content_Disposition='attachment; filename="curriculum.pdf"')
    person = multipart(text, paper, Subject=SUBJECT, From="Giulia Ferrero <giulia.browser@example.org>")
    automatic = mail("Torno lunedì.", Auto_Submitted="auto-replied", Subject="Fuori ufficio", Message_ID="<auto@x.org>")
    for raw in (person, automatic):
        intake.take_up(database, settings, intake.store_mail(database, raw, now()), now())
    database.close()


def _round(page: Page, demo: Platform) -> Iterator[str]:
    """Every page in turn, by a name for each."""
    page.goto(f"{demo.url}/banco/richieste")
    yield "list"
    page.get_by_role("link", name=SUBJECT).click()
    page.get_by_label("A quale organizzazione").select_option(index=1)
    page.get_by_role("button", name="Affida").click()
    page.get_by_role("button", name="La seguo io").click()
    page.get_by_text("Testo citato e firma").click()
    yield "conversation"
    page.get_by_role("button", name="Manda la risposta").click()
    yield "answer-errors"
    page.get_by_label("La tua risposta").fill("Può venire giovedì alle 10?")
    page.get_by_role("button", name="Manda la risposta").click()
    expect(page.get_by_text("Non c’è una casella").first).to_be_visible()  # the demonstration has none
    expect(page.get_by_label("La tua risposta")).to_have_value("Può venire giovedì alle 10?")
    page.get_by_role("button", name="Segna come risolta").click()
    expect(page.get_by_text("Risolta", exact=True)).to_be_visible()
    page.goto(f"{demo.url}/banco/richieste/a-parte?quali=automatiche")
    yield "apart"
    page.get_by_role("link", name="Fuori ufficio").click()
    yield "apart-one"
    page.get_by_role("button", name="aprila").click()
    expect(page.get_by_text("Torno lunedì.")).to_be_visible()


def _in_english(page: Page) -> list[str]:
    """The same page at a desk, and back."""
    page.set_viewport_size(DESK)
    page.locator("a.tongue[lang=en], button[lang=en]").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    found = barriers(page)
    page.set_viewport_size(PHONE)
    page.locator("a.tongue[lang=it], button[lang=it]").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    return found
