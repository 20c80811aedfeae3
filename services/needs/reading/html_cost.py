"""What it costs to parse HTML as browsers do, found out without doing so.

Their rules (WHATWG HTML, 13.2.6) look through the open elements at each tag, open formatting elements anew in each
paragraph, and compare each attribute of a tag with those before it: a small text can keep a parser busy for minutes and
fill the memory. Where a tag is written so that it could be read in two ways, it counts in the more expensive one.
"""

import re
from collections.abc import Iterator

COST_MAX = 50_000_000  # looks at an element, of which a million take about a hundredth of a second
TAG = 300  # what else there is to do for each
FORMAT = 100  # the depth that an open formatting element counts for, as it is not only looked at but made again
_FORMATS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_FLAT = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
# These are ended by the next; more of them can only be open inside elements that count.
_FLAT |= {"p", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup"}
_ENDS_ITS_LIKE = {"li", "dd", "dt", "option"}

_ATTRIBUTE = r"""\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>=`]++))?+"""
_CERTAIN = re.compile(
    rf"""
    (?: <(?P<end>/?+)(?!(?:style|script|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|select|svg|math
            |template)[\s/>])(?P<name>[a-z][^\s/<>]*+)(?:{_ATTRIBUTE})*+\s*+/?+>
      | <!--(?!-?>)(?:[^-]++|-(?!-!?>))*+-->
      | <!(?!\[CDATA\[|--)[a-z\[][^>]*+>
      | <\?[^>]*+>
      | <(?P<whole>style|script|title)(?:{_ATTRIBUTE})*+\s*+>[^<]*+(?:<!--[^<]*+)?+</(?P=whole)\s*+>
    )[^<]*+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAG_LIKE = re.compile(r"<([a-z][a-z0-9]*+)?+[^<]*+", re.IGNORECASE)


def is_quick(html: str) -> bool:
    """Whether parsing takes no more than about half a second, and little memory."""
    left = COST_MAX
    for looks in _looks(html):
        left -= looks
        if left < 0:
            return False
    return True


def _looks(html: str) -> Iterator[int]:
    """At how many open elements and attributes is looked, tag by tag."""
    yield html.count("&") ** 2 // 250  # each is added to all of the text before it
    opened, at = _Open(), max(html.find("<"), 0)
    while found := _CERTAIN.match(html, at):
        at = found.end()
        if name := found["name"]:
            yield opened.meet(name.lower(), ends=bool(found["end"])) + _attributes(found.end() - found.start())
    for found in _TAG_LIKE.finditer(html, at):  # can be read in several ways: at worst none of these ends another
        yield opened.meet((found[1] or "br").lower(), ends=False) + _attributes(found.end() - found.start())


class _Open:
    """The elements that are open, as far as it is certain which tag ends which."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._depth = 0  # of those in names, and of those that an end tag passed over, which may be open still

    def meet(self, name: str, *, ends: bool) -> int:
        """Take in a tag. Answers how deep it stands."""
        before = self._depth
        if name in _FLAT:
            pass
        elif ends:
            self._end(name)
        else:
            self._begin(name)
        return before + TAG

    def _begin(self, name: str) -> None:
        if name in _ENDS_ITS_LIKE and self._names and self._names[-1] == name:
            return
        self._names.append(name)
        self._depth += _weight(name)

    def _end(self, name: str) -> None:
        if name not in self._names:
            return
        while self._names.pop() != name:
            pass
        self._depth -= _weight(name)


def _weight(name: str) -> int:
    return FORMAT if name in _FORMATS else 1


def _attributes(length: int) -> int:
    """The looks that a tag of that length may need to compare its attributes, of which each is short."""
    return (length // 4) ** 2 // 8
