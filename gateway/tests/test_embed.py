"""The list in other sites' pages: what it shows, and what a browser is told about it."""

from typing import Any

import pytest

from gateway.pages import embed
from gateway.tests.conftest import Site
from gateway.tests.test_static_files import BROWSER
from services.booking import usecases
from services.booking.domain import Partner

LIST = "/incorpora/sessioni"


def test_the_list_has_the_next_sessions_and_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "SESSIONS", 2)
    for days in (3, 1, 2):
        site.publish(days, title=f"Numero {days}.")
    page = site.client.get(LIST).text
    assert "Numero 1." in page
    assert "Numero 2." in page
    assert "Numero 3." not in page


@pytest.mark.parametrize(
    ("wishes", "shown"),
    [
        ("", {"Orientarsi", "Working", "Altrove"}),
        ("?lingua=it", {"Orientarsi", "Altrove"}),
        ("?lingua=en", {"Working"}),
        ("?partner=dora", {"Altrove"}),
        ("?lingua=xx&tema=xx", {"Orientarsi", "Working", "Altrove"}),
        ("?partner=nobody", set()),
        ("?partner=No Such Partner!", set()),
    ],
)
def test_the_list_shows_what_the_address_asks(site: Site, wishes: str, shown: set[str]) -> None:
    with site.database.transaction() as tx:
        usecases.add_partner(tx, Partner("dora", "Spazio Dora"))
    site.publish(title="Orientarsi")
    site.publish(title="Working", language="en")
    site.publish(title="Altrove", partner="dora")
    page = site.client.get(LIST + wishes).text
    assert {title for title in ("Orientarsi", "Working", "Altrove") if f">{title}</span>" in page} == shown


def test_seats_are_told_in_words(site: Site) -> None:
    site.publish(capacity=9)
    assert "9 posti liberi su 9" in site.client.get(LIST).text


def test_each_link_leads_out_of_the_frame_and_says_so(site: Site) -> None:
    site.publish()
    page = site.client.get(LIST).text
    assert page.count("<a ") == page.count('target="_blank" rel="noopener"') == page.count("nuova pagina)") == 2


def test_the_last_link_has_the_same_filters(site: Site) -> None:
    assert 'href="/sessioni?in=en&amp;con=orso"' in site.client.get(f"{LIST}?lingua=en&partner=orso").text


def test_its_words_are_in_the_language_of_the_page_around_it(site: Site) -> None:
    page = site.client.get(f"{LIST}?lingua=en", headers={"Accept-Language": "it", "Cookie": "lingua=it"})
    assert '<html lang="en"' in page.text
    assert "Next sessions" in page.text


@pytest.mark.parametrize(("asked", "given"), [("scuro", "scuro"), ("chiaro", "chiaro"), ("", "auto"), ("x", "auto")])
def test_its_theme_is_one_of_three(silent: Any, asked: str, given: str) -> None:
    assert f'data-tema="{given}"' in silent.get(f"{LIST}?tema={asked}").text


def test_only_the_list_may_be_framed(site: Site) -> None:
    session_id = site.publish()
    assert "frame-ancestors *" in site.client.get(LIST).headers["Content-Security-Policy"]
    for path in ("/", "/sessioni", f"/sessioni/{session_id}", "/incorpora", "/incorpora.js"):
        assert "frame-ancestors 'none'" in site.client.get(path).headers["Content-Security-Policy"]


def test_nothing_inline_runs_or_styles_in_the_list(site: Site) -> None:
    answer = site.client.get(LIST)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "style=" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("path", [LIST, "/incorpora.js"])
def test_the_list_neither_sets_cookies_nor_depends_on_them(site: Site, path: str) -> None:
    site.publish()
    answer = site.client.get(path, headers={"Cookie": "lingua=en; bottega=x"})
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert "en" not in answer.headers.get("Content-Language", "it")


@pytest.mark.parametrize("path", [LIST, "/incorpora.js"])
def test_who_has_it_already_gets_304(site: Site, path: str) -> None:
    site.publish()
    first = site.client.get(path, headers=BROWSER)
    again = site.client.get(path, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_script_has_one_address_and_is_kept_for_an_hour(silent: Any) -> None:
    answer = silent.get("/incorpora.js", headers=BROWSER)
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert "immutable" not in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.content_type.startswith("text/javascript")


def test_the_script_is_small_and_other_sites_may_load_it(silent: Any) -> None:
    answer = silent.get("/incorpora.js", headers=BROWSER)
    assert len(answer.data) < 1500
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_list_is_as_last_known_while_booking_is_silent(site: Site) -> None:
    site.publish(title="Orientarsi")
    site.client.get(LIST)
    del site.bus._nodes["booking"]
    page = site.client.get(LIST).text
    assert "Orientarsi" in page
    assert "quello che sapevamo" in page


def test_the_list_says_so_when_nothing_is_known(silent: Any) -> None:
    answer = silent.get(LIST)
    assert answer.status_code == 503
    assert "Ora non riusciamo a mostrarti le sessioni" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
