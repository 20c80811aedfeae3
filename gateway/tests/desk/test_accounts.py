"""Accounts at the desk: coordinators add people, give them links, and shut them out."""

import re
from typing import Any

import pytest

from bus.tables import requests
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff

BEA = {"name": "Bea Gallo", "email": "bea@example.org", "role": "operator", "partner": "orso"}


@pytest.fixture
def carla(staff: Staff) -> Person:
    return staff.member("coordinator", None, "carla@example.org")


def add(carla: Person, **changes: str) -> Any:
    carla.open("/banco/staff/nuovo")
    return carla.send(**{**BEA, **changes})


def link_on(page: Any) -> str:
    (path,) = re.findall(r"<code>[^<]*(/banco/entra/[\w-]{43})</code>", page.text)
    return str(path)


def page_of(carla: Person, name: str = "Bea Gallo") -> Any:
    listed = carla.open("/banco/staff").text
    (path,) = re.findall(rf'href="(/banco/staff/[0-9a-f-]{{36}})">{name}<', listed)
    return carla.open(path)


def come_in(staff: Staff, path: str) -> Any:
    person = staff.visitor()
    person.open(path)
    return person.send()


def test_who_was_added_comes_in_by_the_link_on_the_page(staff: Staff, carla: Person) -> None:
    assert "Bea Gallo, sportello" in come_in(staff, link_on(add(carla))).text


def test_the_link_and_who_it_is_for_are_in_no_answer_that_is_kept(staff: Staff, carla: Person) -> None:
    token = link_on(add(carla)).rpartition("/")[2]
    with staff.database.reading() as tx:
        kept = str(tx.connection.execute(requests.select()).all())
    assert token not in kept
    assert "Gallo" not in kept
    assert "bea@" not in kept


def test_sending_the_form_twice_adds_one_person(staff: Staff, carla: Person) -> None:
    carla.open("/banco/staff/nuovo")
    form = carla.page
    first = link_on(carla.send(**BEA))
    carla.page = form
    assert link_on(carla.send("/banco/staff/nuovo", **BEA)) == first


def test_a_new_link_is_another_one(carla: Person) -> None:
    first = link_on(add(carla))
    page_of(carla)
    assert link_on(carla.send(f"{carla.page.request.path}/link")) != first


def test_who_is_shut_out_comes_in_again_when_the_account_is_reopened(staff: Staff, carla: Person) -> None:
    link = link_on(add(carla))
    page_of(carla)
    here = carla.page.request.path
    assert "Questo account è chiuso" in carla.send(f"{here}/chiudi").text
    assert come_in(staff, link).status_code == 410
    carla.send(f"{here}/riapri")
    assert "Bea Gallo, sportello" in come_in(staff, link_on(carla.send(f"{here}/link"))).text


def test_who_gets_another_role_has_it_at_the_next_page(staff: Staff, carla: Person) -> None:
    bea = come_in(staff, link_on(add(carla)))
    assert "Bea Gallo, sportello" in bea.text
    here = page_of(carla).request.path
    assert 'value="operator" checked' in carla.open(f"{here}/ruolo").text
    assert 'href="#partner"' in carla.send(role="viewer", partner="").text
    assert "Solo lettura · Cooperativa Orso" in carla.send(role="viewer", partner="orso").text
    assert "Coordinamento</dd>" in carla.send(f"{here}/ruolo", role="coordinator", partner="orso").text


def test_the_own_account_cannot_be_closed(carla: Person) -> None:
    page = page_of(carla, "Anna Bruno")
    assert "Questo account è il tuo" in page.text
    assert "Chiudi l’account" not in page.text
    for form in ("chiudi", "ruolo"):
        carla.page = page
        assert carla.send(f"{page.request.path}/{form}", role="viewer", partner="orso").status_code == 409
    assert carla.open(f"{page.request.path}/ruolo").request.path == page.request.path


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("email", "bea"), ("role", "boss"), ("partner", "")])
def test_what_is_missing_is_told_at_the_field(carla: Person, field: str, value: str) -> None:
    page = add(carla, **{field: value})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text


def test_an_address_that_is_taken_is_told_at_the_field(carla: Person) -> None:
    page = add(carla, email="carla@example.org")
    assert "C’è già un account con questo indirizzo" in page.text
    assert "Bea Gallo" in add(carla, email="other@example.org").text


def test_a_coordinator_is_of_no_partner_whatever_the_form_says(staff: Staff, carla: Person) -> None:
    assert "Bea Gallo, coordinamento" in come_in(staff, link_on(add(carla, role="coordinator"))).text


@pytest.mark.parametrize(("role", "partner"), [("operator", "orso"), ("viewer", "orso"), ("prescriber", None)])
def test_nobody_else_sees_who_works_here(staff: Staff, carla: Person, role: str, partner: str | None) -> None:
    theirs = page_of(carla, "Anna Bruno").request.path
    person = staff.member(role, partner)
    for path in ("/banco/staff", "/banco/staff/nuovo", theirs, f"{theirs}/ruolo"):
        assert person.open(path).status_code == 403
        assert "carla@example.org" not in person.page.text
    assert 'href="/banco/staff"' not in person.open("/banco/chiavi").text
    assert person.send("/banco/staff/nuovo", **BEA).status_code == 403


def test_an_account_that_never_was_is_told_in_words(carla: Person) -> None:
    page = carla.open("/banco/staff/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11")
    assert page.status_code == 404
    assert "Questo account non c’è" in page.text


def test_the_list_goes_on_page_by_page(staff: Staff, carla: Person) -> None:
    for number in range(20):
        staff.add(f"a{number:02}@example.org")
    page = carla.open("/banco/staff").text
    assert "carla@example.org" not in page
    (more,) = re.findall(r'href="(/banco/staff\?dopo=[^"]+)"', page)
    assert "example" not in more
    assert "carla@example.org" in carla.open(more).text
