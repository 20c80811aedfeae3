"""The services there are, and how each is put on the bus."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from bus import migrations
from bus.config import SettingError, read_settings
from bus.database import Database

if TYPE_CHECKING:  # commands that only look at a database start without eventlet and kombu
    from bus.host import Part
    from bus.node import Transport
    from bus.rabbitmq.transport import RabbitMQ

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Known:
    """A service by name: its package, its nameko class, and whether it has a database of its own."""

    package: str
    service: str
    has_database: bool = True

    @property
    def migrations(self) -> Path:
        return ROOT.joinpath(*self.package.split("."), "migrations")

    def settings(self, environ: Mapping[str, str]) -> Any:
        """Raises SettingError."""
        return read_settings(import_module(f"{self.package}.config").Settings, environ)

    def service_class(self) -> type:
        module = "server" if self.package == "gateway" else "service"
        found: type = getattr(import_module(f"{self.package}.{module}"), self.service)
        return found


SERVICES = {
    "booking": Known("services.booking", "BookingService"),
    "notify": Known("services.notify", "NotifyService"),
    "staff": Known("services.staff", "StaffService"),
    "needs": Known("services.needs", "NeedsService"),
    "gateway": Known("gateway", "GatewayService", has_database=False),
}
WITH_DATABASE = [name for name, known in SERVICES.items() if known.has_database]


def database_of(name: str, environ: Mapping[str, str]) -> Database:
    """Raises SettingError."""
    return Database(SERVICES[name].settings(environ).database_uri)


def migrate(name: str, environ: Mapping[str, str]) -> None:
    database = database_of(name, environ)
    migrations.upgrade(database, SERVICES[name].migrations)
    database.close()


def check_migrated(name: str, environ: Mapping[str, str]) -> None:
    """Raises NotMigrated."""
    database = database_of(name, environ)
    migrations.check(database, SERVICES[name].migrations, name)
    database.close()


def part(name: str, environ: Mapping[str, str], transport: "Transport", **config: Any) -> "Part":
    """A service ready to be hosted. Raises SettingError."""
    from bus.host import Part
    from bus.node import Node

    known = SERVICES[name]
    settings = known.settings(environ)
    database = Database(settings.database_uri) if known.has_database else None
    node = Node(name, transport, database, operators(environ))
    return Part(known.service_class(), settings, node, config)


def rabbitmq(name: str, environ: Mapping[str, str]) -> "RabbitMQ":
    """The transport of a service that runs alone. Raises SettingError."""
    from bus.rabbitmq.transport import RabbitMQ

    uri = SERVICES[name].settings(environ).amqp_uri
    if not uri:
        raise SettingError(f"{name.upper()}_AMQP_URI: must be set (the message broker)")
    return RabbitMQ(uri, name)


def operators(environ: Mapping[str, str]) -> dict[str, str]:
    """Broker accounts not named as their service, from BUS_OPERATORS: ``booking=partner-a,needs=partner-b``."""
    text = environ.get("BUS_OPERATORS", "").strip()
    pairs = [pair.partition("=") for pair in text.split(",")] if text else []
    if any(not (service.strip() and account.strip()) for service, _, account in pairs):
        raise SettingError("BUS_OPERATORS: must be service=account, separated by commas")
    return {service.strip(): account.strip() for service, _, account in pairs}


def user_of(uri: str) -> str:
    return unquote(urlsplit(uri).username or "guest")
