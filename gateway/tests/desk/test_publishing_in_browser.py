"""Publishing, changing and calling off in a real browser: on a phone without scripts, and without barriers."""

from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect

from bus.times import now
from gateway.wording import local
from tests.browser import barriers, new_page, press
from tests.platform import Platform

FIRST = local(now()).date() + timedelta(days=10)


def sign_in(page: Page, demo: Platform) -> None:
    page.goto(demo.staff_link())
    page.get_by_role("button", name="Entra").click()


def fill_in(page: Page, demo: Platform) -> None:
    """The form of a series of three dates, up to its check."""
    page.goto(f"{demo.url}/banco/nuova")
    page.get_by_label("Organizzazione").select_option(index=1)
    page.get_by_label("Titolo").fill("Il primo colloquio")
    page.get_by_label("Giorno", exact=True).fill(FIRST.isoformat())
    page.get_by_label("Ora di inizio").fill("17:00")
    page.get_by_label("Indirizzo della stanza").fill("https://meet.example.org/colloquio")
    page.get_by_label("Si ripete?").select_option(label="Ogni settimana")
    page.get_by_label("Quante date").fill("3")
    page.get_by_role("button", name="Controlla").click()


def open_first(page: Page) -> None:
    """Of the sessions that were just published."""
    page.get_by_role("link", name="Il primo colloquio").first.click()


def test_a_series_is_published_changed_and_called_off_on_a_phone_without_scripts(
    demo: Platform, browser: Browser
) -> None:
    with new_page(browser, scripts=False) as page:
        sign_in(page, demo)
        fill_in(page, demo)
        page.get_by_role("button", name="Pubblica 3 sessioni").click()
        open_first(page)
        page.get_by_role("link", name="Cambia la sessione").click()
        page.get_by_label("Ora di inizio").fill("18:00")
        page.get_by_label("Questa e le successive").check()
        page.get_by_role("button", name="Salva i cambiamenti").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("3 sessioni sono cambiate")
        expect(page.get_by_text("dalle 18:00 alle 19:30")).to_have_count(3)
        open_first(page)
        page.get_by_role("link", name="Annulla la sessione").click()
        page.get_by_label("Tutte quelle a venire").check()
        page.get_by_role("button", name="annulla e avvisa").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("3 sessioni non si tengono più")


def test_a_session_is_published_with_the_keyboard_alone(demo: Platform, browser: Browser) -> None:
    with new_page(browser, phone=False) as page:
        sign_in(page, demo)
        press(page, page.get_by_role("link", name="Pubblica una sessione"))
        press(page, page.get_by_label("Organizzazione"), "ArrowDown")
        for label, typed in (
            ("Titolo", "Il primo colloquio"),
            ("Giorno", f"1111{FIRST.year + 1}"),  # the same in every order of day and month
            ("Ora di inizio, a Torino", "1700"),
            ("Indirizzo della stanza online", "https://meet.example.org/colloquio"),
        ):
            press(page, page.get_by_label(label, exact=True), typed[0])
            page.keyboard.type(typed[1:])
        page.keyboard.press("Enter")
        press(page, page.get_by_role("button", name="Pubblica la sessione"))
        expect(page.get_by_role("heading", level=1)).to_have_text("La sessione è pubblicata")


# The pages with a switch that keeps what was typed.
IN_ENGLISH_TOO = ("publish", "publish-check", "change", "stories-errors")


def test_no_page_has_a_barrier_or_is_wider_than_a_phone(demo: Platform, browser: Browser) -> None:
    found: list[str] = []
    with new_page(browser, fonts=False) as page:
        for look in _round(page, demo):
            found += barriers(page)
            if look in IN_ENGLISH_TOO:
                page.get_by_role("button", name="Continue in English").click()
                found += barriers(page)
                page.get_by_role("button", name="Continua in italiano").click()
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append(f"{page.url}: {look} is wider than a phone")
    assert not found, "\n".join(found)


def _choose_stories(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="Scegli le storie").click()
    page.get_by_label("Come si intitola").first.fill("Come sono diventata falegname")
    page.get_by_role("button", name="Salva le storie").click()
    yield "stories-errors"
    page.get_by_label("Indirizzo del video").first.fill("https://video.example.org/falegname")
    page.get_by_role("button", name="Salva le storie").click()
    yield "session-with-stories"


def _round(page: Page, demo: Platform) -> Iterator[str]:
    """Every page in turn, by a name for each."""
    sign_in(page, demo)
    page.goto(f"{demo.url}/banco/nuova")
    yield "publish"
    page.get_by_role("button", name="Controlla").click()
    yield "publish-errors"
    fill_in(page, demo)
    yield "publish-check"
    page.get_by_role("button", name="Pubblica 3 sessioni").click()
    yield "published"
    open_first(page)
    yield "session-with-changes"
    yield from _choose_stories(page)
    page.get_by_role("link", name="Cambia la sessione").click()
    yield "change"
    page.get_by_label("Titolo").fill("")
    page.get_by_role("button", name="Salva i cambiamenti").click()
    yield "change-errors"
    page.get_by_label("Titolo").fill("Il primo colloquio")
    page.get_by_label("Quanti minuti").fill("60")
    page.get_by_role("button", name="Salva i cambiamenti").click()
    yield "changed"
    open_first(page)
    page.get_by_role("link", name="Annulla la sessione").click()
    yield "call-off"
    page.get_by_label("Tutte quelle a venire").check()
    page.get_by_role("button", name="annulla e avvisa").click()
    yield "called-off"
