"""Why booking says no. The codes are part of the published language.

Refusal                  contracts.wire
├── InvalidArguments     invalid_arguments   details["fields"]: messages for each field
├── NotFound             not_found           also a wrong token: it is not told apart from a wrong id
├── ConsentMissing       consent_missing
├── SessionClosed        session_closed      details["reason"]: not_open_yet, closed or cancelled
├── SessionStarted       session_started
└── SessionEnded         session_ended
"""

from contracts.wire import InvalidArguments as InvalidArguments
from contracts.wire import NotFound as NotFound
from contracts.wire import Refusal


class ConsentMissing(Refusal):
    """Nobody's name and address are taken before they know what for."""

    code = "consent_missing"


class SessionClosed(Refusal):
    """The session takes no bookings now."""

    code = "session_closed"


class SessionStarted(Refusal):
    """Too late to give the seat back."""

    code = "session_started"


class SessionEnded(Refusal):
    """Too late to call the session off."""

    code = "session_ended"
