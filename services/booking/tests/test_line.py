"""Who waits, as the staff sees it; on both databases."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.booking import line
from services.booking.errors import NotFound, NotPermitted
from services.booking.tests.desk import Desk
from services.booking.tests.examples import NOW, OPERATOR


def waiting(desk: Desk, session_id: UUID, actor: dict[str, Any] = OPERATOR, after: int = 0) -> dict[str, Any]:
    with desk.database.reading() as tx:
        return line.get_waiting(tx, desk.now, session_id=session_id, actor=actor, after=after)


def test_the_line_names_who_waits_and_who_is_offered_a_seat_in_its_order(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, *_ = (desk.book(session, name)["id"] for name in ("giulia", "omar", "lin", "bea"))
    desk.cancel(first)
    items = waiting(desk, session)["items"]
    assert [(each["name"], each["state"], each["position"]) for each in items] == [
        ("omar", "offered", None),
        ("lin", "waiting", 1),
        ("bea", "waiting", 2),
    ]
    assert [each["offer_expires_at"] is not None for each in items] == [True, False, False]
    assert {each["since"] for each in items} == {NOW}


def test_a_long_line_has_pages_and_the_positions_go_on(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.crowd(session, 131)
    first = waiting(desk, session)
    rest = waiting(desk, session, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (100, 30, None)
    assert rest["items"][0]["position"] == 101


def test_only_who_works_for_the_partner_sees_who_waits(desk: Desk) -> None:
    session = desk.publish()
    assert waiting(desk, session, {**OPERATOR, "role": "viewer"})["items"] == []
    with pytest.raises(NotPermitted):
        waiting(desk, session, {**OPERATOR, "partner": "other"})
    with pytest.raises(NotFound):
        waiting(desk, uuid4())
