"""Everything in one process: the embedded bus, or RabbitMQ with one account, and a database file for each service."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bottega import data_folder, parts
from bus.embedded import EmbeddedBus
from bus.host import Host, Part, check_free, until_told_to_stop
from bus.node import Transport
from bus.rabbitmq.topology import declare_exchanges
from bus.rabbitmq.transport import RabbitMQ
from bus.times import now


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    data: Path
    demo: bool
    amqp_uri: str | None


def up(options: Options, environ: Mapping[str, str]) -> None:
    """Run until SIGINT or SIGTERM. Raises SettingError, and OSError where the port is taken."""
    check_free(options.host, options.port)
    environ = data_folder.environment(options.data, options.port, environ)
    for name in parts.WITH_DATABASE:
        parts.migrate(name, environ)
    desk = _load_demo(environ) if options.demo else None
    host = Host(_parts(options, environ))
    host.start()
    until_told_to_stop(lambda: click.echo(_welcome(environ, desk)))
    click.echo("Stopping.")
    host.stop()


def _parts(options: Options, environ: Mapping[str, str]) -> list[Part]:
    web = {"WEB_SERVER_ADDRESS": f"{options.host}:{options.port}"}
    names = list(parts.SERVICES)
    if options.amqp_uri:
        declare_exchanges(options.amqp_uri, names)
        one_account = ",".join(f"{name}={parts.user_of(options.amqp_uri)}" for name in names)
        environ = {"BUS_OPERATORS": one_account, **environ}
        transports: dict[str, Transport] = {name: RabbitMQ(options.amqp_uri, name) for name in names}
        return [parts.part(name, environ, transports[name], **web) for name in names]
    bus = EmbeddedBus(options.data / "accepted")
    return [parts.part(name, environ, bus, **web) for name in names]


def _load_demo(environ: Mapping[str, str]) -> str:
    """Load the demonstration; answers the address of a link that lets its coordinator in, once."""
    from bottega import demo, staff_commands

    database = parts.database_of("booking", environ)
    demo.load(database, now())
    database.close()
    return staff_commands.demo_link(environ)


def _welcome(environ: Mapping[str, str], desk: str | None) -> str:
    kept = f"are kept in {environ['NOTIFY_OUTPUT_DIR']}"
    mails = "go out by the mail server" if environ.get("NOTIFY_SMTP_URI") else kept
    staff = f"The staff's desk opens once, within 24 hours, by {desk}\n" if desk else ""
    return f"Bottega is open at {environ['PUBLIC_URL']}\n{staff}Mails {mails}. Ctrl-C stops it."
