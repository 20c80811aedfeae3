"""For coordinators' programs: the accounts of the staff. Who may, staff looks up.

Of what is asked here nobody can ask later what became of it: where staff is silent the answer is 503, and sending the
same again, with the same key, is safe.
"""

from typing import Any
from uuid import UUID

from flask import url_for

from contracts import staff
from contracts.secret import digest, link_token
from contracts.wire import Command
from gateway.api.access import PATIENCE, actor, documented, keyed, own_key
from gateway.api.account_schemas import Account, AccountId, AccountList, AccountPage, MadeLink, NewAccount, Role
from gateway.api.commands import carry_out, new_key
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.reservations import KEY, LOCATION
from gateway.context import bus_client
from gateway.links import way_in_for_staff
from gateway.once import Secret

blueprint = ApiBlueprint("Accounts", __name__, url_prefix=PREFIX, description="For coordinators: who works here")
_ONE = "/accounts/<uuid:account_id>"
_EXAMPLE = {name: staff.ADD_ACCOUNT.example[name] for name in ("name", "email", "role", "partner")}


@blueprint.route("/accounts")
@keyed
@blueprint.arguments(AccountPage(), location="query")
@blueprint.response(200, AccountList)
@blueprint.documents_problems(401, 403, 422)
@blueprint.doc(**documented)
def list_accounts(page: dict[str, Any]) -> Any:
    """The accounts in the order of their addresses, those that are shut out too."""
    after = page.pop("after")
    return bus_client().ask(staff.LIST_ACCOUNTS, by=_self(), after=str(after) if after else None, **page)


@blueprint.route("/accounts", methods=["POST"])
@keyed
@blueprint.arguments(NewAccount(), example=_EXAMPLE)
@blueprint.response(201, MadeLink, headers=LOCATION)
@blueprint.documents_problems(400, 401, 403, 409, 413, 415)
@blueprint.doc(parameters=[KEY], **documented)
def add_account(body: dict[str, Any]) -> Any:
    """Make an account. The same Idempotency-Key makes the same one again, with the same link."""
    secret = _new_secret()
    made = _send(staff.ADD_ACCOUNT, secret.command_key, digest=digest(_token(secret)), **body)
    return _told(made, secret), {"Location": url_for("Accounts.get_account", account_id=made["id"])}


@blueprint.route(_ONE)
@keyed
@blueprint.response(200, Account)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def get_account(account_id: UUID) -> Any:
    """One account."""
    return bus_client().ask(staff.GET_ACCOUNT, by=_self(), account_id=str(account_id))


@blueprint.route(f"{_ONE}/role", methods=["PUT"])
@keyed
@blueprint.arguments(Role(), example={"role": "viewer", "partner": "orso"})
@blueprint.response(200, AccountId)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(**documented)
def change_role(body: dict[str, Any], account_id: UUID) -> Any:
    """Give an account another role, or another partner; it counts within seconds. Nobody does it to the own one."""
    return _send(staff.CHANGE_ROLE, account_id=str(account_id), **body)


@blueprint.route(f"{_ONE}/link", methods=["POST"])
@keyed
@blueprint.response(201, MadeLink)
@blueprint.documents_problems(400, 401, 403, 404)
@blueprint.doc(parameters=[KEY], **documented)
def renew_link(account_id: UUID) -> Any:
    """Make a new link that lets the owner in once, in place of those before it; for an account that is not shut out."""
    secret = _new_secret()
    made = _send(staff.RENEW_LINK, secret.command_key, account_id=str(account_id), digest=digest(_token(secret)))
    return _told(made, secret)


@blueprint.route(f"{_ONE}/disabled", methods=["PUT"])
@keyed
@blueprint.response(200, AccountId)
@blueprint.documents_problems(401, 403, 404, 409)
@blueprint.doc(**documented)
def disable_account(account_id: UUID) -> Any:
    """Shut an account out, with its links and keys; who is signed in is out within seconds. Never the own one."""
    return _send(staff.DISABLE_ACCOUNT, account_id=str(account_id))


@blueprint.route(f"{_ONE}/disabled", methods=["DELETE"])
@keyed
@blueprint.response(200, AccountId)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def enable_account(account_id: UUID) -> Any:
    """Take an account in again, with the password that it had. Its links and keys of before are over."""
    return _send(staff.ENABLE_ACCOUNT, account_id=str(account_id))


def _send(command: Command, key: str = "", **arguments: Any) -> dict[str, Any]:
    return carry_out(command, key or new_key(), PATIENCE, by=_self(), **arguments)


def _self() -> str:
    return str(actor()["id"])


def _new_secret() -> Secret:
    """What a new link is made of: the same for the same Idempotency-Key."""
    return Secret("link", own_key(), _self())


def _token(secret: Secret) -> str:
    return link_token(secret.worked_out())


def _told(made: dict[str, Any], secret: Secret) -> dict[str, Any]:
    return {**made, "link": way_in_for_staff(_token(secret))}
