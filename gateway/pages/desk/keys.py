"""The member's own access keys, for programs that use the API as they do."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.secret import access_key, digest
from contracts.staff import ADD_KEY, KEY_NAME_MAX, LIST_KEYS, REVOKE_KEY
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.pages.desk import once
from gateway.pages.desk.frame import member, open_to_prescribers, send

_KEYS = "/chiavi"
_WHAT = "key"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_KEYS, "keys", keys)
    blueprint.add_url_rule(_KEYS, "add_key", add_key, methods=["POST"])
    blueprint.add_url_rule(f"{_KEYS}/nuova", "new_key", new_key)
    blueprint.add_url_rule(f"{_KEYS}/<uuid:key_id>/revoca", "ask_to_revoke", ask_to_revoke)
    blueprint.add_url_rule(f"{_KEYS}/<uuid:key_id>/revoca", "revoke", revoke, methods=["POST"])
    open_to_prescribers.update(f"desk.{name}" for name in ("keys", "add_key", "new_key", "ask_to_revoke", "revoke"))


def keys() -> ResponseReturnValue:
    return _page({})


def add_key() -> ResponseReturnValue:
    """Make a key. Staff learns its digest, and the page that follows shows it."""
    name = " ".join(request.form.get("name", "").split())
    if not 0 < len(name) <= KEY_NAME_MAX:
        return _page(_wrong_name(), name)
    secret = once.of_form(_WHAT)
    made = digest(access_key(secret.worked_out()))
    try:
        send(ADD_KEY, key=secret.command_key, account_id=member().actor["id"], name=name, digest=made)
    except Refusal as refusal:
        if refusal.code == InvalidArguments.code:
            return _page(_wrong_name(), name)
        if refusal.code == "too_many_keys":
            return _page({"name": _("Hai già venti chiavi: prima revocane una")}, name)
        raise
    return once.show(secret, redirect(url_for("desk.new_key"), 303))


def new_key() -> ResponseReturnValue:
    secret = once.to_be_shown(_WHAT)
    if secret is None:
        return redirect(url_for("desk.keys"), 303)
    return make_response(render_template("desk/new_key.html", key=access_key(secret.worked_out())))


def ask_to_revoke(key_id: UUID) -> ResponseReturnValue:
    found = next((key for key in _own() if key["id"] == str(key_id)), None)
    if found is None:
        return redirect(url_for("desk.keys"), 303)
    return make_response(render_template("desk/revoke_key.html", key=found))


def revoke(key_id: UUID) -> ResponseReturnValue:
    send(REVOKE_KEY, account_id=member().actor["id"], key_id=key_id)
    return redirect(url_for("desk.keys"), 303)


def _own() -> list[dict[str, Any]]:
    return list(bus_client().ask(LIST_KEYS, account_id=member().actor["id"])["items"])


def _wrong_name() -> dict[str, Any]:
    return {"name": _("Scrivi a che cosa serve, in non più di %(most)s caratteri", most=KEY_NAME_MAX)}


def _page(errors: dict[str, Any], name: str = "") -> Response:
    page = render_template(
        "desk/keys.html", keys=_own(), errors=errors, name=name, number=once.new_number(), name_max=KEY_NAME_MAX
    )
    return make_response(page, 422 if errors else 200)
