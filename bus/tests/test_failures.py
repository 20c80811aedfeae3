"""What fails is tried again or set aside, and holds up nothing but its own subject."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bus import parked
from bus.database import Database
from bus.envelope import Event
from bus.failures import Permanent
from bus.inbox import Handler
from bus.parked import NotParked, Parked
from bus.tables import audit
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import Letter
from bus.transaction import Transaction
from tests.waiting import wait_until

Refuses = Callable[[Event], bool]


def _number_one(event: Event) -> bool:
    return event.subject == "a" and event.data["number"] == 1


def _failing_at_first(refuses: Refuses, times: int = 1) -> Handler:
    """The ledger's handler, which fails ``times`` times for each event that ``refuses``, after its effect."""
    tried: Counter[str] = Counter()

    def handler(tx: Transaction, event: Event) -> None:
        shop.enter(tx, event)
        tried[event.id] += 1
        if refuses(event) and tried[event.id] <= times:
            raise ZeroDivisionError

    return handler


def _parking(refuses: Refuses) -> Handler:
    def handler(tx: Transaction, event: Event) -> None:
        shop.enter(tx, event)
        if refuses(event):
            raise Permanent("it cannot be")

    return handler


def _await_parked(rig: Rig, behind: int = 0) -> Parked:
    def found() -> list[Parked]:
        return [each for each in parked.parked(rig.ledger_database) if each.behind == behind]

    return wait_until(found, "a parked event")[0]


def test_a_later_event_of_the_subject_waits_for_one_that_is_tried_again(rig: Rig) -> None:
    # The first attempt is one of all together, the second one of each alone: the third comes after a delay.
    rig.ledger.on(shop.SOLD, _failing_at_first(_number_one, times=3))
    rig.start()
    rig.sell("a", 1, 2, 3)
    assert rig.await_entries(3) == [("a", 1), ("a", 2), ("a", 3)]


def test_other_subjects_go_on_while_one_is_tried_again(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, _failing_at_first(_number_one, times=4))
    rig.start()
    rig.sell("a", 1)
    rig.sell("b", 1)
    rig.sell("a", 2)
    rig.sell("c", 1)
    entries = rig.await_entries(4)
    assert entries[:2] == [("b", 1), ("c", 1)]
    assert entries[2:] == [("a", 1), ("a", 2)]


def test_a_permanent_failure_parks_the_event_and_holds_only_its_subject(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, _parking(_number_one))
    rig.start()
    rig.sell("a", 1, 2)
    rig.sell("b", 1, 2)
    wait_until(lambda: rig.entries() == [("b", 1), ("b", 2)], "the events of subject b, and no others")
    found = _await_parked(rig, behind=1)
    assert (found.subject, found.attempts, found.error) == ("a", 1, "Permanent: it cannot be")


def test_data_that_does_not_fit_the_schema_parks_the_event(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    rig.wire.deliver(rig.ledger, [Letter(shop.body_of(shop.an_event(), data={"number": "many"}))])
    assert _await_parked(rig).error == "Permanent: fields: number"


def test_a_failing_event_in_the_middle_of_a_batch_stops_none_of_the_others(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, _parking(_number_one))
    rig.sell("b", *range(20))
    rig.sell("a", 1)
    rig.sell("c", *range(20))
    rig.start()
    wait_until(lambda: len(rig.entries()) == 40, "the other events")
    assert _await_parked(rig).subject == "a"
    assert [item for item, _ in rig.entries()].count("a") == 0


def test_replaying_a_parked_event_releases_its_subject_in_order(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, _parking(_number_one))
    rig.start()
    rig.sell("a", 1, 2)
    event_id = _await_parked(rig, behind=1).event_id
    rig.ledger.on(shop.SOLD, shop.enter)
    parked.replay(rig.ledger_database, event_id, "ada")
    assert rig.await_entries(2) == [("a", 1), ("a", 2)]


def test_dropping_a_parked_event_releases_its_subject_without_it(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, _parking(_number_one))
    rig.start()
    rig.sell("a", 1, 2)
    parked.drop(rig.ledger_database, _await_parked(rig, behind=1).event_id, "ada")
    assert rig.await_entries(1) == [("a", 2)]


@pytest.mark.parametrize(("act", "action"), [(parked.replay, "replay"), (parked.drop, "drop")])
def test_what_an_operator_does_to_a_parked_event_is_audited(
    embedded_rig: Rig, act: Callable[..., None], action: str
) -> None:
    rig = embedded_rig
    rig.ledger.on(shop.SOLD, _parking(_number_one))
    rig.start()
    rig.sell("a", 1)
    event_id = _await_parked(rig).event_id
    act(rig.ledger_database, event_id, "ada")
    with rig.ledger_database.reading() as tx:
        entry = tx.connection.execute(select(audit)).one()
    assert (entry.operator, entry.action, entry.source, entry.event_id) == ("ada", action, "shop", event_id)


def test_what_is_not_parked_cannot_be_replayed(database: Database) -> None:
    with pytest.raises(NotParked):
        parked.replay(database, "no such event", "ada")
