"""Why staff says no to the operator, and to who asks for an actor.

Refusal                  contracts.wire
├── InvalidArguments     invalid_arguments   details["fields"]: messages for each field
├── NotFound             not_found           no such account, or it is disabled
├── AddressTaken         address_taken       another account has the address
├── TooManyKeys          too_many_keys       the account has as many as it may have
├── NotPermitted         not_permitted       who asks is no coordinator
└── OwnAccount           own_account         nobody shuts themselves out

Who is not let in gets an answer, not a refusal: a refusal undoes its transaction, and the failure must be counted.
"""

from contracts.wire import InvalidArguments as InvalidArguments
from contracts.wire import NotFound as NotFound
from contracts.wire import Refusal


class AddressTaken(Refusal):
    code = "address_taken"


class TooManyKeys(Refusal):
    code = "too_many_keys"


class NotPermitted(Refusal):
    code = "not_permitted"


class OwnAccount(Refusal):
    code = "own_account"
