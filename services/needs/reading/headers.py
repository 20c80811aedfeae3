"""What the headers of a mail say: who, to whom, when, about what, and in answer to which mails.

A header is read as it came, never parsed into its grammar as a whole; what cannot be read counts as missing.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

from email_validator import EmailNotValidError, validate_email

from contracts.person import normalised_address
from services.needs.reading.charsets import decoded, line, unescaped
from services.needs.reading.parts import Part
from services.needs.reading.values import Address

ID_MAX = 250
REFERENCES_MAX = 50
RECIPIENTS_MAX = 100
NAME_MAX = 120
SUBJECT_MAX = 300
# Whom it was delivered to comes first: that one is not among the first hundred of a long list.
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_YEARS = range(1980, 2100)

# Words in another charset (RFC 2047, 2) with only spaces between: decoded together, as some programs cut a character in
# two. A "?" in them is an error that exists.
_ENCODED = re.compile(r"(?:=\?[^?\s]{1,60}\?[bq]\?.{0,500}?\?=\s*+)++", re.IGNORECASE)
_ID = re.compile(r"<\s*+([!-;=?-~]++)\s*+>")  # printable ASCII without angle brackets
_BARE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_QUOTED = r'"(?:\\.|[^"\\])*+"'
_NAMED = re.compile(rf'((?:{_QUOTED}|[^<>"])*+)<\s*+([^<>]*+)>')
_ASIDE = re.compile(rf"{_QUOTED}|\([^()]*+\)")
_BARE_ADDRESS = re.compile(r"[^\s<>,;:()\"@]++@[^\s<>,;:()\"@]++")
_COMMENT = re.compile(r"\(([^()]*+)\)")


def words(part: Part, name: str) -> str:
    """The first header of that name, decoded and on one line; "" if there is none."""
    return decoded_words(part.get(name, ""))


def subject(part: Part) -> str:
    return words(part, "subject")[:SUBJECT_MAX].strip()


def message_id(part: Part) -> str | None:
    """Of Message-ID, without angle brackets (RFC 5322, 3.6.4)."""
    return next(_ids([part.get("message-id", "")]), None)


def references(part: Part) -> tuple[str, ...]:
    """Of References, then of In-Reply-To, each once; the newest is last."""
    found = [*_ids(part.get_all("references", [])), *_ids(part.get_all("in-reply-to", []))]
    newest_first = list(dict.fromkeys(reversed(found)))[:REFERENCES_MAX]
    return tuple(reversed(newest_first))


def address(part: Part, *names: str) -> Address | None:
    """Whom the headers ``names`` name first; who can be written to goes before who cannot."""
    found = [each for name in names for value in part.get_all(name, []) for each in _addresses(unescaped(value))]
    return next((each for each in found if each.address), found[0] if found else None)


def recipients(part: Part) -> tuple[str, ...]:
    """The addresses that it was delivered to, or is to, each once."""
    values = (unescaped(value) for name in _RECIPIENT_HEADERS for value in part.get_all(name, []))
    found = dict.fromkeys(raw for value in values for raw in _BARE_ADDRESS.findall(_ASIDE.sub(" ", value)))
    checked = dict.fromkeys(filter(None, map(usable, list(found)[: 2 * RECIPIENTS_MAX])))
    return tuple(checked)[:RECIPIENTS_MAX]


def sent_at(part: Part) -> datetime | None:
    """Of Date, in UTC; without a zone it is taken to be UTC (RFC 5322, 3.3). None if there is none that makes sense."""
    try:
        found = parsedate_to_datetime(part.get("date", "")[:200])
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def usable(raw: str) -> str:
    """An address in the form that is compared, or "" where it is not one. Nobody is asked whether it exists."""
    try:
        checked = validate_email(raw, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, ValueError):
        return ""
    return normalised_address(checked.original)


def _addresses(value: str) -> Iterator[Address]:
    """Of a list of addresses (RFC 5322, 3.4), as programs write it: names with commas in them and no quotes too."""
    if "<" in value:
        for name, raw in _NAMED.findall(value):
            named = Address(_name(name), usable("".join(_COMMENT.sub("", raw).split())))
            if named != Address("", ""):
                yield named
        return
    comment = _COMMENT.search(value)
    for raw in _BARE_ADDRESS.findall(_ASIDE.sub(" ", value)):
        if usable(raw):
            yield Address(_name(comment[1] if comment else ""), usable(raw))


def _name(raw: str) -> str:
    quoted = re.sub(r"\\(.)", r"\1", raw.strip(" \t,;"))
    return decoded_words(quoted.replace('"', " "))[:NAME_MAX].strip()


def decoded_words(value: str) -> str:
    """A header, or a part of one, with what is in other charsets decoded, on one line."""
    return line(_ENCODED.sub(lambda found: _decoded_run(found[0]), unescaped(value)))


def _decoded_run(run: str) -> str:
    """Encoded words (RFC 2047) as text; as they are where they cannot be decoded."""
    try:
        pairs = decode_header(run.strip())
    except (HeaderParseError, ValueError):
        return run
    decoded_run = "".join(decoded(word, charset) if isinstance(word, bytes) else word for word, charset in pairs)
    return decoded_run + (" " if run[-1].isspace() else "")


def _ids(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        found = _ID.findall(value) or [each for each in value.split() if _BARE_ID.fullmatch(each)]
        yield from (each for each in found if len(each) <= ID_MAX)
