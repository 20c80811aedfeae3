"""Who works at the desk, for coordinators: adding somebody, a new link, shutting out and taking in again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.secret import digest, link_token
from contracts.staff import (
    ADD_ACCOUNT,
    CHANGE_ROLE,
    DISABLE_ACCOUNT,
    EMAIL_MAX,
    ENABLE_ACCOUNT,
    GET_ACCOUNT,
    LIST_ACCOUNTS,
    RENEW_LINK,
    ROLES,
)
from contracts.wire import Command, InvalidArguments, NotFound, Refusal
from gateway.context import bus_client
from gateway.links import way_in_for_staff
from gateway.once import Secret
from gateway.pages.desk import fields, once
from gateway.pages.desk.frame import member, not_yours, notice, send
from gateway.pages.home import partners

NAME_MAX = 120  # as staff has it: what the form takes, not what is allowed
OF_A_PARTNER = ("operator", "viewer")
_LIST = "/staff"
_ONE = "/staff/<uuid:account_id>"
_FIELDS = ("name", "email", "role", "partner")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_LIST, "accounts", accounts)
    blueprint.add_url_rule(f"{_LIST}/nuovo", "new_account", new_account)
    blueprint.add_url_rule(f"{_LIST}/nuovo", "add_account", add_account, methods=["POST"])
    blueprint.add_url_rule(_ONE, "account", account)
    blueprint.add_url_rule(f"{_ONE}/ruolo", "role", role)
    blueprint.add_url_rule(f"{_ONE}/ruolo", "change_role", change_role, methods=["POST"])
    blueprint.add_url_rule(f"{_ONE}/link", "renew_link", renew_link, methods=["POST"])
    blueprint.add_url_rule(f"{_ONE}/link", "new_link", new_link)
    blueprint.add_url_rule(f"{_ONE}/chiudi", "disable_account", disable_account, methods=["POST"])
    blueprint.add_url_rule(f"{_ONE}/riapri", "enable_account", enable_account, methods=["POST"])
    for name in ("chiudi", "riapri"):  # who opens the address of a form, by the switch of language, wants the page
        blueprint.add_url_rule(f"{_ONE}/{name}", f"after_{name}", _to_account)


def role_names() -> dict[str, Any]:
    """What each role is called at the desk."""
    return {
        "coordinator": _("Coordinamento"),
        "operator": _("Sportello"),
        "viewer": _("Solo lettura"),
        "prescriber": _("Servizio inviante"),
    }


def accounts() -> ResponseReturnValue:
    after = request.args.get("dopo", "")
    found = bus_client().ask(LIST_ACCOUNTS, by=_self(), after=after if _is_id(after) else None)
    names = {each["id"]: each["name"] for each in partners()}
    return make_response(
        render_template("desk/accounts.html", page=found, after=after, roles=role_names(), names=names)
    )


def account(account_id: UUID) -> ResponseReturnValue:
    try:
        found = bus_client().ask(GET_ACCOUNT, by=_self(), account_id=account_id)
    except NotFound:
        return _no_account()
    except Refusal as refusal:
        return _told(refusal)
    names = {each["id"]: each["name"] for each in partners()}
    page = render_template(
        "desk/account.html",
        account=found,
        role=role_names()[found["role"]],
        partner=names.get(found["partner"], found["partner"]),
        own=found["id"] == _self(),
        number=once.new_number(),
    )
    return make_response(page)


def new_account() -> ResponseReturnValue:
    return _form({"role": "operator"}, {}) if member().role == "coordinator" else not_yours()


def add_account() -> ResponseReturnValue:
    """Make an account, with a link that the page that follows shows."""
    values = fields.read(request.form, _FIELDS)
    errors = _errors(_missing(values))
    if errors:
        return _form(values, errors)
    secret = once.of_form("link")
    facts = {**values, "partner": _partner(values), "digest": digest(_token(secret))}
    try:
        added = send(ADD_ACCOUNT, key=secret.command_key, by=_self(), **facts)
    except Refusal as refusal:
        wrong = _errors(_refused_fields(refusal), taken=refusal.code == "address_taken")
        if not wrong:
            raise
        return _form(values, wrong)
    return once.show(secret, redirect(url_for("desk.new_link", account_id=added["id"]), 303))


def role(account_id: UUID) -> ResponseReturnValue:
    """The form for another role, or another partner."""
    try:
        found = bus_client().ask(GET_ACCOUNT, by=_self(), account_id=account_id)
    except Refusal as refusal:
        return _told(refusal)
    return _role_form(found, found, {}) if found["id"] != _self() else _to_account(account_id)


def change_role(account_id: UUID) -> ResponseReturnValue:
    values = fields.read(request.form, ("role", "partner"))
    errors = _errors(_missing_of_role(values))
    try:
        if errors:
            return _role_form(bus_client().ask(GET_ACCOUNT, by=_self(), account_id=account_id), values, errors)
        send(CHANGE_ROLE, by=_self(), account_id=account_id, role=values["role"], partner=_partner(values))
    except Refusal as refusal:
        return _told(refusal)
    return _to_account(account_id)


def renew_link(account_id: UUID) -> ResponseReturnValue:
    secret = once.of_form("link")
    made = digest(_token(secret))
    try:
        send(RENEW_LINK, key=secret.command_key, by=_self(), account_id=account_id, digest=made)
    except Refusal as refusal:
        return _told(refusal)
    return once.show(secret, redirect(url_for("desk.new_link", account_id=account_id), 303))


def new_link(account_id: UUID) -> ResponseReturnValue:
    secret = once.to_be_shown("link")
    if secret is None:
        return redirect(url_for("desk.account", account_id=account_id), 303)
    found = bus_client().ask(GET_ACCOUNT, by=_self(), account_id=account_id)
    link = way_in_for_staff(_token(secret))
    return make_response(render_template("desk/new_link.html", account=found, link=link))


def disable_account(account_id: UUID) -> ResponseReturnValue:
    return _done(DISABLE_ACCOUNT, account_id)


def enable_account(account_id: UUID) -> ResponseReturnValue:
    return _done(ENABLE_ACCOUNT, account_id)


def _done(command: Command, account_id: UUID) -> ResponseReturnValue:
    try:
        send(command, by=_self(), account_id=account_id)
    except Refusal as refusal:
        return _told(refusal)
    return redirect(url_for("desk.account", account_id=account_id), 303)


def _told(refusal: Refusal) -> ResponseReturnValue:
    """The page of a refusal that is about an account. Raises any other."""
    if refusal.code == "not_found":
        return _no_account()
    if refusal.code == "own_account":
        words = _("Chiedi a un’altra persona del coordinamento: così ne resta sempre una.")
        return notice(_("Non puoi chiudere il tuo account, né cambiarne il ruolo"), [words], 409)
    raise refusal


def _no_account() -> ResponseReturnValue:
    return notice(_("Questo account non c’è, o è chiuso"), [_("Riparti dall’elenco dello staff.")], 404)


def _to_account(account_id: UUID) -> Response:
    return redirect(url_for("desk.account", account_id=account_id), 303)


def _token(secret: Secret) -> str:
    return link_token(secret.worked_out())


def _self() -> str:
    return str(member().actor["id"])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _missing(values: dict[str, str]) -> set[str]:
    return {name for name in ("name", "email") if not values[name]} | _missing_of_role(values)


def _missing_of_role(values: dict[str, str]) -> set[str]:
    wrong = {"role"} if values["role"] not in ROLES else set()
    return wrong | ({"partner"} if values["role"] in OF_A_PARTNER and not values["partner"] else set())


def _partner(values: dict[str, str]) -> str | None:
    """The partner that goes with the role: what the form says of it counts for some roles only."""
    return values["partner"] if values["role"] in OF_A_PARTNER else None


def _refused_fields(refusal: Refusal) -> set[str]:
    if refusal.code == "address_taken":
        return {"email"}
    return set(refusal.details.get("fields", ())) if refusal.code == InvalidArguments.code else set()


def _errors(names: set[str], *, taken: bool = False) -> dict[str, Any]:
    address = _("C’è già un account con questo indirizzo") if taken else _("Scrivi un indirizzo e-mail")
    words = {
        "name": _("Scrivi nome e cognome, in non più di %(most)s caratteri", most=NAME_MAX),
        "email": address,
        "role": _("Scegli che cosa può fare"),
        "partner": _("Scegli l’organizzazione"),
    }
    return {name: words[name] for name in words if name in names}


def _form(values: dict[str, str], errors: dict[str, Any]) -> Response:
    page = render_template(
        "desk/new_account.html",
        values=values,
        errors=errors,
        roles=_roles(),
        partners=partners(),
        number=once.new_number(),
        name_max=NAME_MAX,
        email_max=EMAIL_MAX,
    )
    return make_response(page, 422 if errors else 200)


def _role_form(account: dict[str, Any], values: Any, errors: dict[str, Any]) -> Response:
    page = render_template(
        "desk/role.html", account=account, values=values, errors=errors, roles=_roles(), partners=partners()
    )
    return make_response(page, 422 if errors else 200)


def _roles() -> list[tuple[str, Any, Any]]:
    """Each role with its name and what it may do."""
    about = {
        "operator": _("Pubblica le sessioni della sua organizzazione e tiene le presenze"),
        "viewer": _("Vede le sessioni e le presenze della sua organizzazione, e non cambia niente"),
        "coordinator": _("Fa tutto, per tutte le organizzazioni, e gestisce lo staff"),
        "prescriber": _("Prenota per le persone che segue, e vede solo quelle"),
    }
    return [(role, role_names()[role], words) for role, words in about.items()]
