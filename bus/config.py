"""Settings: a frozen dataclass for each service, read once from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

SECRET_BYTES_MIN = 16


class SettingError(Exception):
    """A setting is missing or cannot be read. The message is one line that names the variable, never its value."""


def setting(variable: str, *, parse: Callable[[str], Any] = str, default: Any = MISSING, help: str = "") -> Any:
    """Declare a dataclass field that is read from the environment variable ``variable``.

    ``parse`` turns the text into the value and raises ValueError with words that complete "VARIABLE: …".
    Without a ``default`` the variable must be set.
    """
    metadata = {"variable": variable, "parse": parse, "help": help}
    return field(default=default, metadata=metadata) if default is not MISSING else field(metadata=metadata)


def read_settings(settings: type[T], environ: Mapping[str, str]) -> T:
    """Read a dataclass of ``setting`` fields. An empty variable counts as not set. Raises SettingError."""
    values = {}
    for declared in fields(settings):  # type: ignore[arg-type]  # T is a dataclass
        text = environ.get(declared.metadata["variable"], "").strip()
        if text:
            values[declared.name] = _parsed(declared, text)
        elif declared.default is MISSING:
            raise SettingError(f"{declared.metadata['variable']}: must be set ({declared.metadata['help']})")
    return settings(**values)


def _parsed(declared: Field[Any], text: str) -> Any:
    try:
        return declared.metadata["parse"](text)
    except ValueError as error:
        raise SettingError(f"{declared.metadata['variable']}: {error}") from None


def secret(text: str) -> bytes:
    """A secret key in hexadecimal, at least 16 bytes."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise ValueError("must be hexadecimal digits") from None
    if len(key) < SECRET_BYTES_MIN:
        raise ValueError(f"must be at least {SECRET_BYTES_MIN * 2} hexadecimal digits")
    return key


def database_uri(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return text


def amqp_uri(text: str) -> str:
    if not text.startswith(("amqp://", "amqps://")):
        raise ValueError("must start with amqp:// or amqps://")
    return text


def base_url(text: str) -> str:
    """The public address of the site, without a slash at the end."""
    if not text.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return text.rstrip("/")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def folder(text: str) -> Path:
    return Path(text).expanduser().absolute()
