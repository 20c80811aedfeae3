"""The home page: what the centre does for you, and the next sessions."""

from typing import Any

from flask import Blueprint, render_template

from bus.client import NoAnswer
from contracts.booking import LIST_PARTNERS, LIST_SESSIONS
from gateway.last_known import Answer, ask

NEXT_SESSIONS = 3

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    """Shown even when booking has never answered: who to call is on it."""
    try:
        found: Answer | None = ask(LIST_SESSIONS, limit=NEXT_SESSIONS)
    except NoAnswer:
        found = None
    return render_template(
        "home.html",
        sessions=found.result["items"] if found else None,
        known_since_time=found.known_since if found else None,
        partners=partners(),
    )


def partners() -> list[dict[str, Any]]:
    """Who holds sessions; nobody when that is not known."""
    try:
        items: list[dict[str, Any]] = ask(LIST_PARTNERS).result["items"]
    except NoAnswer:
        return []
    return items
