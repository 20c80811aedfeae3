"""How a green thread waits for PostgreSQL: others go on meanwhile, and the wait has a limit.

Where a cable was cut or a machine is gone, the kernel notices (bus.database sets how soon); not where a proxy stays
and falls silent.
"""

from typing import Any

import psycopg2
from eventlet.hubs import trampoline
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, STATUS_IN_TRANSACTION, STATUS_READY

CONNECT_MAX = 5.0  # seconds
ANSWER_MAX = 40.0  # longer than PostgreSQL lets any statement of ours take
_CONNECTED = (STATUS_READY, STATUS_IN_TRANSACTION)


class Silence(psycopg2.OperationalError):
    """No answer in time. psycopg2 closes the connection."""


def wait(connection: Any) -> None:
    limit = ANSWER_MAX if connection.status in _CONNECTED else CONNECT_MAX
    while (state := connection.poll()) != POLL_OK:
        reads, writes = state == POLL_READ, state == POLL_WRITE
        trampoline(connection.fileno(), read=reads, write=writes, timeout=limit, timeout_exc=Silence)
