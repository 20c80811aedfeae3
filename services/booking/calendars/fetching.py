"""A calendar from the web: over https only, bounded in time and size, and led to no private network by a redirect.

The address that was checked is the one that is connected to, so that a name cannot mean another machine a moment later.
"""

import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from services.booking.calendars.text import BYTES_MAX, CalendarRefused

SECONDS = 10.0  # for all of it, redirects included
REDIRECTS_MAX = 3
TAG_MAX = 200  # characters
Networks = Sequence[IPv4Network | IPv6Network]
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Tags:
    """By which a server knows which version one has (RFC 9110 section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Fetched:
    """``body`` is None where it is still the version that one had."""

    body: bytes | None
    tags: Tags


@dataclass(frozen=True)
class Trust:
    """``certificates``: which to believe, if not the usual ones. ``networks``: the private ones that may be reached;
    None: those that the address itself leads to, as who runs the command line chose it."""

    certificates: ssl.SSLContext | None = None
    networks: Networks | None = None


def fetch(url: str, trust: Trust = Trust(), had: Tags = Tags()) -> Fetched:
    """What is at ``url``, at most ``BYTES_MAX``, unless it is what one ``had``. Raises CalendarRefused.

    An operator's own ``url`` may be in a private network; then redirects may be too, else not.
    """
    deadline = time.monotonic() + SECONDS
    target = address(url)
    private_too = trust.networks is None and any(map(_is_private, _resolved(target)))
    for _ in range(REDIRECTS_MAX + 1):
        found = _resolved(target)
        if not private_too and any(_is_private(each) and not _is_in(each, trust.networks or ()) for each in found):
            words = f"{target.hostname} is in a private network; no calendar is fetched from there."
            raise CalendarRefused(words, "private")
        answer = _get(_Request(target, found, deadline, had), trust.certificates or ssl.create_default_context())
        if isinstance(answer, Fetched):
            return answer
        target = address(_joined(target.geturl(), answer.location))
    raise CalendarRefused(f"The address redirects more than {REDIRECTS_MAX} times.", "redirects")


# They lead on to an IPv4 address, or did: NAT64 (RFC 6052), 6to4 (RFC 3056), site-local, IPv4-compatible.
_TUNNELS = [ip_network(network) for network in ("64:ff9b::/96", "2002::/16", "fec0::/10", "::/96")]


@dataclass(frozen=True)
class _Request:
    target: SplitResult
    addresses: list[str]
    deadline: float
    had: Tags


@dataclass(frozen=True)
class _Moved:
    location: str


def _joined(here: str, location: str) -> str:
    try:
        return urljoin(here, location)
    except ValueError:
        raise CalendarRefused("The address redirects to one that cannot be read.", "redirects") from None


def address(url: str) -> SplitResult:
    """The parts of an address that a calendar can be fetched from. Raises CalendarRefused."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise CalendarRefused("The address cannot be read.", "address") from None
    if parts.scheme != "https" or not parts.hostname:
        raise CalendarRefused("The address of a calendar begins with https:// and has a host.", "address")
    if parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        raise CalendarRefused("Write the address of a calendar in ASCII, without a user name in it.", "address")
    return parts


def _resolved(target: SplitResult) -> list[str]:
    """All addresses of the host: any of them may be meant, so that each must be one that may be reached."""
    try:
        found = socket.getaddrinfo(target.hostname, target.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CalendarRefused(f"There is no host {target.hostname}.", "no_host") from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _is_private(address: str) -> bool:
    """Whether it leads anywhere but to the open internet: private, loopback, link-local, shared or reserved."""
    parsed = ip_address(address.partition("%")[0])
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    tunnelled = parsed.version == 6 and any(parsed in network for network in _TUNNELS)
    return not parsed.is_global or parsed.is_multicast or tunnelled


def _is_in(address: str, networks: Networks) -> bool:
    parsed = ip_address(address.partition("%")[0])
    return any(parsed in network for network in networks)


def _get(asked: _Request, certificates: ssl.SSLContext) -> "Fetched | _Moved":
    target, deadline = asked.target, asked.deadline
    connection = _Connection(asked, certificates)
    path = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
    headers = {"Accept": "text/calendar", "User-Agent": "Bottega", **asked.had.headers}
    try:
        connection.request("GET", path, headers=headers)
        return _read(connection.getresponse(), asked)
    except (OSError, HTTPException) as error:
        _left(deadline)
        words = getattr(error, "verify_message", "") or type(error).__name__
        code = "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "unreachable"
        raise CalendarRefused(f"{target.hostname} cannot be read from: {words}.", code) from None
    finally:
        connection.close()


class _Connection(HTTPSConnection):
    """To an address that was checked, with the certificate of the host's name, and cut off at the deadline.

    The time-out of a socket is for each of its steps: a byte now and then would keep it open for ever.
    """

    def __init__(self, asked: _Request, trust: ssl.SSLContext) -> None:
        host, port = str(asked.target.hostname), asked.target.port or 443
        super().__init__(host, port, timeout=_left(asked.deadline), context=trust)
        self._asked = asked
        self._trust = trust
        self._cut = Timer(_left(asked.deadline), self._cut_off)

    def connect(self) -> None:
        wrapped = self._trust.wrap_socket(self._reached(), server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = wrapped
        self._cut.start()
        wrapped.do_handshake()

    def _reached(self) -> socket.socket:
        """The first address that answers: a host with two kinds may be reached by one of them only. Raises OSError."""
        *others, last = self._asked.addresses
        for number, address in enumerate(others):
            share = _left(self._asked.deadline) / (len(others) + 1 - number)
            with suppress(OSError):
                return self._to(address, share)
        return self._to(last, _left(self._asked.deadline))

    def _to(self, address: str, seconds: float) -> socket.socket:
        reached = socket.create_connection((address, self.port), seconds)
        reached.settimeout(_left(self._asked.deadline))
        return reached

    def close(self) -> None:
        self._cut.cancel()
        super().close()

    def _cut_off(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, asked: _Request) -> "Fetched | _Moved":
    if response.status in _MOVED:
        return _Moved(response.headers.get("Location", ""))
    if response.status == 304 and asked.had.headers:
        return Fetched(None, asked.had)
    if response.status != 200:
        words = f"The address answers with status {response.status}, not with a calendar."
        raise CalendarRefused(words, "status", str(response.status))
    read = response.read(BYTES_MAX + 1)
    _left(asked.deadline)  # what was cut off is no calendar
    if len(read) > BYTES_MAX:
        raise CalendarRefused(f"The calendar has more than {BYTES_MAX // 1_000_000} MB.", "too_large")
    return Fetched(read, Tags(_tag(response, "ETag"), _tag(response, "Last-Modified")))


def _tag(response: HTTPResponse, name: str) -> str | None:
    """To be sent back as it came; none where it is longer than any that makes sense."""
    value: str = response.headers.get(name, "")
    return value if 0 < len(value) <= TAG_MAX and value.isascii() and value.isprintable() else None


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise CalendarRefused(f"The calendar does not come within {SECONDS:.0f} seconds.", "slow")
    return left
