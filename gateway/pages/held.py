"""The reservation whose secret link this browser opened, for the pages that manage it; what they show is theirs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import GET_OWN_FEEDBACK, GET_RESERVATION, LIST_DATES, PAGE_MAX
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie

PATH = "/gestisci"
TOKEN_MAX = 100
KEY_MAX = 100
MOMENT = timedelta(minutes=1)
_COOKIE = SignedCookie("gestisci", seconds=60 * 60)


def keep(response: Response, reservation_id: UUID, token: str, by: str | None = None) -> None:
    """``by`` is the account of the member of the staff who opened it at the desk, having booked for the person."""
    content = {"reservation_id": str(reservation_id), "token": token[:TOKEN_MAX]}
    _COOKIE.write(response, content | ({"by": by} if by else {}), path=PATH)


def forget(response: Response) -> None:
    _COOKIE.clear(response, path=PATH)


def keep_nowhere(response: Response) -> Response:
    """For each answer of these pages: no cache and no search engine is to have it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def link() -> dict[str, Any] | None:
    """``reservation_id`` and ``token`` of the link, or None if this browser opened none."""
    content = _COOKIE.read()
    return {name: content[name] for name in ("reservation_id", "token")} if content else None


def acting() -> dict[str, Any]:
    """``by``, for the commands that say who gives them; nothing where the link was not opened at the desk."""
    content = _COOKIE.read() or {}
    return {"by": content["by"]} if "by" in content else {}


def is_form_key(key: str) -> bool:
    """Whether what came with a form can be the key of a command."""
    return key.isascii() and key.isprintable() and 0 < len(key) <= KEY_MAX


def link_of(form: Mapping[str, str]) -> dict[str, Any] | None:
    """As ``link``, if the form is of that reservation and has a key: meanwhile another tab may have opened another."""
    held, key = link(), form.get("key", "")
    return held if held and is_form_key(key) and held["reservation_id"] == form.get("reservation") else None


def look(held: dict[str, Any]) -> dict[str, Any]:
    """The reservation as it is now. Raises NotFound and NoAnswer."""
    return bus_client().ask(GET_RESERVATION, **held)


def reservation() -> dict[str, Any] | None:
    """The reservation of the link, or None if there is no link that is any good."""
    held = link()
    try:
        return look(held) if held else None
    except Refusal:
        return None


def feedback(mine: dict[str, Any]) -> dict[str, Any] | None:
    """What was said of the session with ``mine``, as ``contracts.booking.OwnFeedback``; None where that is not known.

    Nobody is asked while the session lasts, and a page does without it when booking does not say.
    """
    held = link()
    if held is None or mine["state"] != "confirmed" or datetime.now(UTC) < _end(mine):
        return None
    try:
        return bus_client().ask(GET_OWN_FEEDBACK, **held)
    except (NoAnswer, Refusal):
        return None


def other_dates(held: dict[str, Any], mine: dict[str, Any]) -> list[dict[str, Any]]:
    """The sessions that ``mine`` can be moved to now: none once it is over or its session has begun, unless that was
    called off.

    Raises NotFound and NoAnswer.
    """
    if not mine["called_off"] and (mine["state"] == "cancelled" or started(mine)):
        return []
    return list(bus_client().ask(LIST_DATES, **held)["items"][:PAGE_MAX])


def started(mine: dict[str, Any]) -> bool:
    return _start(mine) <= datetime.now(UTC)


def deadline(mine: dict[str, Any]) -> datetime:
    """The start; a moment from now after it, so that booking itself says that it is too late."""
    return max(_start(mine), datetime.now(UTC) + MOMENT)


def no_link() -> Response:
    words = [
        _("Per vedere o annullare una prenotazione apri il link nell’e-mail di conferma: è solo tuo."),
        _("Non lo trovi? In «Le mie prenotazioni» te ne mandiamo un altro, per vederle tutte."),
    ]
    way_on = (url_for("personal.show"), _("Le mie prenotazioni"))
    page = render_template("notice.html", title=_("Apri il link nella tua e-mail"), words=words, way_on=way_on)
    response = make_response(page, 404)
    forget(response)
    return response


def _end(mine: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(mine["session"]["ends_at"])


def _start(mine: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(mine["session"]["starts_at"])
