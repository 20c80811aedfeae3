"""How many passwords one client may try: each takes a twentieth of a second of two cores, whoever's it is."""

from typing import cast

from flask import Flask, current_app, request
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from gateway.limits import Counters, counted_address

MOST = parse("20 per minute")  # for each process; an office that comes to work behind one address passes
_EXTENSION = "bottega.tries"


def equip(app: Flask) -> None:
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(Counters())


def count() -> None:
    """Count one try of the client at hand. Raises TooManyRequests."""
    limiter = cast("FixedWindowRateLimiter", current_app.extensions[_EXTENSION])
    if not limiter.hit(MOST, "try", counted_address(request.remote_addr)):
        raise TooManyRequests(retry_after=MOST.get_expiry())
