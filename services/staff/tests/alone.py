"""Staff alone in a process, on the embedded bus, as test_service.py starts it: asks everything that can be asked.

Takes the URI of an empty database; prints the answers as JSON. Nameko needs green threads in the whole process, which
would not suit the other tests: hence a program.
"""

from bus.green import patch

patch()

import json  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from datetime import timedelta  # noqa: E402
from typing import Any  # noqa: E402

from bus.client import Client  # noqa: E402
from bus.database import Database  # noqa: E402
from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, Part  # noqa: E402
from bus.migrations import upgrade  # noqa: E402
from bus.node import Node  # noqa: E402
from bus.times import now  # noqa: E402
from contracts import staff  # noqa: E402
from contracts.wire import Command  # noqa: E402
from services.staff.config import MIGRATIONS, Settings  # noqa: E402
from services.staff.domain import Role  # noqa: E402
from services.staff.service import StaffService  # noqa: E402
from services.staff.tests.office import ANNA, RIGHT, WRONG, Office  # noqa: E402


def doing(client: Client) -> Callable[..., dict[str, Any]]:
    """A function that gives the answer to a command, by its key."""

    def do(command: Command, key: str, **arguments: Any) -> dict[str, Any]:
        deadline = now() + timedelta(minutes=1)
        return client.command(command, idempotency_key=key, deadline=deadline, **arguments)

    return do


def ask_everything(client: Client, token: str) -> dict[str, Any]:
    """What somebody with an account asks, who has the link with this token."""
    do = doing(client)
    answers = {
        "by link": do(staff.USE_LINK, "one", token=token, password=RIGHT),
        "wrong": do(staff.SIGN_IN, "two", email=ANNA, password=WRONG),
        "right": do(staff.SIGN_IN, "three", email=ANNA, password=RIGHT),
        "provider": do(staff.SIGN_IN_WITH, "four", email=ANNA),
    }
    account_id = answers["right"]["member"]["actor"]["id"]
    key_id = do(staff.ADD_KEY, "five", account_id=account_id, name="Agenda", digest="0" * 64)["id"]
    answers |= {
        "by key": client.ask(staff.USE_KEY, digest="0" * 64),
        "keys": client.ask(staff.LIST_KEYS, account_id=account_id)["items"],
        "revoked": do(staff.REVOKE_KEY, "six", account_id=account_id, key_id=key_id),
        "contact": client.ask(staff.REACH_MEMBER, account_id=account_id),
    }
    return {**answers, "member": client.ask(staff.GET_MEMBER, account_id=account_id)}


def look_after_accounts(client: Client, token: str) -> dict[str, Any]:
    """What a coordinator asks about accounts and what was done, who has the link with this token."""
    do = doing(client)
    by = do(staff.USE_LINK, "seven", token=token, password=None)["member"]["actor"]["id"]
    facts = {"name": "Bea Gallo", "email": "bea@example.org", "role": "operator", "partner": "orso"}
    added = do(staff.ADD_ACCOUNT, "eight", by=by, **facts, digest="1" * 64)
    about = {"by": by, "account_id": added["id"]}
    return {
        "added": added,
        "link": do(staff.RENEW_LINK, "nine", **about, digest="2" * 64),
        "role": do(staff.CHANGE_ROLE, "ten", **about, role="viewer", partner="orso"),
        "closed": do(staff.DISABLE_ACCOUNT, "eleven", **about),
        "opened": do(staff.ENABLE_ACCOUNT, "twelve", **about),
        "account": client.ask(staff.GET_ACCOUNT, **about),
        "accounts": client.ask(staff.LIST_ACCOUNTS, by=by)["items"],
        "entries": client.ask(staff.LIST_ENTRIES, by=by, account_id=added["id"])["items"],
        "names": client.ask(staff.NAME_MEMBERS, by=by, account_ids=[added["id"]])["items"],
        "colleagues": client.ask(staff.LIST_COLLEAGUES, by=by)["items"],
    }


def main(uri: str) -> None:
    database = Database(uri)
    upgrade(database, MIGRATIONS)
    office = Office(database, now())
    anna, carla = office.add(), office.add("carla@example.org", Role.COORDINATOR, None)
    node = Node("staff", EmbeddedBus(), database)
    host = Host([Part(StaffService, Settings(database_uri=uri), node)])
    host.start()
    answers = ask_everything(node.client, anna) | look_after_accounts(node.client, carla)
    host.stop()
    print(json.dumps(answers))  # noqa: T201 (that is what it is for)


if __name__ == "__main__":
    main(sys.argv[1])
