"""What is attached to a mail: names that are safe, types by content. Nothing is ever unpacked."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from mimetypes import guess_extension

import puremagic

from services.needs.reading.bodies import Bodies
from services.needs.reading.charsets import line
from services.needs.reading.headers import decoded_words
from services.needs.reading.parts import Part, walk
from services.needs.reading.values import Attachment

ATTACHMENTS_MAX = 200
NAME_MAX = 120
UNKNOWN = "application/octet-stream"

# The same text in another form; dropped where there is a plainer one.
_OTHER_FORMS = {"text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"}
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # in names of files, on some system
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
_MATCH_MIN = 3  # bytes that agree; fewer agree by chance
_OFFICE = {  # by the first names in the archive, which are not unpacked
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def attachments(message: Part, bodies: Bodies) -> tuple[Attachment, ...]:
    """The parts that are not shown as text, in order."""
    return tuple(islice(_attachments(message, bodies), ATTACHMENTS_MAX))


def _attachments(message: Part, bodies: Bodies) -> Iterator[Attachment]:
    shown = {id(part) for part in (*bodies.plain, *bodies.html)}
    for position, part in enumerate(walk(message)):
        is_whole = not part.is_multipart() or part.get_content_maintype() == "message"
        if is_whole and id(part) not in shown and part.get_content_type() not in _OTHER_FORMS:
            yield _attachment(part, position)


def content_at(message: Part, position: int) -> bytes:
    """Raises LookupError."""
    for at, part in enumerate(walk(message)):
        if at == position and (not part.is_multipart() or part.get_content_maintype() == "message"):
            return part.content
    raise LookupError(f"There is no file at {position}.")


def _attachment(part: Part, position: int) -> Attachment:
    content = part.content
    said = part.get_content_type()
    is_message = part.get_content_maintype() == "message" and _TYPE.fullmatch(said)
    kind = said if is_message else type_of(content)  # the parser has read it as one
    is_inline = part.get_content_disposition() == "inline" or "content-id" in part
    name = safe_name(decoded_words(part.get_filename("")))
    name = name or f"attachment-{position}{guess_extension(kind) or ''}"
    return Attachment(position, name, kind, len(content), is_inline and part.get_content_disposition() != "attachment")


def safe_name(raw: str) -> str:
    """The name without folders, and without signs that mean something to a system; "" if nothing is left."""
    base = re.split(r"[/\\]", line(unicodedata.normalize("NFC", raw)))[-1]
    name = _FORBIDDEN.sub("_", base).strip(" .")
    if len(name) <= NAME_MAX:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: NAME_MAX - 11]}.{ending}" if dot and len(ending) <= 10 else name[:NAME_MAX].strip(" .")


def type_of(content: bytes) -> str:
    """The media type that the first bytes show; text where they are nothing else and can be read."""
    if content.startswith(b"PK\x03\x04"):
        return _archive(content[:4_000])
    found = _by_magic(content)
    if found:
        return found
    head = content[:4_000]
    is_text = head and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head)
    return "text/plain" if is_text else UNKNOWN


def _archive(head: bytes) -> str:
    if head[30:38] == b"mimetype":  # OpenDocument and EPUB say it first, not compressed
        said = re.match(r"application/[a-z0-9.+-]{1,80}", head[38:130].decode("latin-1"))
        return said[0].removesuffix("PK") if said else "application/zip"
    return next((kind for name, kind in _OFFICE.items() if name in head), "application/zip")


def _by_magic(content: bytes) -> str:
    try:
        found = puremagic.magic_string(content[:10_000])
    except (ValueError, LookupError):
        return ""
    sure = (each for each in found if each.offset >= 0 and len(each.byte_match) >= _MATCH_MIN)
    return next((each.mime_type for each in sure if _TYPE.fullmatch(each.mime_type)), "")
