"""The two ways out: a folder and an SMTP server, and what each failure means for the message."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from services.notify.channels import open_channel
from services.notify.config import smtp_uri
from services.notify.errors import NotDelivered, Outage, TryLater, Undeliverable
from services.notify.folder import FolderChannel
from services.notify.mail import Mail
from services.notify.smtp import SmtpChannel
from services.notify.tests.examples import settings
from services.notify.tests.office import read_mail
from services.notify.tests.strict_server import StrictServer
from tests.servers import MailServer, free_port

MESSAGE = uuid4()
SENDER = "info@example.org"


def to(address: str, text: str = "Ciao") -> Mail:
    return Mail(address, f"From: {SENDER}\r\nTo: {address}\r\nSubject: Prova\r\n\r\n{text}\r\n".encode())


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictServer]:
    with StrictServer(tmp_path_factory.mktemp("strict") / "plain", "ascii") as server:
        yield server


def smtp(server: StrictServer, uri: str = "smtp://localhost:{}") -> SmtpChannel:
    return SmtpChannel(smtp_uri(uri.format(server.port)), SENDER)


# The folder


def test_without_a_mail_server_mails_go_into_the_folder(tmp_path: Path) -> None:
    assert isinstance(open_channel(settings(tmp_path)), FolderChannel)


def test_a_mail_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    FolderChannel(tmp_path / "mails").send(MESSAGE, to("giulia@example.org"))
    (file,) = (tmp_path / "mails").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (f"{MESSAGE}.eml", 0o600)
    assert read_mail(file.read_bytes())["To"] == "giulia@example.org"


def test_a_mail_written_again_is_the_same_file(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    channel.send(MESSAGE, to("giulia@example.org", "one"))
    channel.send(MESSAGE, to("giulia@example.org", "two"))
    (file,) = tmp_path.iterdir()
    assert b"two" in file.read_bytes()


def test_half_a_mail_left_by_a_crash_is_no_mail_and_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / f".{MESSAGE}.eml.part").write_text("half a mail, which is longer than the whole" * 100)
    assert list(tmp_path.glob("*.eml")) == []
    FolderChannel(tmp_path).send(MESSAGE, to("giulia@example.org"))
    (file,) = tmp_path.iterdir()
    assert b"half a mail" not in file.read_bytes()


def test_a_folder_that_takes_no_files_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "mails").write_text("a file where the folder should be")
    with pytest.raises(Outage):
        FolderChannel(tmp_path / "mails").send(MESSAGE, to("giulia@example.org"))


# The mail server


def test_a_mail_reaches_its_one_recipient(mail_server: MailServer) -> None:
    channel = SmtpChannel(smtp_uri(mail_server.uri), SENDER)
    channel.send(MESSAGE, to("giulia@example.org", "Ciao.\r\n.\r\nDopo il punto"))
    channel.close()
    (received,) = mail_server.messages()
    assert (received["X-MailFrom"], received["X-RcptTo"]) == (SENDER, "giulia@example.org")
    assert received.get_content().splitlines() == ["Ciao.", ".", "Dopo il punto"]


def test_an_address_in_another_script_is_sent_with_smtputf8(mail_server: MailServer) -> None:
    channel = SmtpChannel(smtp_uri(mail_server.uri), SENDER)
    channel.send(MESSAGE, to("用户@example.org"))
    channel.close()
    assert len(mail_server.messages("用户@example.org")) == 1


def test_a_run_of_mails_takes_one_connection(strict: StrictServer) -> None:
    channel = smtp(strict)
    for name in ("one", "unknown", "two", "full", "three"):
        with suppress(NotDelivered):
            channel.send(MESSAGE, to(f"{name}@reuse.example.org"))
    channel.close()
    mine = [(number, recipients[0]) for number, _, recipients in strict.accepted() if "reuse" in recipients[0]]
    assert len({number for number, _ in mine}) == 1
    assert [address.split("@")[0] for _, address in mine] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("box", "meaning", "reason"),
    [
        ("greylisted", TryLater, "smtp_450"),
        ("full", TryLater, "smtp_452"),
        ("unknown", Undeliverable, "smtp_550"),
        ("spam", Undeliverable, "smtp_554"),
        ("overloaded", Outage, "smtp_421"),
        ("hangup", Outage, "smtp_SMTPServerDisconnected"),
        ("用户", Undeliverable, "smtputf8_not_offered"),
    ],
)
def test_each_refusal_means_what_the_standard_says(
    strict: StrictServer, box: str, meaning: type[NotDelivered], reason: str
) -> None:
    channel = smtp(strict)
    with pytest.raises(meaning) as refusal:
        channel.send(MESSAGE, to(f"{box}@example.org"))
    channel.close()
    assert (type(refusal.value), refusal.value.reason) == (meaning, reason)


@pytest.mark.parametrize("box", ["greylisted", "unknown", "spam", "overloaded", "hangup"])
def test_no_address_is_in_what_is_raised_or_logged(
    strict: StrictServer, box: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotDelivered) as refusal:
        smtp(strict).send(MESSAGE, to(f"{box}@example.org"))
    assert refusal.value.__suppress_context__
    assert "@" not in f"{refusal.value!r}{refusal.value.__cause__}{caplog.text}"


def test_after_an_outage_the_next_mail_connects_again(strict: StrictServer) -> None:
    channel = smtp(strict)
    for box in ("overloaded", "hangup"):
        with pytest.raises(Outage):
            channel.send(MESSAGE, to(f"{box}@example.org"))
    channel.send(MESSAGE, to("afterwards@example.org"))
    channel.close()
    assert strict.accepted()[-1][2] == ["afterwards@example.org"]


def test_a_server_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(Outage) as outage:
        SmtpChannel(smtp_uri(f"smtp://localhost:{free_port()}"), SENDER).send(MESSAGE, to("giulia@example.org"))
    assert outage.value.reason == "smtp_ConnectionRefusedError"


@pytest.mark.parametrize(
    ("options", "uri"),
    [
        (("tls", "auth"), "smtps://notify:p%40ss@localhost:{}"),
        (("starttls", "auth"), "smtp://notify:p%40ss@localhost:{}?starttls=1"),
        (("auth",), "smtp://notify:p%40ss@localhost:{}"),
    ],
)
def test_it_encrypts_and_logs_in(
    tmp_path: Path, options: tuple[str, ...], uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StrictServer(tmp_path / "strict", *options) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        channel = smtp(server, uri)
        channel.send(MESSAGE, to("giulia@example.org"))
        channel.close()
        assert [recipients for _, _, recipients in server.accepted()] == [["giulia@example.org"]]


@pytest.mark.parametrize(
    ("options", "uri", "reason"),
    [
        (("tls",), "smtps://localhost:{}", "smtp_SSLCertVerificationError"),
        (("starttls",), "smtp://localhost:{}?starttls=1", "smtp_SSLCertVerificationError"),
        ((), "smtp://localhost:{}?starttls=1", "smtp_SMTPNotSupportedError"),
        (("auth",), "smtp://notify:wrong@localhost:{}", "smtp_535"),
    ],
)
def test_no_mail_leaves_by_a_server_that_is_not_to_be_trusted(
    tmp_path: Path, options: tuple[str, ...], uri: str, reason: str
) -> None:
    with StrictServer(tmp_path / "strict", *options) as server:
        with pytest.raises(Outage) as outage:
            smtp(server, uri).send(MESSAGE, to("giulia@example.org"))
        assert (outage.value.reason, server.accepted()) == (reason, [])
