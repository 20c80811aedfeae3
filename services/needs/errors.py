"""Why needs says no.

Refusal                contracts.wire
├── InvalidArguments   invalid_arguments
├── NotFound           not_found       there is no such need, or not for who asks
├── NotPermitted       not_permitted   not for this role
├── NotReadable        not_readable    no need can be made of these bytes
├── Unreachable        unreachable     no address of the person is known
├── NoMailbox          no_mailbox      NEEDS_MAILBOXES names none to answer from
└── TooBig             too_big         what arrives is larger than the intake takes
"""

from contracts.wire import InvalidArguments as InvalidArguments
from contracts.wire import NotFound as NotFound
from contracts.wire import Refusal


class NotPermitted(Refusal):
    code = "not_permitted"


class NotReadable(Refusal):
    code = "not_readable"


class Unreachable(Refusal):
    code = "unreachable"


class NoMailbox(Refusal):
    code = "no_mailbox"


class TooBig(Refusal):
    code = "too_big"
