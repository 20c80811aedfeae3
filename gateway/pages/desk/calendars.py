"""Partners' own calendars that are followed: entering one, seeing what it would bring, and what became of it since.

The address of a calendar may be a secret: it is typed once, and shown on no page afterwards.
"""

import re
import time
import unicodedata
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.booking import (
    CALENDAR_NAME_MAX,
    CALENDAR_URL_MAX,
    CONFIRM_CALENDAR,
    FETCH_CALENDAR_NOW,
    FOLLOW_CALENDAR,
    GET_CALENDAR,
    LANGUAGES,
    LIST_CALENDARS,
    UNFOLLOW_CALENDAR,
)
from contracts.wire import Command, InvalidArguments, NotFound, Refusal
from gateway.context import bus_client
from gateway.pages.desk import fields
from gateway.pages.desk.calendar_words import ago, counts_in_words, problem_in_words
from gateway.pages.desk.frame import do, may_publish, member, not_yours, notice
from gateway.pages.home import partners

WAIT = 6.0  # seconds for a calendar to be read, while its page is asked for; longer than most take
PAUSE = 0.25
_FIELDS = ("partner", "name", "url", "language", "capacity", "room_url")
_EMPTY = {"language": LANGUAGES[0], "capacity": "20"}
_ONE = "/calendari/<uuid:calendar_id>"
_AFTER_MAX = 100


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/calendari", "calendars", calendars)
    blueprint.add_url_rule("/calendari/nuovo", "new_calendar", new_calendar)
    blueprint.add_url_rule("/calendari/nuovo", "follow_calendar", follow, methods=["POST"])
    blueprint.add_url_rule(_ONE, "calendar", calendar)
    for action, command in (("conferma", confirm), ("leggi", fetch_now), ("smetti", unfollow)):
        blueprint.add_url_rule(f"{_ONE}/{action}", f"calendar_{action}", command, methods=["POST"])
        blueprint.add_url_rule(f"{_ONE}/{action}", f"after_calendar_{action}", back_to_calendar)


def calendars() -> ResponseReturnValue:
    after = request.args.get("dopo", "")[:_AFTER_MAX]
    found = bus_client().ask(LIST_CALENDARS, actor=member().actor, after=after or None)
    return _page("desk/calendars.html", calendars=found["items"], next=found["next"], may_follow=may_publish())


def new_calendar() -> ResponseReturnValue:
    return _form(_EMPTY, {}) if may_publish() else not_yours()


def follow() -> ResponseReturnValue:
    """Enter a calendar, and wait a moment for it to be read: its page shows then what it would bring."""
    if not may_publish():
        return not_yours()
    values = fields.read(request.form, _FIELDS)
    values["partner"] = member().partner or values["partner"]
    wrong = _wrong(values)
    if wrong:
        return _form(values, words_of(wrong))
    try:
        entered = do(FOLLOW_CALENDAR, key=str(fields.key_of(request.form, values)), **_arguments(values))
    except Refusal as refusal:
        errors = words_of(_named(refusal))
        if not errors:
            raise
        return _form(values, errors)
    _await(entered["id"], lambda seen: seen["preview"] or seen["problem"])
    return redirect(url_for("desk.calendar", calendar_id=entered["id"]), 303)


def calendar(calendar_id: UUID) -> ResponseReturnValue:
    try:
        seen = calendar_at(calendar_id)
    except Refusal as refusal:
        if refusal.code != NotFound.code:
            raise
        return gone()
    return _page("desk/calendar.html", calendar=seen, may_act=member().may_act(seen["partner"]))


def confirm(calendar_id: UUID) -> ResponseReturnValue:
    return _done(CONFIRM_CALENDAR, calendar_id)


def fetch_now(calendar_id: UUID) -> ResponseReturnValue:
    return _done(FETCH_CALENDAR_NOW, calendar_id)


def unfollow(calendar_id: UUID) -> ResponseReturnValue:
    try:
        do(UNFOLLOW_CALENDAR, calendar_id=calendar_id)
    except Refusal as refusal:
        if refusal.code != NotFound.code:  # given up by somebody else meanwhile
            raise
    return redirect(url_for("desk.calendars"), 303)


def back_to_calendar(calendar_id: UUID) -> Response:
    """Where a form was sent to: who opens that address (by the switch of language, say) wants the calendar."""
    return redirect(url_for("desk.calendar", calendar_id=calendar_id), 303)


def _done(command: Command, calendar_id: UUID) -> ResponseReturnValue:
    """Carry it out, and wait a moment for the calendar to be fetched."""
    try:
        before = calendar_at(calendar_id)
        do(command, calendar_id=calendar_id)
    except Refusal as refusal:
        if refusal.code == NotFound.code:
            return gone()
        if refusal.code != "not_read_yet":
            raise
    else:
        marks = ("fetched_at", "failures")
        _await(calendar_id, lambda seen: any(seen[mark] != before[mark] for mark in marks))
    return back_to_calendar(calendar_id)


def calendar_at(calendar_id: Any) -> dict[str, Any]:
    """``contracts.booking.CalendarWithPreview``. Raises Refusal."""
    return bus_client().ask(GET_CALENDAR, actor=member().actor, calendar_id=calendar_id)


def _await(calendar_id: Any, is_so: Any) -> None:
    """Until it is so, or long enough: the page says which, and can be loaded again."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until and not is_so(calendar_at(calendar_id)):
        time.sleep(PAUSE)


def gone() -> ResponseReturnValue:
    words = _("Forse qualcuno ha smesso di seguirlo. Riparti dall’elenco dei calendari.")
    return notice(_("Questo calendario non c’è"), [words], 404)


def _wrong(values: dict[str, str]) -> set[str]:
    wrong = fields.unclear({name: values[name] for name in ("capacity", "room_url")})
    wrong |= {name for name in ("partner", "url") if not values[name]}
    wrong |= set() if values["language"] in LANGUAGES else {"language"}
    return wrong | (set() if _short_name(values["name"]) else {"name"})


def _short_name(text: str) -> str:
    """«Corsi di primavera» as ``corsi-di-primavera``: what tells apart the calendars of a partner."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:CALENDAR_NAME_MAX]


def _named(refusal: Refusal) -> set[str]:
    """The fields that a refusal is about: what is not found here can only be the partner."""
    if refusal.code in (NotFound.code, "too_many_calendars"):
        return {"partner" if refusal.code == NotFound.code else "form"}
    return set(refusal.details.get("fields", ())) if refusal.code == InvalidArguments.code else set()


def words_of(names: set[str]) -> dict[str, Any]:
    """What to say of each field that is wrong, in the order of the page."""
    said = {
        "form": _("Segui già dieci calendari, e di più non si può: smetti prima di seguirne uno"),
        "name": _("Scrivi un nome breve, che gli altri tuoi calendari non hanno"),
        "url": _("Copia l’indirizzo del calendario dal tuo programma: comincia con https:// o webcal://"),
    }
    said |= fields.words(names & {"partner", "language", "capacity", "room_url"})
    order = ("form", "partner", "name", "url", "language", "capacity", "room_url")
    return {name: said[name] for name in order if name in names and name in said}


def _arguments(values: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: values[name] for name in ("partner", "language")},
        "name": _short_name(values["name"]),
        "url": values["url"][: CALENDAR_URL_MAX + 1],
        "capacity": fields.number(values["capacity"]),
        "room_url": values["room_url"] or None,
    }


def _form(values: dict[str, str], errors: dict[str, Any]) -> Response:
    listed = partners() if member().partner is None else []
    page = render_template(
        "desk/follow.html",
        values=values,
        errors=errors,
        key=fields.new_key(),
        partners=listed,
        url_max=CALENDAR_URL_MAX,
    )
    return make_response(page, 422 if errors else 200)


def _page(template: str, **about: Any) -> str:
    return render_template(template, ago=ago, counted=counts_in_words, explained=problem_in_words, **about)
