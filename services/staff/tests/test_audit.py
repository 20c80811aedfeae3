"""The audit of accounts: that nothing is left out of it, who may read it, and who learns names; on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bus.cursors import packed
from contracts import staff
from contracts.secret import digest
from contracts.wire import Command
from services.staff import accounts, reading
from services.staff.domain import Role
from services.staff.errors import InvalidArguments, NotPermitted
from services.staff.tests.office import ANNA, BEA, RIGHT, WRONG, Office

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def read(office: Office, by: UUID, **wanted: Any) -> dict[str, Any]:
    with office.database.reading() as tx:
        return reading.list_entries(tx, by=by, **wanted)


def did(office: Office, by: UUID, **wanted: Any) -> list[str]:
    return [item["action"] for item in read(office, by, **wanted)["items"]]


def names(office: Office, by: UUID, *account_ids: UUID) -> list[str]:
    with office.database.reading() as tx:
        return [item["name"] for item in reading.name_members(tx, by=by, account_ids=account_ids)["items"]]


def colleagues(office: Office, by: UUID) -> list[str]:
    with office.database.reading() as tx:
        return [item["name"] for item in reading.list_colleagues(tx, by=by)["items"]]


# -- nothing is left out


def _about_anna(usecase: Callable[..., Any]) -> Callable[[Office, UUID, UUID], Any]:
    def do(office: Office, carla: UUID, anna: UUID) -> Any:
        if usecase is accounts.enable_account:
            office.do(accounts.disable_account, carla, account_id=anna)
        arguments = {"digest": digest("a token")} if usecase is accounts.renew_link else {}
        return office.do(usecase, carla, account_id=anna, **arguments)

    return do


# How each command is given, by its name in the contract, and what the audit says of it: the action, and who did it.
WAYS: dict[str, list[tuple[Callable[[Office, UUID, UUID], Any], str, str]]] = {
    "sign_in": [
        (lambda office, _carla, _anna: office.sign_in(), "signed_in", "anna"),
        (lambda office, _carla, _anna: office.sign_in(WRONG), "refused_wrong_credentials", ""),
        (lambda office, _carla, _anna: office.sign_in(email="x@example.org"), "refused_wrong_credentials", ""),
    ],
    "sign_in_with": [
        (lambda office, _carla, _anna: office.sign_in_with(), "signed_in_with_provider", "anna"),
        (lambda office, _carla, _anna: office.sign_in_with("x@example.org"), "refused_no_account", ""),
    ],
    "use_link": [
        (lambda office, _carla, _anna: office.use_link(office.make_link(), RIGHT), "signed_in_by_link", "anna"),
        (lambda office, _carla, _anna: office.use_link("x"), "refused_no_link", ""),
    ],
    "add_key": [(lambda office, _carla, anna: office.add_key(anna), "key_added", "anna")],
    "revoke_key": [(lambda office, _carla, anna: office.revoke_key(anna, office.add_key(anna)), "key_revoked", "anna")],
    "add_account": [
        (lambda office, carla, _: office.do(accounts.add_account, carla, **BEA, digest="0" * 64), "link_made", "carla")
    ],
    "change_role": [
        (
            lambda office, carla, anna: office.do(
                accounts.change_role, carla, account_id=anna, role="viewer", partner="orso"
            ),
            "role_changed",
            "carla",
        )
    ],
    "renew_link": [(_about_anna(accounts.renew_link), "link_made", "carla")],
    "disable_account": [(_about_anna(accounts.disable_account), "account_disabled", "carla")],
    "enable_account": [(_about_anna(accounts.enable_account), "account_enabled", "carla")],
}


@pytest.mark.parametrize("command", [request.name for request in staff.REQUESTS if isinstance(request, Command)])
def test_every_command_leaves_a_row_of_who_did_it(office: Office, carla: UUID, anna: UUID, command: str) -> None:
    who = {"anna": anna, "carla": carla, "": None}
    for give, action, by in WAYS[command]:
        give(office, carla, anna)
        (newest,) = read(office, carla, limit=1)["items"]
        assert (newest["action"], newest["by"], newest["operator"]) == (action, who[by], False)
        assert action in staff.ENTRY_ACTIONS


# -- reading it


def test_a_coordinator_finds_entries_by_account_and_time(office: Office, carla: UUID, anna: UUID) -> None:
    office.pass_time(HOUR)
    office.do(accounts.disable_account, carla, account_id=anna)
    assert did(office, carla, account_id=anna)[0] == "account_disabled"  # about her
    assert did(office, carla, account_id=carla)[0] == "account_disabled"  # by her
    assert did(office, carla, account_id=uuid4()) == []
    assert did(office, carla, done_from=office.now) == ["account_disabled"]
    assert "account_disabled" not in did(office, carla, done_before=office.now)


def test_what_was_done_at_the_command_line_names_no_account(office: Office, carla: UUID) -> None:
    added = read(office, carla)["items"][-1]
    assert (added["action"], added["by"], added["operator"]) == ("account_added", None, True)
    assert "root" not in str(added)


def test_an_operator_reads_what_concerns_the_own_account(office: Office, carla: UUID, anna: UUID) -> None:
    office.sign_in_with("carla@example.org")
    office.sign_in(WRONG)
    assert did(office, anna)[0] == "refused_wrong_credentials"
    assert {item["account_id"] for item in read(office, anna)["items"]} == {anna}
    with pytest.raises(NotPermitted):
        read(office, anna, account_id=carla)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PRESCRIBER])
def test_others_read_nothing_and_learn_no_names(office: Office, carla: UUID, role: Role) -> None:
    partner = None if role is Role.PRESCRIBER else "orso"
    by = UUID(str(office.use_link(office.add(ANNA, role, partner))["member"]["actor"]["id"]))
    for ask in (read, names, colleagues):
        with pytest.raises(NotPermitted):
            ask(office, by)


def test_who_is_shut_out_reads_nothing(office: Office, carla: UUID) -> None:
    office.disable("carla@example.org")
    with pytest.raises(NotPermitted):
        read(office, carla)


def test_pages_follow_each_other_though_all_was_done_at_once(office: Office, carla: UUID) -> None:
    for _ in range(5):
        office.sign_in_with("carla@example.org")
    seen, after = [], None
    while True:
        page = read(office, carla, after=after, limit=3)
        seen += [item["action"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [*["signed_in_with_provider"] * 5, "signed_in_by_link", "link_made", "account_added"]


NOT_OURS = ["x", "1", "1-", "-1-1", f"1-{2**63}", f"{10**30}-1", "1-²"]
NO_POSITION = [packed(NOON, text) for text in ("0", f"{2**63}", "²")]


@pytest.mark.parametrize("cursor", [*NOT_OURS, *NO_POSITION])
def test_a_cursor_that_is_not_ours_is_refused(office: Office, carla: UUID, cursor: str) -> None:
    with pytest.raises(InvalidArguments):
        read(office, carla, after=cursor)


# -- names


def test_several_members_are_named_at_once_also_those_who_left(office: Office, carla: UUID, anna: UUID) -> None:
    office.disable()
    bea = office.do(accounts.add_account, carla, **BEA, digest="0" * 64)["id"]
    assert names(office, carla, anna, bea, uuid4()) == ["Anna Bruno", "Bea Gallo"]
    assert names(office, bea, anna) == ["Anna Bruno"]


def test_an_operator_has_the_colleagues_of_the_own_partner(office: Office, carla: UUID, anna: UUID) -> None:
    office.do(accounts.add_account, carla, **{**BEA, "partner": "small"}, digest="0" * 64)
    office.do(accounts.add_account, carla, **{**BEA, "email": "a@b.it", "name": "Aldo Conti"}, digest="1" * 64)
    assert colleagues(office, anna) == ["Aldo Conti", "Anna Bruno"]
    assert sorted(colleagues(office, carla)) == ["Aldo Conti", "Anna Bruno", "Anna Bruno", "Bea Gallo"]


def test_the_pages_are_what_the_contract_says(office: Office, carla: UUID) -> None:
    assert not staff.EntryPage().validate(staff.LIST_ENTRIES.result().dump(read(office, carla)))
