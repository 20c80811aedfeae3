"""Whether a text is Italian or English, by its small words. In doubt it is Italian."""

import re

_CHARACTERS = 5_000
_WORD = re.compile(r"[a-zà-ÿ']+")
_ITALIAN = frozenset(
    _WORD.findall(
        "il lo la gli le un una di del della dei che chi non per con sono è ho mi si ci anche come quando grazie sia "
        "buongiorno salve vorrei posso cordiali saluti alla nel nella questo questa più da al ai ma se mio mia ciao"
    )
)
_ENGLISH = frozenset(
    _WORD.findall(
        "the a an of to and is are am i you my your we it in on for with not this that have has would like can could "
        "please thanks thank hello dear regards be at from when how if was will do"
    )
)


def language_of(text: str) -> str:
    """ISO 639-1: "it" or "en"."""
    found = _WORD.findall(text[:_CHARACTERS].lower().replace("’", "'"))
    italian = sum(word in _ITALIAN for word in found)
    return "en" if sum(word in _ENGLISH for word in found) > italian else "it"
