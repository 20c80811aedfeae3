"""What needs says: conversations of people with the centre, whatever the channel. Facts and times, no text, no names.

Times are RFC 3339 in UTC. Identifiers are UUIDs, partners short slugs.
"""

from contracts.needs.events import CHANNELS as CHANNELS
from contracts.needs.events import EVENTS as EVENTS
from contracts.needs.events import MESSAGE_RECEIVED as MESSAGE_RECEIVED
from contracts.needs.events import NEED_OPENED as NEED_OPENED
from contracts.needs.events import NEED_REOPENED as NEED_REOPENED
from contracts.wire import Query

REQUESTS: tuple[Query, ...] = ()
