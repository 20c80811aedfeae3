"""What a person wrote this time, apart from the mails quoted below or between, and from the signature.

The expressions of mail-parser-reply say where a quoted mail begins, in the languages that it knows. Its parser is not
used: some of its steps take minutes for a few kilobytes of empty lines, and it takes a list with hyphens, or a sentence
that begins with "Thank you", for a signature. Here they see few lines at a time, cut to a length.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES

LANGUAGES = ["it", "en", "fr", "es", "de", "nl", "pl"]
_LINE_MAX = 200
_WINDOW = 5  # lines: who, when, to whom, about what, and one that was broken in two
_LOOKS_MAX = 100  # at windows; a mail has few lines that could begin a quote
_SIGNATURE_MAX = 15  # lines with words below its first
_BEGINS = EmailMessage(text="", languages=list(LANGUAGES)).HEADER_REGEX

# What the library does not know, or only in English.
_SEPARATOR = re.compile(
    r"\W{3,}\s*(messaggio originale|messaggio inoltrato|original message|forwarded message|message d'origine|"
    r"ursprüngliche nachricht|mensaje original|messaggio originale inoltrato)\s*\W{3,}$"
    r"|(inizio messaggio inoltrato|begin forwarded message):$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{10,}$|--- .*:$")  # Outlook and Yahoo set one above the mail that they quote
# In any language, right above a quote: "În lun., 23 nov. 2026 la 10:00, Ana <ana@example.org> a scris:"
_DATE = re.compile(r"\d[./:-]\d|\d{4}")
_WHO = re.compile(r"<?\S+@\S+>?")
_SAID = ["Inviato da", "Sent from", "Scarica Outlook per", "Ottieni Outlook per", "Get Outlook for", "Envoyé de"]
_SENT_FROM = re.compile(
    rf"({'|'.join([*_SAID, *(MAIL_LANGUAGES[each]['sent_from'] for each in LANGUAGES)])})", re.IGNORECASE
)
_CLOSINGS = [each for language in LANGUAGES for each in MAIL_LANGUAGES[language]["signatures"]]
_CLOSINGS += [
    r"(un )?cordial[ei] salut[oi]",
    "distinti saluti",
    "cordialmente",
    "sincerely",
    "yours (sincerely|faithfully)",
]
_CLOSING = re.compile(rf"({'|'.join(_CLOSINGS)})[\s,.!]*$", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\b", re.IGNORECASE)


def split(text: str) -> tuple[str, str]:
    """What is written, and what is folded away. Only an empty mail has an empty first part."""
    lines = [line.rstrip() for line in text.split("\n")]
    start = _quote_at(lines)
    own, quoted = _apart(lines, start)
    own, signature = _unsigned(own)
    if not _words(own):
        return _joined(lines), ""
    return _joined(own), _joined([*signature, *([""] if signature else []), *quoted])


def _quote_at(lines: Sequence[str]) -> int:
    """Where the first quoted mail begins; the number of lines where there is none."""
    looks = 0
    for at, line in enumerate(lines):
        if not line:
            continue
        if _SEPARATOR.match(line[:_LINE_MAX]) or _is_quoted(line):
            return _with_attribution(lines, at)
        if looks < _LOOKS_MAX and _may_begin(lines, at):
            looks += 1
            if _BEGINS.match("\n".join(each.strip()[:_LINE_MAX] for each in lines[at : at + _WINDOW])):
                return _with_rule(lines, at)
    return len(lines)


def _may_begin(lines: Sequence[str], at: int) -> bool:
    """Whether it is worth a look: a line with a colon at its end, or several with one in them."""
    nearby = [line[:_LINE_MAX] for line in lines[at : at + 3]]
    return any(line.endswith(":") for line in nearby) or sum(":" in line for line in nearby) > 1 or "-----" in nearby[0]


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _with_attribution(lines: Sequence[str], at: int) -> int:
    """Where the words above a quote begin that say who wrote it, if any: up to three lines, with a colon at the end."""
    end = at
    while end > 0 and not lines[end - 1]:
        end -= 1
    above = list(takewhile(lambda first: lines[first] and not _is_quoted(lines[first]), range(end - 1, end - 4, -1)))
    for sign in (_DATE, _WHO):
        for first in above:
            words = " ".join(line[:_LINE_MAX] for line in lines[first:end])
            if first >= 0 and words.endswith(":") and sign.search(words):
                return _with_rule(lines, first)
    return _with_rule(lines, at)


def _with_rule(lines: Sequence[str], at: int) -> int:
    above = at
    while above > 0 and not lines[above - 1]:
        above -= 1
    return above - 1 if above > 0 and _RULE.match(lines[above - 1][:_LINE_MAX]) else at


def _apart(lines: Sequence[str], start: int) -> tuple[list[str], list[str]]:
    """The lines that are the person's own, and those of the quote that begins at ``start``.

    Below a quote that is marked line by line there may be an answer. Answers between quotes stay with what they answer.
    """
    quoted = start
    while quoted < len(lines) and not _is_quoted(lines[quoted]):
        quoted += 1
    between = lines[start:quoted]
    if quoted == len(lines) or len(_words(between)) > 3:  # not marked
        return list(lines[:start]), list(lines[start:])
    after = quoted + sum(1 for _ in takewhile(lambda line: not line or _is_quoted(line), lines[quoted:]))
    answer, _ = _unsigned(list(lines[after:]))
    if not _words(answer):
        return list(lines[:start]), list(lines[start:])
    if any(map(_is_quoted, lines[after:])):
        return list(lines), []
    return [*lines[:start], "", *lines[after:]], list(lines[start:after])


def _unsigned(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without the signature, and the signature (RFC 3676, 4.3; what telephones add; a closing formula)."""
    worded = [at for at, line in enumerate(lines) if line.strip(" \t>")]
    if not worded:
        return lines, []
    few_below = worded[-_SIGNATURE_MAX - 1 :][0]
    for at in range(worded[0] + 1, len(lines)):
        if lines[at].strip() == "--" or (at >= few_below and _closes(lines, at)):
            return lines[:at], lines[at:]
    return lines, []


def _closes(lines: Sequence[str], at: int) -> bool:
    words = lines[at][:_LINE_MAX].strip()
    formula = _CLOSING.match(words) or (len(words) < 80 and _SENT_FROM.match(words))
    return bool(formula) and not any(map(_POSTSCRIPT.match, lines[at + 1 :]))


def _words(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip(" \t>")]


def _joined(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}+", "\n\n", "\n".join(lines)).strip("\n")
