"""HTML of strangers: into HTML that does nothing but show text, and into plain text.

The sanitiser (nh3: ammonia, html5ever) parses as a browser does, which can take very long; what would is not given to
it, and has text alone.
"""

import re
from html import escape, unescape

import nh3

from services.needs.reading.charsets import clean
from services.needs.reading.html_cost import is_quick

CHARACTERS_MAX = 1_000_000
QUOTES_MAX = 10  # of quotes in quotes that are told apart

_BLOCKS = {"blockquote", "div", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"}
_BLOCKS |= {"table", "tbody", "tfoot", "thead", "tr", "ul"}
_SPACED = {"blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
_KEPT = _BLOCKS | {
    "a",
    "abbr",
    "b",
    "br",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
}
_KEPT |= {"td", "th", "u"}
_DROPPED_WHOLE = {"button", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style"}
_DROPPED_WHOLE |= {"svg", "template", "textarea", "title", "xmp"}
_CLEANER = nh3.Cleaner(
    tags=_KEPT,
    clean_content_tags=_DROPPED_WHOLE,
    attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}},
    tag_attribute_values={name: {"dir": {"ltr", "rtl", "auto"}} for name in ("div", "p", "span", "td")},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)

_DATA = re.compile(r"data:[a-z]+/[^\"'\s<>)]{100,}+", re.IGNORECASE)  # pictures in the text: not shown, and long
_BEFORE = {"li": "- ", "td": " ", "th": " "}
# What the sanitiser writes: every quotation mark in an attribute is escaped, and every "<" in the text.
_TOKEN = re.compile(r'(?P<words>[^<]++)|<(?P<end>/?+)(?P<name>[a-z0-9]++)(?:[^>"]|"[^"]*+")*+>')
_TAG_LIKE = re.compile(r"<[^<>]*+>")


def sanitised(html: str) -> str:
    """HTML without anything that acts, loads or looks like ours; "" where that would take too long."""
    html = _DATA.sub("", html)
    return _CLEANER.clean(clean(html)).strip() if is_quick(html) else ""


def of_text(text: str) -> str:
    """Text as HTML that looks the same."""
    return "<p>" + escape(text.strip()).replace("\n", "<br>") + "</p>"


def plain(html: str) -> str:
    """The text of HTML, sanitised or not, with "> " before the lines of what is quoted."""
    safe = sanitised(html)
    if not safe:
        return "\n".join(map(str.strip, clean(_TAG_LIKE.sub(" ", html)).split("\n"))).strip()
    reader = _Reader()
    for found in _TOKEN.finditer(safe):
        if found["words"]:
            reader.meet_words(unescape(found["words"]))
        else:
            reader.meet_tag(found["name"], ends=bool(found["end"]))
    return reader.text()


class _Reader:
    """Writes down the text of sanitised HTML, in lines as a browser shows it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._preformatted = 0

    def text(self) -> str:
        self._break()
        return "\n".join(self._lines).strip("\n")

    def meet_words(self, words: str) -> None:
        if not self._preformatted:
            self._line.append(words)
            return
        first, *more = words.split("\n")
        self._line.append(first)
        for each in more:
            self._break(even_empty=True)
            self._line.append(each)

    def meet_tag(self, name: str, *, ends: bool) -> None:
        if name in _BLOCKS:
            self._break()
        by = -1 if ends else 1
        self._quotes += by * (name == "blockquote")
        self._preformatted += by * (name == "pre")
        if name in _SPACED and self._lines and self._lines[-1].strip("> "):
            self._put("")
        if name == "br":
            self._break(even_empty=True)
        elif not ends:
            self._line.append(_BEFORE.get(name, ""))

    def _break(self, *, even_empty: bool = False) -> None:
        written = "".join(self._line)
        self._line = []
        line = written.rstrip() if self._preformatted else " ".join(written.split())
        if line or even_empty:
            self._put(line)

    def _put(self, line: str) -> None:
        self._lines.append(("> " * min(self._quotes, QUOTES_MAX) + line).rstrip())
