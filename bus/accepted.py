"""Commands that were accepted in this process and not carried out yet: the embedded bus's queue for them, in a folder.

Nearly every command is answered while its caller waits, and none of this happens. One that is not, as when a disk is
slow, is on the disk before the caller hears that it was accepted, and is carried out even if the process dies.
"""

import json
import time
from pathlib import Path
from uuid import uuid4

import structlog

from bus.answering import Answering
from bus.client import UNAVAILABLE, Request
from bus.envelope import RPC_EXCHANGE
from bus.files import write_whole
from bus.inbox import Arrival

log = structlog.get_logger(__name__)

WAITING_MAX = 10_000  # commands for one service


class Accepted:
    """The folder has one folder for each service, with a file for each command, named by when it came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, request: Request) -> bool:
        """Whether it is kept from now on; not where the disk does not take it, or too many wait."""
        folder = self._folder / request.service
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if len(self._waiting(request.service)) >= WAITING_MAX:
                return False
            command = {"routing_key": request.routing_key, "body": request.body, "correlation": request.correlation}
            write_whole(folder / f"{time.time_ns():020}-{uuid4().hex}.json", json.dumps(command).encode())
        except OSError as error:
            log.warning("cannot keep a command", service=request.service, error=type(error).__name__, code=error.errno)
            return False
        return True

    def carry_out_next(self, service: str, answering: Answering) -> bool:
        """Carry out the oldest command; whether one is done with. Its key makes a second time harmless."""
        waiting = self._waiting(service)
        if not waiting:
            return False
        command = json.loads(waiting[0].read_bytes())
        body = command["body"].encode()
        arrival = Arrival(body, RPC_EXCHANGE, command["routing_key"], "application/json", user_id=None)
        error = answering.obey(arrival, command["correlation"])["error"]
        if error and error["exc_type"] == UNAVAILABLE:
            return False
        waiting[0].unlink()
        return True

    def _waiting(self, service: str) -> list[Path]:
        return sorted((self._folder / service).glob("*.json"))
