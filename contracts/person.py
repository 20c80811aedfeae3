"""The pseudonym of a person: the only thing that an event may say about who somebody is."""

import hashlib
import hmac
import unicodedata


def normalised_address(address: str) -> str:
    """The form of an e-mail address that is compared: NFC, no surrounding space, lower case.

    RFC 5321 section 2.4 lets the local part differ by case, but no provider in use does, and people mistype it.
    """
    return unicodedata.normalize("NFC", address).strip().lower()


def person_id(key: bytes, address: str) -> str:
    """HMAC-SHA-256 of the normalised address, as 64 hexadecimal digits: stable for one key, not reversible without."""
    return hmac.new(key, normalised_address(address).encode(), hashlib.sha256).hexdigest()
