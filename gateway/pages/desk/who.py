"""Who is signed in at the desk: a signed cookie that names an account, and what staff says of that account now."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, session
from werkzeug.wrappers import Response

from bus.client import Client
from contracts.staff import GET_MEMBER
from contracts.wire import NotFound, Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie

PATH = "/banco"
FRESH = 3.0  # seconds that an answer of staff is good for: so long may one who was shut out look on
_KEPT = 1000  # members
_COOKIE = SignedCookie("banco", seconds=8 * 3600)
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
        member, until = self._known.get(account_id, (None, 0.0))
        # Another epoch than the one that is known may be newer: let in by another process a moment ago.
        if time.monotonic() >= until or (member and member.epoch != epoch):
            member = self._asked(account_id)
            self._known[account_id] = (member, time.monotonic() + FRESH)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return member if member and member.epoch == epoch else None

    def _asked(self, account_id: str) -> Member | None:
        try:
            found = self._client.ask(GET_MEMBER, account_id=account_id)
        except Refusal as refusal:
            if refusal.code != NotFound.code:
                raise
            return None
        return Member(found["name"], found["actor"], found["epoch"])


def equip(app: Flask) -> None:
    with app.app_context():
        app.extensions[_EXTENSION] = Members(bus_client())


def signed_in() -> Member | None:
    """Raises NoAnswer when staff does not say."""
    content = _COOKIE.read()
    if content is None or not content.keys() >= {"id", "epoch"}:  # none, or of another version of this site
        return None
    return cast("Members", current_app.extensions[_EXTENSION]).find(content["id"], content["epoch"])


def remember(response: Response, member: dict[str, Any]) -> None:
    """Sign a member in (``contracts.staff.Member``). What the browser had before, the form token too, is void."""
    session.clear()
    _COOKIE.write(response, {"id": member["actor"]["id"], "epoch": member["epoch"]}, path=PATH)


def forget(response: Response) -> None:
    session.clear()
    _COOKIE.clear(response, path=PATH)
