"""The words and limits that booking's messages share."""

from contracts.languages import LANGUAGES as LANGUAGES

STATES = ("confirmed", "waiting", "cancelled")
CHANGES = ("title", "description", "times", "room")
CHANGED_AT_THE_DESK = (*CHANGES, "stories")  # nobody is told of the stories: that is no event
SCOPES = ("one", "following", "all")
ATTENDANCE = ("present", "absent", "excused")
REASON_MAX = 500
LINE_STATES = ("waiting", "offered", "accepted", "declined", "expired", "withdrawn")
LAPSED_BECAUSE = ("expired", "declined")
CANCELLED_BY = ("person", "session")
NAME_MAX = 120
EMAIL_MAX = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
PAGE_MAX = 100
PHONE_MAX = 40  # as typed, with spaces
ALIKE_BECAUSE = ("same_name", "same_phone", "same_address")
TITLE_MAX = 200
DESCRIPTION_MAX = 5000
CAPACITY_MAX = 10_000
MINUTES_MIN, MINUTES_MAX = 5, 720  # how long a session lasts
USEFUL = ("yes", "partly", "no")  # what people say of a session
WORDS_MAX = 1000
STORIES_MAX = 3  # of a session
STORY_TITLE_MAX = 120
STORY_URL_MAX = 500
ONE_LINE = r"^[^\r\n]*[^\s][^\r\n]*$"
# What the staff does, as its audit says it.
ACTIONS = (
    *("publish", "change", "call_off", "set_capacity", "overbook", "reserve_for"),
    *("cancel_for", "move_for", "accept_for", "decline_for"),
    *("mark_present", "mark_absent", "mark_excused", "close_attendance"),
    *("follow_calendar", "confirm_calendar", "change_calendar", "fetch_calendar", "unfollow_calendar"),
)
CALENDAR_STATES = ("new", "asking", "following")
CALENDAR_DOINGS = ("published", "changed", "called_off")
# Why a calendar cannot be taken over: getting it, reading it, one of its events, and a fault of ours.
CALENDAR_PROBLEMS = (
    *("address", "private", "no_host", "certificate", "unreachable", "status", "redirects", "slow", "too_large"),
    *("not_a_calendar", "empty", "zone", "room"),
    *("event", "event_title", "event_description", "event_length", "event_end", "event_repeats"),
    "defect",
)
