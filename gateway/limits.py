"""Rate limits for each client address: a class that books together passes, a flood does not.

Counted in the memory of each process; behind several gateway processes a client gets the limit of each. The numbers:

- What changes something (any method but GET, HEAD and OPTIONS): 1200 a minute, 6000 an hour. A class of 200 behind one
  address sends at most three forms each, one of them filled in wrongly, and may do it all in the same minute: 600. A
  school of a thousand sends 3000 within the hour. There is room for twice as much. One machine in a loop is stopped
  after a few seconds.
- What reads: 6000 a minute. The same class opens some 15 pages each, with the filters of the list, 3000 in all; there
  is room for twice as much. The files in /static are not counted: browsers keep them.

An IPv6 client is counted by its /64, the least that a subscriber is given (RFC 6177): it can change the rest at will.
"""

import math
import threading
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address, ip_network
from typing import cast

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

KEYS_MAX = 50_000  # some 10 MB; beyond, who was seen longest ago is forgotten first
IPV6_PREFIX = 64

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NOT_COUNTED = "/static/"
_EXTENSION = "bottega.limits"


def register(app: Flask, *, reads: str, changes: str) -> None:
    """Answer 429 with Retry-After to an address that asks too often. Raises ValueError for a limit that is none.

    Register it before what refuses requests for other reasons, so that those are counted too. The client's address is
    ``request.remote_addr``: proxies in front are taken off before (``trusted_proxies``).
    """
    limits = {True: ("read", parse_many(reads)), False: ("change", parse_many(changes))}

    @app.before_request
    def count() -> None:
        if request.path.startswith(_NOT_COUNTED):
            return
        kind, items = limits[request.method in _SAFE_METHODS]
        for item in items:
            _hit(app.extensions[_EXTENSION], item, kind, counted_address(request.remote_addr))


def equip(app: Flask) -> None:
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(Counters())
    PERSONAL_LINKS.equip(app)


def counted_address(address: str | None) -> str:
    """What a client is counted by: its IPv4 address, or the /64 of its IPv6 address."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)


def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItem, *identifiers: str) -> None:
    if not limiter.hit(item, *identifiers):
        wait = limiter.get_window_stats(item, *identifiers).reset_time - time.time()
        raise TooManyRequests(retry_after=max(1, math.ceil(wait)))


class Counters(Storage):
    """Counts that expire, never more than ``most`` of them.

    The storage that comes with ``limits`` has no bound, and starts a thread for every request to clear it.
    """

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self, most: int = KEYS_MAX) -> None:
        super().__init__()
        self._most = most
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, until when (Unix time)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._lock:
            count, until = self._current(key)
            self._counts[key] = (count + amount, until or time.time() + expiry)
            self._counts.move_to_end(key)
            self._purge()
            return count + amount

    def get(self, key: str) -> int:
        with self._lock:
            return self._current(key)[0]

    def get_expiry(self, key: str) -> float:
        with self._lock:
            return self._current(key)[1] or time.time()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            forgotten = len(self._counts)
            self._counts.clear()
            return forgotten

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)

    def __len__(self) -> int:
        return len(self._counts)

    def _purge(self) -> None:
        """Forget what expired among those not seen for longest, and more while there are too many."""
        now = time.time()
        while self._counts and (len(self._counts) > self._most or next(iter(self._counts.values()))[1] <= now):
            self._counts.popitem(last=False)

    def _current(self, key: str) -> tuple[int, float]:
        count, until = self._counts.get(key, (0, 0.0))
        return (count, until) if until > time.time() else (0, 0.0)


class Allowance:
    """How often one client may do one thing, besides those limits; for each process.

    ``limits`` is like ``20 per minute; 100 per hour``.
    """

    def __init__(self, what: str, limits: str) -> None:
        self._what, self.limits = what, parse_many(limits)

    def equip(self, app: Flask) -> None:
        app.extensions[self._extension] = FixedWindowRateLimiter(Counters())

    def count(self) -> None:
        """Count one of the client at hand. Raises TooManyRequests."""
        limiter = cast("FixedWindowRateLimiter", current_app.extensions[self._extension])
        for item in self.limits:
            _hit(limiter, item, self._what, counted_address(request.remote_addr))

    @property
    def _extension(self) -> str:
        return f"bottega.{self._what}"


# Asking for links to one's own page, and coming in by them, on the pages and over the API: a class in one room passes.
PERSONAL_LINKS = Allowance("links", "60 per minute; 300 per hour")
