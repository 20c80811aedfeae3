"""What cannot be read as an event is kept, byte for byte, and stops nothing."""

import pytest
from sqlalchemy import select

from bus.database import Database
from bus.inbox import Arrival, Inbox
from bus.parked import quarantined
from bus.tables import quarantine
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import Letter
from tests.waiting import wait_until

TEN_MEGABYTES = 10_000_000


def _good() -> bytes:
    return shop.body_of(shop.an_event())


UNREADABLE = {
    "not JSON": Letter(b'{"specversion": "1.0", '),
    "not a JSON object": Letter(b"[1, 2]"),
    "not UTF-8": Letter(b"\xff\xfe{}"),
    "content type is not JSON": Letter(_good(), content_type="text/plain"),
    "content type is not JSON ": Letter(_good(), content_type=None),
    "larger than 1048576 bytes": Letter(b" " * TEN_MEGABYTES),
    "not a CloudEvents 1.0 envelope": Letter(shop.body_of(shop.an_event(), specversion="2.0")),
    "data is not an object": Letter(shop.body_of(shop.an_event(), data=[1])),
    "source does not start with /bottega/": Letter(shop.body_of(shop.an_event(), source="shop")),
    "id is longer than 64 characters": Letter(shop.body_of(shop.an_event(id="x" * 65))),
    "id is not a printable string of 1 to 255 characters": Letter(shop.body_of(shop.an_event(), id=None)),
    "subject is not a printable string of 1 to 255 characters": Letter(shop.body_of(shop.an_event(), subject="\ud800")),
    "time is not RFC 3339": Letter(shop.body_of(shop.an_event(), time="yesterday")),
    "sequence is not a whole number": Letter(shop.body_of(shop.an_event(), sequence="-1")),
    "source and type are not those of the exchange and the routing key": Letter(
        shop.body_of(shop.an_event(source="ledger"))
    ),
    "user_id is missing or is not the operator of the source": Letter(_good(), user_id=None),
    "user_id is missing or is not the operator of the source ": Letter(_good(), user_id="admin"),
}
UNKNOWN_VERSION = "an event, or a version of one, that this service does not know"


def _inbox(database: Database) -> Inbox:
    inbox = Inbox("ledger", database)
    inbox.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, shop.enter)
    return inbox


def _arrival(letter: Letter) -> Arrival:
    return Arrival(letter.body, "shop.events", letter.routing_key, letter.content_type, letter.user_id)


@pytest.mark.parametrize("reason", UNREADABLE)
def test_an_unreadable_message_is_quarantined_with_the_reason(database: Database, reason: str) -> None:
    _inbox(database).record([_arrival(UNREADABLE[reason])])
    assert [row.reason for row in quarantined(database)] == [reason.strip()]


def test_a_version_that_is_not_known_is_quarantined(database: Database) -> None:
    unknown = shop.an_event(type="item.sold.v2")
    _inbox(database).record([_arrival(Letter(shop.body_of(unknown), routing_key="item.sold.v2"))])
    assert [row.reason for row in quarantined(database)] == [UNKNOWN_VERSION]


def test_the_bytes_in_quarantine_are_those_that_arrived(database: Database) -> None:
    body = b'\x00\xff"{'
    _inbox(database).record([_arrival(Letter(body))])
    with database.reading() as tx:
        row = tx.connection.execute(select(quarantine)).one()
    assert (row.body, row.size, row.exchange, row.user_id) == (body, len(body), "shop.events", "shop")


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 300])
def test_a_message_with_odd_names_around_it_is_quarantined_too(database: Database, name: str) -> None:
    Inbox("ledger", database).set_aside(Arrival(b"{}", name, name, name, name), "odd")
    assert [row.reason for row in quarantined(database)] == ["odd"]


def test_unreadable_messages_in_the_middle_of_good_ones_stop_none_of_them(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    unknown = Letter(shop.body_of(shop.an_event(type=shop.RETURNED.name)), routing_key=shop.RETURNED.name)
    letters = [Letter(shop.body_of(shop.an_event("a", 1))), *UNREADABLE.values(), unknown]
    rig.wire.deliver(rig.ledger, [*letters, Letter(shop.body_of(shop.an_event("a", 2)))])
    assert rig.await_entries(2) == [("a", 1), ("a", 2)]
    wait_until(lambda: len(quarantined(rig.ledger_database)) == len(UNREADABLE) + 1, "the quarantine to have them all")
    reasons = sorted(row.reason for row in quarantined(rig.ledger_database))
    assert reasons == sorted([*map(str.strip, UNREADABLE), UNKNOWN_VERSION])
