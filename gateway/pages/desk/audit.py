"""What was done at the desk, day by day: in sessions and with calendars, and on the other page about accounts."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contracts.booking import GET_SESSION, LIST_ACTIONS
from contracts.staff import LIST_COLLEAGUES, LIST_ENTRIES, NAME_MEMBERS
from contracts.wire import InvalidArguments, Query, Refusal
from gateway.context import bus_client
from gateway.last_known import ask
from gateway.pages.desk import audit_filters
from gateway.pages.desk.action_words import Teller
from gateway.pages.desk.audit_filters import Chosen
from gateway.pages.desk.frame import member, not_yours
from gateway.pages.home import partners
from gateway.wording import local

PAGE_SIZE = 30
_EMPTY: dict[str, Any] = {"items": [], "next": None}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/registro", "actions", actions)
    blueprint.add_url_rule("/registro/accessi", "entries", entries)


def actions() -> ResponseReturnValue:
    """What the staff did in sessions and with calendars: of a partner, a member, a session, in some days."""
    chosen = audit_filters.read(request.args)
    return _page(chosen, LIST_ACTIONS, _actions_wanted(chosen), _in_sessions)


def entries() -> ResponseReturnValue:
    """What was done about accounts; who is no coordinator sees what concerns their own."""
    chosen = audit_filters.read(request.args)
    return _page(chosen, LIST_ENTRIES, {"by": _self(), "account_id": chosen.account_id}, _of_accounts)


def _actions_wanted(chosen: Chosen) -> dict[str, Any]:
    which = {"partner": chosen.partner, "staff_id": chosen.account_id, "session_id": chosen.session_id}
    return {"actor": member().actor, **which}


def _page(
    chosen: Chosen, query: Query, wanted: dict[str, Any], told: Callable[[Chosen, list[Any], Any], Any]
) -> ResponseReturnValue:
    """The list, or the form alone with what is wrong in it. An address that nobody's form made leads to the list."""
    if member().role not in {"coordinator", "operator"}:
        return not_yours()
    try:
        found = _EMPTY if chosen.errors else _asked(query, chosen, wanted)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code or not request.query_string:
            raise
        return redirect(url_for(str(request.endpoint)), 303)
    colleagues = bus_client().ask(LIST_COLLEAGUES, by=_self())["items"]
    names = _names(colleagues, found["items"], chosen)
    days = groupby(told(chosen, found["items"], names), key=lambda line: local(line["at"]).date())
    page = render_template(
        "desk/audit.html",
        days=[list(lines) for _day, lines in days],
        next=found["next"],
        chosen=chosen,
        session=ask(GET_SESSION, session_id=chosen.session_id).result if chosen.session_id else None,
        partners=partners() if member().partner is None else [],
        people=_people(colleagues, names, chosen),
        of_accounts=query is LIST_ENTRIES,
    )
    return make_response(page, 422 if chosen.errors else 200)


def _asked(query: Query, chosen: Chosen, wanted: dict[str, Any]) -> dict[str, Any]:
    return bus_client().ask(query, **wanted, **chosen.times, after=chosen.after, limit=PAGE_SIZE)


def _names(colleagues: list[dict[str, Any]], items: list[dict[str, Any]], chosen: Chosen) -> dict[str, str]:
    """The names of all accounts that a page speaks of, by their ids."""
    names = {each["id"]: each["name"] for each in colleagues}
    spoken_of = {item.get(name) for item in items for name in ("staff_id", "by", "account_id")}
    others = {each for each in spoken_of | {chosen.account_id} if each and each not in names}
    if others:
        found = bus_client().ask(NAME_MEMBERS, by=_self(), account_ids=sorted(others))["items"]
        names |= {each["id"]: each["name"] for each in found}
    return names


def _people(colleagues: list[dict[str, Any]], names: Mapping[str, str], chosen: Chosen) -> list[tuple[str, str]]:
    """Whom the form lets choose: colleagues, and whoever is chosen now, a prescriber say."""
    listed = {each["id"]: each["name"] for each in colleagues}
    if chosen.account_id and chosen.account_id in names:
        listed.setdefault(chosen.account_id, names[chosen.account_id])
    return list(listed.items())


def _in_sessions(chosen: Chosen, items: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    teller = Teller(names, chosen)
    known = {each["id"]: each["name"] for each in partners()} if member().partner is None else {}
    alone = chosen.session_id is not None
    return [
        {
            "at": item["at"],
            "words": teller.in_session(item),
            "starts_at": None if alone else item["starts_at"],
            "partner": None if alone or chosen.partner else known.get(item["partner"]),
            "reason": item["reason"],
            "by_itself": item["staff_id"] is None,
        }
        for item in items
    ]


def _of_accounts(chosen: Chosen, items: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    teller = Teller(names, chosen, leads=member().role == "coordinator")
    return [{"at": item["at"], "words": teller.of_account(item)} for item in items]


def _self() -> str:
    return str(member().actor["id"])
