"""A wrong setting stops the start with one line that names the variable, and never shows its value."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bus import config
from bus.config import SettingError, read_settings, setting


@dataclass(frozen=True)
class Settings:
    database_uri: str = setting("SHOP_DATABASE_URI", parse=config.database_uri, help="where sales are kept")
    amqp_uri: str | None = setting("SHOP_AMQP_URI", parse=config.amqp_uri, default=None)
    key: bytes | None = setting("SHOP_KEY", parse=config.secret, default=None)
    url: str | None = setting("SHOP_URL", parse=config.base_url, default=None)
    days: int = setting("SHOP_DAYS", parse=config.whole_number(1, 90), default=30)
    folder: Path | None = setting("SHOP_FOLDER", parse=config.folder, default=None)  # noqa: RUF009  # a field


GOOD = {"SHOP_DATABASE_URI": "sqlite:////tmp/shop.db"}
WRONG = {
    "SHOP_DATABASE_URI": ["mysql://secret@host/shop", "shop.db"],
    "SHOP_AMQP_URI": ["http://secret@host"],
    "SHOP_KEY": ["secret", "00" * 15],
    "SHOP_URL": ["secret.example.org"],
    "SHOP_DAYS": ["0", "91", "-1", "1.5", "many", "٣"],
}


def test_a_setting_that_is_missing_is_named_with_what_it_is_for() -> None:
    with pytest.raises(SettingError, match=r"^SHOP_DATABASE_URI: must be set \(where sales are kept\)$"):
        read_settings(Settings, {})


@pytest.mark.parametrize(("variable", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_setting_that_is_wrong_is_named_in_one_line_without_its_value(variable: str, value: str) -> None:
    with pytest.raises(SettingError) as wrong:
        read_settings(Settings, {**GOOD, variable: value})
    message = str(wrong.value)
    assert message.startswith(f"{variable}: must ")
    assert "\n" not in message
    assert "secret" not in message


def test_an_empty_setting_counts_as_not_set() -> None:
    assert read_settings(Settings, {**GOOD, "SHOP_DAYS": " "}).days == 30


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("SHOP_DAYS", "7", "days", 7),
        ("SHOP_KEY", "0f" * 16, "key", b"\x0f" * 16),
        ("SHOP_URL", "https://example.org/", "url", "https://example.org"),
        ("SHOP_FOLDER", "/srv/shop", "folder", Path("/srv/shop")),
    ],
)
def test_a_setting_is_read_into_its_value(variable: str, text: str, field: str, value: Any) -> None:
    assert getattr(read_settings(Settings, {**GOOD, variable: text}), field) == value
