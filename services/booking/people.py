"""What a person writes and holds: the name, the address or number, and the token that manages a reservation."""

import hmac
import unicodedata
from base64 import urlsafe_b64encode
from uuid import UUID

import phonenumbers
from marshmallow import ValidationError, validate

from contracts.booking import EMAIL_MAX, NAME_MAX
from contracts.person import normalised_address
from services.booking.errors import InvalidArguments

# Controls, surrogates, private use, unassigned, line and paragraph separators (Unicode's general categories).
_UNPRINTABLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
# They turn the text around them, so that a name can look like another (Unicode TR36 section 2.5). Joiners stay
# allowed: names in Persian and in Indian scripts need them.
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_PLAIN = str.maketrans("łøđı", "lodi")  # letters that Unicode does not take apart
REGION = "IT"


def printable(text: str) -> bool:
    """Whether ``text`` is safe in a header, a log and a page: one line, nothing that hides or turns the rest."""
    return not any(sign in _TURNING or unicodedata.category(sign) in _UNPRINTABLE for sign in text)


def legible_name(name: str) -> str:
    """A name in any script, in NFC with single spaces. Raises InvalidArguments, never with the name in it."""
    if not printable(name):
        raise InvalidArguments(fields={"name": ["Write the name without control characters."]})
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(sign.isalpha() for sign in clean) or len(clean) > NAME_MAX:
        raise InvalidArguments(fields={"name": [f"Write a name with letters, of at most {NAME_MAX} characters."]})
    return clean


def folded(name: str) -> str:
    """A name in the form in which it is compared: without case, accents, order of the words, spaces and signs.

    It only suggests that two people may be one, so it may fold too much. Vowel signs, as of Indian scripts, are no
    accents: their combining class is 0.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    letters = "".join(sign if sign.isalnum() or not unicodedata.combining(sign) else "" for sign in plain)
    words = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in letters).split()
    return " ".join(sorted(words))


def usable_number(phone: str) -> str:
    """A telephone number in E.164 (ITU-T), as Italian where no country is said. Raises InvalidArguments."""
    try:
        number = phonenumbers.parse(phone, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise InvalidArguments(fields={"phone": ["Write a telephone number like 333 123 4567 or +44 20 7946 0958."]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def usable_address(email: str) -> str:
    """An e-mail address in the form in which it is compared and kept. Raises InvalidArguments.

    The schema has checked what was typed; it is checked again here as normalising may change signs and lengthen it.
    """
    address = normalised_address(email)
    try:
        validate.Email()(address)
    except ValidationError:
        address = ""
    if not address or len(address) > EMAIL_MAX or not printable(address):
        raise InvalidArguments(fields={"email": ["Write an e-mail address like name@example.org."]})
    return address


def manage_token(key: bytes, reservation_id: UUID) -> str:
    """The secret of the link that manages a reservation: 43 characters, made when needed and stored nowhere."""
    return _token(key, "manage", reservation_id)


def join_token(key: bytes, reservation_id: UUID) -> str:
    """The secret of the link into the room: another, as it stands in calendars, which people share."""
    return _token(key, "join", reservation_id)


def holds(token: str, key: bytes, reservation_id: UUID) -> bool:
    """Whether ``token`` manages the reservation; takes as long for a wrong one as for the right one."""
    return _same(token, manage_token(key, reservation_id))


def may_join(token: str, key: bytes, reservation_id: UUID) -> bool:
    """Whether ``token`` leads into the room."""
    return _same(token, join_token(key, reservation_id))


def _token(key: bytes, purpose: str, reservation_id: UUID) -> str:
    digest = hmac.digest(key, f"{purpose}:{reservation_id}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
