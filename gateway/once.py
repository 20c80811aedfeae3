"""A secret that is shown once: an access key, or a link for a colleague.

It is worked out from a number and our own key, and staff is told its digest alone: no table has it, and no answer to a
command, which are kept for a week.
"""

import hmac
from dataclasses import dataclass

from contracts.secret import digest
from gateway.context import settings


@dataclass(frozen=True)
class Secret:
    """``what`` it is for; ``number`` comes with the request, so that sending it twice makes the same; ``whose`` it is:
    the account of the member who makes it."""

    what: str
    number: str
    whose: str

    def worked_out(self) -> bytes:
        """32 bytes that only this site can work out, and only for that member."""
        text = f"once:{self.what}:{self.whose}:{self.number}"
        return hmac.digest(settings().secret_key, text.encode(), "sha256")

    @property
    def command_key(self) -> str:
        """The key of the command that tells staff of it: what is kept for a week is not the number itself."""
        return digest(f"{self.what}:{self.number}")
