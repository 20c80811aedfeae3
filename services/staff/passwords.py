"""Passwords, as Argon2id hashes.

What is hashed here is not what a person typed but ``contracts.password.password_proof`` of it.
"""

import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY


class Passwords:
    """Hashes with one set of parameters."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    def hashed(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, known: str | None, password: str) -> bool:
        """Whether ``known`` is a hash of the password. Takes as long when there is none as when it is another's."""
        nobodys = self._nobodys
        try:
            self._hasher.verify(known or nobodys, password)
        except VerificationError:
            return False
        return known is not None

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_hex(32))


# The second recommended choice of RFC 9106: 64 MiB, three passes. The first wants 2 GiB.
STRONG = Passwords(PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))
