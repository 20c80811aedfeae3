"""What the staff did: who, when, what, in which session. For coordinators, and for operators of their own partner's.

It names accounts by their ids, and nobody who booked; a ``reason`` is what a member wrote, and goes with the person.
"""

from marshmallow import fields, validate

from contracts.booking.examples import SESSION, SESSION_ID
from contracts.booking.words import ACTIONS, CHANGED_AT_THE_DESK, PAGE_MAX
from contracts.staff import ACTOR_EXAMPLE, Actor
from contracts.wire import Query, StrictSchema, TolerantSchema


class ListActions(StrictSchema):
    """What is null leaves a condition out. The times are when it was done."""

    actor = fields.Nested(Actor, required=True)
    partner = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    staff_id = fields.UUID(load_default=None, allow_none=True)
    session_id = fields.UUID(load_default=None, allow_none=True)
    done_from = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    done_before = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class Action(TolerantSchema):
    """What is null says nothing about this action, or was not kept when it was done."""

    at = fields.AwareDateTime(format="iso", required=True)
    action = fields.String(required=True, metadata={"description": f"one of {', '.join(ACTIONS)}; others may be added"})
    staff_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "an account; null: the platform by itself, a calendar, or its operator"},
    )
    partner = fields.String(required=True, allow_none=True)
    session_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True, metadata={"description": "of the session, as it is now"})
    starts_at = fields.AwareDateTime(
        format="iso", required=True, allow_none=True, metadata={"description": "of the session, as it is now"}
    )
    reservation_id = fields.UUID(required=True, allow_none=True)
    calendar = fields.String(required=True, allow_none=True, metadata={"description": "the name of a followed one"})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "why a seat was overbooked"})
    was = fields.Integer(required=True, allow_none=True, metadata={"description": "the capacity before"})
    capacity = fields.Integer(required=True, allow_none=True, metadata={"description": "the capacity from then on"})
    changed = fields.List(
        fields.String(),
        required=True,
        metadata={"description": f"of a change: some of {', '.join(CHANGED_AT_THE_DESK)}; others may be added"},
    )


class ActionPage(TolerantSchema):
    """The newest first."""

    items = fields.List(fields.Nested(Action), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


LIST_ACTIONS = Query(
    "booking",
    "list_actions",
    ListActions,
    ActionPage,
    {"actor": ACTOR_EXAMPLE, "session_id": SESSION_ID, "limit": 20},
    {
        "items": [
            {
                "at": "2026-11-24T09:12:00+00:00",
                "action": "set_capacity",
                "staff_id": ACTOR_EXAMPLE["id"],
                "partner": "orso",
                "session_id": SESSION_ID,
                **{name: SESSION[name] for name in ("title", "starts_at")},
                **dict.fromkeys(("reservation_id", "calendar", "reason")),
                "was": 12,
                "capacity": 15,
                "changed": [],
            }
        ],
        "next": None,
    },
    "What the staff did: coordinators read all of it, operators what was done for their partner, and others nothing.",
    ("not_permitted", "invalid_arguments"),
)

REQUESTS = (LIST_ACTIONS,)
