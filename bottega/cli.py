"""The command ``bottega``. Each command says in ``--help`` what a tired person needs to know."""

import getpass
import os
import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

# Eventlet announces at each import that it is in maintenance; docs/decisions says what that means for us.
warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")

Command = Callable[..., None]


def explained(command: Command) -> Command:
    """Turn what an operator can mend into one line and exit status 1."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        from sqlalchemy.exc import OperationalError

        from bus.config import SettingError
        from bus.migrations import NotMigrated
        from bus.rabbitmq.broker import BrokerError

        try:
            command(*args, **kwargs)
        except (SettingError, NotMigrated, BrokerError) as error:
            raise click.ClickException(str(error)) from None
        except OperationalError as error:
            raise click.ClickException(f"the database does not answer: {str(error.orig).splitlines()[0]}") from None
        except OSError as error:
            raise click.ClickException(
                f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
            ) from None

    return wrapped


def data_option(command: Command) -> Command:
    words = "The folder of a platform started with `bottega up --data`; without it, settings come from the environment."
    return click.option("--data", type=click.Path(path_type=Path), help=words)(command)


def settings(data: Path | None) -> dict[str, str]:
    """The environment of a command, with the defaults of an embedded platform where ``--data`` names one."""
    from bottega import data_folder

    if data is None:
        return dict(os.environ)
    if not data.is_dir():
        raise click.ClickException(f"there is no folder {data}")
    return data_folder.environment(data.absolute(), 8000, os.environ)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bottega")
def main() -> None:
    """Bottega: group orientation sessions, needs and stories of a guidance centre that several partners run together.

    To try it, or to run it for one centre:  bottega up
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port of the website.")
@click.option(
    "--data",
    default="data",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where databases, mails and keys are kept. Back this folder up; `bottega up` creates it.",
)
@click.option("--demo/--no-demo", default=False, show_default=True, help="Add two weeks of invented sessions.")
@click.option(
    "--amqp-uri", help="Use this RabbitMQ instead of the bus inside the process: amqp://user:password@host:5672/vhost"
)
@explained
def up(host: str, port: int, data: Path, demo: bool, amqp_uri: str | None) -> None:
    """Run the whole platform in one process: no broker, no database server.

    It prints where to open the browser, and stops with Ctrl-C, finishing what is in hand. Settings (for example
    NOTIFY_SMTP_URI, the mail server) are read from the environment; see docs/operators.
    """
    _prepare()
    from bottega import up as platform

    platform.up(platform.Options(host, port, data.absolute(), demo, amqp_uri), os.environ)


@main.command()
@click.argument("service", type=click.Choice(["booking", "notify", "staff", "needs", "gateway"]))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="The gateway's website (8000 where not given); for other services /healthz, /readyz and /metrics.",
)
@explained
def serve(service: str, host: str, port: int) -> None:
    """Run one service in a process of its own, on RabbitMQ. Start more of them to share the work.

    Needs its settings in the environment, such as BOOKING_DATABASE_URI and BOOKING_AMQP_URI, a broker prepared by
    `bottega broker setup` and a database brought up to date by `bottega migrate`.
    """
    _prepare()
    from bottega import serve as process

    process.serve(service, host, port, os.environ)


@main.command()
@click.argument("services", nargs=-1)
@data_option
@explained
def migrate(services: tuple[str, ...], data: Path | None) -> None:
    """Bring the databases of SERVICES (all, where none is named) up to date.

    Run it before a new version starts; make a backup first. Running it twice does no harm.
    """
    from bottega import parts

    for name in services or parts.WITH_DATABASE:
        if name not in parts.WITH_DATABASE:
            raise click.ClickException(f"{name} has no database; choose from {', '.join(parts.WITH_DATABASE)}")
        parts.migrate(name, settings(data))
        click.echo(f"{name}: up to date")


@main.command()
@click.argument("service")
@click.argument("message")
@explained
def migration(service: str, message: str) -> None:
    """Draft a migration of SERVICE from what its tables have and its migrations do not make. For developers."""
    from importlib import import_module

    from bottega import parts
    from bus.migrations.draft import draft

    if service not in parts.WITH_DATABASE:
        raise click.ClickException(f"{service} has no database; choose from {', '.join(parts.WITH_DATABASE)}")
    known = parts.SERVICES[service]
    metadata = import_module(f"{known.package}.tables").metadata
    click.echo(f"Read and edit it: {draft(service, known.migrations, metadata, message)}")


def _prepare() -> None:
    """What must come before anything else is imported in a process that runs services."""
    from bus import green, logs

    green.patch()
    logs.configure()


def operator() -> str:
    """Who does this, for the audit."""
    return getpass.getuser()


def _register() -> None:
    from bottega import (
        broker_commands,
        intake_commands,
        key_commands,
        parked_commands,
        session_commands,
        staff_commands,
    )

    main.add_command(broker_commands.broker)
    main.add_command(intake_commands.intake)
    main.add_command(parked_commands.parked)
    main.add_command(session_commands.session)
    main.add_command(staff_commands.staff)
    staff_commands.staff.add_command(key_commands.key)


_register()
