"""A small language for tests of the bus: a shop says what it sold, a ledger writes it down, a gate asks the shop."""

import json
from datetime import timedelta
from typing import Any

import uuid_utils.compat as uuid_utils
from marshmallow import fields, validate
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from bus.database import Database
from bus.envelope import Event, encoded
from bus.requests import Refused
from bus.tables import metadata as bus_metadata
from bus.times import now, written
from bus.transaction import Transaction
from contracts.wire import Command, EventType, Query, Refusal, StrictSchema, TolerantSchema

SERVICES = ("shop", "ledger", "gate")


class ItemFacts(TolerantSchema):
    number = fields.Integer(required=True, strict=True)


class Sell(StrictSchema):
    item = fields.String(required=True, validate=validate.Length(max=40))
    number = fields.Integer(required=True, validate=validate.Range(min=1))


class ByItem(StrictSchema):
    item = fields.String(required=True)


class Count(TolerantSchema):
    count = fields.Integer(required=True)


class SoldOut(Refusal):
    code = "sold_out"


SOLD = EventType("shop", "item.sold.v1", ItemFacts, {"number": 1}, "Something was sold.")
RETURNED = EventType("shop", "item.returned.v1", ItemFacts, {"number": 1}, "Something came back.")
COUNT = Query(
    "shop", "count", ByItem, Count, {"item": "a"}, {"count": 1}, "How many were sold.", callers=("gate",), public=True
)
SLOW = Query("shop", "slow", ByItem, Count, {"item": "a"}, {"count": 1}, "As count, slowly.", callers=("gate",))
SELL = Command(
    "shop", "sell", Sell, Count, {"item": "a", "number": 1}, {"count": 1}, "Sell.", callers=("gate",), tells_later=True
)
NOTE = Command(
    "ledger", "note", Sell, Count, {"item": "a", "number": 1}, {"count": 1}, "Write down.", callers=("shop",)
)
REQUESTS = (COUNT, SLOW, SELL, NOTE)

metadata = MetaData()
# No constraint keeps a row from being written twice: that is what the bus is tested for.
rows = Table(
    "shop_rows",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("item", String(255), nullable=False),
    Column("number", Integer, nullable=False),
)


def new_database(uri: str) -> Database:
    """An empty database with the tables of the bus and of the shop. Migrations have tests of their own."""
    database = Database(uri)
    with database.transaction() as tx:
        bus_metadata.create_all(tx.connection, checkfirst=False)
        metadata.create_all(tx.connection, checkfirst=False)
    return database


def write_down(tx: Transaction, item: str, number: int) -> None:
    tx.connection.execute(insert(rows).values(item=item, number=number))


def written_down(database: Database) -> list[tuple[str, int]]:
    """Pairs of item and number, in the order in which they were written."""
    with database.reading() as tx:
        found = tx.connection.execute(select(rows).order_by(rows.c.position)).all()
        return [(row.item, row.number) for row in found]


def sold(tx: Transaction, item: str, number: int, event: EventType = SOLD) -> None:
    """Record that the shop sold number ``number`` of ``item``; the item is the subject."""
    tx.record(event, subject=item, data={"number": number})


def enter(tx: Transaction, event: Event) -> None:
    """The ledger's handler: one row for each event."""
    write_down(tx, event.subject, event.data["number"])


def sell(tx: Transaction, item: str, number: int) -> dict[str, Any]:
    """The shop's command: a row and an event. The item "gone" is refused."""
    if item == "gone":
        raise SoldOut(item=item)
    write_down(tx, item, number)
    sold(tx, item, number)
    return {"count": number}


def note(tx: Transaction, item: str, number: int) -> dict[str, Any]:
    """The ledger's command."""
    write_down(tx, item, number)
    return {"count": number}


def regret(tx: Transaction, refused: Refused) -> None:
    """What the shop does about a sale that was refused later: it has the ledger write down what was wanted."""
    deadline = now() + timedelta(hours=1)
    tx.send(NOTE, idempotency_key=f"refused:{refused.key}", deadline=deadline, **refused.arguments)


def an_event(item: str = "a", number: int = 1, **changes: Any) -> Event:
    """An event of the shop as it travels; ``number`` is its sequence too, unless changed."""
    values: dict[str, Any] = {
        "id": str(uuid_utils.uuid7()),
        "source": "shop",
        "type": SOLD.name,
        "time": written(now()),
        "subject": item,
        "sequence": number,
        "data": {"number": number},
        "correlationid": str(uuid_utils.uuid7()),
    }
    return Event(**{**values, **changes})


def body_of(event: Event, **changes: Any) -> bytes:
    """What travels; ``changes`` are put into the envelope, and those that are None are left out."""
    envelope = {**json.loads(encoded(event)), **changes}
    return json.dumps({name: value for name, value in envelope.items() if value is not None}).encode()
