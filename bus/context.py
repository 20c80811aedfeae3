"""The correlation id of the work at hand: one for a person's request and all that follows from it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uuid_utils.compat as uuid_utils

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_correlation() -> str:
    return str(uuid_utils.uuid7())


def current_correlation() -> str:
    """The id that the logs of this green thread carry; a new one outside of any request."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id") or new_correlation())


@contextmanager
def correlated(correlation: object) -> Iterator[str]:
    """Do the work of the block under ``correlation``; one that is missing or not well formed is replaced."""
    well_formed = isinstance(correlation, str) and _WELL_FORMED.fullmatch(correlation)
    chosen = str(correlation) if well_formed else new_correlation()
    with structlog.contextvars.bound_contextvars(correlation_id=chosen):
        yield chosen
