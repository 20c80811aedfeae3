"""Names, addresses and tokens as people write and hold them."""

import unicodedata
from uuid import uuid4

import hypothesis.strategies as st
import pytest
from hypothesis import given

from services.booking.errors import InvalidArguments
from services.booking.people import holds, legible_name, manage_token, printable, usable_address
from services.booking.tests.examples import SECRET_KEY


@pytest.mark.parametrize(
    "name",
    [
        "Giulia Ferrero",
        "D'Alò-Çelik",
        "Ngô Thị Hạnh",
        "محمد الحسن",
        "王小明",
        "Γιώργος",
        "Олена",
        "می‌نا",  # with a zero-width non-joiner, as Persian is written
        "राम्‍या",
        "ᏣᎳᎩ",
        "李",
    ],
)
def test_a_name_may_be_in_any_script(name: str) -> None:
    assert legible_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name",
    [
        "Giulia\r\nBcc: all@example.org",
        "Giulia\x00",
        "Giulia\u2028Ferrero",
        "Giulia\u202eorerreF",
        "Giulia\ud800",
        "Giulia\x85",
        "Giulia\tFerrero",
        "\u200d\u200d",
        "   ",
        "12345",
        "a" * 121,
    ],
)
def test_a_name_that_could_break_a_header_or_hide_is_refused(name: str) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        legible_name(name)
    assert list(refusal.value.details["fields"]) == ["name"]


def test_spaces_around_and_between_names_are_tidied() -> None:
    assert legible_name("  Giulia \u00a0 Ferrero ") == "Giulia Ferrero"


@given(st.text(max_size=140))
def test_a_name_that_is_taken_is_printable_and_stays_what_it_is(name: str) -> None:
    try:
        taken = legible_name(name)
    except InvalidArguments:
        return
    assert printable(taken)
    assert legible_name(taken) == taken


def test_an_address_is_kept_in_the_form_in_which_it_is_compared() -> None:
    assert usable_address(" Giulia.Ferrero@Example.ORG ") == "giulia.ferrero@example.org"


@pytest.mark.parametrize(
    "address", ["", "giulia", "giulia@", '"\x01"@example.org', "g@example.org\nBcc: x@example.org", "İ" * 130 + "@a.it"]
)
def test_an_address_that_no_mail_can_go_to_is_refused(address: str) -> None:
    with pytest.raises(InvalidArguments):
        usable_address(address)


def test_a_refusal_does_not_repeat_what_the_person_wrote() -> None:
    with pytest.raises(InvalidArguments) as refusal:
        usable_address("giulia at example")
    assert "giulia" not in f"{refusal.value} {refusal.value.details}"


def test_a_token_fits_its_own_reservation_only() -> None:
    mine, other = uuid4(), uuid4()
    assert holds(manage_token(SECRET_KEY, mine), SECRET_KEY, mine)
    assert not holds(manage_token(SECRET_KEY, other), SECRET_KEY, mine)


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\ud800", "\x00"])
def test_any_text_can_be_tried_as_a_token(token: str) -> None:
    assert not holds(token, SECRET_KEY, uuid4())
