"""What booking (ARLO) says and answers: sessions, reservations and the waiting list.

Times are RFC 3339 in UTC. Identifiers are UUIDs, languages ISO 639-1 (``it``, ``en``), partners short slugs.
"""

from contracts.booking import actions, calendars, desk, events, feedback, on_behalf, personal, visitors, waiting
from contracts.booking.actions import LIST_ACTIONS as LIST_ACTIONS
from contracts.booking.actions import Action as Action
from contracts.booking.actions import ActionPage as ActionPage
from contracts.booking.actions import ListActions as ListActions
from contracts.booking.answers import Attendance as Attendance
from contracts.booking.answers import AttendanceSheet as AttendanceSheet
from contracts.booking.answers import ClosedSheet as ClosedSheet
from contracts.booking.answers import Entrance as Entrance
from contracts.booking.answers import Outcome as Outcome
from contracts.booking.answers import Participant as Participant
from contracts.booking.answers import Partner as Partner
from contracts.booking.answers import PartnerList as PartnerList
from contracts.booking.answers import Reservation as Reservation
from contracts.booking.answers import ReservationDetails as ReservationDetails
from contracts.booking.answers import ReservationLetter as ReservationLetter
from contracts.booking.answers import ReservationLetters as ReservationLetters
from contracts.booking.answers import Room as Room
from contracts.booking.answers import Session as Session
from contracts.booking.answers import SessionList as SessionList
from contracts.booking.answers import SessionPage as SessionPage
from contracts.booking.answers import WaitingList as WaitingList
from contracts.booking.arguments import ActByToken as ActByToken
from contracts.booking.arguments import ByJoinToken as ByJoinToken
from contracts.booking.arguments import ByKey as ByKey
from contracts.booking.arguments import ByReservation as ByReservation
from contracts.booking.arguments import ByReservations as ByReservations
from contracts.booking.arguments import BySession as BySession
from contracts.booking.arguments import ByStaff as ByStaff
from contracts.booking.arguments import ByToken as ByToken
from contracts.booking.arguments import CallOffSessions as CallOffSessions
from contracts.booking.arguments import CancelSession as CancelSession
from contracts.booking.arguments import ChangeSessions as ChangeSessions
from contracts.booking.arguments import GetAttendance as GetAttendance
from contracts.booking.arguments import ListSessions as ListSessions
from contracts.booking.arguments import MarkAttendance as MarkAttendance
from contracts.booking.arguments import MoveReservation as MoveReservation
from contracts.booking.arguments import NoArguments as NoArguments
from contracts.booking.arguments import Overbook as Overbook
from contracts.booking.arguments import Person as Person
from contracts.booking.arguments import PublishSessions as PublishSessions
from contracts.booking.arguments import ReserveSeat as ReserveSeat
from contracts.booking.arguments import SetCapacity as SetCapacity
from contracts.booking.calendars import CALENDAR_NAME_MAX as CALENDAR_NAME_MAX
from contracts.booking.calendars import CALENDAR_URL_MAX as CALENDAR_URL_MAX
from contracts.booking.calendars import CHANGE_CALENDAR as CHANGE_CALENDAR
from contracts.booking.calendars import CONFIRM_CALENDAR as CONFIRM_CALENDAR
from contracts.booking.calendars import FETCH_CALENDAR_NOW as FETCH_CALENDAR_NOW
from contracts.booking.calendars import FOLLOW_CALENDAR as FOLLOW_CALENDAR
from contracts.booking.calendars import GET_CALENDAR as GET_CALENDAR
from contracts.booking.calendars import GET_CALENDAR_EFFECTS as GET_CALENDAR_EFFECTS
from contracts.booking.calendars import LIST_CALENDARS as LIST_CALENDARS
from contracts.booking.calendars import UNFOLLOW_CALENDAR as UNFOLLOW_CALENDAR
from contracts.booking.calendars import ByCalendar as ByCalendar
from contracts.booking.calendars import Calendar as Calendar
from contracts.booking.calendars import CalendarCounts as CalendarCounts
from contracts.booking.calendars import CalendarEffects as CalendarEffects
from contracts.booking.calendars import CalendarList as CalendarList
from contracts.booking.calendars import CalendarPreview as CalendarPreview
from contracts.booking.calendars import CalendarWithPreview as CalendarWithPreview
from contracts.booking.calendars import ChangeCalendar as ChangeCalendar
from contracts.booking.calendars import FollowCalendar as FollowCalendar
from contracts.booking.calendars import ListCalendars as ListCalendars
from contracts.booking.desk import CALL_OFF_SESSIONS as CALL_OFF_SESSIONS
from contracts.booking.desk import CANCEL_SESSION as CANCEL_SESSION
from contracts.booking.desk import CHANGE_SESSIONS as CHANGE_SESSIONS
from contracts.booking.desk import CLOSE_ATTENDANCE as CLOSE_ATTENDANCE
from contracts.booking.desk import GET_ATTENDANCE as GET_ATTENDANCE
from contracts.booking.desk import MARK_ATTENDANCE as MARK_ATTENDANCE
from contracts.booking.desk import OVERBOOK as OVERBOOK
from contracts.booking.desk import PUBLISH_SESSIONS as PUBLISH_SESSIONS
from contracts.booking.desk import SET_CAPACITY as SET_CAPACITY
from contracts.booking.events import RESERVATION_ATTENDED as RESERVATION_ATTENDED
from contracts.booking.events import RESERVATION_CANCELLED as RESERVATION_CANCELLED
from contracts.booking.events import RESERVATION_CONFIRMED as RESERVATION_CONFIRMED
from contracts.booking.events import RESERVATION_LAPSED as RESERVATION_LAPSED
from contracts.booking.events import RESERVATION_MISSED as RESERVATION_MISSED
from contracts.booking.events import RESERVATION_OFFERED as RESERVATION_OFFERED
from contracts.booking.events import RESERVATION_REPEATED as RESERVATION_REPEATED
from contracts.booking.events import RESERVATION_WAITLISTED as RESERVATION_WAITLISTED
from contracts.booking.events import SESSION_CANCELLED as SESSION_CANCELLED
from contracts.booking.events import SESSION_CAPACITY_CHANGED as SESSION_CAPACITY_CHANGED
from contracts.booking.events import SESSION_CHANGED as SESSION_CHANGED
from contracts.booking.events import SESSION_OVERBOOKED as SESSION_OVERBOOKED
from contracts.booking.events import SESSION_PUBLISHED as SESSION_PUBLISHED
from contracts.booking.events import CapacityChanged as CapacityChanged
from contracts.booking.events import ReservationCancelled as ReservationCancelled
from contracts.booking.events import ReservationConfirmed as ReservationConfirmed
from contracts.booking.events import ReservationFacts as ReservationFacts
from contracts.booking.events import ReservationLapsed as ReservationLapsed
from contracts.booking.events import ReservationMissed as ReservationMissed
from contracts.booking.events import ReservationOffered as ReservationOffered
from contracts.booking.events import ReservationRepeated as ReservationRepeated
from contracts.booking.events import ReservationWaitlisted as ReservationWaitlisted
from contracts.booking.events import SessionCancelled as SessionCancelled
from contracts.booking.events import SessionChanged as SessionChanged
from contracts.booking.events import SessionOverbooked as SessionOverbooked
from contracts.booking.events import SessionPublished as SessionPublished
from contracts.booking.feedback import GET_FEEDBACK as GET_FEEDBACK
from contracts.booking.feedback import GET_OWN_FEEDBACK as GET_OWN_FEEDBACK
from contracts.booking.feedback import GIVE_FEEDBACK as GIVE_FEEDBACK
from contracts.booking.feedback import RESERVATION_RATED as RESERVATION_RATED
from contracts.booking.feedback import Feedback as Feedback
from contracts.booking.feedback import FeedbackCounts as FeedbackCounts
from contracts.booking.feedback import GetFeedback as GetFeedback
from contracts.booking.feedback import GiveFeedback as GiveFeedback
from contracts.booking.feedback import GivenFeedback as GivenFeedback
from contracts.booking.feedback import Opinion as Opinion
from contracts.booking.feedback import OwnFeedback as OwnFeedback
from contracts.booking.feedback import ReservationRated as ReservationRated
from contracts.booking.on_behalf import FIND_ALIKE as FIND_ALIKE
from contracts.booking.on_behalf import LIST_BOOKED_FOR as LIST_BOOKED_FOR
from contracts.booking.on_behalf import RESERVE_FOR as RESERVE_FOR
from contracts.booking.on_behalf import Alike as Alike
from contracts.booking.on_behalf import AlikeList as AlikeList
from contracts.booking.on_behalf import BookedFor as BookedFor
from contracts.booking.on_behalf import BookedForPage as BookedForPage
from contracts.booking.on_behalf import FindAlike as FindAlike
from contracts.booking.on_behalf import ListBookedFor as ListBookedFor
from contracts.booking.on_behalf import ReserveFor as ReserveFor
from contracts.booking.personal import LIST_RESERVATIONS as LIST_RESERVATIONS
from contracts.booking.personal import ListReservations as ListReservations
from contracts.booking.personal import OwnReservation as OwnReservation
from contracts.booking.personal import OwnReservations as OwnReservations
from contracts.booking.visitors import ACCEPT_OFFER as ACCEPT_OFFER
from contracts.booking.visitors import CANCEL_RESERVATION as CANCEL_RESERVATION
from contracts.booking.visitors import DECLINE_OFFER as DECLINE_OFFER
from contracts.booking.visitors import DESCRIBE_RESERVATIONS as DESCRIBE_RESERVATIONS
from contracts.booking.visitors import ENTER_SESSION as ENTER_SESSION
from contracts.booking.visitors import GET_ENTRANCE as GET_ENTRANCE
from contracts.booking.visitors import GET_OUTCOME as GET_OUTCOME
from contracts.booking.visitors import GET_RESERVATION as GET_RESERVATION
from contracts.booking.visitors import GET_SESSION as GET_SESSION
from contracts.booking.visitors import LIST_DATES as LIST_DATES
from contracts.booking.visitors import LIST_PARTNERS as LIST_PARTNERS
from contracts.booking.visitors import LIST_SESSIONS as LIST_SESSIONS
from contracts.booking.visitors import MOVE_RESERVATION as MOVE_RESERVATION
from contracts.booking.visitors import RESERVE_SEAT as RESERVE_SEAT
from contracts.booking.waiting import GET_WAITING as GET_WAITING
from contracts.booking.waiting import GetWaiting as GetWaiting
from contracts.booking.waiting import Waiting as Waiting
from contracts.booking.waiting import WaitingPage as WaitingPage
from contracts.booking.words import ACTIONS as ACTIONS
from contracts.booking.words import ALIKE_BECAUSE as ALIKE_BECAUSE
from contracts.booking.words import ATTENDANCE as ATTENDANCE
from contracts.booking.words import CALENDAR_DOINGS as CALENDAR_DOINGS
from contracts.booking.words import CALENDAR_PROBLEMS as CALENDAR_PROBLEMS
from contracts.booking.words import CALENDAR_STATES as CALENDAR_STATES
from contracts.booking.words import CANCELLED_BY as CANCELLED_BY
from contracts.booking.words import CAPACITY_MAX as CAPACITY_MAX
from contracts.booking.words import CHANGES as CHANGES
from contracts.booking.words import DESCRIPTION_MAX as DESCRIPTION_MAX
from contracts.booking.words import EMAIL_MAX as EMAIL_MAX
from contracts.booking.words import LANGUAGES as LANGUAGES
from contracts.booking.words import LAPSED_BECAUSE as LAPSED_BECAUSE
from contracts.booking.words import LINE_STATES as LINE_STATES
from contracts.booking.words import MINUTES_MAX as MINUTES_MAX
from contracts.booking.words import MINUTES_MIN as MINUTES_MIN
from contracts.booking.words import NAME_MAX as NAME_MAX
from contracts.booking.words import PAGE_MAX as PAGE_MAX
from contracts.booking.words import PHONE_MAX as PHONE_MAX
from contracts.booking.words import REASON_MAX as REASON_MAX
from contracts.booking.words import SCOPES as SCOPES
from contracts.booking.words import STATES as STATES
from contracts.booking.words import TITLE_MAX as TITLE_MAX
from contracts.booking.words import USEFUL as USEFUL
from contracts.booking.words import WORDS_MAX as WORDS_MAX

EVENTS = (*events.EVENTS, *feedback.EVENTS)
REQUESTS = (
    *visitors.REQUESTS,
    *desk.REQUESTS,
    *on_behalf.REQUESTS,
    *waiting.REQUESTS,
    *feedback.REQUESTS,
    *personal.REQUESTS,
    *calendars.REQUESTS,
    *actions.REQUESTS,
)
