"""Which parts of a mail are its text, and the text and the HTML of them."""

from dataclasses import dataclass

from services.needs.reading import html
from services.needs.reading.charsets import clean, decoded
from services.needs.reading.parts import Part

TEXT_MAX = 1_000_000  # characters

_SHOWN = {"text/plain", "text/html"}


@dataclass(frozen=True)
class Bodies:
    """``plain`` and ``html`` are the parts that make up the text in one form each, in order; often they share some."""

    plain: tuple[Part, ...]
    html: tuple[Part, ...]

    def text(self) -> tuple[str, bool]:
        """All of the text, and whether it is cut."""
        found = "\n\n".join(filter(None, (_as_text(part).strip("\n") for part in self.plain)))
        if not found.strip():  # a program that writes an empty text beside its HTML
            found = "\n\n".join(filter(None, (_as_text(part).strip("\n") for part in self.html)))
        return found[:TEXT_MAX], len(found) > TEXT_MAX or any(map(_is_long, self.plain))

    def as_html(self) -> str:
        """All of it as sanitised HTML, or "" where no part is HTML."""
        if not any(part.get_content_type() == "text/html" for part in self.html):
            return ""
        return html.sanitised("\n".join(map(_as_html, self.html))[: html.CHARACTERS_MAX])


def bodies(message: Part) -> Bodies:
    return Bodies(tuple(_leaves(message, "text/plain")), tuple(_leaves(message, "text/html")))


def _leaves(part: Part, wanted: str) -> list[Part]:
    """The parts that are the text, in the form that is wanted where there is a choice (RFC 2046, 5.1)."""
    if not part.is_multipart() or part.get_content_maintype() != "multipart":
        return [part] if _is_shown(part) else []
    children = list(part.iter_children())
    if part.get_content_subtype() == "related":
        return _leaves(children[0], wanted) if children else []
    found = [_leaves(child, wanted) for child in children]
    if part.get_content_subtype() != "alternative":
        return [leaf for leaves in found for leaf in leaves]
    fitting = [leaves for leaves in found if any(leaf.get_content_type() == wanted for leaf in leaves)]
    return next(iter(fitting or list(filter(None, found))), [])


def _is_shown(part: Part) -> bool:
    """Whether a part without parts is text to read, not a file."""
    if part.get_content_maintype() == "multipart":  # it says so, and is not
        return True
    is_file = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return part.get_content_type() in _SHOWN and not (is_file and (part.depth or _is_attachment(part)))


def _is_attachment(part: Part) -> bool:
    return part.get_content_disposition() == "attachment"


def _octets(part: Part) -> str:
    return decoded(part.content[: 4 * TEXT_MAX], part.charset)


def _is_long(part: Part) -> bool:
    return len(part.content) > 4 * TEXT_MAX


def _as_text(part: Part) -> str:
    found = _octets(part)
    if part.get_content_type() == "text/html":
        return html.plain(found[: html.CHARACTERS_MAX])
    found = clean(found[: TEXT_MAX + 1])
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(found, joins=str(part.get_param("delsp", "")).lower() == "yes")
    return found


def _as_html(part: Part) -> str:
    if part.get_content_type() == "text/html":
        return _octets(part)
    return html.of_text(clean(_octets(part)))


def _unflowed(text: str, *, joins: bool) -> str:
    """Lines that a program broke only for width, put together again (RFC 3676, 4). ``joins``: without the space."""
    out: list[str] = []
    soft_depth = None  # how deeply the line before is quoted, if it goes on
    for line in text.split("\n"):
        words = line.lstrip(">")
        marks = line[: len(line) - len(words)]
        words = words.removeprefix(" ")
        if soft_depth == len(marks) and words != "-- ":
            out[-1] = (out[-1][:-1] if joins else out[-1]) + words
        else:
            out.append(f"{marks} {words}" if marks else words)
        soft_depth = len(marks) if words.endswith(" ") and words != "-- " else None
    return "\n".join(out)
