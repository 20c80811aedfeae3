"""Why needs says no.

Refusal               contracts.wire
└── TooBig            too_big      what arrives is larger than the intake takes
"""

from contracts.wire import Refusal


class TooBig(Refusal):
    code = "too_big"
