"""The English catalogue has all that the pages say, and nothing else."""

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

GATEWAY = Path(__file__).parent.parent
KEYWORDS: dict[str, Any] = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}


def said() -> set[Any]:
    methods, options = parse_mapping_cfg(  # type: ignore[no-untyped-call]
        io.StringIO((GATEWAY / "babel.cfg").read_text())
    )
    found = extract_from_dir(GATEWAY, methods, options, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def catalogue() -> Catalog:
    with (GATEWAY / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale="en")


def test_everything_that_is_said_is_translated() -> None:
    known = {message.id for message in catalogue() if message.id and _complete(message)}
    assert said() - known == set()


def _complete(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def test_nothing_is_translated_that_nobody_says() -> None:
    assert {message.id for message in catalogue() if message.id} - said() == set()


def test_no_translation_is_a_guess() -> None:
    assert not any(message.fuzzy for message in catalogue() if message.id)


def test_translations_take_the_same_values() -> None:
    known = catalogue()
    assert not [error for message in known for error in message.check(known)]
