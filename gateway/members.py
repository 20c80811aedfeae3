"""Members of the staff, and what staff says of them now: for who is signed in at the desk, and for access keys."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app

from bus.client import Client
from contracts.staff import GET_MEMBER, USE_KEY
from contracts.wire import NotFound, Query, Refusal

FRESH = 3.0  # seconds that an answer of staff is good for: so long may one who was shut out look on
_KEPT = 1000  # answers
_EXTENSION = "bottega.members"


@dataclass(frozen=True)
class Member:
    """A member of the staff. ``actor`` is what commands carry (``contracts.staff.Actor``)."""

    name: str
    actor: dict[str, Any]
    epoch: int

    @property
    def role(self) -> str:
        return str(self.actor["role"])

    @property
    def partner(self) -> str | None:
        """The one that an operator or a viewer works for; others belong to none, which says nothing."""
        partner: str | None = self.actor["partner"]
        return partner

    def may_act(self, partner: str) -> bool:
        """What to offer on a page; the service itself decides."""
        return self.role == "coordinator" or (self.role == "operator" and self.partner == partner)


class Members:
    """What staff says of accounts, asked again every few seconds."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[Member | None, float]] = OrderedDict()

    def find(self, account_id: str, epoch: int) -> Member | None:
        """Who was let in at this epoch of the account, and still is. Raises NoAnswer: nobody is in unseen."""
        member, fresh = self._last_said(account_id)
        # Another epoch than the one that is known may be newer: let in by another process a moment ago.
        if not fresh or (member and member.epoch != epoch):
            member = self._asked(account_id, GET_MEMBER, account_id=account_id)
        return member if member and member.epoch == epoch else None

    def by_key(self, digest: str) -> Member | None:
        """Who the access key with this digest acts for. Raises NoAnswer."""
        member, fresh = self._last_said(digest)
        return member if fresh else self._asked(digest, USE_KEY, digest=digest)

    def _last_said(self, name: str) -> tuple[Member | None, bool]:
        """What was answered last, and whether that is good still."""
        member, until = self._known.get(name, (None, 0.0))
        return member, time.monotonic() < until

    def _asked(self, name: str, query: Query, **arguments: Any) -> Member | None:
        member = self._answer(query, **arguments)
        self._known[name] = (member, time.monotonic() + FRESH)
        self._known.move_to_end(name)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return member

    def _answer(self, query: Query, **arguments: Any) -> Member | None:
        try:
            found = self._client.ask(query, **arguments)
        except Refusal as refusal:
            if refusal.code != NotFound.code:
                raise
            return None
        return Member(found["name"], found["actor"], found["epoch"])


def equip(app: Flask, client: Client) -> None:
    app.extensions[_EXTENSION] = Members(client)


def members() -> Members:
    return cast("Members", current_app.extensions[_EXTENSION])
