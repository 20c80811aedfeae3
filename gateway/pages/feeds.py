"""Calendars to subscribe to: a public one for each language, and one for each partner behind a secret address."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask import Blueprint, Flask, current_app, make_response, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from contracts.booking import LANGUAGES, LIST_SESSIONS, PAGE_MAX
from gateway.context import settings
from gateway.feed import Heading, calendar, opens_feed
from gateway.last_known import ask
from gateway.wording import clock, day

EVENTS_MAX = 500
KEEP_SECONDS = 300
_BUILT_MAX = 8  # feeds; a large one has a megabyte, and takes longer to write than to ask for
_EXTENSION = "bottega.feeds"

blueprint = Blueprint("feeds", __name__, url_prefix="/calendario")


@dataclass(frozen=True)
class Found:
    """``known_since`` (UTC) is None when booking answered now, else the time of the oldest answer in it."""

    sessions: list[dict[str, Any]]
    known_since: datetime | None


class Built:
    """The feeds that were written last, by the tag of what is in them."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str) -> bytes | None:
        return self._bodies.get(tag)

    def keep(self, tag: str, body: bytes) -> None:
        self._bodies[tag] = body
        while len(self._bodies) > _BUILT_MAX:
            self._bodies.popitem(last=False)


def equip(app: Flask) -> None:
    app.extensions[_EXTENSION] = Built()


@blueprint.get("/<language>.ics")
def public(language: str) -> Response:
    """All sessions to come in a language, those that were called off too."""
    if language not in LANGUAGES:
        raise NotFound
    with force_locale(language):
        name = _("Sessioni di orientamento: %(centre)s", centre=settings().centre_name)
        response = _feed(_found(language=language), name, with_seats=False)
    response.headers["Content-Language"] = language
    response.cache_control.public = True
    return response


@blueprint.get("/<partner>/<secret>.ics")
def of_partner(partner: str, secret: str) -> Response:
    """The sessions of a partner, in whatever language, with their seats; ``?lingua=en`` for the words in English.

    An address that is not quite right is as good as none: it does not say whether the partner exists.
    """
    if not opens_feed(secret, settings().secret_key, partner):
        raise NotFound
    language = request.args.get("lingua", "")
    with force_locale(language if language in LANGUAGES else LANGUAGES[0]):
        found = _found(partner=partner)
        known_as = found.sessions[0]["partner_name"] if found.sessions else partner
        response = _feed(found, _("Sessioni di %(partner)s, con i posti", partner=known_as), with_seats=True)
    response.cache_control.private = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _found(**wanted: str) -> Found:
    """The first sessions, and the first that were called off, as they are now or as last known.

    Raises NoAnswer where only a part of them is known. A part would do harm: calendars take out what a feed does not
    have any more.
    """
    standing, called_off = _pages(wanted), _pages({**wanted, "called_off": True})
    since = [each.known_since for each in (standing, called_off) if each.known_since]
    return Found(standing.sessions + called_off.sessions, min(since, default=None))


def _pages(wanted: dict[str, Any]) -> Found:
    sessions: list[dict[str, Any]] = []
    since: list[datetime] = []
    after: str | None = ""
    while after is not None and len(sessions) < EVENTS_MAX:
        page = ask(LIST_SESSIONS, limit=PAGE_MAX, **wanted, **({"after": after} if after else {}))
        sessions += page.result["items"]
        since += [page.known_since] if page.known_since else []
        after = page.result["next"]
    return Found(sessions[:EVENTS_MAX], min(since, default=None))


def _feed(found: Found, name: str, *, with_seats: bool) -> Response:
    """The calendar, or 304 for who has it. The tag is that of the facts and words, as to write them takes longer."""
    about = _about(found.known_since)
    facts = json.dumps([found.sessions, name, about, with_seats, settings().public_url])
    tag = hashlib.sha256(facts.encode()).hexdigest()[:32]
    built = cast("Built", current_app.extensions[_EXTENSION])
    body = built.get(tag)
    if body is None:
        body = calendar(found.sessions, Heading(name, about, datetime.now(UTC)), _address, with_seats=with_seats)
        built.keep(tag, body)
    response = make_response(body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = "inline; filename=bottega.ics"
    response.set_etag(tag, weak=True)  # weak, as the same is sent compressed too
    response.cache_control.max_age = KEEP_SECONDS
    if found.known_since:
        response.headers["Age"] = str(int((datetime.now(UTC) - found.known_since).total_seconds()))
    return response.make_conditional(request)


def _about(known_since: datetime | None) -> str:
    if known_since is None:
        return str(_("Incontri di gruppo, online e gratuiti."))
    words = _(
        "Il servizio di prenotazione non risponde in questo momento: ecco quello che sapevamo %(day)s alle %(clock)s.",
        day=day(known_since),
        clock=clock(known_since),
    )
    return str(words)


def _address(session_id: str) -> str:
    return settings().public_url + url_for("sessions.show", session_id=session_id)
