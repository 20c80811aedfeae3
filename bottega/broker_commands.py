"""``bottega broker``: preparing RabbitMQ, with an account for each service that may do just what it needs."""

import os
from collections.abc import Mapping

import click

from bottega.cli import explained
from contracts.wire import Query

ADMIN = "BROKER_ADMIN_URI"


@click.group()
def broker() -> None:
    """Prepare a RabbitMQ broker for the services and for partners' systems."""


@broker.command()
@explained
def setup() -> None:
    """Make exchanges, queues, accounts and permissions. Running it again changes only what is different.

    Reads BROKER_ADMIN_URI (the management API, http://admin:password@host:15672) and each service's account from its
    own setting: BOOKING_AMQP_URI, NOTIFY_AMQP_URI, STAFF_AMQP_URI, GATEWAY_AMQP_URI. A service that is not set is left
    out.
    """
    from bottega import parts
    from bus.config import SettingError
    from bus.rabbitmq.broker import Account, Broker

    accounts = [Account(uri, name) for name in parts.SERVICES if (uri := os.environ.get(f"{name.upper()}_AMQP_URI"))]
    if not accounts:
        raise SettingError("BOOKING_AMQP_URI: must be set, or that of another service (the account to create)")
    if len({account.vhost for account in accounts}) > 1:
        raise SettingError("BOOKING_AMQP_URI: all services must be in one virtual host")
    api = Broker(_admin_uri(os.environ))
    vhost = accounts[0].vhost
    api.set_up(vhost, accounts, {name: _bindings(name) for name in parts.WITH_DATABASE})
    for account in accounts:
        api.admit(vhost, account, _requests())
        click.echo(f"{account.service}: account {account.user} is ready")


@broker.command()
@explained
def partner() -> None:
    """Make an account for a partner's system, which may listen to events and ask public queries, and nothing else.

    Reads BROKER_ADMIN_URI, and PARTNER_AMQP_URI: amqp://name:password@host:5672/vhost
    """
    from bus.config import SettingError
    from bus.rabbitmq.broker import Account, Broker

    uri = os.environ.get("PARTNER_AMQP_URI", "")
    account = Account(uri, None)
    if not account.user or not account.password:
        raise SettingError("PARTNER_AMQP_URI: must be amqp://name:password@host:5672/vhost")
    Broker(_admin_uri(os.environ)).admit(account.vhost, account, _requests())
    click.echo(f"partner: account {account.user} is ready")


def _admin_uri(environ: Mapping[str, str]) -> str:
    from bus.config import SettingError

    uri = environ.get(ADMIN, "")
    if not uri.startswith(("http://", "https://")):
        raise SettingError(f"{ADMIN}: must be set (http://admin:password@host:15672)")
    return uri


def _requests() -> list[Query]:
    from contracts import booking, needs, notify, staff

    return [*booking.REQUESTS, *notify.REQUESTS, *staff.REQUESTS, *needs.REQUESTS]


def _bindings(name: str) -> list[tuple[str, str]]:
    """What a service listens to, read from its class."""
    from bottega import parts
    from bus.extensions import subscriptions

    return subscriptions(parts.SERVICES[name].service_class())
