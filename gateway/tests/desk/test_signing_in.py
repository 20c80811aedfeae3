"""Signing in at the desk by password or link, staying in, and getting out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from limits import parse

from bus.config import SettingError
from bus.times import now
from gateway import members
from gateway.config import Settings
from gateway.pages.desk import tries
from gateway.tests.api.conftest import KEY
from gateway.tests.desk.conftest import Staff
from services.staff import store, usecases

PASSWORD = "cavallo graffetta pila"
PATHS = ["/banco", "/banco/sessioni/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"]
PATHS += [f"{PATHS[1]}/in-piu", f"{PATHS[1]}/presenze/chiudi"]


def with_password(staff: Staff) -> None:
    """An account whose owner has chosen a password, and gone."""
    person = staff.visitor()
    person.open(f"/banco/entra/{staff.add()}")
    person.send(password=PASSWORD, again=PASSWORD)


def test_nobody_sees_anything_who_is_not_signed_in(staff: Staff) -> None:
    client = staff.app.test_client()
    answers = [client.get(path) for path in PATHS]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, "/banco/accedi")}


@pytest.mark.parametrize("path", ["/banco", "/banco/accedi", "/banco/entra/x"])
def test_nothing_of_the_desk_is_kept_or_found(staff: Staff, path: str) -> None:
    headers = staff.app.test_client().get(path).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_opening_a_link_uses_nothing_up(staff: Staff) -> None:
    token = staff.add()
    for _ in range(3):
        assert "Entra nel banco" in staff.visitor().open(f"/banco/entra/{token}").text
    person = staff.visitor()
    person.open(f"/banco/entra/{token}")
    assert "Anna Bruno, sportello" in person.send().text


def test_a_link_lets_in_once_and_says_so(staff: Staff) -> None:
    token = staff.add()
    for status in (200, 410):
        person = staff.visitor()
        person.open(f"/banco/entra/{token}")
        assert person.send().status_code == status


def test_pressing_a_link_button_twice_lets_in_as_pressing_it_once(staff: Staff) -> None:
    token = staff.add()
    first, second = staff.visitor(), staff.visitor()
    found = re.search(r'name="key" value="([^"]+)"', first.open(f"/banco/entra/{token}").text)
    assert found
    second.open(f"/banco/entra/{token}")
    assert [first.send().status_code, second.send(key=found[1]).status_code] == [200, 200]


def test_a_password_chosen_with_the_link_lets_in(staff: Staff) -> None:
    with_password(staff)
    person = staff.visitor()
    person.open("/banco/accedi")
    assert "Le sessioni da oggi" in person.send(email="Anna@example.org", password=PASSWORD).text


@pytest.mark.parametrize(("one", "other"), [("breve", "breve"), ("", PASSWORD), (PASSWORD, "un'altra cosa")])
def test_a_password_that_will_not_do_leaves_the_link_as_it_is(staff: Staff, one: str, other: str) -> None:
    person = staff.visitor()
    person.open(f"/banco/entra/{staff.add()}")
    refused = person.send(password=one, again=other)
    assert refused.status_code == 422
    assert "Errore:" in refused.text
    assert person.send().status_code == 200


def test_an_unknown_address_and_a_wrong_password_read_alike(staff: Staff) -> None:
    with_password(staff)
    person = staff.visitor()
    person.open("/banco/accedi")
    pages = [person.send(email=email, password="sbagliata!") for email in ("anna@example.org", "bea@example.org")]
    assert {page.status_code for page in pages} == {422}
    assert all("L’indirizzo o la password non sono giusti" in page.text for page in pages)


def test_after_many_wrong_passwords_the_page_says_how_long_to_wait(staff: Staff) -> None:
    person = staff.visitor()
    person.open("/banco/accedi")
    for _ in range(6):
        page = person.send(email="anna@example.org", password="sbagliata!")
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) <= 15
    assert "Troppi tentativi" in page.text


def test_the_password_itself_does_not_leave_the_gateway(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    answer = staff.node.answering.answer

    def note(routing_key: str, body: str, correlation: str) -> dict[str, Any]:
        sent.append(body)
        return answer(routing_key, body, correlation)

    monkeypatch.setattr(staff.node.answering, "answer", note)
    with_password(staff)
    person = staff.visitor()
    person.open("/banco/accedi")
    person.send(email="anna@example.org", password=PASSWORD)
    assert len(sent) >= 3
    assert not any(PASSWORD in body for body in sent)


def test_without_its_key_the_gateway_offers_no_passwords(make_staff: Callable[..., Staff]) -> None:
    assert 'type="password"' not in make_staff(password_key=None).visitor().open("/banco/accedi").text


def test_an_empty_form_is_told_at_the_fields(staff: Staff) -> None:
    person = staff.visitor()
    person.open("/banco/accedi")
    page = person.send(email="", password="")
    assert "Scrivi il tuo indirizzo e-mail" in page.text
    assert "Scrivi la tua password" in page.text


def test_the_cookie_is_for_the_desk_alone_for_eight_hours_and_not_for_scripts(staff: Staff) -> None:
    person = staff.visitor()
    person.open(f"/banco/entra/{staff.add()}")
    (redirected,) = person.send().history
    cookie = the_cookie(redirected)
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/banco", "Max-Age=28800"))


def the_cookie(answer: Any) -> str:
    return next(str(value) for value in answer.headers.getlist("Set-Cookie") if value.startswith("banco="))


def test_over_https_the_cookie_stays_there(make_staff: Callable[..., Staff]) -> None:
    base = "https://bottega.example.org"
    staff = make_staff(public_url=base)
    client, path = staff.app.test_client(), f"/banco/entra/{staff.add()}"
    (form,) = re.findall(r'name="csrf_token" value="([^"]*)"', client.get(path, base_url=base).text)
    assert "Secure" in the_cookie(client.post(path, base_url=base, data={"csrf_token": form}))


def test_a_forged_cookie_lets_nobody_in(staff: Staff) -> None:
    client = staff.app.test_client()
    client.set_cookie("banco", "eyJpZCI6Ing ifQ.aaa.bbb", path="/banco")
    assert client.get("/banco").status_code == 303


def test_the_form_token_is_another_one_after_signing_in(staff: Staff) -> None:
    person = staff.visitor()
    before = person.open(f"/banco/entra/{staff.add()}")
    person.send()
    person.page = before
    assert person.send("/banco/esci").status_code == 400


def test_who_is_shut_out_is_out_within_seconds(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    person = staff.member()
    monkeypatch.setattr(members, "FRESH", 0.0)
    person.open("/banco")  # remembered until now
    staff.disable()
    staff.app.extensions["bottega.members"]._known.clear()  # as after those seconds
    assert "Accesso per lo staff" in person.open("/banco").text


def test_between_two_pages_staff_is_not_asked_again(staff: Staff) -> None:
    person = staff.member()
    person.open("/banco")
    del staff.site.bus._nodes["staff"]
    assert person.open("/banco").status_code == 200


def test_when_staff_does_not_answer_nobody_is_in(staff: Staff) -> None:
    person = staff.member()
    staff.app.extensions["bottega.members"]._known.clear()
    del staff.site.bus._nodes["staff"]
    assert person.open("/banco").status_code == 503


def test_when_staff_does_not_answer_the_sign_in_page_says_so(staff: Staff) -> None:
    person = staff.visitor()
    person.open("/banco/accedi")
    del staff.site.bus._nodes["staff"]
    page = person.send(email="anna@example.org", password=PASSWORD)
    assert page.status_code == 503
    assert "Il servizio di accesso non risponde" in page.text


def test_signing_out_needs_a_form_and_is_for_good(staff: Staff) -> None:
    person = staff.member()
    assert person.client.get("/banco/esci").status_code == 405
    assert "Accesso per lo staff" in person.send("/banco/esci").text
    assert "Accesso per lo staff" in person.open("/banco").text


def test_the_desk_speaks_english_too(staff: Staff) -> None:
    client = staff.app.test_client()
    client.get("/lingua?scelta=en")
    assert "Staff sign-in" in client.get("/banco/accedi").text


def test_half_of_the_providers_settings_is_an_error() -> None:
    with pytest.raises(SettingError, match="GATEWAY_OIDC_ISSUER"):
        Settings(secret_key=KEY, oidc_issuer="https://id.example.org")


def test_one_client_tries_so_many_passwords_in_a_minute_and_no_more(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries.TRIES, "limits", [parse("2 per minute")])
    person = staff.visitor()
    person.open("/banco/accedi")
    form = person.page
    for status in (422, 422, 429):
        person.page = form
        assert person.send(email=f"{status}@example.org", password="sbagliata!").status_code == status


def test_another_password_puts_out_who_was_in(staff: Staff) -> None:
    first = staff.member()
    with staff.database.transaction() as tx:
        token = usecases.make_link(tx, now(), "operator:test", email="anna@example.org")
    other = staff.visitor()
    other.open(f"/banco/entra/{token}")
    assert "Le sessioni da oggi" in other.send(password=PASSWORD, again=PASSWORD).text
    assert "Accesso per lo staff" in first.open("/banco").text
    assert "Le sessioni da oggi" in other.open("/banco").text


def test_who_had_to_sign_in_first_comes_to_the_page_that_was_wanted(staff: Staff) -> None:
    session_id = staff.site.publish()
    person = staff.visitor()
    person.open(f"/banco/sessioni/{session_id}?dopo=0")
    person.open(f"/banco/entra/{staff.add()}")
    (sent,) = person.send().history
    assert sent.headers["Location"] == f"/banco/sessioni/{session_id}?dopo=0"


def test_who_comes_in_on_an_english_page_is_written_to_in_english(staff: Staff) -> None:
    person = staff.visitor()
    person.open("/lingua?scelta=en&torna=/")
    person.open(f"/banco/entra/{staff.add()}")
    person.send()
    with staff.database.reading() as tx:
        account = store.by_email(tx, "anna@example.org")
    assert account is not None
    assert account.language == "en"
