"""What notify is asked: how a person is reached, what was refused or answered, and what lets them into their own page.

It says nothing on the bus.
"""

from contracts.notify import answers, contacts, personal, refusals
from contracts.notify.answers import ANSWER_MAX as ANSWER_MAX
from contracts.notify.answers import SEND_ANSWER as SEND_ANSWER
from contracts.notify.answers import SUBJECT_MAX as SUBJECT_MAX
from contracts.notify.answers import SendAnswer as SendAnswer
from contracts.notify.contacts import REMEMBER_CONTACT as REMEMBER_CONTACT
from contracts.notify.contacts import Contact as Contact
from contracts.notify.contacts import RememberContact as RememberContact
from contracts.notify.personal import GET_PREFERENCES as GET_PREFERENCES
from contracts.notify.personal import SEND_PERSONAL_LINK as SEND_PERSONAL_LINK
from contracts.notify.personal import SET_PREFERENCES as SET_PREFERENCES
from contracts.notify.personal import USE_PERSONAL_LINK as USE_PERSONAL_LINK
from contracts.notify.personal import AskedFor as AskedFor
from contracts.notify.personal import ByPass as ByPass
from contracts.notify.personal import OwnContact as OwnContact
from contracts.notify.personal import Pass as Pass
from contracts.notify.personal import Preferences as Preferences
from contracts.notify.personal import SendPersonalLink as SendPersonalLink
from contracts.notify.personal import SetPreferences as SetPreferences
from contracts.notify.personal import UsePersonalLink as UsePersonalLink
from contracts.notify.refusals import ASKED_FOR as ASKED_FOR
from contracts.notify.refusals import TELL_REFUSAL as TELL_REFUSAL
from contracts.notify.refusals import TellRefusal as TellRefusal
from contracts.notify.refusals import Told as Told
from contracts.wire import EventType

EVENTS: tuple[EventType, ...] = ()
REQUESTS = (*contacts.REQUESTS, *refusals.REQUESTS, *answers.REQUESTS, *personal.REQUESTS)
