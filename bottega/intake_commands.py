"""``bottega intake``: what arrives from outside, handed in by a mail server."""

import json
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bottega.cli import data_option, explained, settings

# What a mail server understands (sysexits.h): send it back to who wrote it; keep it and try again later.
DATA_ERROR, TRY_LATER = 65, 75


class _Later(click.ClickException):
    exit_code = TRY_LATER


@click.group()
def intake() -> None:
    """What arrives from outside: mails."""


def _kept_by_the_mail_server(command: Callable[..., None]) -> Callable[..., None]:
    """Whatever goes wrong here is no reason to send the mail back: the mail server keeps it and tries again."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        from bus.config import SettingError

        try:
            command(*args, **kwargs)
        except (click.ClickException, SettingError) as error:
            raise _Later(str(error)) from None
        except Exception as error:  # noqa: BLE001 (its words may quote the mail)
            raise _Later(f"the mail is not taken in: {type(error).__name__}") from None

    return wrapped


@intake.command()
@data_option
@_kept_by_the_mail_server
def email(data: Path | None) -> None:
    """Take in one mail (RFC 5322) on standard input, as a mail server hands it over.

    Prints one line of JSON: need_id, message_id and outcome, which is opened, continued, auto_reply, bounce, duplicate
    or quarantined. The mail is stored before anything else is done with it. Exit status 0: it is stored. 75: it is not,
    and the mail server should try again later. 65: it is larger than 100 MB, and never will be.

    In Postfix's aliases:  info: "|/srv/bottega/.venv/bin/bottega intake email --data /srv/bottega/data"
    """
    from bottega import parts
    from bus.times import now
    from services.needs import intake
    from services.needs.errors import TooBig

    environ = settings(data)
    ours = parts.SERVICES["needs"].settings(environ)
    database = parts.database_of("needs", environ)
    raw = sys.stdin.buffer.read(intake.BYTES_MAX + 1)
    try:
        arrival_id = intake.store_mail(database, raw, now(), lease=intake.LEASE)
    except TooBig:
        click.echo("the mail is larger than 100 MB", err=True)
        raise SystemExit(DATA_ERROR) from None
    taken = intake.take_up(database, ours, arrival_id, now())
    told = {"need_id": taken.need_id, "message_id": taken.message_id}
    click.echo(json.dumps({name: str(key) if key else None for name, key in told.items()} | {"outcome": taken.outcome}))


@intake.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=2424, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@explained
def lmtp(data: Path | None, host: str, port: int) -> None:
    """Take in mails by LMTP (RFC 2033), beside the running platform, until it is told to stop.

    A mail is accepted when it is stored, and handled within a second. Recipients that NEEDS_MAILBOXES does not name are
    refused, where it names any. Whoever reaches the port can hand in mails: leave it on this machine.

    In Postfix's main.cf:  mailbox_transport = lmtp:inet:127.0.0.1:2424
    """
    import asyncio

    from bottega import parts
    from bus import logs
    from services.needs.lmtp import Storing, listen

    logs.configure()
    environ = settings(data)
    parts.check_migrated("needs", environ)
    storing = Storing(parts.database_of("needs", environ), parts.SERVICES["needs"].settings(environ).mailboxes)

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await listen(storing, host, port, stop)

    asyncio.run(run())
