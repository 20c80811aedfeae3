"""What people tell the centre, at the desk: the conversations by views, and who works on each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.needs import ASSIGN_NEED, GET_NEED, LIST_NEEDS, RESOLVE_NEED, TAKE_NEED
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.pages.desk import fields
from gateway.pages.desk.frame import do, may_publish, member
from gateway.pages.desk.need_words import WORDS, partner_names, staff_names, state_names, telling

PAGE_SIZE = 20
SHOWN_MAX = 50_000  # characters of one message: the rest of what is longer stays where it is kept
ANSWER_MAX = 10_000  # characters: as many as a form may bring when each of them has an accent
_LIST = "/richieste"
ONE = f"{_LIST}/<uuid:need_id>"
_POSITION_DIGITS = 6


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_LIST, "needs", telling(needs))
    blueprint.add_url_rule(ONE, "need", telling(need))
    for action, command in (("prendi", take), ("affida", assign), ("risolvi", resolve)):
        blueprint.add_url_rule(f"{ONE}/{action}", f"need_{action}", telling(command), methods=["POST"])
        blueprint.add_url_rule(f"{ONE}/{action}", f"after_need_{action}", back_to_need)


def views() -> dict[str, tuple[str, Any]]:
    """The service's views by the word in the address, with the label of each, for the member at hand; the first one
    is the one to begin with. Who works for a partner never sees what is in nobody's charge."""
    mine = {"mie": ("mine", _("Le mie"))}
    rest = {"attesa": ("waiting", _("Tocca alla persona")), "risolte": ("resolved", _("Risolte"))}
    if member().role == "coordinator":
        unassigned = {"da-affidare": ("unassigned", _("Da affidare"))}
        return unassigned | mine | {"affidate": ("partner", _("Affidate"))} | rest
    ours = {"nostre": ("partner", _("Della mia organizzazione"))}
    return ours | (mine if may_publish() else {}) | rest


def needs() -> ResponseReturnValue:
    offered = views()
    chosen = request.args.get("vista") or next(iter(offered))
    after = _place(request.args.get("dopo", ""))
    if chosen not in offered or (after is None and "dopo" in request.args):
        return redirect(url_for("desk.needs"), 303)
    view = offered[chosen][0]
    found = bus_client().ask(LIST_NEEDS, actor=member().actor, view=view, after=after, limit=PAGE_SIZE)
    following = found["next"]
    page = render_template(
        "desk/needs.html",
        needs=found["items"],
        next=f"{following['changed_at']},{following['id']}" if following else None,
        after=after,
        views={word: label for word, (_name, label) in offered.items()},
        chosen=chosen,
        names=staff_names(each["assignee"] for each in found["items"]),
        partners=partner_names() if member().partner is None else {},
        states=state_names(),
        **WORDS,
    )
    return make_response(page)


def _place(text: str) -> dict[str, Any] | None:
    """Where the page before ended, out of the address; None where it says nothing."""
    moment, _comma, need_id = text.partition(",")
    try:
        changed_at, last = datetime.fromisoformat(moment), UUID(need_id)
    except ValueError:
        return None
    return {"changed_at": changed_at, "id": last} if changed_at.tzinfo else None


def need(need_id: UUID) -> ResponseReturnValue:
    return need_page(need_id, {})


def need_page(need_id: UUID, errors: dict[str, Any], text: str = "", key: str = "") -> Response:
    """A conversation, with what was typed and is wrong, if anything. Raises the refusals of get_need.

    ``key`` is that of the form of the answer: another where the one that it had was refused for good.
    """
    after = position(request.values.get("dopo", ""))
    found = bus_client().ask(GET_NEED, actor=member().actor, need_id=need_id, after=after, limit=PAGE_SIZE)
    shown, messages = found["need"], found["messages"]
    names = staff_names([shown["assignee"], *(each["author"] for each in messages)])
    page = render_template(
        "desk/need.html",
        need=shown,
        messages=messages,
        next=found["next"],
        after=after,
        suggested=found["suggested"],
        errors=errors,
        text=text,
        key=key or fields.new_key(),
        names=names,
        partners=partner_names(),
        states=state_names(),
        own=shown["assignee"] == str(member().actor["id"]),
        may_act=may_publish(),
        may_assign=member().role == "coordinator",
        shown_max=SHOWN_MAX,
        answer_max=ANSWER_MAX,
        **WORDS,
    )
    return make_response(page, 422 if errors else 200)


def position(text: str) -> int:
    """A position in the conversation, out of an address or a form; 0 where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _POSITION_DIGITS else 0


def take(need_id: UUID) -> ResponseReturnValue:
    do(TAKE_NEED, need_id=need_id)
    return to_need(need_id)


def assign(need_id: UUID) -> ResponseReturnValue:
    """Put a partner in charge, or nobody; one that is not on the list is asked for again."""
    chosen = request.form.get("partner", "")
    wrong = {"partner": _("Scegli l’organizzazione")}
    if chosen and chosen not in partner_names():
        return need_page(need_id, wrong)
    try:
        do(ASSIGN_NEED, need_id=need_id, partner=chosen or None)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code:
            raise
        return need_page(need_id, wrong)
    return to_need(need_id)


def resolve(need_id: UUID) -> ResponseReturnValue:
    do(RESOLVE_NEED, need_id=need_id)
    return to_need(need_id)


def back_to_need(need_id: UUID) -> Response:
    """Where a form was sent to: who opens that address (by the switch of language, say) wants the conversation."""
    return to_need(need_id)


def to_need(need_id: UUID, place: str = "", after: int = 0) -> Response:
    return redirect(url_for("desk.need", need_id=need_id, dopo=after or None, _anchor=place or None), 303)
