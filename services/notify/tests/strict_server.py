"""An SMTP server (aiosmtpd) that does to a mail what its address says, for what a friendly server never shows.

Run as a program it is that server: ``strict_server.py PORT FOLDER OPTIONS`` (see ``StrictServer``).
"""

import asyncio
import json
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.ports import accepts_connections, free_port
from tests.servers.process import Process

# What is answered to RCPT TO, by the part of the address before the @. Real servers repeat the address.
ANSWERS = {
    "greylisted": "450 4.7.1 <{0}>: come back later",
    "unknown": "550 5.1.1 <{0}>: no such user",
    "overloaded": "421 4.3.2 <{0}>: closing",
}
# The same for the mail itself.
DATA_ANSWERS = {"full": "452 4.2.2 <{0}>: mailbox is full", "spam": "554 5.7.1 <{0}>: refused"}
USER, PASSWORD = "notify", "p@ss"


class StrictServer:
    """Listens on localhost:``port``. ``options``: ``tls`` (from the start), ``starttls``, ``auth``, ``ascii`` (no
    SMTPUTF8). ``certificate`` is what a client has to trust."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port, self.folder, self._options = free_port(), folder, options
        self.certificate = folder / "certificate.pem"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        _make_certificate(self.folder)
        root = Path(__file__).parents[3]
        program = (
            "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.notify.tests.strict_server import main"
        )
        argv = [sys.executable, "-c", f"{program}; main()", root, self.port, self.folder, *self._options]
        self._process = Process(argv, log=self.folder / "log")
        self._process.guard(signal.SIGKILL)
        self._process.await_ready(lambda: accepts_connections(self.port), "the strict mail server")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end(signal.SIGKILL)

    def accepted(self) -> list[tuple[int, str, list[str]]]:
        """Number of the connection, sender and recipients of each mail that was accepted."""
        lines = (self.folder / "accepted").read_text().splitlines() if (self.folder / "accepted").exists() else []
        return [(line["connection"], line["sender"], line["recipients"]) for line in map(json.loads, lines)]


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )


class Handler:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connections: list[Any] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = ANSWERS.get(address.partition("@")[0])
        if answer:
            return answer.format(address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        address = envelope.rcpt_tos[0]
        box = address.partition("@")[0]
        if box == "hangup":
            transport: Any = server.transport
            transport.abort()
        if box in DATA_ANSWERS:
            return DATA_ANSWERS[box].format(address)
        self._keep(session, envelope)
        return "250 2.0.0 Kept"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        if session.peer not in self._connections:
            self._connections.append(session.peer)
        line = {
            "connection": self._connections.index(session.peer),
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
        }
        with (self._folder / "accepted").open("a") as file:
            file.write(json.dumps(line) + "\n")


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
    fits = isinstance(login, LoginPassword) and login == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


async def _serve(port: int, folder: Path, options: list[str]) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    handler = Handler(folder)

    def protocol() -> SMTP:
        return SMTP(
            handler,
            hostname="localhost",
            enable_SMTPUTF8="ascii" not in options,
            tls_context=tls if "starttls" in options else None,
            require_starttls="starttls" in options,
            authenticator=_authenticate if "auth" in options else None,
            auth_required="auth" in options,
            auth_require_tls=False,
        )

    implicit = tls if "tls" in options else None
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port, ssl=implicit)
    await server.serve_forever()


def main() -> None:
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
