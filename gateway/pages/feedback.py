"""After the session: two questions about it, behind the secret link. Opening a page changes nothing here either."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bus.client import NoAnswer
from contracts.booking import GIVE_FEEDBACK, USEFUL, WORDS_MAX
from contracts.wire import InvalidArguments, NotFound, Refusal
from gateway.context import bus_client
from gateway.errors import problem_of
from gateway.language import only_language
from gateway.pages import held, manage

PATH = f"{held.PATH}/opinione"
PATIENCE = timedelta(days=1)  # after which an answer is no longer worth keeping on the queue

blueprint = Blueprint("feedback", __name__, url_prefix=PATH)
blueprint.after_request(held.keep_nowhere)


@blueprint.get("")
def ask() -> ResponseReturnValue:
    """The two questions, with what was said so far; where they cannot be answered, how the reservation stands."""
    reservation = held.reservation()
    if reservation is None:
        return held.no_link()
    said = held.feedback(reservation)
    if said is None or not said["open"]:
        return redirect(url_for("manage.show"), 303)
    return _form(reservation, said, {})


@blueprint.post("")
def give() -> ResponseReturnValue:
    link = held.link_of(request.form)
    if link is None:
        return held.no_link()
    given = _read()
    try:
        reservation = held.look(link)
        errors = {} if only_language() else _wrong(given)
        if errors or only_language():
            return _form(reservation, given, errors)
        deadline = datetime.now(UTC) + PATIENCE
        bus_client().command(GIVE_FEEDBACK, idempotency_key=_key(given), deadline=deadline, **link, **given)
    except NoAnswer as silence:
        later = _("La tua risposta arriva appena il servizio riprende. Se vuoi controllare, riapri il link più tardi.")
        return manage.not_answered(silence, later)
    except Refusal as refusal:
        return _refused(refusal, given)
    return redirect(url_for("manage.show"), 303)


def _form(reservation: dict[str, Any], given: dict[str, Any], errors: dict[str, Any]) -> ResponseReturnValue:
    """The questions, filled with ``given``: ``useful`` (one of USEFUL, or nothing yet) and ``words``."""
    shown = render_template(
        "manage/feedback.html",
        reservation=reservation,
        session=reservation["session"],
        given=given,
        errors=errors,
        action=url_for("feedback.give"),
        words_max=WORDS_MAX,
        key=str(uuid4()),
    )
    return shown, 422 if errors else 200


def _read() -> dict[str, Any]:
    words = request.form.get("words", "").replace("\r\n", "\n").strip()
    return {"useful": request.form.get("useful", ""), "words": words}


def _wrong(given: dict[str, Any]) -> dict[str, Any]:
    errors = {} if given["useful"] in USEFUL else {"useful": _("Scegli una delle tre risposte")}
    if len(given["words"]) > WORDS_MAX:
        errors["words"] = _("Accorcia: al massimo %(most)s caratteri, e ora sono %(now)s", **_lengths(given["words"]))
    return errors


def _lengths(words: str) -> dict[str, int]:
    return {"most": WORDS_MAX, "now": len(words)}


def _key(given: dict[str, Any]) -> str:
    """A second click says the same, other words say something else. Nobody can tell the words from it."""
    return hmac.new(request.form["key"].encode(), repr(sorted(given.items())).encode(), "sha256").hexdigest()


def _refused(refusal: Refusal, given: dict[str, Any]) -> ResponseReturnValue:
    """Why not, above how things stand."""
    reservation = None if refusal.code == NotFound.code else held.reservation()
    if reservation is None:
        return held.no_link()
    if refusal.code == InvalidArguments.code:
        return _form(reservation, given, {"words": _("Togli i segni che non si vedono, o che girano il testo")})
    return manage.page(reservation, problem_of(refusal))
