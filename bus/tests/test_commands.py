"""A command is carried out once for each idempotency key, whatever comes twice, together or too late."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bus.database import Database
from bus.requests import Refused, carry_out, outcome
from bus.tables import outbox, requests
from bus.tests import shop
from bus.times import now, written
from bus.transaction import Transaction
from contracts.wire import DeadlinePassed, InvalidArguments, KeyReused, Refusal

CLIENTS = 8


def _sell(database: Database, key: Any = "one", item: str = "a", number: int = 3, **more: Any) -> dict[str, Any]:
    arguments = {"idempotency_key": key, "deadline": written(now() + timedelta(hours=1)), "item": item}
    return carry_out(database, shop.SELL, {**arguments, "number": number, **more}, shop.sell, shop.regret)


def _regretted(database: Database) -> list[str]:
    """The subjects of the commands in the outbox that say what was refused."""
    with database.reading() as tx:
        return list(tx.connection.execute(select(outbox.c.subject).where(outbox.c.is_command)).scalars())


def test_the_same_key_with_the_same_arguments_gets_the_same_answer(database: Database) -> None:
    assert [_sell(database) for _ in range(2)] == [{"count": 3}] * 2
    assert shop.written_down(database) == [("a", 3)]


def test_the_same_key_with_another_deadline_is_the_same_command(database: Database) -> None:
    """Whoever tries again has a new deadline."""
    _sell(database)
    assert _sell(database, deadline=written(now() - timedelta(hours=1))) == {"count": 3}


def test_the_same_key_with_other_arguments_is_refused(database: Database) -> None:
    _sell(database)
    with pytest.raises(KeyReused):
        _sell(database, number=4)
    assert shop.written_down(database) == [("a", 3)]


def test_the_same_key_at_the_same_moment_has_one_effect(database: Database) -> None:
    together = threading.Barrier(CLIENTS, timeout=15)
    answers: list[dict[str, Any]] = []

    def client() -> None:
        together.wait()
        answers.append(_sell(database))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"count": 3}] * CLIENTS
    assert shop.written_down(database) == [("a", 3)]


def test_a_refusal_is_remembered_with_its_details(database: Database) -> None:
    refusals = []
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            _sell(database, item="gone")
        refusals.append((refused.value.code, refused.value.details))
    assert refusals == [("sold_out", {"item": "gone"})] * 2


def test_a_refused_command_is_not_tried_again_when_it_would_work_now(database: Database) -> None:
    def refuse(tx: Transaction, **_: Any) -> dict[str, Any]:
        raise shop.SoldOut

    arguments = {"idempotency_key": "one", "deadline": written(now() + timedelta(hours=1)), "item": "a", "number": 1}
    with pytest.raises(shop.SoldOut):
        carry_out(database, shop.SELL, arguments, refuse)
    with pytest.raises(Refusal, match="sold_out"):
        carry_out(database, shop.SELL, arguments, shop.sell)


def test_a_refused_command_has_no_effect(database: Database) -> None:
    def write_and_refuse(tx: Transaction, item: str, number: int) -> dict[str, Any]:
        shop.sell(tx, item, number)
        raise shop.SoldOut

    arguments = {"idempotency_key": "one", "deadline": written(now() + timedelta(hours=1)), "item": "a", "number": 1}
    with pytest.raises(shop.SoldOut):
        carry_out(database, shop.SELL, arguments, write_and_refuse)
    assert shop.written_down(database) == []
    with database.reading() as tx:
        assert tx.connection.execute(select(outbox)).all() == []


def test_a_command_that_failed_by_a_defect_can_be_tried_again(database: Database) -> None:
    def fail(tx: Transaction, **_: Any) -> dict[str, Any]:
        raise ZeroDivisionError

    arguments = {"idempotency_key": "one", "deadline": written(now() + timedelta(hours=1)), "item": "a", "number": 1}
    with pytest.raises(ZeroDivisionError):
        carry_out(database, shop.SELL, arguments, fail)
    assert carry_out(database, shop.SELL, arguments, shop.sell) == {"count": 1}


def test_a_command_whose_deadline_has_passed_is_not_carried_out(database: Database) -> None:
    with pytest.raises(DeadlinePassed):
        _sell(database, deadline=written(now() - timedelta(seconds=1)))
    assert shop.written_down(database) == []


@pytest.mark.parametrize("key", [None, "", 7, "x" * 201, "città", "a\nb", ["a"]])
def test_a_command_without_a_proper_key_is_refused(database: Database, key: Any) -> None:
    with pytest.raises(InvalidArguments) as refused:
        _sell(database, key)
    assert list(refused.value.details["fields"]) == ["idempotency_key"]


@pytest.mark.parametrize("deadline", [None, "", 7, "tomorrow", "2026-12-01T16:00:00", ["a"]])
def test_a_command_without_a_proper_deadline_is_refused(database: Database, deadline: Any) -> None:
    with pytest.raises(InvalidArguments) as refused:
        _sell(database, deadline=deadline)
    assert list(refused.value.details["fields"]) == ["deadline"]


def test_a_refusal_is_told_once_nobody_waits_for_it_and_not_before(database: Database) -> None:
    told = []
    for later in (False, True):
        with pytest.raises(Refusal):
            _sell(database, item="gone", **({"later": True} if later else {}))
        told.append(_regretted(database))
    assert told == [[], ["command/refused:one"]]


def test_a_command_that_comes_later_and_first_is_the_same_command(database: Database) -> None:
    assert [_sell(database, later=True), _sell(database)] == [{"count": 3}] * 2
    assert shop.written_down(database) == [("a", 3)]
    assert _regretted(database) == []


def test_a_refusal_that_comes_twice_is_told_by_one_key(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(Refusal):
            _sell(database, item="gone", later=True)
    assert set(_regretted(database)) == {"command/refused:one"}


def test_what_dies_while_a_refusal_is_told_has_not_remembered_it(database: Database) -> None:
    def die(tx: Transaction, refused: Refused) -> None:
        shop.regret(tx, refused)
        raise SystemExit

    arguments = {"idempotency_key": "one", "deadline": written(now() + timedelta(hours=1)), "item": "gone", "number": 1}
    with pytest.raises(SystemExit):
        carry_out(database, shop.SELL, {**arguments, "later": True}, shop.sell, die)
    with database.reading() as tx:
        assert outcome(tx, "one") == {"done": False, "result": None, "refusal": None}
    assert _regretted(database) == []


@pytest.mark.parametrize("later", ["yes", 1, None])
def test_a_command_says_later_by_true_or_not_at_all(database: Database, later: Any) -> None:
    with pytest.raises(InvalidArguments) as refused:
        _sell(database, later=later)
    assert list(refused.value.details["fields"]) == ["later"]


def test_the_answers_that_are_kept_hold_no_arguments(database: Database) -> None:
    """They may be personal data: only a hash of them is kept."""
    _sell(database, item="giulia@example.org")
    with database.reading() as tx:
        assert "giulia" not in str(tx.connection.execute(select(requests)).all())


def test_the_outcome_of_a_command_can_be_asked_for(database: Database) -> None:
    _sell(database, "carried out")
    with pytest.raises(Refusal):
        _sell(database, "refused", item="gone")
    with database.reading() as tx:
        assert outcome(tx, "carried out") == {"done": True, "result": {"count": 3}, "refusal": None}
        assert outcome(tx, "refused") == {"done": True, "result": None, "refusal": "sold_out"}
        assert outcome(tx, "unknown") == {"done": False, "result": None, "refusal": None}
