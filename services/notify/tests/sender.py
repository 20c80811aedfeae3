"""A sender in a process of its own, which can die on the spot.

Run as a program: ``DATABASE_URI FOLDER SMTP_URI NOW DEATH``. ``SMTP_URI`` may be empty; ``NOW`` is its clock; ``DEATH``
says when it kills itself, with SIGKILL, at the second mail: ``before`` it is sent, ``half`` of the file is written,
``after`` it is sent and before it is marked, or ``never``.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from bus.database import Database
from services.notify.channels import Channel, open_channel
from services.notify.delivery import Delivery, Letters
from services.notify.domain import Contact
from services.notify.mail import Mail
from services.notify.tests.examples import MEMBER, a_letter, settings
from services.notify.tests.office import Office


def start(office: Office, death: str = "never", smtp_uri: str = "") -> subprocess.Popen[bytes]:
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.notify.tests.sender import main; main()"
    uri = office.database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg2", "postgresql")
    arguments = [str(Path(__file__).parents[3]), uri, str(office.folder), smtp_uri, office.now.isoformat(), death]
    return subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL)


class Mortal:
    """A channel that ends the process at the second mail."""

    def __init__(self, channel: Channel, death: str) -> None:
        self._channel, self._death, self._sent = channel, death, 0

    def send(self, key: UUID, mail: Mail) -> None:
        self._sent += 1
        if self._sent == 1 or self._death == "never":
            self._channel.send(key, mail)
        elif self._death == "before":
            _die()
        elif self._death == "half":
            with _dying_when_renamed():
                self._channel.send(key, mail)
        else:
            self._channel.send(key, mail)
            _die()

    def close(self) -> None:
        self._channel.close()


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _dying_when_renamed() -> Iterator[None]:
    replace = Path.replace
    Path.replace = _die  # type: ignore[method-assign,assignment]  # the process ends in the middle of the write
    yield
    Path.replace = replace  # type: ignore[method-assign]


def main() -> None:
    uri, folder, smtp_uri, now, death = sys.argv[1:]
    chosen = settings(Path(folder), NOTIFY_SMTP_URI=smtp_uri)
    channel = Mortal(open_channel(chosen), death)

    def describe(reservations: Sequence[UUID]) -> Letters:
        return {key: a_letter(id=str(key)) for key in reservations}

    def reach(_account: UUID) -> Contact:
        return MEMBER

    clock = lambda: datetime.fromisoformat(now)  # noqa: E731 (it stands still)
    delivery = Delivery(Database(uri), chosen, describe, reach, channel, clock, lambda _session: None)
    while delivery.run():
        pass
