"""The page of one's own access keys: a key is seen once, and works until it is revoked."""

import re
from typing import Any

import pytest

from bus.tables import requests
from gateway.tests.api.staff_programs import Program
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from services.staff.tables import metadata


@pytest.fixture
def anna(staff: Staff) -> Person:
    return staff.member()


def make(person: Person, name: str = "Agenda") -> Any:
    person.open("/banco/chiavi")
    return person.send(name=name)


def seen(page: Any) -> str:
    (key,) = re.findall(r"<code>(bottega_[0-9a-f]{40})</code>", page.text)
    return str(key)


def revoke(person: Person) -> Any:
    person.open("/banco/chiavi")
    (path,) = re.findall(r'href="(/banco/chiavi/[0-9a-f-]{36}/revoca)"', person.page.text)
    person.open(path)
    return person.send()


def publishes(staff: Staff, key: str) -> bool:
    """Whether the key lets a program in; what it asks for is nonsense."""
    return bool(Program(staff.app.test_client(), key).ask("POST", "/sessions", {}).status_code == 422)


def test_a_key_made_at_the_desk_lets_a_program_in(staff: Staff, anna: Person) -> None:
    assert publishes(staff, seen(make(anna)))


def test_a_key_that_was_revoked_lets_nobody_in(staff: Staff, anna: Person) -> None:
    key = seen(make(anna))
    assert "Non hai chiavi" in revoke(anna).text
    assert not publishes(staff, key)


def test_sending_the_form_twice_makes_one_key(anna: Person) -> None:
    anna.open("/banco/chiavi")
    form = anna.page
    first = seen(anna.send(name="Agenda"))
    anna.page = form
    assert seen(anna.send("/banco/chiavi", name="Agenda")) == first
    assert anna.open("/banco/chiavi").text.count("/revoca") == 1


def test_each_key_is_another_one(anna: Person) -> None:
    assert seen(make(anna)) != seen(make(anna, "Sito"))


def test_a_key_is_kept_nowhere(staff: Staff, anna: Person) -> None:
    key = seen(make(anna))
    with staff.database.reading() as tx:
        for table in (*metadata.sorted_tables, requests):
            assert key not in str(tx.connection.execute(table.select()).all())
    assert all(key not in str(cookie) for cookie in anna.client._cookies.values())


def test_who_did_not_make_it_does_not_see_it(staff: Staff, anna: Person) -> None:
    cookie = make(anna) and anna.client.get_cookie("banco-una-volta", path="/banco")
    bea = staff.member(email="bea@example.org")
    bea.client.set_cookie("banco-una-volta", cookie.value, path="/banco")
    assert "bottega_" not in bea.open("/banco/chiavi/nuova").text


def test_without_a_new_key_the_page_leads_to_the_list(anna: Person) -> None:
    assert anna.open("/banco/chiavi/nuova").request.path == "/banco/chiavi"


@pytest.mark.parametrize("name", ["", "n" * 81, "a\x00b"])
def test_a_name_that_will_not_do_is_told_at_the_field(anna: Person, name: str) -> None:
    page = make(anna, name)
    assert page.status_code == 422
    assert 'href="#name"' in page.text


def test_the_twenty_first_key_is_refused_in_words(anna: Person) -> None:
    for number in range(20):
        make(anna, f"Numero {number}")
    assert "Hai già venti chiavi" in make(anna).text


def test_a_prescriber_has_keys_too(staff: Staff) -> None:
    assert seen(make(staff.member("prescriber", None, "dino@example.org")))
