"""Booking alone in a process, on the embedded bus, as test_service.py starts it: asks everything that can be asked.

Takes the URI of an empty database, and the address of a web server with a calendar; prints the answers as JSON. Nameko
needs green threads in the whole process, which would not suit the other tests: hence a program.
"""

from bus.green import patch

patch()

import json  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from datetime import timedelta  # noqa: E402
from ipaddress import ip_network  # noqa: E402
from typing import Any  # noqa: E402
from uuid import UUID, uuid4  # noqa: E402

from sqlalchemy import select  # noqa: E402

from bus.client import Client  # noqa: E402
from bus.database import Database  # noqa: E402
from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, Part  # noqa: E402
from bus.migrations import upgrade  # noqa: E402
from bus.node import Node  # noqa: E402
from bus.times import now  # noqa: E402
from contracts import booking  # noqa: E402
from contracts.wire import Refusal  # noqa: E402
from services.booking import store, usecases  # noqa: E402
from services.booking.calendars.fetching import Trust, fetch  # noqa: E402
from services.booking.config import MIGRATIONS, Settings  # noqa: E402
from services.booking.service import BookingService  # noqa: E402
from services.booking.tables import reservations  # noqa: E402
from services.booking.tests.examples import (  # noqa: E402
    DAY,
    OPERATOR,
    ORSO,
    PERSON_KEY,
    SECRET_KEY,
    a_draft,
    a_reservation,
    a_session,
)
from tests.waiting import wait_until  # noqa: E402

ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
GIULIA: dict[str, Any] = {"name": "Giulia", "email": "giulia@example.org", "language": "it", "consent": True}


def publish(database: Database) -> str:
    start = now() + DAY
    with database.transaction() as tx:
        usecases.add_partner(tx, ORSO)
        draft = a_draft(starts_at=start, ends_at=start + timedelta(hours=1))
        return str(usecases.publish_session(tx, now(), draft)["id"])


def remember_somebody_for_too_long(database: Database) -> None:
    past = replace(a_session(id=uuid4()), starts_at=now() - 92 * DAY, ends_at=now() - 91 * DAY)
    with database.transaction() as tx:
        store.insert_session(tx, past)
        store.insert_reservation(tx, a_reservation(past), "Omar", "omar@example.org")


def keep_a_session_for_too_long(database: Database) -> UUID:
    session = replace(a_session(id=uuid4()), starts_at=now() - 732 * DAY, ends_at=now() - 731 * DAY)
    with database.transaction() as tx:
        store.insert_session(tx, session)
    return session.id


def is_there(database: Database, session_id: UUID) -> bool:
    with database.reading() as tx:
        return store.session(tx, session_id) is not None


def look_at_a_calendar(client: Client, address: str) -> dict[str, Any]:
    """Enter a calendar whose server keeps us waiting, until we say that we are ready: we are not kept from anything."""
    terms: dict[str, Any] = {"partner": ORSO.id, "name": "corsi", "language": "it", "capacity": 2}
    who: dict[str, Any] = {"actor": {**OPERATOR, "id": str(OPERATOR["id"])}}
    terms |= {"url": f"{address}/held", "room_url": "https://meet.example.org/orso", **who}
    entered = client.command(booking.FOLLOW_CALENDAR, idempotency_key="five", deadline=now() + DAY, **terms)
    whole = Trust(networks=ANYWHERE)
    wait_until(lambda: fetch(f"{address}/asked", whole).body == b"/held", "the calendar to be asked for")
    fetch(f"{address}/release", whole)
    asked = {"calendar_id": entered["id"], **who}
    wait_until(lambda: client.ask(booking.GET_CALENDAR, **asked)["preview"], "the calendar to be read")
    return client.ask(booking.GET_CALENDAR, **asked)


def names(database: Database) -> list[str | None]:
    with database.reading() as tx:
        return list(tx.connection.execute(select(reservations.c.name)).scalars())


def ask_everything(client: Client, session_id: str) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "list": client.ask(booking.LIST_SESSIONS, language="it"),
        "session": client.ask(booking.GET_SESSION, session_id=session_id),
        "partners": client.ask(booking.LIST_PARTNERS),
    }
    command: dict[str, Any] = {"deadline": now() + DAY, "session_id": session_id}
    reserved = client.command(booking.RESERVE_SEAT, idempotency_key="one", **command, **GIULIA)
    answers["reserved"] = reserved
    answers["again"] = client.command(booking.RESERVE_SEAT, idempotency_key="one", **command, **GIULIA)
    answers["outcome"] = client.ask(booking.GET_OUTCOME, idempotency_key="one")
    (letter,) = client.ask(booking.DESCRIBE_RESERVATIONS, reservation_ids=[reserved["id"]])["items"]
    mine: dict[str, Any] = {"reservation_id": reserved["id"], "token": letter["token"]}
    answers["mine"] = client.ask(booking.GET_RESERVATION, **mine)
    answers["given back"] = client.command(
        booking.CANCEL_RESERVATION, idempotency_key="two", deadline=now() + DAY, **mine
    )
    answers["called off"] = client.command(booking.CANCEL_SESSION, idempotency_key="three", **command)
    answers["refused"] = refusal(client, idempotency_key="four", **command, **GIULIA)
    return answers


def refusal(client: Client, **arguments: Any) -> list[Any]:
    try:
        return [client.command(booking.RESERVE_SEAT, **arguments)]
    except Refusal as refused:
        return [refused.code, refused.details]


def main(uri: str, address: str) -> None:
    database = Database(uri)
    upgrade(database, MIGRATIONS)
    session_id = publish(database)
    remember_somebody_for_too_long(database)
    old = keep_a_session_for_too_long(database)
    bus = EmbeddedBus()
    node = Node("booking", bus, database)
    settings = Settings(database_uri=uri, person_key=PERSON_KEY, secret_key=SECRET_KEY, calendar_networks=ANYWHERE)
    host = Host([Part(BookingService, settings, node)])
    host.start()
    answers = ask_everything(node.client, session_id)
    answers["calendar"] = look_at_a_calendar(node.client, address)
    wait_until(lambda: not is_there(database, old), "the timer to delete what is long over")
    wait_until(lambda: not any(names(database)), "the timer to forget who booked long ago")
    host.stop()
    print(json.dumps(answers))  # noqa: T201 (that is what it is for)


if __name__ == "__main__":
    main(*sys.argv[1:])
