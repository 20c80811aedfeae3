"""Fetching a calendar from a real https server, with a certificate of its own."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.booking import fetching
from services.booking.fetching import fetch
from services.booking.ical_text import BYTES_MAX, CalendarRefused

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@dataclass
class Web:
    """A server on this machine. ``pages``: path to status, body and headers."""

    url: str
    trust: ssl.SSLContext
    pages: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)

    def fetch(self, path: str = "/") -> bytes:
        return fetch(self.url + path, self.trust)


def certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    pem = certificate(tmp_path_factory.mktemp("https"))
    pages: dict[str, tuple[int, bytes, dict[str, str]]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = pages[self.path]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if int(headers.get("Content-Length", 0)) > len(body):
                self.rfile.read()  # keeps the client waiting for the rest until it goes away

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that goes away is no news."""

    http = Quiet(("127.0.0.1", 0), Handler)
    believed = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    believed.load_cert_chain(pem)
    http.socket = believed.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield Web(f"https://127.0.0.1:{http.server_port}", ssl.create_default_context(cafile=str(pem)), pages)
    http.shutdown()
    http.server_close()


@pytest.fixture
def web(server: Web) -> Web:
    server.pages.clear()
    return server


def test_a_calendar_is_fetched(web: Web) -> None:
    web.pages["/orso.ics?chiave=1"] = (200, CALENDAR, {})
    assert web.fetch("/orso.ics?chiave=1") == CALENDAR


def test_a_redirect_is_followed(web: Web) -> None:
    web.pages["/"] = (302, b"", {"Location": "/altrove"})
    web.pages["/altrove"] = (200, CALENDAR, {})
    assert web.fetch() == CALENDAR


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((404, b"", {}), "answers with status 404"),
        ((200, b"x" * (BYTES_MAX + 1), {}), "more than 2 MB"),
        ((302, b"", {"Location": "http://127.0.0.1/"}), "begins with https://"),
        ((302, b"", {"Location": "file:///etc/passwd"}), "begins with https://"),
        ((302, b"", {"Location": "/"}), "redirects more than 3 times"),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_line(web: Web, page: Any, words: str) -> None:
    web.pages["/"] = page
    with pytest.raises(CalendarRefused, match=words):
        web.fetch()


def test_a_server_that_nobody_vouches_for_is_refused(web: Web) -> None:
    with pytest.raises(CalendarRefused, match="certificate"):
        fetch(web.url)


def test_a_server_that_keeps_us_waiting_is_left(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    web.pages["/"] = (200, b"", {"Content-Length": "99"})
    with pytest.raises(CalendarRefused, match="does not come within"):
        web.fetch()


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x.ics", "webcal://example.org/x.ics", "https://", "https://me:pw@example.org/", "https://[x/",
     "https://example.org:port/", "https://example.org/\r\nX: y", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CalendarRefused):
        fetch(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fec0::1", "::7f00:1"],
)  # fmt: skip
def test_these_addresses_are_private(address: str) -> None:
    assert fetching._is_private(address)


@pytest.mark.parametrize("address", ["151.101.1.1", "2a04:4e42::1", "::ffff:151.101.1.1"])
def test_these_are_not(address: str) -> None:
    assert not fetching._is_private(address)


def test_from_the_open_internet_no_redirect_leads_into_a_private_network(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/"] = (302, b"", {"Location": "https://localhost/secret"})
    # No test machine has a public address: this one is taken for one, until the redirect has been followed.
    private = iter([False, False, True])
    monkeypatch.setattr(fetching, "_resolved", lambda _target: "127.0.0.1")
    monkeypatch.setattr(fetching, "_is_private", lambda _address: next(private))
    with pytest.raises(CalendarRefused, match="localhost is in a private network"):
        web.fetch()
