"""A calendar from the web: over https only, bounded in time and size, and led to no private network by a redirect.

The address that was checked is the one that is connected to, so that a name cannot mean another machine a moment later.
"""

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from services.booking.ical_text import BYTES_MAX, CalendarRefused

SECONDS = 10.0  # for all of it, redirects included
REDIRECTS_MAX = 3
_MOVED = frozenset({301, 302, 303, 307, 308})


def fetch(url: str, trust: ssl.SSLContext | None = None) -> bytes:
    """What is at ``url``, at most ``BYTES_MAX``. ``trust``: which certificates to believe, if not the usual ones.

    The operator's own ``url`` may be in a private network; then redirects may be too, else not. Raises CalendarRefused.
    """
    deadline = time.monotonic() + SECONDS
    target = _target(url)
    private_too = _is_private(_resolved(target))
    for _ in range(REDIRECTS_MAX + 1):
        address = _resolved(target)
        if _is_private(address) and not private_too:
            raise CalendarRefused(
                f"{target.hostname} is in a private network, and only a redirect leads there.", "private"
            )
        answer = _get(target, address, deadline, trust or ssl.create_default_context())
        if isinstance(answer, bytes):
            return answer
        target = _target(_joined(target.geturl(), answer.location))
    raise CalendarRefused(f"The address redirects more than {REDIRECTS_MAX} times.", "redirects")


# They lead on to an IPv4 address, or did: NAT64 (RFC 6052), 6to4 (RFC 3056), site-local, IPv4-compatible.
_TUNNELS = [ip_network(network) for network in ("64:ff9b::/96", "2002::/16", "fec0::/10", "::/96")]


@dataclass(frozen=True)
class _Moved:
    location: str


def _joined(here: str, location: str) -> str:
    try:
        return urljoin(here, location)
    except ValueError:
        raise CalendarRefused("The address redirects to one that cannot be read.", "redirects") from None


def _target(url: str) -> SplitResult:
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


def _resolved(target: SplitResult) -> str:
    """The address of the host; a private one if any of its addresses is, as any of them may be meant."""
    try:
        found = socket.getaddrinfo(target.hostname, target.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CalendarRefused(f"There is no host {target.hostname}.", "no_host") from None
    addresses = [str(each[4][0]) for each in found]
    return next(filter(_is_private, addresses), addresses[0])


def _is_private(address: str) -> bool:
    """Whether it leads anywhere but to the open internet: private, loopback, link-local, shared or reserved."""
    parsed = ip_address(address.partition("%")[0])
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    tunnelled = parsed.version == 6 and any(parsed in network for network in _TUNNELS)
    return not parsed.is_global or parsed.is_multicast or tunnelled


def _get(target: SplitResult, address: str, deadline: float, trust: ssl.SSLContext) -> "bytes | _Moved":
    connection = _Connection(target, address, deadline, trust)
    path = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
    try:
        connection.request("GET", path, headers={"Accept": "text/calendar", "User-Agent": "Bottega"})
        return _read(connection.getresponse(), deadline)
    except (OSError, HTTPException) as error:
        _left(deadline)
        words = getattr(error, "verify_message", "") or type(error).__name__
        raise CalendarRefused(
            f"{target.hostname} cannot be read from: {words}.",
            "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "unreachable",
        ) from None
    finally:
        connection.close()


class _Connection(HTTPSConnection):
    """To the address that was checked, with the certificate of the host's name, and cut off at the deadline.

    The time-out of a socket is for each of its steps: a byte now and then would keep it open for ever.
    """

    def __init__(self, target: SplitResult, address: str, deadline: float, trust: ssl.SSLContext) -> None:
        super().__init__(str(target.hostname), target.port or 443, timeout=_left(deadline), context=trust)
        self._address = address
        self._trust = trust
        self._cut = Timer(_left(deadline), self._cut_off)

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        wrapped = self._trust.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = wrapped
        self._cut.start()
        wrapped.do_handshake()

    def close(self) -> None:
        self._cut.cancel()
        super().close()

    def _cut_off(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, deadline: float) -> "bytes | _Moved":
    if response.status in _MOVED:
        return _Moved(response.headers.get("Location", ""))
    if response.status != 200:
        raise CalendarRefused(
            f"The address answers with status {response.status}, not with a calendar.", "status", str(response.status)
        )
    read = response.read(BYTES_MAX + 1)
    _left(deadline)  # what was cut off is no calendar
    if len(read) > BYTES_MAX:
        raise CalendarRefused(f"The calendar has more than {BYTES_MAX // 1_000_000} MB.", "too_large")
    return read


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise CalendarRefused(f"The calendar does not come within {SECONDS:.0f} seconds.", "slow")
    return left
