"""The settings: what is read from them, and that a wrong one stops the start with words that quote nothing."""

from dataclasses import asdict
from pathlib import Path

import pytest

from bus.config import SettingError, read_settings
from services.notify.config import Settings, mailbox, smtp_uri
from services.notify.tests.examples import ENVIRONMENT, settings


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, False, False, None, None)),
        ("smtp://localhost:1025/", ("localhost", 1025, False, False, None, None)),
        ("smtp://me:p%40ss@mail.example.org?starttls=1", ("mail.example.org", 587, False, True, "me", "p@ss")),
        ("smtps://me:secret@mail.example.org", ("mail.example.org", 465, True, False, "me", "secret")),
        ("smtp://[::1]:2525", ("::1", 2525, False, False, None, None)),
    ],
)
def test_the_mail_server_is_read_from_its_uri(uri: str, expected: tuple[object, ...]) -> None:
    assert tuple(asdict(smtp_uri(uri)).values()) == expected


@pytest.mark.parametrize(
    "uri",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:hunter2",
        "smtp://host:99999",
        "smtp://host/hunter2",
        "smtp://host?starttls=hunter2",
        "smtp://host?hunter2=1",
        "smtp://me:hunter2@mail.example.org",
        "smtp://[hunter2",
    ],
)
def test_a_mail_server_that_cannot_be_used_is_refused_without_quoting_it(uri: str) -> None:
    with pytest.raises(SettingError, match=r"^NOTIFY_SMTP_URI: ") as refusal:
        read_settings(Settings, {**ENVIRONMENT, "NOTIFY_SMTP_URI": uri})
    assert "hunter2" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_sender_has_a_name_in_any_letters() -> None:
    sender = mailbox("Città dei Mestieri <info@example.org>")
    assert (sender.display_name, sender.addr_spec) == ("Città dei Mestieri", "info@example.org")


@pytest.mark.parametrize("text", ["Città dei Mestieri", "a@b.it, c@d.it", "X <a@b.it", "a@b.it\nBcc: c@d.it", "è@b.it"])
def test_a_sender_that_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"^NOTIFY_SENDER: must be one address"):
        read_settings(Settings, {**ENVIRONMENT, "NOTIFY_SENDER": text})


def test_without_a_mail_server_there_must_be_a_folder() -> None:
    with pytest.raises(SettingError, match=r"^NOTIFY_OUTPUT_DIR: "):
        read_settings(Settings, ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "hours"), [("", (48, 2)), ("2, 48", (48, 2)), ("24,24", (24,)), ("336,1", (336, 1)), ("none", ())]
)
def test_reminders_are_hours_before_the_start(text: str, hours: tuple[int, ...], tmp_path: Path) -> None:
    assert settings(tmp_path, NOTIFY_REMINDERS=text).reminders == hours


@pytest.mark.parametrize("text", ["0", "337", "-2", "2h", "48;2", "48,", "1,2,3,4,5"])
def test_reminders_that_are_too_many_or_too_far_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^NOTIFY_REMINDERS: must be "):
        settings(tmp_path, NOTIFY_REMINDERS=text)


def test_settings_do_not_show_their_secrets(tmp_path: Path) -> None:
    assert "secret" not in repr(settings(tmp_path, NOTIFY_SMTP_URI="smtps://me:secret@mail.example.org"))
