"""Bytes into text that can be kept and shown: any charset, wrong or unknown ones too."""

import codecs
import re

# Codecs that are charsets. Python knows others (punycode, idna, unicode_escape) that are slow or mean something else.
_CHARSET = re.compile(
    r"us|ascii|latin|utf[-_]?(7|8|16|32)|iso|cp\d|windows|koi8|mac|gb|big5|hz|euc|shift|johab|tis|kz|ptcp|ks|hp",
    re.IGNORECASE,
)
# Mail names the smaller one and means the larger, which contains it, as browsers know (WHATWG Encoding, 4.2).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Controls, surrogates, non-characters, and signs that turn the text around them (Unicode TR36, 2.5). Joiners stay.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")


def decoded(octets: bytes, charset: str | None) -> str:
    """The text of ``octets``, which say of themselves that they are in ``charset``. Never fails."""
    codec = _codec(charset)  # cp1252 is often said of what is UTF-8
    if codec not in ("cp1252", "utf-8"):
        return octets.decode(codec, "replace")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace") if codec == "cp1252" else _damaged(octets)


def unescaped(text: str) -> str:
    """What a header holds beyond ASCII, which the parser keeps as surrogates (RFC 6532 says UTF-8)."""
    return text if text.isascii() else decoded(text.encode("utf-8", "surrogateescape"), None)


def clean(text: str) -> str:
    """``text`` with "\\n" at the ends of lines, without controls and without signs that turn the rest around."""
    return _UNWANTED.sub("", _LINE_END.sub("\n", text))


def line(text: str) -> str:
    """``text`` on one line, with single spaces."""
    return " ".join(clean(text).split())


def _codec(charset: str | None) -> str:
    """Python's name of the codec; that of Western Europe where there is no such charset."""
    name = (charset or "").strip(" \t'\"").partition("*")[0]  # RFC 2231 adds a language after an asterisk
    if not _CHARSET.match(name) or not name.isascii() or len(name) > 40:
        return "cp1252"
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "cp1252"
    return _MEANT.get(found, found)


def _damaged(octets: bytes) -> str:
    """Of bytes that are not the UTF-8 that they say to be: more of it wrong than right is Western European."""
    text = octets.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    beyond = sum(not sign.isascii() for sign in text)
    return octets.decode("cp1252", "replace") if 2 * wrong > beyond else text
