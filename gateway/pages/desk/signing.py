"""Signing in by password or one-time link, and out. Opening a link uses nothing up: mail scanners open links too."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.password import password_proof
from contracts.staff import EMAIL_MAX, SIGN_IN, TOKEN_MAX, USE_LINK
from gateway.context import settings
from gateway.language import page_language
from gateway.pages import held
from gateway.pages.desk import tries, who
from gateway.pages.desk.frame import WANTED, form_key_or_new, notice, open_to_all, send

PASSWORD_MIN = 12
PASSWORD_MAX = 200


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/accedi", "sign_in", sign_in)
    blueprint.add_url_rule("/accedi", "give_password", give_password, methods=["POST"])
    blueprint.add_url_rule("/entra/<token>", "enter", enter)
    blueprint.add_url_rule("/entra/<token>", "use_link", use_link, methods=["POST"])
    blueprint.add_url_rule("/esci", "sign_out", sign_out, methods=["POST"])
    open_to_all.update(f"desk.{name}" for name in ("sign_in", "give_password", "enter", "use_link", "sign_out"))


def sign_in() -> ResponseReturnValue:
    return _form({})


def give_password() -> ResponseReturnValue:
    email, password = request.form.get("email", "").strip()[:EMAIL_MAX], request.form.get("password", "")
    key = settings().password_key
    if not email or not password or key is None:
        return _form(_missing(email, password), email)
    tries.count()
    try:
        proof = password_proof(key, password[:PASSWORD_MAX])
        answer = send(SIGN_IN, email=email, password=proof, language=page_language())
    except NoAnswer:
        return _form({}, email, status=503)
    if answer["refused"] == "try_later":
        return _try_later(email, answer["seconds"])
    if answer["refused"]:
        return _form({"email": _("L’indirizzo o la password non sono giusti")}, email)
    return let_in(answer["member"])


def enter(token: str) -> ResponseReturnValue:  # noqa: ARG001 (the form goes to the same address)
    return _link_page({}, str(uuid4()))


def use_link(token: str) -> ResponseReturnValue:
    """Let in, and set the password that was chosen, if one was.

    The key of the form makes a second click, or a second try where nobody answered, ask for the same.
    """
    password, again = request.form.get("password", ""), request.form.get("again", "")
    form_key = form_key_or_new(request.form.get("key", ""))
    if errors := _wrong_choice(password, again):
        return _link_page(errors, form_key)
    tries.count()
    key = settings().password_key
    proof = password_proof(key, password) if password and key else None
    try:
        given: dict[str, Any] = {"token": token[:TOKEN_MAX], "password": proof, "language": page_language()}
        answer = send(USE_LINK, key=form_key, **given)
    except NoAnswer:
        return _link_page({}, form_key, status=503)
    if answer["refused"]:
        words = [_("È già stato usato, oppure è passato un giorno."), _("Chiedine un altro a chi gestisce Bottega.")]
        return notice(_("Questo link non vale più"), words, 410)
    return let_in(answer["member"])


def sign_out() -> Response:
    response = redirect(url_for("desk.sign_in"), 303)
    who.forget(response)
    held.forget(response)  # a link opened here is the member's: see people.manage
    return response


def let_in(member: dict[str, Any]) -> Response:
    """Sign in, and on to the page that was wanted."""
    response = redirect(session.get(WANTED) or url_for("desk.sessions"), 303)
    who.remember(response, member)
    return response


def _missing(email: str, password: str) -> dict[str, Any]:
    errors = {}
    if not email:
        errors["email"] = _("Scrivi il tuo indirizzo e-mail")
    if not password:
        errors["password"] = _("Scrivi la tua password")
    return errors


def _wrong_choice(password: str, again: str) -> dict[str, Any]:
    if not password and not again:
        return {}
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return {"password": _("Scegli una password di almeno %(least)s caratteri", least=PASSWORD_MIN)}
    return {} if password == again else {"again": _("Le due password non sono uguali")}


def _try_later(email: str, seconds: int) -> ResponseReturnValue:
    minutes = -(-seconds // 60)
    wait = (
        ngettext(
            "Troppi tentativi: riprova tra %(num)s secondo", "Troppi tentativi: riprova tra %(num)s secondi", seconds
        )
        if seconds < 60
        else ngettext(
            "Troppi tentativi: riprova tra %(num)s minuto", "Troppi tentativi: riprova tra %(num)s minuti", minutes
        )
    )
    response = _form({"email": wait}, email, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _form(errors: dict[str, Any], email: str = "", status: int = 0) -> Response:
    page = render_template(
        "desk/sign_in.html",
        errors=errors,
        email=email,
        email_max=EMAIL_MAX,
        with_password=settings().password_key is not None,
        with_provider=settings().oidc_issuer is not None,
        not_answering=status == 503,
    )
    return make_response(page, status or (422 if errors else 200))


def _link_page(errors: dict[str, Any], key: str, status: int = 0) -> Response:
    page = render_template(
        "desk/link.html",
        errors=errors,
        with_password=settings().password_key is not None,
        least=PASSWORD_MIN,
        key=key,
        not_answering=status == 503,
    )
    return make_response(page, status or (422 if errors else 200))
