"""Signing in by password, by a provider, by a one-time link, on real databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from contracts.password import password_proof
from services.staff.domain import Role
from services.staff.errors import AddressTaken, NotFound
from services.staff.passwords import STRONG
from services.staff.tables import accounts, attempts, audit, links
from services.staff.tests.office import ANNA, KEY, RIGHT, WRONG, Office


def test_the_right_password_lets_in_with_role_and_partner(office: Office) -> None:
    account_id = office.add_with_password()
    member = office.sign_in()["member"]
    assert member == {
        "actor": {"id": account_id, "role": "operator", "partner": "orso"},
        "name": "Anna Bruno",
        "epoch": 1,
    }


def test_the_address_may_be_typed_in_capitals(office: Office) -> None:
    office.add_with_password()
    assert office.sign_in(email=" ANNA@Example.org ")["refused"] is None


def test_a_wrong_password_an_unknown_address_and_an_account_without_password_are_answered_alike(office: Office) -> None:
    office.add_with_password()
    office.add("bea@example.org")
    refused = {"member": None, "refused": "wrong_credentials", "seconds": None}
    assert office.sign_in(WRONG) == refused
    assert office.sign_in(email="nobody@example.org") == refused
    assert office.sign_in(email="bea@example.org") == refused


def test_an_unknown_address_costs_the_same_statements_as_a_wrong_password(office: Office) -> None:
    office.add_with_password()
    sent: list[str] = []
    event.listen(office.database.engine, "before_cursor_execute", lambda *seen: sent.append(seen[2]))
    office.sign_in(WRONG)
    known, sent[:] = list(sent), []
    office.sign_in(WRONG, "nobody@example.org")
    assert sent == known


def test_a_member_is_written_to_at_the_address_of_the_account_until_it_is_disabled(office: Office) -> None:
    account_id = office.add_with_password()
    assert office.reach_member(account_id) == {"name": "Anna Bruno", "email": ANNA, "language": "it"}
    office.disable()
    for gone in (account_id, uuid4()):
        with pytest.raises(NotFound):
            office.reach_member(gone)


def test_a_member_is_written_to_in_the_language_in_which_they_last_signed_in(office: Office) -> None:
    account_id, told = office.add_with_password(), []
    for language in ("en", None, "it"):
        office.sign_in_with(language=language)
        told.append(office.reach_member(account_id)["language"])
    assert told == ["en", "en", "it"]


def test_a_disabled_account_is_not_let_in_in_any_way(office: Office) -> None:
    account_id, token = office.add_with_password(), office.make_link()
    office.disable()
    assert office.sign_in()["refused"] == "wrong_credentials"
    assert office.sign_in_with()["refused"] == "no_account"
    assert office.use_link(token)["refused"] == "no_link"
    with pytest.raises(NotFound):
        office.get_member(account_id)


def test_an_account_that_is_enabled_again_is_let_in(office: Office) -> None:
    office.add_with_password()
    office.disable()
    office.enable()
    assert office.sign_in()["refused"] is None


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(office: Office) -> None:
    office.add_with_password()
    office.fail(5)
    assert office.sign_in() == {"member": None, "refused": "try_later", "seconds": 15}


def test_an_address_that_nobody_has_has_to_wait_as_well(office: Office) -> None:
    for _ in range(5):
        office.sign_in(WRONG, "nobody@example.org")
    assert office.sign_in(WRONG, "nobody@example.org")["refused"] == "try_later"


def test_after_the_wait_the_right_password_lets_in_and_clears_the_count(office: Office) -> None:
    office.add_with_password()
    office.fail(5)
    office.pass_time(timedelta(seconds=15))
    assert office.sign_in()["refused"] is None
    office.fail(4)
    assert office.sign_in()["refused"] is None


def test_the_link_and_the_provider_let_in_while_the_password_has_to_wait(office: Office) -> None:
    office.add_with_password()
    office.fail(5)
    assert office.sign_in_with()["refused"] is None
    assert office.use_link(office.make_link())["refused"] is None


def test_failures_at_the_same_time_are_all_counted(office: Office) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: office.sign_in(WRONG)["refused"], range(8)))
    assert sorted(answers) == ["try_later"] * 3 + ["wrong_credentials"] * 5


def test_a_provider_lets_in_only_who_has_an_account(office: Office) -> None:
    assert office.sign_in_with("nobody@example.org")["refused"] == "no_account"


def test_a_link_lets_in_once(office: Office) -> None:
    token = office.add()
    assert office.use_link(token)["refused"] is None
    assert office.use_link(token)["refused"] == "no_link"


def test_two_who_use_a_link_at_the_same_time_do_not_both_get_in(office: Office) -> None:
    token = office.add()
    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda _: office.use_link(token)["refused"], range(2)))
    assert sorted(answers, key=str) == [None, "no_link"]


def test_a_link_ends_after_a_day(office: Office) -> None:
    token = office.add()
    office.pass_time(timedelta(hours=24))
    assert office.use_link(token)["refused"] == "no_link"


def test_a_new_link_ends_the_one_before(office: Office) -> None:
    first = office.add()
    office.make_link()
    assert office.use_link(first)["refused"] == "no_link"


def test_a_link_that_never_was_lets_nobody_in(office: Office) -> None:
    assert office.use_link("made-up")["refused"] == "no_link"


def test_a_password_is_set_with_the_link_and_replaces_the_one_before(office: Office) -> None:
    office.add_with_password()
    office.use_link(office.make_link(), WRONG)
    assert office.sign_in(WRONG)["refused"] is None
    assert office.sign_in(RIGHT)["refused"] == "wrong_credentials"


def test_the_role_is_the_one_of_now(office: Office) -> None:
    account_id = office.add_with_password()
    with office.database.transaction() as tx:
        tx.connection.execute(accounts.update().values(role=Role.COORDINATOR, partner=None))
    assert office.get_member(account_id)["actor"] == {"id": account_id, "role": "coordinator", "partner": None}


def test_a_prescriber_comes_in_and_belongs_to_no_partner(office: Office) -> None:
    let_in = office.use_link(office.add(role=Role.PRESCRIBER, partner=None))
    actor = let_in["member"]["actor"]
    assert (actor["role"], actor["partner"]) == ("prescriber", None)


def test_an_account_that_never_was_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.get_member(uuid4())


def test_neither_password_nor_token_nor_a_strangers_address_is_kept(office: Office) -> None:
    token = office.add()
    office.use_link(token, RIGHT)
    office.sign_in(WRONG, "stranger@example.org")
    with office.database.reading() as tx:
        kept = "".join(str(tx.connection.execute(select(table)).all()) for table in (accounts, links, attempts, audit))
    assert "$argon2id$" in kept
    assert not [secret for secret in (token, RIGHT, WRONG, "stranger") if secret in kept]


def test_the_proof_of_a_password_is_the_same_however_its_accents_are_typed() -> None:
    assert password_proof(KEY, "perche\u0301 no") == password_proof(KEY, "perch\u00e9 no")


def test_every_way_in_and_every_refusal_is_in_the_audit(office: Office) -> None:
    account_id = str(office.add_with_password())
    office.sign_in()
    office.sign_in_with()
    office.fail(5)
    office.sign_in()
    office.sign_in_with("nobody@example.org")
    office.use_link("made-up")
    office.disable()
    assert office.actions() == [
        ("account_added", "operator:root"),
        ("link_made", "operator:root"),
        ("password_set", account_id),
        ("signed_in_by_link", account_id),
        ("signed_in", account_id),
        ("signed_in_with_provider", account_id),
        *[("refused_wrong_credentials", None)] * 5,
        ("refused_try_later", None),
        ("refused_no_account", None),
        ("refused_no_link", None),
        ("account_disabled", "operator:root"),
    ]


def test_the_address_of_an_account_is_taken_once(office: Office) -> None:
    office.add(ANNA)
    with pytest.raises(AddressTaken):
        office.add(ANNA.upper())


def test_a_password_is_kept_as_rfc_9106_recommends() -> None:
    kept = STRONG.hashed(RIGHT)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert STRONG.matches(kept, RIGHT)
    assert not STRONG.matches(None, RIGHT)


def test_a_new_password_and_a_disabled_account_begin_another_epoch(office: Office) -> None:
    account_id = office.add_with_password()
    before = office.get_member(account_id)["epoch"]
    office.use_link(office.make_link(), WRONG)
    office.disable()
    office.enable()
    assert office.get_member(account_id)["epoch"] == before + 2


def test_coming_in_by_a_link_alone_leaves_the_others_in(office: Office) -> None:
    account_id = office.add_with_password()
    office.use_link(office.make_link())
    assert office.get_member(account_id)["epoch"] == 1


@pytest.mark.parametrize(
    "email", ["a\x00b@example.org", "\ud800@example.org", "a\nb@example.org", "x" * 254, "' OR 1=1 --"]
)
def test_whatever_is_typed_as_an_address_is_just_nobodys(office: Office, email: str) -> None:
    assert office.sign_in(email=email)["refused"] == "wrong_credentials"
    assert office.sign_in_with(email)["refused"] == "no_account"
    assert office.use_link(email)["refused"] == "no_link"
