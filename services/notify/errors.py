"""Why a message was not delivered.

    NotDelivered
    ├── TryLater         this message, later: the server said so for this recipient (4xx)
    ├── Outage           no message, for now: the mail server or booking does not answer
    ├── Undeliverable    never: the server refused it for good (5xx), or the address cannot be written
    └── Unwanted         never: what it says is no longer so, or the person does not want it

They stay inside notify. ``reason`` is a short stable code, fit for logs and tables: it never holds an address, nor what
a mail server said, because servers repeat the address in what they say.
"""


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
