"""What arrived and belongs to no conversation: what could not be read, and what no person wrote, as it seems."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contracts.needs import GET_ARRIVAL, LIST_ARRIVALS, OPEN_ARRIVAL
from gateway.context import bus_client
from gateway.pages.desk import fields
from gateway.pages.desk.frame import do, may_publish, member
from gateway.pages.desk.need_words import WORDS, telling

SHOWN = 100  # the newest of them: so many as the service tells
_LIST = "/richieste/a-parte"
_ONE = f"{_LIST}/<uuid:arrival_id>"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_LIST, "arrivals", telling(arrivals))
    blueprint.add_url_rule(_ONE, "arrival", telling(arrival))
    blueprint.add_url_rule(_ONE, "open_arrival", telling(open_arrival), methods=["POST"])


def arrivals() -> ResponseReturnValue:
    automatic = request.args.get("quali") == "automatiche"
    found = bus_client().ask(LIST_ARRIVALS, actor=member().actor, automatic=automatic, limit=SHOWN)
    page = render_template(
        "desk/arrivals.html", arrivals=found["items"], automatic=automatic, full=len(found["items"]) == SHOWN, **WORDS
    )
    return make_response(page)


def arrival(arrival_id: UUID) -> ResponseReturnValue:
    found = bus_client().ask(GET_ARRIVAL, actor=member().actor, arrival_id=arrival_id)
    page = render_template("desk/arrival.html", arrival=found, key=fields.new_key(), may_act=may_publish(), **WORDS)
    return make_response(page)


def open_arrival(arrival_id: UUID) -> ResponseReturnValue:
    """A person wrote it after all. Sent twice, the form leads to the same conversation."""
    key = str(fields.key_of(request.form, {"arrival": str(arrival_id)}))
    opened: dict[str, Any] = do(OPEN_ARRIVAL, key=key, arrival_id=arrival_id)
    return redirect(url_for("desk.need", need_id=opened["need_id"]), 303)
