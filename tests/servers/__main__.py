"""Runs a command beside private servers, with the settings that point every service at them.

    python -m tests.servers honcho start

It makes a virtual host, a broker account and a database for each service, sets the broker up, migrates, sees to it that
mails end in a folder, and runs the command. Whatever is set already in the environment wins. When the command ends, so
do the servers, and nothing is left.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bottega.data_folder import KEYS
from tests.servers.mail import MailServer
from tests.servers.postgres import PostgreSQL
from tests.servers.rabbitmq import RabbitMQ

SERVICES = ("booking", "notify", "staff", "needs")


def settings(rabbitmq: RabbitMQ, postgres: PostgreSQL, mail: MailServer) -> dict[str, str]:
    """Environment variables for all services and the gateway, each with a broker account and a database of its own."""
    vhost = rabbitmq.new_vhost("bottega")
    found = {
        "BROKER_ADMIN_URI": rabbitmq.http_uri,
        "NOTIFY_SMTP_URI": mail.uri,
        "NOTIFY_SENDER": "Città dei Mestieri <info@localhost.localdomain>",
        "PUBLIC_URL": "http://localhost:8000",
        **{key: secrets.token_hex(32) for key in KEYS},
    }
    for service in SERVICES:
        found[f"{service.upper()}_DATABASE_URI"] = postgres.new_database(service)
    for account in (*SERVICES, "gateway"):
        found[f"{account.upper()}_AMQP_URI"] = vhost.amqp_uri(account, secrets.token_hex(16))
    return found


def run(command: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with RabbitMQ() as rabbitmq, PostgreSQL() as postgres, MailServer() as mail:
        environ = {**settings(rabbitmq, postgres, mail), **os.environ}
        bottega = str(Path(sys.executable).with_name("bottega"))
        subprocess.run([bottega, "broker", "setup"], env=environ, check=True)
        subprocess.run([bottega, "migrate"], env=environ, check=True)
        print(f"Mails are kept in {mail.folder}\nRabbitMQ's pages are at {rabbitmq.http_uri}", flush=True)  # noqa: T201
        return _run_until_interrupted(command, environ)


def _run_until_interrupted(command: Sequence[str], environ: dict[str, str]) -> int:
    """Ctrl-C reaches the command too, which ends in its own way; then we go."""
    with subprocess.Popen(command, env=environ) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:] or ["sh"]))
