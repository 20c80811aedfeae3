"""Questions to the services, with the last answer kept for when they do not answer.

Kept in memory, in each process: it is worth a page that still says something, not more.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app

from bus.client import Client, NoAnswer
from contracts.wire import Query

_KEPT = 300  # answers
_QUIET = timedelta(seconds=3)
_EXTENSION = "bottega.last_known"


@dataclass(frozen=True)
class Answer:
    """``known_since`` is None when the service answered now, else the time (UTC) of the answer that is shown."""

    result: dict[str, Any]
    known_since: datetime | None


class LastKnown:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._answers: OrderedDict[tuple[Any, ...], tuple[dict[str, Any], datetime]] = OrderedDict()
        self._quiet_until: dict[str, datetime] = {}

    def ask(self, query: Query, **arguments: Any) -> Answer:
        """Ask, or give the last answer to the same question. Raises NoAnswer when there is none, and refusals.

        After a service kept silent it is left alone for a moment where an older answer will do: nobody should wait
        for the same time-out on each page.
        """
        key = (query.routing_key, *sorted(arguments.items()))
        known, now = self._answers.get(key), datetime.now(UTC)
        if known and now < self._quiet_until.get(query.service, now):
            return Answer(*known)
        try:
            result = self._client.ask(query, **arguments)
        except NoAnswer:
            self._quiet_until[query.service] = datetime.now(UTC) + _QUIET
            if known:
                return Answer(*known)
            raise
        self._remember(key, result, now)
        return Answer(result, None)

    def _remember(self, key: tuple[Any, ...], result: dict[str, Any], now: datetime) -> None:
        self._answers[key] = (result, now)
        self._answers.move_to_end(key)
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)


def equip(app: Flask, client: Client) -> None:
    app.extensions[_EXTENSION] = LastKnown(client)


def ask(query: Query, **arguments: Any) -> Answer:
    """``LastKnown.ask`` of the application at hand. Not for what only the holder of a token may see."""
    return cast("LastKnown", current_app.extensions[_EXTENSION]).ask(query, **arguments)
