"""What the staff ask booking, by way of the gateway: each names who is signed in, as ``actor``."""

from contracts.booking.answers import (
    Attendance,
    AttendanceSheet,
    ClosedSheet,
    OpenSheets,
    Reservation,
    Session,
    SessionList,
)
from contracts.booking.arguments import (
    ByStaff,
    CallOffSessions,
    CancelSession,
    ChangeSessions,
    GetAttendance,
    ListOpenSheets,
    MarkAttendance,
    Overbook,
    PublishSessions,
    SetCapacity,
)
from contracts.booking.examples import PUBLISHED, RESERVATION, RESERVATION_ID, SESSION, SESSION_ID, STORIES
from contracts.staff import ACTOR_EXAMPLE
from contracts.wire import Command, Query

PUBLISH_SESSIONS = Command(
    "booking",
    "publish_sessions",
    PublishSessions,
    SessionList,
    {
        "actor": ACTOR_EXAMPLE,
        "partner": "orso",
        "title": "Orientarsi dopo il diploma",
        "description": SESSION["description"],
        "language": "it",
        "starts_at": "2026-12-01T17:00:00",
        "minutes": 90,
        "capacity": 20,
        "room_url": None,
        "rule": "FREQ=WEEKLY;COUNT=8",
        "without": ["2026-12-08"],
        "stories": STORIES,
    },
    {**PUBLISHED, "series_id": "018f6f2e-3333-7a10-8b60-4f5a1c2b3d44"},
    "Publish a session, or a series of them by a recurrence rule.",
    ("not_permitted", "not_found", "invalid_arguments"),
)
CHANGE_SESSIONS = Command(
    "booking",
    "change_sessions",
    ChangeSessions,
    SessionList,
    {
        "actor": ACTOR_EXAMPLE,
        "session_id": SESSION_ID,
        "scope": "following",
        "title": None,
        "description": None,
        "room_url": None,
        "starts_at": "2026-12-01T17:00:00",
        "minutes": None,
        "stories": None,
    },
    PUBLISHED,
    "Change a session, it and those after it, or all of its series; who is in one is told what changed.",
    ("not_permitted", "not_found", "invalid_arguments", "session_started", "session_closed"),
)
CALL_OFF_SESSIONS = Command(
    "booking",
    "call_off_sessions",
    CallOffSessions,
    SessionList,
    {"actor": ACTOR_EXAMPLE, "session_id": SESSION_ID, "scope": "one"},
    {"series_id": None, "items": [{**SESSION, "cancelled": True, "bookable": False}]},
    "Call off a session, it and those after it, or all of its series; everybody who booked is told.",
    ("not_permitted", "not_found", "session_ended"),
)
SET_CAPACITY = Command(
    "booking",
    "set_capacity",
    SetCapacity,
    Session,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE, "capacity": 24},
    {**SESSION, "capacity": 24, "seats_left": 11},
    "Raise or lower the number of seats: who waits is offered those that become free, and nobody loses one.",
    ("not_permitted", "not_found", "invalid_arguments", "session_ended"),
)
OVERBOOK = Command(
    "booking",
    "overbook",
    Overbook,
    Reservation,
    {
        "session_id": SESSION_ID,
        "actor": ACTOR_EXAMPLE,
        "name": "Giulia Ferrero",
        "email": "giulia@example.org",
        "phone": None,
        "language": "it",
        "consent": True,
        "reason": "Comes with her interpreter.",
    },
    RESERVATION,
    "Give a person a seat in a full session, on purpose and with a reason.",
    ("not_permitted", "not_found", "invalid_arguments", "consent_missing", "session_closed", "seats_are_free"),
)
GET_ATTENDANCE = Query(
    "booking",
    "get_attendance",
    GetAttendance,
    AttendanceSheet,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE},
    {
        "session": SESSION,
        "items": [
            {
                "reservation_id": RESERVATION_ID,
                "name": "Giulia Ferrero",
                "attendance": "present",
                "entered_at": "2026-12-01T15:58:00+00:00",
                "alike": [],
            }
        ],
        "next": None,
        "closed_at": None,
        "closes_itself_at": "2026-12-04T17:30:00+00:00",
    },
    "The attendance sheet of a session, for staff.",
    ("not_permitted", "not_found"),
)
LIST_OPEN_SHEETS = Query(
    "booking",
    "list_open_sheets",
    ListOpenSheets,
    OpenSheets,
    {"actor": ACTOR_EXAMPLE},
    {"items": [{"session": SESSION, "closes_itself_at": "2026-12-04T17:30:00+00:00"}]},
    "The sheets that are to be closed, for the staff of their partner.",
    ("not_permitted",),
)
MARK_ATTENDANCE = Command(
    "booking",
    "mark_attendance",
    MarkAttendance,
    Attendance,
    {
        "session_id": SESSION_ID,
        "actor": ACTOR_EXAMPLE,
        "reservation_id": RESERVATION_ID,
        "attendance": "excused",
    },
    {"reservation_id": RESERVATION_ID, "attendance": "excused", "entered_at": None},
    "Say that a person was present, absent or excused. From the start of the session, until the sheet is closed. "
    "On one that closed by itself it can be said of who is not marked, once, and is told at once.",
    ("not_permitted", "not_found", "too_early", "sheet_closed"),
)
CLOSE_ATTENDANCE = Command(
    "booking",
    "close_attendance",
    ByStaff,
    ClosedSheet,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE},
    {"session": SESSION, "closed_at": "2026-12-01T17:40:00+00:00"},
    "Close the sheet after the session: says of each person whether they attended. Who is not marked was absent. "
    "On one that closed by itself, it says so of who is not marked still.",
    ("not_permitted", "not_found", "too_early"),
)
CANCEL_SESSION = Command(
    "booking",
    "cancel_session",
    CancelSession,
    Session,
    {"session_id": SESSION_ID},
    {**SESSION, "cancelled": True, "bookable": False},
    "Call a session off; everybody who booked is told. Only the operator of booking may ask.",
    ("not_found", "session_ended"),
    callers=(),
)

REQUESTS = (
    PUBLISH_SESSIONS,
    CHANGE_SESSIONS,
    CALL_OFF_SESSIONS,
    SET_CAPACITY,
    OVERBOOK,
    GET_ATTENDANCE,
    LIST_OPEN_SHEETS,
    MARK_ATTENDANCE,
    CLOSE_ATTENDANCE,
    CANCEL_SESSION,
)
