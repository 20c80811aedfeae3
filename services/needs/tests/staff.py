"""The staff of the tests, and what they do, each in a transaction of its own."""

from typing import Any
from uuid import UUID

from services.needs import desk
from services.needs.tests.inbox import Inbox

COORDINATOR = {"id": UUID(int=1), "role": "coordinator", "partner": None}
ORSO = {"id": UUID(int=2), "role": "operator", "partner": "orso"}
ORSO_VIEWER = {"id": UUID(int=3), "role": "viewer", "partner": "orso"}
OTHER = {"id": UUID(int=4), "role": "operator", "partner": "altri"}
PRESCRIBER = {"id": UUID(int=5), "role": "prescriber", "partner": None}


def listed(inbox: Inbox, actor: dict[str, Any], view: str, **more: Any) -> dict[str, Any]:
    with inbox.database.reading() as tx:
        return desk.list_needs(tx, actor=actor, view=view, **{"after": None, "limit": 20, **more})


def ids(inbox: Inbox, actor: dict[str, Any], view: str) -> list[UUID]:
    return [row["id"] for row in listed(inbox, actor, view)["items"]]


def read(inbox: Inbox, actor: dict[str, Any], need_id: UUID | None, **more: Any) -> dict[str, Any]:
    assert need_id
    with inbox.database.reading() as tx:
        return desk.get_need(tx, actor=actor, need_id=need_id, **{"after": 0, "limit": 20, **more})


def arrived(inbox: Inbox, actor: dict[str, Any], *, automatic: bool = False) -> list[dict[str, Any]]:
    with inbox.database.reading() as tx:
        items: list[dict[str, Any]] = desk.list_arrivals(tx, actor=actor, automatic=automatic, limit=20)["items"]
        return items


def look_at(inbox: Inbox, actor: dict[str, Any], arrival_id: UUID) -> dict[str, Any]:
    with inbox.database.reading() as tx:
        return desk.get_arrival(tx, actor=actor, arrival_id=arrival_id)


def open_arrival(inbox: Inbox, actor: dict[str, Any], arrival_id: UUID) -> dict[str, Any]:
    with inbox.database.transaction() as tx:
        return desk.open_arrival(tx, inbox.now, inbox.settings, actor=actor, arrival_id=arrival_id)


def assign(inbox: Inbox, actor: dict[str, Any], need_id: UUID | None, partner: str | None) -> dict[str, Any]:
    assert need_id
    with inbox.database.transaction() as tx:
        return desk.assign_need(tx, inbox.now, actor=actor, need_id=need_id, partner=partner)


def take(inbox: Inbox, actor: dict[str, Any], need_id: UUID | None) -> dict[str, Any]:
    assert need_id
    with inbox.database.transaction() as tx:
        return desk.take_need(tx, inbox.now, actor=actor, need_id=need_id)


def resolve(inbox: Inbox, actor: dict[str, Any], need_id: UUID | None) -> dict[str, Any]:
    assert need_id
    with inbox.database.transaction() as tx:
        return desk.resolve_need(tx, inbox.now, actor=actor, need_id=need_id)


def answer(inbox: Inbox, actor: dict[str, Any], need_id: UUID | None, text: str = "Giovedì?") -> dict[str, Any]:
    assert need_id
    with inbox.database.transaction() as tx:
        return desk.answer_need(tx, inbox.now, inbox.settings, actor=actor, need_id=need_id, text=text)
