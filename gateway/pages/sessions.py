"""The list of sessions with its filters, and the page of one session."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from contracts.booking import GET_SESSION, LANGUAGES, LIST_SESSIONS
from contracts.wire import InvalidArguments, Refusal
from gateway.last_known import Answer, ask
from gateway.pages.home import partners
from gateway.wording import ROME, local, seats_state

PAGE_SIZE = 12
CURSOR_MAX = 200
PARTNER_MAX = 40

blueprint = Blueprint("sessions", __name__, url_prefix="/sessioni")


@dataclass(frozen=True)
class Choices:
    """What the list is filtered by. Whatever cannot be read in the address is left out, as if not chosen."""

    dal: str  # a day as YYYY-MM-DD, or empty
    language: str
    partner: str
    after: str

    @property
    def query(self) -> dict[str, Any]:
        """The filters as they stand in an address."""
        return {name: value for name, value in self._filters().items() if value}

    @property
    def any(self) -> bool:
        return bool(self.query)

    def arguments(self) -> dict[str, Any]:
        chosen = {"language": self.language, "partner": self.partner, "after": self.after}
        arguments: dict[str, Any] = {name: value for name, value in chosen.items() if value}
        if self.dal:
            midnight = datetime.combine(date.fromisoformat(self.dal), time.min, ROME)
            arguments["starts_from"] = max(midnight, datetime.now(UTC)).astimezone(UTC).isoformat()
        return arguments

    def _filters(self) -> dict[str, str]:
        return {"dal": self.dal, "in": self.language, "con": self.partner}


def choices() -> Choices:
    language = request.args.get("in", "")
    return Choices(
        dal=_day(request.args.get("dal", "")),
        language=language if language in LANGUAGES else "",
        partner=request.args.get("con", "")[:PARTNER_MAX],
        after=request.args.get("dopo", "")[:CURSOR_MAX],
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@blueprint.get("")
def index() -> Response:
    """The list. An address that booking cannot read (an old page, a partner that never was) leads to the whole list."""
    chosen = choices()
    try:
        found = ask(LIST_SESSIONS, limit=PAGE_SIZE, **chosen.arguments())
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code or not request.query_string:
            raise
        return redirect(url_for("sessions.index"), 303)
    only_results = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    page = render_template(
        "parts/results.html" if only_results else "sessions.html",
        sessions=found.result["items"],
        next=found.result["next"],
        known_since_time=found.known_since,
        chosen=chosen,
        partners=[] if only_results else partners(),
        today=local(datetime.now(UTC)).date().isoformat(),
    )
    response = make_response(page)
    response.vary.add("HX-Request")
    if only_results:  # what the browser shows as the address: without the filters that are empty
        response.headers["HX-Push-Url"] = url_for("sessions.index", **chosen.query)
    return response


def find_session(session_id: UUID) -> Answer:
    """Raises the refusal ``not_found``, and NoAnswer when the session was never seen."""
    return ask(GET_SESSION, session_id=str(session_id))


@blueprint.get("/<uuid:session_id>")
def show(session_id: UUID) -> str:
    found = find_session(session_id)
    return render_template("session.html", session=found.result, known_since_time=found.known_since)


@blueprint.app_template_filter()
def seats_seen(session: dict[str, Any]) -> str:
    """What the page shows of the seats, to tell whether it is still so."""
    return f"{seats_state(session)}.{session['seats_left']}.{session['waiting']}"


@blueprint.get("/<uuid:session_id>/posti")
def seats(session_id: UUID) -> Response:
    """The seats as they are now, for a page that is open: 204 when it shows them already.

    When there is another next step to offer (the last seat has gone, say) the whole page is asked to load again.
    """
    session = find_session(session_id).result
    seen = request.args.get("visti", "")
    if seats_seen(session) == seen:
        return make_response("", 204)
    response = make_response(render_template("parts/seats.html", session=session))
    if _can_book(seen.split(".")[0]) != _can_book(seats_state(session)):
        response.headers["HX-Refresh"] = "true"
    return response


def _can_book(state: str) -> bool:
    return state in {"free", "last"}
