"""For the programs of coordinators and operators: what the staff did, who signed in, what was done about accounts."""

from collections.abc import Iterable
from typing import Any

from contracts import booking, staff
from gateway.api.access import actor, documented, keyed
from gateway.api.audit_schemas import ActionFilters, ActionPage, EntryFilters, EntryPage
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.problems import page_or_not_found
from gateway.context import bus_client

blueprint = ApiBlueprint("Audit", __name__, url_prefix=PREFIX, description="For the staff: who did what, and when")


@blueprint.route("/audit/actions")
@keyed
@blueprint.arguments(ActionFilters(), location="query")
@blueprint.response(200, ActionPage)
@blueprint.documents_problems(401, 403, 404, 422)
@blueprint.doc(**documented)
def list_actions(filters: dict[str, Any]) -> Any:
    """What the staff did in sessions and with calendars: for an operator, what was done for their partner.

    It is kept for two years, and never says who was booked for. What a program does with a reservation's token is the
    person's, as the token says of nobody else.
    """
    with page_or_not_found():
        found = bus_client().ask(booking.LIST_ACTIONS, actor=actor(), **_plain(filters))
    return _named(found, {"staff_id": "staff_name"})


@blueprint.route("/audit/accounts")
@keyed
@blueprint.arguments(EntryFilters(), location="query")
@blueprint.response(200, EntryPage)
@blueprint.documents_problems(401, 403, 404, 422)
@blueprint.doc(**documented)
def list_entries(filters: dict[str, Any]) -> Any:
    """Who signed in or failed to, and what was done about accounts: for an operator, what concerns the own one."""
    asked = _plain(filters)
    with page_or_not_found():
        found = bus_client().ask(staff.LIST_ENTRIES, by=_self(), account_id=asked.pop("staff_id", None), **asked)
    return _named(found, {"by": "by_name", "account_id": "account_name"})


def _plain(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name.endswith("_id") else value for name, value in filters.items()}


def _named(page: dict[str, Any], members: dict[str, str]) -> dict[str, Any]:
    """The page, with the names of the accounts under other members: asked all at once."""
    names = _names({item[name] for item in page["items"] for name in members if item[name]})
    items = [item | {to: names.get(item[name]) for name, to in members.items()} for item in page["items"]]
    return {**page, "items": items}


def _names(account_ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(account_ids)
    if not wanted:
        return {}
    found = bus_client().ask(staff.NAME_MEMBERS, by=_self(), account_ids=wanted)
    return {each["id"]: each["name"] for each in found["items"]}


def _self() -> str:
    return str(actor()["id"])
