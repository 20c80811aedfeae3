"""Accounts at the desk: what coordinators do with them, and what nobody does."""

from uuid import UUID, uuid4

import pytest

from contracts.secret import digest
from contracts.wire import KeyReused
from services.staff import accounts
from services.staff.domain import Role
from services.staff.errors import AddressTaken, InvalidArguments, NotFound, NotPermitted, OwnAccount
from services.staff.tests.office import ANNA, BEA, Office

TOKEN = "a-token-made-elsewhere"


def test_a_new_account_comes_in_by_the_link_whose_digest_was_said(office: Office, carla: UUID) -> None:
    added = office.do(accounts.add_account, carla, **BEA, digest=digest(TOKEN))
    member = office.use_link(TOKEN)["member"]
    assert (member["actor"]["id"], member["name"]) == (added["id"], "Bea Gallo")


def test_the_answer_to_a_command_names_nobody(office: Office, carla: UUID) -> None:
    assert office.do(accounts.add_account, carla, **BEA, digest=digest(TOKEN)).keys() == {"id"}


def test_a_prescriber_belongs_to_no_partner(office: Office, carla: UUID) -> None:
    facts = {**BEA, "role": "prescriber", "digest": digest(TOKEN)}
    with pytest.raises(InvalidArguments):
        office.do(accounts.add_account, carla, **facts)
    assert office.do(accounts.add_account, carla, **{**facts, "partner": None})


def test_an_address_is_one_accounts(office: Office, carla: UUID, anna: UUID) -> None:
    with pytest.raises(AddressTaken):
        office.do(accounts.add_account, carla, **{**BEA, "email": ANNA.upper()}, digest=digest(TOKEN))


def test_a_new_link_ends_those_before_it(office: Office, carla: UUID, anna: UUID) -> None:
    before = office.make_link()
    office.do(accounts.renew_link, carla, account_id=anna, digest=digest(TOKEN))
    assert office.use_link(before)["refused"] == "no_link"
    assert office.use_link(TOKEN)["member"]


def test_a_disabled_account_gets_no_link_until_it_is_enabled(office: Office, carla: UUID, anna: UUID) -> None:
    office.do(accounts.disable_account, carla, account_id=anna)
    with pytest.raises(NotFound):
        office.do(accounts.renew_link, carla, account_id=anna, digest=digest(TOKEN))
    office.do(accounts.enable_account, carla, account_id=anna)
    assert office.do(accounts.renew_link, carla, account_id=anna, digest=digest(TOKEN))


def test_a_link_that_there_was_is_none_again(office: Office, carla: UUID, anna: UUID) -> None:
    office.do(accounts.renew_link, carla, account_id=anna, digest=digest(TOKEN))
    office.use_link(TOKEN)
    with pytest.raises(KeyReused):
        office.do(accounts.renew_link, carla, account_id=anna, digest=digest(TOKEN))
    assert office.use_link(TOKEN)["refused"] == "no_link"


def test_another_role_counts_at_once_and_is_noted_once(office: Office, carla: UUID, anna: UUID) -> None:
    for _ in range(2):
        office.do(accounts.change_role, carla, account_id=anna, role="coordinator", partner=None)
    assert office.get_member(anna)["actor"] == {"id": anna, "role": Role.COORDINATOR, "partner": None}
    assert office.actions().count(("role_changed", str(carla))) == 1


@pytest.mark.parametrize(("role", "partner"), [("operator", None), ("prescriber", "orso"), ("viewer", "Orso & C.")])
def test_a_role_goes_with_a_partner_or_with_none(
    office: Office, carla: UUID, anna: UUID, role: str, partner: str | None
) -> None:
    with pytest.raises(InvalidArguments):
        office.do(accounts.change_role, carla, account_id=anna, role=role, partner=partner)


def test_of_two_coordinators_who_make_each_other_viewers_one_stays(office: Office, carla: UUID) -> None:
    dora = office.coordinator("dora@example.org")
    with pytest.raises(OwnAccount):
        office.do(accounts.change_role, carla, account_id=carla, role="viewer", partner="orso")
    office.do(accounts.change_role, carla, account_id=dora, role="viewer", partner="orso")
    with pytest.raises(NotPermitted):
        office.do(accounts.change_role, dora, account_id=carla, role="viewer", partner="orso")


def test_nobody_disables_the_own_account(office: Office, carla: UUID) -> None:
    with pytest.raises(OwnAccount):
        office.do(accounts.disable_account, carla, account_id=carla)


def test_of_two_coordinators_who_disable_each_other_one_stays(office: Office, carla: UUID) -> None:
    dora = office.coordinator("dora@example.org")
    office.do(accounts.disable_account, carla, account_id=dora)
    with pytest.raises(NotPermitted):
        office.do(accounts.disable_account, dora, account_id=carla)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER, Role.PRESCRIBER])
def test_who_is_no_coordinator_sees_and_does_nothing(office: Office, carla: UUID, role: Role) -> None:
    partner = None if role is Role.PRESCRIBER else "orso"
    by = UUID(str(office.use_link(office.add(ANNA, role, partner))["member"]["actor"]["id"]))
    about = {"account_id": carla}
    with pytest.raises(NotPermitted):
        office.list_accounts(by)
    with pytest.raises(NotPermitted):
        office.get_account(by, by)
    with pytest.raises(NotPermitted):
        office.do(accounts.add_account, by, **BEA, digest=digest(TOKEN))
    with pytest.raises(NotPermitted):
        office.do(accounts.renew_link, by, **about, digest=digest(TOKEN))
    with pytest.raises(NotPermitted):
        office.do(accounts.change_role, by, account_id=by, role="coordinator", partner=None)
    for usecase in (accounts.disable_account, accounts.enable_account):
        with pytest.raises(NotPermitted):
            office.do(usecase, by, **about)


def test_an_account_that_is_none_is_not_found(office: Office, carla: UUID) -> None:
    with pytest.raises(NotFound):
        office.get_account(carla, uuid4())
    with pytest.raises(NotFound):
        office.do(accounts.disable_account, carla, account_id=uuid4())


def test_accounts_are_listed_page_by_page_without_addresses_in_the_cursor(office: Office, carla: UUID) -> None:
    for name in ("a", "b"):
        office.add(f"{name}@example.org")
    first = office.list_accounts(carla, limit=2)
    rest = office.list_accounts(carla, after=first["next"])
    assert [each["email"][0] for each in (*first["items"], *rest["items"])] == ["a", "b", "c"]
    assert isinstance(first["next"], UUID)
    assert rest["next"] is None


def test_an_account_says_whether_it_has_a_password_and_not_which(office: Office, carla: UUID, anna: UUID) -> None:
    shown = office.get_account(carla, anna)
    assert shown["has_password"]
    assert not office.get_account(carla, carla)["has_password"]
    assert "argon2" not in str(shown)


def test_who_did_it_is_in_the_audit(office: Office, carla: UUID, anna: UUID) -> None:
    office.do(accounts.disable_account, carla, account_id=anna)
    office.do(accounts.enable_account, carla, account_id=anna)
    assert office.actions()[-2:] == [("account_disabled", str(carla)), ("account_enabled", str(carla))]
