"""The pseudonym of a person, the only thing that an event may say about who somebody is; and the pass of who proved
that they read the person's mail, which each service that knows the key can check by itself."""

import hashlib
import hmac
import unicodedata
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import token_bytes

PASS_LIVES = timedelta(hours=1)
PASS_MAX = 200  # characters; one has about 120
_PURPOSE = b"passes to a person's own page"


def normalised_address(address: str) -> str:
    """The form of an e-mail address that is compared: NFC, no surrounding space, lower case.

    RFC 5321 section 2.4 lets the local part differ by case, but no provider in use does, and people mistype it.
    """
    return unicodedata.normalize("NFC", address).strip().lower()


def person_id(key: bytes, address: str) -> str:
    """HMAC-SHA-256 of the normalised address, as 64 hexadecimal digits: stable for one key, not reversible without."""
    return _digest(key, normalised_address(address).encode())


def person_id_of_number(key: bytes, number: str) -> str:
    """The same, for who has no address but a telephone number, in E.164. No address looks like this one."""
    return _digest(key, f"tel:{number}".encode())


def person_id_of_nobody_known(key: bytes) -> str:
    """For who has neither: another one each time, so that nobody is taken for somebody else."""
    return _digest(key, token_bytes(32))


def personal_pass(key: bytes, person: str, expires_at: datetime) -> str:
    """What lets the ``person_id`` see and change what is theirs until ``expires_at`` (aware).

    ``<person_id>.<Unix time>.<signature>``: an HMAC-SHA-256 under a key of its own, made from the ``key`` of person_id,
    so that no pseudonym is ever one.
    """
    said = f"{person}.{int(expires_at.timestamp())}"
    return f"{said}.{_signature(key, said)}"


def read_pass(key: bytes, text: str, now: datetime) -> str | None:
    """The ``person_id`` of a pass of ours that is good at ``now`` (aware), else None."""
    said, _, signature = text.rpartition(".")
    if not hmac.compare_digest(signature.encode(errors="replace"), _signature(key, said).encode()):
        return None
    person, _, until = said.partition(".")
    return person if now.timestamp() < int(until) else None


def _signature(key: bytes, said: str) -> str:
    own_key = hmac.digest(key, _PURPOSE, "sha256")
    signature = hmac.digest(own_key, said.encode(errors="replace"), "sha256")
    return urlsafe_b64encode(signature).decode().rstrip("=")


def _digest(key: bytes, text: bytes) -> str:
    return hmac.new(key, text, hashlib.sha256).hexdigest()
