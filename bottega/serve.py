"""One service in a process of its own, on RabbitMQ."""

from collections.abc import Mapping

import click

from bottega import parts
from bus.host import Host, check_free, until_told_to_stop

WEBSITE_PORT = 8000


def serve(name: str, host: str, port: int, environ: Mapping[str, str]) -> None:
    """Run until SIGINT or SIGTERM. Raises SettingError and NotMigrated: production never migrates by itself."""
    is_website = name == "gateway"
    port = port or (WEBSITE_PORT if is_website else 0)
    check_free(host, port)
    web = {"WEB_SERVER_ADDRESS": f"{host}:{port}"} if is_website else {}
    part = parts.part(name, environ, parts.rabbitmq(name, environ), **web)
    if not is_website:
        parts.check_migrated(name, environ)
    process = Host([part])
    process.start()
    if port and not is_website:
        process.serve_health((host, port))
    until_told_to_stop(lambda: click.echo(f"{name} is running. Ctrl-C stops it."))
    process.stop()
