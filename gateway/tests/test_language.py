"""Italian first, English for who asks, and the person's own choice before all."""

from typing import Any

import pytest

from gateway.tests.conftest import Person, Site


def test_italian_when_nobody_asks(silent: Any) -> None:
    assert '<html lang="it">' in silent.get("/privacy").text


def test_italian_for_who_speaks_neither(silent: Any) -> None:
    assert '<html lang="it">' in silent.get("/privacy", headers={"Accept-Language": "fi"}).text


def test_english_for_a_browser_that_asks(silent: Any) -> None:
    page = silent.get("/privacy", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert '<html lang="en">' in page.text
    assert "what we do with your data" in page.text


def test_a_choice_counts_more_than_the_browser(silent: Any) -> None:
    silent.get("/lingua?scelta=it&torna=/privacy")
    assert '<html lang="it">' in silent.get("/privacy", headers={"Accept-Language": "en"}).text


def test_choosing_leads_back_to_the_page_with_its_filters(site: Site) -> None:
    site.publish()
    page = site.client.get("/sessioni?con=orso").text
    assert "/lingua?scelta=en&amp;torna=/sessioni?con%3Dorso" in page
    assert site.client.get("/lingua?scelta=en&torna=/sessioni?con=orso").headers["Location"] == "/sessioni?con=orso"


def test_a_form_goes_on_to_its_own_address_as_it_is(site: Site, person: Person) -> None:
    path = f"/sessioni/{site.publish()}/prenota"
    token = person.open(path).text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = site.client.post(f"/lingua?scelta=en&torna={path}", data={"csrf_token": token, "name": "Omar"})
    assert (answer.status_code, answer.headers["Location"]) == (307, path)
    assert "lingua=en" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\t/evil.example", ""]
)
def test_the_way_back_never_leads_to_another_site(silent: Any, elsewhere: str) -> None:
    answer = silent.get("/lingua", query_string={"scelta": "en", "torna": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_language_that_we_do_not_speak_changes_nothing(silent: Any) -> None:
    assert "Set-Cookie" not in silent.get("/lingua?scelta=xx&torna=/privacy").headers


def test_caches_know_what_a_page_depends_on(silent: Any) -> None:
    vary = silent.get("/privacy").headers["Vary"]
    assert "Accept-Language" in vary
    assert "Cookie" in vary


def test_a_title_in_another_language_says_so(site: Site) -> None:
    site.publish(language="en", title="Working in Italy")
    assert 'lang="en">Working in Italy' in site.client.get("/sessioni").text


def test_an_error_is_told_in_the_person_s_language(silent: Any) -> None:
    assert "This page is not here" in silent.get("/nowhere", headers={"Accept-Language": "en"}).text


def test_a_regional_tag_that_comes_first_wins_over_a_plain_one(silent: Any) -> None:
    page = silent.get("/privacy", headers={"Accept-Language": "en-GB, it;q=0.5"})
    assert '<html lang="en">' in page.text
