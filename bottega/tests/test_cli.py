"""What an operator sees on the command line."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bottega import data_folder, parts
from bottega.cli import main
from bus.tables import audit, inbox
from bus.times import now
from gateway.feed import feed_secret
from services.booking import usecases
from services.booking.domain import Partner

COMMANDS = ["up", "serve", "migrate", "migration", "broker setup", "broker partner", "session add", "session list"]
COMMANDS += ["staff add", "staff list", "staff link", "staff disable", "staff enable", "staff audit"]
COMMANDS += ["staff key add", "staff key list", "staff key revoke"]
COMMANDS += [
    "session cancel",
    "session feed",
    "session feedback",
    "session import",
    "parked list",
    "parked show",
    "parked replay",
    "parked drop",
    "intake email",
    "intake lmtp",
]


def bottega(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environ)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = bottega(*command.split(), "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) >= 6


def test_a_setting_that_cannot_be_read_is_named_in_one_line() -> None:
    result = bottega("migrate", "notify", NOTIFY_DATABASE_URI="mysql://x")
    assert result.exit_code == 1
    assert result.output == "Error: NOTIFY_DATABASE_URI: must start with sqlite:/// or postgresql://\n"


def test_a_database_that_is_not_there_is_told_in_one_line() -> None:
    keys = {"PERSON_KEY": "ab" * 32, "BOOKING_SECRET_KEY": "ab" * 32}
    result = bottega("migrate", "booking", BOOKING_DATABASE_URI="postgresql://nobody@127.0.0.1:1/none", **keys)
    assert result.output.startswith("Error: the database does not answer: ")
    assert len(result.output.splitlines()) == 1


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = data_folder.environment(tmp_path, 8000, {})
    assert data_folder.environment(tmp_path, 8000, {}) == first
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_a_published_session_is_listed(data: Path) -> None:
    arguments = ["--partner", "orso", "--partner-name", "Cooperativa Orso", "--title", "Il primo colloquio"]
    arguments += ["--starts", "2036-12-01 17:00", "--capacity", "20", "--room", "https://meet.example.org/x"]
    added = bottega("session", "add", "--data", str(data), *arguments)
    assert added.exit_code == 0, added.output
    listed = bottega("session", "list", "--data", str(data))
    assert "2036-12-01 17:00  Il primo colloquio (orso): 20 of 20 seats left" in listed.output
    assert bottega("session", "feedback", "--data", str(data)).output == "month,partner,title,yes,partly,no\n"


def test_the_address_of_a_partners_calendar_is_told(data: Path) -> None:
    environ = data_folder.environment(data, 8000, {})
    with parts.database_of("booking", environ).transaction() as tx:
        usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
    told = bottega("session", "feed", "orso", "--language", "en", "--data", str(data), PUBLIC_URL="https://b.example")
    secret = feed_secret(bytes.fromhex(environ["GATEWAY_SECRET_KEY"]), "orso")
    assert told.output == f"https://b.example/calendario/orso/{secret}.ics?lingua=en\n"


def test_there_is_no_calendar_of_a_partner_that_is_not_known(data: Path) -> None:
    told = bottega("session", "feed", "orsa", "--data", str(data))
    assert told.exit_code == 1
    assert "there is no partner orsa" in told.output


def test_a_calendar_is_imported_and_imported_again(data: Path, tmp_path: Path) -> None:
    database = parts.database_of("booking", data_folder.environment(data, 8000, {}))
    with database.transaction() as tx:
        usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
    file = tmp_path / "orso.ics"
    event = ["UID:1", "DTSTART:20361201T160000Z", "DURATION:PT1H", "SUMMARY:Il colloquio"]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""]
    file.write_text("\r\n".join(lines))
    arguments = ["orso", str(file), "--capacity", "9", "--room", "https://meet.example.org/x", "--data", str(data)]
    assert bottega("session", "import", *arguments).output == "1 published\n"
    assert bottega("session", "import", *arguments).output == "1 unchanged\n"
    assert "2036-12-01 17:00  Il colloquio (orso)" in bottega("session", "list", "--data", str(data)).output


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("/dev/null", "is not an iCalendar file"),
        ("http://example.org/x.ics", "begins with https://"),
        ("/no/file", "/no/file"),
    ],
)
def test_a_calendar_that_is_none_is_told_in_one_line(data: Path, source: str, words: str) -> None:
    arguments = ["orso", source, "--capacity", "9", "--room", "https://meet.example.org/x", "--data", str(data)]
    with parts.database_of("booking", data_folder.environment(data, 8000, {})).transaction() as tx:
        usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
    result = bottega("session", "import", *arguments)
    assert result.exit_code == 1
    assert words in result.output
    assert len(result.output.splitlines()) == 1


def test_a_session_that_makes_no_sense_is_refused_with_the_reason(data: Path) -> None:
    arguments = ["--partner", "orso", "--partner-name", "Orso", "--title", "Ieri", "--starts", "2001-01-01 17:00"]
    result = bottega(
        "session", "add", "--data", str(data), *arguments, "--capacity", "3", "--room", "https://x.example"
    )
    assert result.exit_code == 1
    assert "starts_at" in result.output


def test_a_parked_event_is_listed_replayed_and_the_act_is_audited(data: Path) -> None:
    database = parts.database_of("notify", data_folder.environment(data, 8000, {}))
    row: dict[str, Any] = {
        "source": "booking",
        "event_id": "e-1",
        "type": "reservation.confirmed.v1",
        "subject": "reservation/1",
    }
    row |= {"sequence": 1, "body": '{"id": "e-1"}', "received_at": now(), "due_at": now(), "state": "parked"}
    with database.transaction() as tx:
        tx.connection.execute(insert(inbox).values(**row, attempts=3, error="Permanent"))
    assert "e-1  reservation.confirmed.v1" in bottega("parked", "list", "notify", "--data", str(data)).output
    assert '{"id": "e-1"}' in bottega("parked", "show", "notify", "e-1", "--data", str(data)).output
    assert bottega("parked", "replay", "notify", "e-1", "--data", str(data)).exit_code == 0
    with database.reading() as tx:
        assert tx.connection.execute(select(inbox.c.state)).scalar_one() == "pending"
        assert tx.connection.execute(select(audit.c.action)).scalar_one() == "replay"
    database.close()


def test_dropping_what_is_not_parked_says_so(data: Path) -> None:
    result = bottega("parked", "drop", "notify", "e-9", "--yes", "--data", str(data))
    assert result.exit_code == 1
    assert "no event e-9 is parked" in result.output


def the_link(result: Result) -> str:
    (address,) = re.findall(r"http://localhost:8000/banco/entra/(\S{43})\n", result.output)
    return str(address)


def test_an_account_is_added_with_a_link_and_listed_without_a_password(data: Path) -> None:
    who = ("Anna Bruno", "anna@example.org", "--role", "operator", "--partner", "orso")
    assert the_link(bottega("staff", "add", *who, "--data", str(data)))
    listed = bottega("staff", "list", "--data", str(data)).output
    assert listed == "anna@example.org  operator of orso  no password  Anna Bruno\n"


def test_an_account_that_makes_no_sense_is_refused_with_the_reason(data: Path) -> None:
    result = bottega("staff", "add", "Anna", "anna@example.org", "--role", "operator", "--data", str(data))
    assert result.exit_code == 1
    assert "partner: Name the partner" in result.output


def test_each_link_is_another_one(data: Path) -> None:
    first = bottega("staff", "add", "Anna", "anna@example.org", "--role", "coordinator", "--data", str(data))
    assert the_link(first) != the_link(bottega("staff", "link", "anna@example.org", "--data", str(data)))


def test_a_disabled_account_gets_no_link_until_it_is_enabled(data: Path) -> None:
    bottega("staff", "add", "Anna", "anna@example.org", "--role", "coordinator", "--data", str(data))
    assert bottega("staff", "disable", "anna@example.org", "--data", str(data)).exit_code == 0
    assert bottega("staff", "link", "anna@example.org", "--data", str(data)).exit_code == 1
    assert bottega("staff", "enable", "anna@example.org", "--data", str(data)).exit_code == 0
    assert bottega("staff", "link", "anna@example.org", "--data", str(data)).exit_code == 0


def test_what_the_operator_did_about_accounts_is_in_the_audit(data: Path) -> None:
    bottega("staff", "add", "Anna", "anna@example.org", "--role", "coordinator", "--data", str(data))
    lines = bottega("staff", "audit", "--data", str(data)).output.splitlines()
    assert [line.split("  ")[2] for line in lines] == ["link_made", "account_added"]
    assert all("operator:" in line and "anna" not in line for line in lines)


def test_a_key_is_printed_once_and_listed_until_it_is_revoked(data: Path) -> None:
    folder = ("--data", str(data))
    bottega("staff", "add", "Anna", "anna@example.org", "--role", "coordinator", *folder)
    made = bottega("staff", "key", "add", "anna@example.org", "Agenda", *folder).output
    assert re.fullmatch(r"bottega_[0-9a-f]{40}\n", made)
    listed = bottega("staff", "key", "list", "anna@example.org", *folder).output
    assert "Agenda" in listed
    assert made.strip() not in listed
    bottega("staff", "key", "revoke", "anna@example.org", listed.split()[0], *folder)
    assert bottega("staff", "key", "list", "anna@example.org", *folder).output == "No keys.\n"
