"""Access keys: whom they act for, and what ends them."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from contracts.secret import digest
from services.staff import store
from services.staff.errors import InvalidArguments, NotFound, TooManyKeys
from services.staff.tables import access_keys
from services.staff.tests.office import KEY_OF_ANNA, RIGHT, Office


@pytest.fixture
def anna(office: Office) -> UUID:
    return office.add_with_password()


def test_a_key_acts_for_its_owner_with_the_role_of_now(office: Office, anna: UUID) -> None:
    office.add_key(anna)
    assert office.use_key() == office.get_member(anna)


def test_a_key_that_was_never_made_is_nobodys(office: Office, anna: UUID) -> None:
    with pytest.raises(NotFound):
        office.use_key()


def test_a_key_that_was_revoked_is_nobodys_and_is_not_listed(office: Office, anna: UUID) -> None:
    office.revoke_key(anna, office.add_key(anna))
    with pytest.raises(NotFound):
        office.use_key()
    assert office.list_keys(anna) == []


def test_nobody_revokes_anothers_key(office: Office, anna: UUID) -> None:
    key_id = office.add_key(anna)
    office.revoke_key(office.add_with_password("bea@example.org"), key_id)
    assert office.use_key()


def disabled(office: Office) -> None:
    office.disable()


def disabled_and_enabled(office: Office) -> None:
    office.disable()
    office.enable()


def another_password(office: Office) -> None:
    office.use_link(office.make_link(), RIGHT)


@pytest.mark.parametrize("ending", [disabled, disabled_and_enabled, another_password])
def test_a_key_dies_with_what_its_owner_signed_in_by(
    office: Office, anna: UUID, ending: Callable[[Office], None]
) -> None:
    office.add_key(anna)
    ending(office)
    with pytest.raises(NotFound):
        office.use_key()


def test_signing_in_by_a_link_leaves_keys_alone(office: Office, anna: UUID) -> None:
    office.add_key(anna)
    office.use_link(office.make_link())
    assert office.use_key()


def test_keys_are_listed_by_name_and_day_of_last_use_the_newest_first(office: Office, anna: UUID) -> None:
    office.add_key(anna)
    office.add_key(anna, "bottega_another", "Sito")
    with office.database.transaction() as tx:
        store.saw_key(tx, digest(KEY_OF_ANNA), date(2026, 11, 23))
        store.saw_key(tx, digest(KEY_OF_ANNA), date(2026, 11, 20))  # late news of an earlier day
    assert [(each["name"], each["used_on"]) for each in office.list_keys(anna)] == [
        ("Sito", None),
        ("Agenda", date(2026, 11, 23)),
    ]


def test_the_key_itself_is_not_kept(office: Office, anna: UUID) -> None:
    office.add_key(anna)
    with office.database.reading() as tx:
        assert KEY_OF_ANNA not in str(tx.connection.execute(select(access_keys)).all())


def test_an_account_has_twenty_keys_at_most(office: Office, anna: UUID) -> None:
    for number in range(20):
        office.add_key(anna, f"bottega_{number}")
    with pytest.raises(TooManyKeys):
        office.add_key(anna)


@pytest.mark.parametrize("name", ["", " ", "n" * 81, "a\nb\x00"])
def test_a_key_needs_a_name_of_one_line(office: Office, anna: UUID, name: str) -> None:
    with pytest.raises(InvalidArguments):
        office.add_key(anna, name=name)


def test_a_disabled_account_gets_no_key(office: Office, anna: UUID) -> None:
    office.disable()
    with pytest.raises(NotFound):
        office.add_key(anna)


def test_making_and_revoking_are_in_the_audit(office: Office, anna: UUID) -> None:
    office.revoke_key(anna, office.add_key(anna))
    assert office.actions()[-2:] == [("key_added", str(anna)), ("key_revoked", str(anna))]


def test_keys_are_forgotten_a_month_after_their_end(office: Office, anna: UUID) -> None:
    office.add_key(anna, "bottega_kept")
    office.revoke_key(anna, office.add_key(anna))
    office.pass_time(timedelta(days=31))
    office.purge()
    with office.database.reading() as tx:
        assert tx.connection.execute(select(func.count()).select_from(access_keys)).scalar_one() == 1
