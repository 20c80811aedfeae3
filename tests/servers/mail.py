"""A real SMTP server (aiosmtpd) in a process of its own, which keeps each mail as a file.

Run as a module it is that process: ``python -m tests.servers.mail PORT FOLDER``.
"""

import asyncio
import contextlib
import email
import email.policy
import signal
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope

from tests.servers.ports import accepts_connections, free_port
from tests.servers.process import Process, new_folder, remove_folder
from tests.waiting import wait_until

REFUSAL = "refusal"  # the file with the answer to every mail, while there is one


class MailServer:
    """Listens on 127.0.0.1:``port``. Mails are in ``messages()``, in the order of arrival."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = new_folder("mail")
        self._process: Process | None = None
        self._read: dict[Path, EmailMessage] = {}
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def uri(self) -> str:
        """For NOTIFY_SMTP_URI."""
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self, to: str = "") -> list[EmailMessage]:
        """What was accepted so far, or what was accepted for one address; the recipients are in X-RcptTo."""
        found = [self._message(path) for path in sorted(self.folder.glob("*.eml"))]
        return [message for message in found if not to or to.lower() in message["X-RcptTo"].lower().split(", ")]

    def wait_for(self, to: str, count: int = 1, timeout: float = 20.0) -> list[EmailMessage]:
        """Wait until ``count`` messages for one address have come. Raises TimeoutError."""

        def enough() -> list[EmailMessage]:
            found = self.messages(to)
            return found if len(found) >= count else []

        return wait_until(enough, f"{count} mail(s) to {to}", timeout, every=0.05)

    @contextlib.contextmanager
    def refusing(self, answer: str = "451 4.3.0 Try again later") -> Iterator[None]:
        """While inside, every mail is refused with this answer."""
        refusal = self.folder / REFUSAL
        refusal.write_text(answer)
        try:
            yield
        finally:
            refusal.unlink()

    def clear(self) -> None:
        """Forget what has come."""
        self._read.clear()
        for path in self.folder.glob("*.eml"):
            path.unlink()

    def start(self) -> None:
        """Start it, after ``stop`` with the same folder, on the same port."""
        root = Path(__file__).parents[2]
        program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tests.servers.mail import main; main()"
        argv = [sys.executable, "-c", program, root, str(self.port), self.folder]
        self._process = Process(argv, log=self.folder / "log")
        self._process.guard(signal.SIGKILL)
        self._process.await_ready(lambda: accepts_connections(self.port), "the mail server")

    def stop(self) -> None:
        if self._process is not None:
            self._process.end(signal.SIGKILL)
            self._process = None

    def close(self) -> None:
        self.stop()
        remove_folder(self.folder)

    def _message(self, path: Path) -> EmailMessage:
        """Read once: who waits for a mail looks at all of them twenty times a second."""
        if path not in self._read:
            with path.open("rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self._read[path] = message
        return self._read[path]


class Keeper:
    """aiosmtpd's handler: writes each mail to ``folder``, with the envelope in two headers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        refusal = self._folder / REFUSAL
        if refusal.exists():
            return refusal.read_text()
        content = envelope.original_content or b""
        headers = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        name = f"{time.time_ns():020d}-{next(self._numbers):06d}"
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(headers.encode() + content)
        unfinished.rename(unfinished.with_suffix(".eml"))  # a reader never sees half a mail
        return "250 2.0.0 Kept"


async def serve(port: int, folder: Path) -> None:
    keeper = Keeper(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", port
    )
    await server.serve_forever()


def main() -> None:
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))


if __name__ == "__main__":
    main()
