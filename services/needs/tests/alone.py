"""Needs alone in a process, on the embedded bus, as test_service.py starts it: asks everything that can be asked.

Takes the URI of an empty database; prints the answers as JSON. Nameko needs green threads in the whole process, which
would not suit the other tests: hence a program.
"""

from bus.green import patch

patch()

import json  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
from datetime import timedelta  # noqa: E402
from typing import Any  # noqa: E402
from uuid import uuid4  # noqa: E402

from bus.client import Client  # noqa: E402
from bus.database import Database  # noqa: E402
from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, Part  # noqa: E402
from bus.migrations import upgrade  # noqa: E402
from bus.node import Node  # noqa: E402
from bus.times import now  # noqa: E402
from contracts import needs  # noqa: E402
from contracts.wire import Command, Query  # noqa: E402
from services.needs.config import MIGRATIONS  # noqa: E402
from services.needs.intake import store_mail  # noqa: E402
from services.needs.service import NeedsService  # noqa: E402
from services.needs.tests.inbox import DESK, Inbox  # noqa: E402
from services.needs.tests.mails import mail  # noqa: E402
from tests.waiting import wait_until  # noqa: E402

COORDINATOR = {"id": str(uuid4()), "role": "coordinator", "partner": None}


class Desk:
    """What a coordinator asks; keeps the answers."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.answers: dict[str, Any] = {}

    def ask(self, query: Query, **arguments: Any) -> dict[str, Any]:
        found = self.answers[query.name] = self._client.ask(query, actor=COORDINATOR, **arguments)
        return found

    def do(self, command: Command, **arguments: Any) -> None:
        until = now() + timedelta(minutes=1)
        said = {"idempotency_key": command.name, "deadline": until, "actor": COORDINATOR, **arguments}
        self.answers[command.name] = self._client.command(command, **said)

    def listed(self) -> list[Any]:
        found: list[Any] = self.ask(needs.LIST_NEEDS, view="unassigned", after=None, limit=20)["items"]
        return found

    def apart(self) -> list[Any]:
        found: list[Any] = self.ask(needs.LIST_ARRIVALS, automatic=True, limit=20)["items"]
        return found


def work(desk: Desk) -> None:
    """What the service took up by itself is read and answered."""
    (need,) = wait_until(desk.listed, "a need")
    (automatic,) = wait_until(desk.apart, "an automatic mail")
    desk.ask(needs.GET_ARRIVAL, arrival_id=automatic["id"])
    desk.do(needs.OPEN_ARRIVAL, arrival_id=automatic["id"])
    desk.do(needs.ASSIGN_NEED, need_id=need["id"], partner="orso")
    desk.do(needs.TAKE_NEED, need_id=need["id"])
    desk.do(needs.ANSWER_NEED, need_id=need["id"], text="Giovedì?")
    desk.do(needs.RESOLVE_NEED, need_id=need["id"])
    desk.ask(needs.GET_NEED, need_id=need["id"], after=0, limit=20)


def main(uri: str) -> None:
    database = Database(uri)
    upgrade(database, MIGRATIONS)
    settings = Inbox(database).settings
    node = Node("needs", EmbeddedBus(), database)
    host = Host([Part(NeedsService, settings, node)])
    host.start()
    store_mail(database, mail(To=DESK), now())
    store_mail(database, mail(To=DESK, Auto_Submitted="auto-replied", Message_ID="<two@x.org>"), now())
    desk = Desk(node.client)
    work(desk)
    host.stop()
    print(json.dumps(desk.answers))  # noqa: T201 (that is what it is for)


if __name__ == "__main__":
    main(sys.argv[1])
