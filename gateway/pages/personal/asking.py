"""Asking for a link to one's own page: the answer is the same whoever is known, and takes the same time."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.notify import SEND_PERSONAL_LINK, SendPersonalLink
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.error_pages import RETRY_SECONDS
from gateway.language import page_language
from gateway.limits import PERSONAL_LINKS
from gateway.pages.answers import WRONG
from gateway.pages.held import is_form_key

PATIENCE = timedelta(minutes=15)  # a link that comes later than that is not waited for


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "ask", ask, methods=["POST"])
    blueprint.add_url_rule("/inviato", "asked", asked)


def ask() -> ResponseReturnValue:
    PERSONAL_LINKS.count()
    email, key = request.form.get("email", "").strip(), request.form.get("key", "")
    if SendPersonalLink(only=("email",)).validate({"email": email}):
        return form(email, _wrong(email))
    command: dict[str, Any] = {"email": email, "language": page_language()}
    deadline = datetime.now(UTC) + PATIENCE
    try:
        bus_client().command(SEND_PERSONAL_LINK, idempotency_key=_key(key, email), deadline=deadline, **command)
    except NoAnswer as silence:
        if not silence.accepted:
            return form(email, status=503)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code:
            raise
        return form(email, _wrong(email))
    return redirect(url_for("personal.asked"), 303)


def asked() -> str:
    return render_template("personal/asked.html")


def form(email: str = "", errors: dict[str, Any] | None = None, *, status: int = 0, over: bool = False) -> Response:
    """The question for the address; ``over``: the person was in, and the hour is over."""
    page = render_template(
        "personal/ask.html",
        email=email,
        errors=errors or {},
        key=str(uuid4()),
        not_answering=status == 503,
        over=over,
    )
    response = make_response(page, status or (422 if errors else 200))
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _key(form_key: str, email: str) -> str:
    """A second click asks for the same; who goes back to correct the address asks anew. It tells nothing of either."""
    random = form_key if is_form_key(form_key) else str(uuid4())
    return hmac.new(random.encode(), f"{email} {page_language()}".encode(), "sha256").hexdigest()


def _wrong(email: str) -> dict[str, Any]:
    return {"email": WRONG["email"] if email else _("Scrivi il tuo indirizzo e-mail")}
