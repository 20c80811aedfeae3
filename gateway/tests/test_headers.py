"""What every page tells the browser not to do."""

from typing import Any

import pytest
from flask import request

from bus.embedded import EmbeddedBus
from bus.node import Node
from gateway.app import create_app
from gateway.config import Settings
from gateway.tests.conftest import Person, Site


def site_at(public_url: str, **changes: Any) -> Any:
    settings = Settings(secret_key=bytes(32), public_url=public_url, **changes)
    return create_app(settings, Node("gateway", EmbeddedBus()).client).test_client()


def test_nothing_inline_runs_or_styles(silent: Any) -> None:
    policy = silent.get("/privacy").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/sessioni", "/privacy", "/accessibilita", "/nowhere"])
def test_no_page_has_anything_inline(site: Site, path: str) -> None:
    site.publish()
    page = site.client.get(path).text
    assert "style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick" not in page


def test_no_address_leaves_in_a_referer(silent: Any) -> None:
    assert silent.get("/privacy").headers["Referrer-Policy"] == "no-referrer"


def test_content_is_what_we_say_it_is(silent: Any) -> None:
    assert silent.get("/privacy").headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_failed_is_protected_too(silent: Any) -> None:
    assert "Content-Security-Policy" in silent.get("/nowhere").headers


def test_over_https_the_browser_stays_there() -> None:
    assert (
        "max-age=31536000"
        in site_at("https://bottega.example.org").get("/privacy").headers["Strict-Transport-Security"]
    )


def test_over_http_it_is_not_told_to(silent: Any) -> None:
    assert "Strict-Transport-Security" not in silent.get("/privacy").headers


def test_over_https_cookies_stay_there_too() -> None:
    cookie = site_at("https://bottega.example.org").get("/lingua?scelta=en").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_cookies_are_not_for_scripts_nor_for_other_sites(person: Person, site: Site) -> None:
    session_id = site.publish()
    answers = [site.client.get(f"/sessioni/{session_id}/prenota"), site.client.get("/lingua?scelta=en")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert cookies
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_who_only_reads_gets_no_cookie(site: Site) -> None:
    session_id = site.publish()
    paths = ["/", "/sessioni", f"/sessioni/{session_id}", "/privacy"]
    assert not any("Set-Cookie" in site.client.get(path).headers for path in paths)


def test_behind_a_proxy_the_address_is_the_one_that_it_says() -> None:
    site = site_at("http://localhost", trusted_proxies=1)
    site.application.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
    assert site.get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text == "203.0.113.9"


def test_without_a_proxy_nobody_chooses_their_address(built_anew: Any) -> None:
    built_anew.application.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
    assert built_anew.get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text == "127.0.0.1"


def test_each_answer_carries_the_id_that_the_logs_carry(silent: Any) -> None:
    answer = silent.get("/privacy", headers={"X-Correlation-Id": "a-request-of-mine"})
    assert answer.headers["X-Correlation-Id"] == "a-request-of-mine"
