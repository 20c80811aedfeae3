"""What a mail server gets to see of the commands that it hands mails to."""

import json
import signal
import smtplib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bottega.cli import main
from bus.database import Database
from services.needs.tables import arrivals
from services.needs.tests.mails import mail
from tests.platform import BOTTEGA
from tests.servers import free_port
from tests.servers.ports import accepts_connections
from tests.servers.process import Process


def take_in(raw: bytes, data: Path, **environ: str) -> Result:
    return CliRunner().invoke(main, ["intake", "email", "--data", str(data)], input=raw, env=environ)


def test_a_mail_that_is_taken_in_is_one_line_of_json(data: Path) -> None:
    result = take_in(mail(), data)
    told = json.loads(result.stdout)
    assert (result.exit_code, result.stdout.count("\n"), told["outcome"]) == (0, 1, "opened")
    assert json.loads(take_in(mail(), data).stdout) == told | {"outcome": "duplicate"}


def test_what_belongs_to_no_need_has_none(data: Path) -> None:
    taken = {"need_id": None, "message_id": None, "outcome": "quarantined"}
    assert json.loads(take_in(b"\x00\xff", data).stdout) == taken


@pytest.mark.parametrize("database", ["sqlite:////nowhere/needs.db", "nonsense"])
def test_a_mail_that_cannot_be_stored_is_kept_by_the_mail_server(data: Path, database: str) -> None:
    result = take_in(mail(), data, NEEDS_DATABASE_URI=database)
    assert (result.exit_code, result.stdout, "mario" in result.stderr) == (75, "", False)


def test_a_folder_that_is_not_there_is_no_reason_to_send_the_mail_back(tmp_path: Path) -> None:
    assert take_in(mail(), tmp_path / "none").exit_code == 75


def test_mails_over_lmtp_are_taken_in_until_it_is_told_to_stop(data: Path, tmp_path: Path) -> None:
    port = free_port()
    arguments = ["intake", "lmtp", "--data", data, "--port", port]
    server = Process([BOTTEGA, *arguments], log=tmp_path / "lmtp.log")
    server.guard(signal.SIGKILL)
    server.await_ready(lambda: accepts_connections(port), "the LMTP server")
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail("mario@example.org", "info@centre.example", mail())
    server.end(signal.SIGTERM)
    assert server.last_lines() == ""
    database = Database(f"sqlite:///{data / 'needs.db'}")
    with database.reading() as tx:
        assert tx.connection.execute(select(arrivals.c.raw)).scalar_one().endswith(b"\r\n" + mail() + b"\r\n")
    database.close()
