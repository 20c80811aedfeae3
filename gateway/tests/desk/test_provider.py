"""Signing in with OpenID Connect, at a provider in a process of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from gateway.config import issuer
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.provider import CLIENT, SECRET
from tests.servers.ports import free_port


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer."""
    port = free_port()
    program = [sys.executable, "-m", "gateway.tests.desk.provider", str(port)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def staff(make_staff: Callable[..., Staff], provider: str) -> Staff:
    staff = make_staff(oidc_issuer=provider, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    staff.add()
    return staff


def go_there(client: Any) -> str:
    """The address that the browser is sent to."""
    sent = client.get("/banco/oidc")
    assert sent.status_code == 302
    return str(sent.headers["Location"])


def sign_in_there(address: str, login: str = "anna@example.org", twist: str = "") -> str:
    """Sign in at the provider; answers where it sends the browser."""
    sent = requests.get(address, params={"login": login, "twist": twist}, allow_redirects=False, timeout=10)
    back = urlsplit(sent.headers["Location"])
    assert back.path == "/banco/oidc/ritorno"
    return f"{back.path}?{back.query}"


def come_back(client: Any, **how: str) -> Any:
    return client.get(sign_in_there(go_there(client), **how), follow_redirects=True)


def test_the_page_offers_the_provider_beside_the_password(staff: Staff) -> None:
    page = staff.app.test_client().get("/banco/accedi").text
    assert 'href="/banco/oidc"' in page
    assert 'type="password"' in page


def test_without_a_provider_there_is_no_way_to_it(make_staff: Callable[..., Staff]) -> None:
    client = make_staff().app.test_client()
    assert "/banco/oidc" not in client.get("/banco/accedi").text
    assert client.get("/banco/oidc").status_code == 404
    assert client.get("/banco/oidc/ritorno?code=x&state=y").status_code == 404


def test_who_the_provider_vouches_for_is_let_in(staff: Staff) -> None:
    assert "Anna Bruno, sportello" in come_back(staff.app.test_client(), login="Anna@Example.org").text


def test_the_address_may_come_from_userinfo(staff: Staff) -> None:
    assert "Anna Bruno, sportello" in come_back(staff.app.test_client(), twist="no_email").text


def test_each_visit_has_a_challenge_a_state_and_a_nonce_of_its_own(staff: Staff) -> None:
    one, other = (parse_qs(urlsplit(go_there(staff.app.test_client())).query) for _ in range(2))
    for name in ("code_challenge", "state", "nonce"):
        assert len(one[name][0]) >= 20
        assert one[name] != other[name]


def test_who_has_no_account_is_told_so(staff: Staff) -> None:
    page = come_back(staff.app.test_client(), login="nobody@example.org")
    assert page.status_code == 403
    assert "Non hai un account qui" in page.text


def test_who_is_disabled_is_not_let_in(staff: Staff) -> None:
    staff.disable()
    assert come_back(staff.app.test_client()).status_code == 403


def test_an_address_that_is_not_verified_counts_for_nothing(staff: Staff) -> None:
    page = come_back(staff.app.test_client(), twist="unverified")
    assert page.status_code == 403
    assert "Non sappiamo chi sei" in page.text


@pytest.mark.parametrize(
    "twist",
    ["denied", "issuer", "audience", "expired", "nonce", "unsigned", "our_secret", "key", "somebody_else"],
)
def test_an_answer_that_is_wrong_lets_nobody_in(staff: Staff, twist: str) -> None:
    client = staff.app.test_client()
    page = come_back(client, twist=twist)
    assert page.status_code == 400
    assert "L’accesso non è riuscito" in page.text
    assert client.get("/banco").status_code == 303


def test_an_answer_is_good_only_in_the_browser_that_asked(staff: Staff) -> None:
    back = sign_in_there(go_there(staff.app.test_client()))
    assert staff.app.test_client().get(back).status_code == 400


def test_an_answer_is_good_once(staff: Staff) -> None:
    client = staff.app.test_client()
    back = sign_in_there(go_there(client))
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 400


def test_a_provider_that_calls_itself_otherwise_is_not_used(make_staff: Callable[..., Staff], provider: str) -> None:
    other = f"{provider}/"
    client = make_staff(oidc_issuer=other, oidc_client_id=CLIENT, oidc_client_secret=SECRET).app.test_client()
    assert client.get("/banco/oidc").status_code == 400


def test_a_provider_that_does_not_answer_is_told(make_staff: Callable[..., Staff]) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    client = make_staff(oidc_issuer=nowhere, oidc_client_id=CLIENT, oidc_client_secret=SECRET).app.test_client()
    page = client.get("/banco/oidc")
    assert page.status_code == 503
    assert "Il servizio di accesso non risponde" in page.text


def test_a_provider_elsewhere_is_spoken_to_over_https_only() -> None:
    with pytest.raises(ValueError, match="https"):
        issuer("http://id.example.org")


def test_an_issuer_is_kept_as_it_is_written() -> None:
    assert issuer("https://id.example.org/") == "https://id.example.org/"


def test_visits_that_come_to_nothing_do_not_fill_the_cookie(staff: Staff) -> None:
    client = staff.app.test_client()
    for _ in range(20):
        go_there(client)
    cookie = client.get_cookie("bottega")
    assert cookie
    assert len(cookie.value) < 2000
