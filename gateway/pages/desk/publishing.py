"""Publishing a session, or a series of them: a form, a check of all dates, and one command with one key.

What was typed travels from page to page in the form itself: a description is too long for a cookie.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import DESCRIPTION_MAX, LANGUAGES, PUBLISH_SESSIONS, TITLE_MAX
from contracts.wire import InvalidArguments, NotFound, Refusal
from gateway.error_pages import RETRY_SECONDS
from gateway.language import only_language
from gateway.pages.desk import fields, repeats, story_fields
from gateway.pages.desk.frame import may_publish, member, not_yours
from gateway.pages.desk.outcomes import done_or_queued, outcome_page
from gateway.pages.home import partners

_FIELDS = (
    "partner",
    "title",
    "description",
    "language",
    "day",
    "hour",
    "minutes",
    "capacity",
    "room_url",
    "repeat",
    "dates",
    "without",
    *story_fields.NAMES,
)
_EMPTY = {"language": LANGUAGES[0], "minutes": "90", "capacity": "20", "repeat": "never"}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/nuova", "new", new)
    blueprint.add_url_rule("/nuova", "publish", publish, methods=["POST"])
    blueprint.add_url_rule("/nuova/<uuid:key>", "published", published)


def new() -> ResponseReturnValue:
    return _form(_EMPTY, {}, fields.new_key()) if may_publish() else not_yours()


def publish() -> ResponseReturnValue:
    """From the form to the check, from there back to the form or on to booking."""
    if not may_publish():
        return not_yours()
    values, step = fields.read(request.form, _FIELDS), request.form.get("step", "check")
    values["partner"] = member().partner or values["partner"]
    if only_language():
        return _form(values, {}, fields.new_key())
    if wrong := _wrong(values):
        return _form(values, _words(wrong), fields.new_key())
    key = request.form.get("key") or fields.new_key()
    if step == "edit":
        return _form(values, {}, key)
    return _publish(values, key) if step == "publish" else _check(values, key)


def published(key: UUID) -> ResponseReturnValue:
    return outcome_page(key, "published")


def _publish(values: dict[str, str], form_key: str) -> ResponseReturnValue:
    key = fields.key_of(request.form, values)
    try:
        done_or_queued(PUBLISH_SESSIONS, key, **_arguments(values))
    except NoAnswer:
        return _check(values, form_key, not_answering=True)
    except Refusal as refusal:
        wrong = _named(refusal)
        if not wrong:
            raise
        return _form(values, _words(wrong), fields.new_key())  # the old key would be refused again
    return redirect(url_for("desk.published", key=key), 303)


def _named(refusal: Refusal) -> set[str]:
    """The fields that a refusal is about: what is not found here can only be the partner."""
    if refusal.code == NotFound.code:
        return {"partner"}
    return fields.from_booking(refusal.details.get("fields", ())) if refusal.code == InvalidArguments.code else set()


def _words(wrong: set[str]) -> dict[str, Any]:
    return {**fields.words(wrong), **story_fields.words(wrong)}


def _wrong(values: dict[str, str]) -> set[str]:
    wrong = fields.unclear(values) | story_fields.unclear(values)
    wrong |= {"partner"} if not values["partner"] else set()
    wrong |= {"language"} if values["language"] not in LANGUAGES else set()
    if not wrong & {"day", "hour"} and _starts(values, [_first(values)])[0] <= datetime.now(UTC):
        wrong.add("day")
    return wrong | _wrong_series(values)


def _wrong_series(values: dict[str, str]) -> set[str]:
    """Fewer dates than were asked for, or a day to leave out that is none of them, are told and not guessed."""
    repeat, first = values["repeat"], fields.day(values["day"])
    if repeat not in repeats.REPEATS:
        return {"repeat"}
    if repeat == "never" or first is None:
        return set()
    many = fields.number(values["dates"]) or 0
    found = repeats.days(first, repeat, many)
    if many < 2 or len(found) < many:
        return {"dates"}
    left_out = fields.days(values["without"])
    return {"without"} if left_out is None or not set(left_out) < set(found) else set()


def _first(values: dict[str, str]) -> date:
    first = fields.day(values["day"])
    assert first is not None  # noqa: S101 (looked at before)
    return first


def _days(values: dict[str, str]) -> list[date]:
    found = repeats.days(_first(values), values["repeat"], fields.number(values["dates"]) or 1)
    return [day for day in found if day not in _left_out(values)]


def _left_out(values: dict[str, str]) -> list[date]:
    return [] if values["repeat"] == "never" else fields.days(values["without"]) or []


def _starts(values: dict[str, str], days: list[date]) -> list[datetime]:
    clock = fields.clock(values["hour"])
    assert clock is not None  # noqa: S101 (looked at before)
    return [fields.moment(day, clock) for day in days]


def _arguments(values: dict[str, str]) -> dict[str, Any]:
    first, many = _first(values), fields.number(values["dates"]) or 1
    return {
        **{name: values[name] for name in ("partner", "title", "description", "language")},
        "starts_at": _starts(values, [first])[0].replace(tzinfo=None).isoformat(),
        "minutes": fields.number(values["minutes"]),
        "capacity": fields.number(values["capacity"]),
        "room_url": values["room_url"] or None,
        "rule": repeats.rule(first, values["repeat"], many),
        "without": [day.isoformat() for day in _left_out(values)],
        "stories": story_fields.written(values),
    }


def _form(values: dict[str, str], errors: dict[str, Any], key: str) -> Response:
    page = render_template(
        "desk/publish.html",
        values=values,
        errors=errors,
        key=key,
        partners=partners() if member().partner is None else [],
        title_max=TITLE_MAX,
        description_max=DESCRIPTION_MAX,
        has_stories=bool(story_fields.written({**dict.fromkeys(story_fields.NAMES, ""), **values})),
    )
    return make_response(page, 422 if errors else 200)


def _check(values: dict[str, str], key: str, *, not_answering: bool = False) -> Response:
    names = {each["id"]: each["name"] for each in partners()}
    page = render_template(
        "desk/publish_check.html",
        values=values,
        starts=_starts(values, _days(values)),
        stories=story_fields.written(values),
        partner_name=names.get(values["partner"], values["partner"]),
        key=key,
        not_answering=not_answering,
    )
    response = make_response(page, 503 if not_answering else 200)
    if not_answering:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
