"""Whom a report of delivery says it never reached (flufl.bounce, which knows the forms in use), and which mail."""

import logging

from flufl.bounce import scan_message

from services.needs.reading.errors import Unreadable
from services.needs.reading.headers import message_id, usable
from services.needs.reading.parts import Part, parse, walk

BYTES_MAX = 200_000  # the report comes before the mail that came back
LINES_MAX = 2_000
LINE_MAX = 500  # its expressions take time by the square of a line
ADDRESSES_MAX = 100
RETURNED_MAX = 10
_WHOLE = {"message/rfc822", "message/global"}
_HEADERS = {"text/rfc822-headers", "message/global-headers", "message/rfc822-headers"}

logging.getLogger("flufl.bounce").disabled = True  # it logs what fails, with addresses in it


def bounced(raw: bytes) -> tuple[str, ...]:
    """The addresses that failed for good, in the form that is compared; () where none can be found."""
    lines = raw[:BYTES_MAX].splitlines()[:LINES_MAX]
    try:
        found = scan_message(parse(b"\r\n".join(line[:LINE_MAX] for line in lines)))
    except (Unreadable, Exception):  # noqa: BLE001 - it has a reader for each form, and they raise what they like
        return ()
    checked = {usable(address.decode("ascii", "replace").strip()) for address in found}
    return tuple(sorted(filter(None, checked)))[:ADDRESSES_MAX]


def returned(message: Part) -> tuple[str, ...]:
    """The identifiers of the mails that a report brings back, whole or by their headers (RFC 3462, 2)."""
    found = (message_id(mail) for part in walk(message) for mail in _mails_in(part))
    return tuple(filter(None, found))[:RETURNED_MAX]


def _mails_in(part: Part) -> list[Part]:
    if part.get_content_type() in _WHOLE:
        return list(part.iter_children())
    if part.get_content_type() not in _HEADERS:
        return []
    try:
        return [parse(part.content)]
    except Unreadable:
        return []
