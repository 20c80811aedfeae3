"""Why a message was not delivered, and what notify refuses.

    Refusal              (contracts.wire) what it answers to who asks, with a stable code
    ├── NotFound
    ├── NotPermitted     not by this pass: it is over, or none of ours
    └── LinkOver         the link was used, or its time is over

    NotDelivered
    ├── TryLater         this message, later: the server said so for this recipient (4xx)
    ├── Outage           no message, for now: the mail server or booking does not answer
    ├── Undeliverable    never: the server refused it for good (5xx), or the address cannot be written
    └── Unwanted         never: what it says is no longer so, or the person does not want it

Those of delivery stay inside notify. ``reason`` is a short stable code, fit for logs and tables: it never holds an
address, nor what a mail server said, because servers repeat the address in what they say.
"""

from contracts.wire import NotFound as NotFound
from contracts.wire import Refusal


class NotPermitted(Refusal):
    code = "not_permitted"


class LinkOver(Refusal):
    code = "link_over"


class NotDelivered(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(NotDelivered):
    pass


class Outage(NotDelivered):
    pass


class Undeliverable(NotDelivered):
    pass


class Unwanted(NotDelivered):
    pass
