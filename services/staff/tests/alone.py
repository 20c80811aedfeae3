"""Staff alone in a process, on the embedded bus, as test_service.py starts it: asks everything that can be asked.

Takes the URI of an empty database; prints the answers as JSON. Nameko needs green threads in the whole process, which
would not suit the other tests: hence a program.
"""

from bus.green import patch

patch()

import json  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
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
from services.staff.service import StaffService  # noqa: E402
from services.staff.tests.office import ANNA, RIGHT, WRONG, Office  # noqa: E402


def ask_everything(client: Client, token: str) -> dict[str, Any]:
    def do(command: Command, key: str, **arguments: Any) -> dict[str, Any]:
        deadline = now() + timedelta(minutes=1)
        return client.command(command, idempotency_key=key, deadline=deadline, **arguments)

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


def main(uri: str) -> None:
    database = Database(uri)
    upgrade(database, MIGRATIONS)
    token = Office(database, now()).add()
    node = Node("staff", EmbeddedBus(), database)
    host = Host([Part(StaffService, Settings(database_uri=uri), node)])
    host.start()
    answers = ask_everything(node.client, token)
    host.stop()
    print(json.dumps(answers))  # noqa: T201 (that is what it is for)


if __name__ == "__main__":
    main(sys.argv[1])
