"""One process leads for each database; when it ends or hangs, another takes over."""

from collections.abc import Callable

from bus.database import Database
from bus.leader import leadership
from bus.tests import shop
from bus.tests.rig import Rig
from tests.servers import PostgreSQL
from tests.waiting import wait_until


def test_only_one_leads(database: Database) -> None:
    first, second = leadership(database), leadership(database)
    assert first.take()
    assert not second.take()
    first.give_up()


def test_who_takes_over_leads_and_the_former_does_not(database: Database) -> None:
    first, second = leadership(database), leadership(database)
    first.take()
    first.give_up()
    assert second.take()
    assert (first.held(), second.held()) == (False, True)
    second.give_up()


def test_databases_have_leaders_of_their_own(database: Database, new_uri: Callable[[], str]) -> None:
    other = Database(new_uri())
    both = leadership(database), leadership(other)
    assert [each.take() for each in both] == [True, True]
    for each in both:
        each.give_up()
    other.close()


def test_a_leader_whose_session_was_cut_knows_that_it_leads_no_more(
    postgres: PostgreSQL, postgres_database: Database
) -> None:
    leader = leadership(postgres_database)
    leader.take()
    with postgres.superuser() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = %s)",
            [postgres_database.engine.url.database],
        )
    assert not leader.held()
    assert leader.take()
    leader.give_up()


def test_when_the_leader_stops_another_goes_on(remote_rig: Rig) -> None:
    rig, other = remote_rig, remote_rig.new_node("ledger")
    for node in (rig.ledger, other):
        node.on(shop.SOLD, shop.enter)
    rig.start(rig.shop, rig.ledger, other)
    wait_until(lambda: rig.ledger.leads or other.leads, "one of them to lead")
    leader, follower = (rig.ledger, other) if rig.ledger.leads else (other, rig.ledger)
    rig.sell("a", *range(10))
    rig.stop(leader)
    rig.sell("a", *range(10, 20))
    assert rig.await_entries(20) == [("a", number) for number in range(20)]
    assert (leader.leads, follower.leads) == (False, True)


def test_who_does_not_lead_answers_requests_too(remote_rig: Rig) -> None:
    rig, other = remote_rig, remote_rig.new_node("shop")
    answered: set[int] = set()
    for number, node in enumerate((rig.shop, other)):
        node.answering.serve(shop.COUNT, lambda tx, item, number=number: {"count": number})
    rig.start(rig.shop, rig.gate)
    wait_until(lambda: rig.shop.leads, "the first to lead")
    rig.start(other)

    def both_answered() -> bool:
        answered.add(rig.gate.client.ask(shop.COUNT, item="a", timeout=10)["count"])
        return answered == {0, 1}

    wait_until(both_answered, "an answer from each")
    assert not other.leads
