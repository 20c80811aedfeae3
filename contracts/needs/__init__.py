"""Conversations of people with the centre, whatever the channel: what needs says (facts and times), and is asked.

Times are RFC 3339 in UTC. Identifiers are UUIDs, partners short slugs.
"""

from contracts.needs.desk import ANSWER_NEED as ANSWER_NEED
from contracts.needs.desk import ASSIGN_NEED as ASSIGN_NEED
from contracts.needs.desk import GET_ARRIVAL as GET_ARRIVAL
from contracts.needs.desk import GET_NEED as GET_NEED
from contracts.needs.desk import LIST_ARRIVALS as LIST_ARRIVALS
from contracts.needs.desk import LIST_NEEDS as LIST_NEEDS
from contracts.needs.desk import OPEN_ARRIVAL as OPEN_ARRIVAL
from contracts.needs.desk import REQUESTS as REQUESTS
from contracts.needs.desk import RESOLVE_NEED as RESOLVE_NEED
from contracts.needs.desk import TAKE_NEED as TAKE_NEED
from contracts.needs.events import CHANNELS as CHANNELS
from contracts.needs.events import EVENTS as EVENTS
from contracts.needs.events import MESSAGE_RECEIVED as MESSAGE_RECEIVED
from contracts.needs.events import MESSAGE_SENT as MESSAGE_SENT
from contracts.needs.events import NEED_ASSIGNED as NEED_ASSIGNED
from contracts.needs.events import NEED_OPENED as NEED_OPENED
from contracts.needs.events import NEED_REOPENED as NEED_REOPENED
from contracts.needs.events import NEED_RESOLVED as NEED_RESOLVED
