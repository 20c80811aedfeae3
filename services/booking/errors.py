"""Why booking says no. The codes are part of the published language.

Refusal                  contracts.wire
├── InvalidArguments     invalid_arguments   details["fields"]: messages for each field
├── NotFound             not_found           also a wrong token: it is not told apart from a wrong id
├── ConsentMissing       consent_missing
├── SessionClosed        session_closed      details["reason"]: not_open_yet, closed or cancelled
├── SessionStarted       session_started
├── SessionEnded         session_ended
├── OfferExpired         offer_expired
├── NoOffer              no_offer
├── NoSeat               no_seat
├── SeatsAreFree         seats_are_free
├── TooEarly             too_early           details["opens_at"]: from when on, RFC 3339
├── SheetClosed          sheet_closed
├── NotThere             not_there
├── FeedbackClosed       feedback_closed
├── NotThisSeries        not_this_series
├── BookedAlready        booked_already
├── TooManyCalendars     too_many_calendars
├── NotReadYet           not_read_yet
└── NotPermitted         not_permitted
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


class OfferExpired(Refusal):
    """The seat was held until a time that is over."""

    code = "offer_expired"


class NoOffer(Refusal):
    """No seat is held for this reservation, and none is free."""

    code = "no_offer"


class NoSeat(Refusal):
    """The reservation has no seat, so that nobody can enter with it."""

    code = "no_seat"


class SeatsAreFree(Refusal):
    """Nobody need overbook a session that has a free seat."""

    code = "seats_are_free"


class TooEarly(Refusal):
    """Not yet."""

    code = "too_early"


class SheetClosed(Refusal):
    """The attendance sheet is closed; what it says has been told."""

    code = "sheet_closed"


class NotThere(Refusal):
    """By the attendance sheet the person was not in the session, and so cannot say how it was."""

    code = "not_there"


class FeedbackClosed(Refusal):
    """What people say of a session is collected until a time that is over."""

    code = "feedback_closed"


class NotThisSeries(Refusal):
    """A reservation moves to another date of its own series only."""

    code = "not_this_series"


class BookedAlready(Refusal):
    """The person has a place there already. Told to the holder of the reservation, and to who books for somebody."""

    code = "booked_already"


class TooManyCalendars(Refusal):
    """A partner follows some calendars, not any number."""

    code = "too_many_calendars"


class NotReadYet(Refusal):
    """Nobody confirms what they have not seen."""

    code = "not_read_yet"


class NotPermitted(Refusal):
    """The role of the member of the staff, or their partner, does not allow this."""

    code = "not_permitted"
