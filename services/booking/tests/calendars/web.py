"""A web server on this machine, over https with a certificate of its own, that has the calendars of partners."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.booking.calendars.fetching import Trust, fetch

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Pages = dict[str, tuple[int, bytes, dict[str, str]]]


@dataclass
class Web:
    """A server on this machine. ``pages``: path to status, body and headers; ``asked``: the paths, in turn."""

    url: str
    trust: ssl.SSLContext
    pem: Path
    pages: Pages
    asked: list[str]

    def fetch(self, path: str = "/") -> bytes | None:
        return fetch(self.url + path, Trust(self.trust)).body


def certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


class _Server(ThreadingHTTPServer):
    """``/held`` keeps a client waiting until somebody asks for ``/release``; ``/asked`` says what was asked for."""

    daemon_threads = True

    def __init__(self, pem: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: Pages = {}
        self.asked: list[str] = []
        self.released = threading.Event()
        believed = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        believed.load_cert_chain(pem)
        self.socket = believed.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        status, body, headers = self._page()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if int(headers.get("Content-Length", 0)) > len(body):
            self.rfile.read()  # keeps the client waiting for the rest until it goes away

    def _page(self) -> tuple[int, bytes, dict[str, str]]:
        if self.path == "/asked":
            return 200, "".join(self.server.asked).encode(), {}
        self.server.asked.append(self.path)
        if self.path == "/held":
            self.server.released.clear()
            self.server.released.wait(20)
        elif self.path == "/release":
            self.server.released.set()
        status, body, headers = self.server.pages[self.path]
        if "ETag" in headers and self.headers["If-None-Match"] == headers["ETag"]:
            return 304, b"", {}
        return status, body, headers

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def serving(folder: Path) -> Iterator[Web]:
    pem = certificate(folder)
    http = _Server(pem)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    trust = ssl.create_default_context(cafile=str(pem))
    yield Web(f"https://127.0.0.1:{http.server_port}", trust, pem, http.pages, http.asked)
    http.shutdown()
    http.server_close()
