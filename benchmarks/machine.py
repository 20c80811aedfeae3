"""What a figure was measured on."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.servers import PostgreSQL, RabbitMQ


def described(rabbitmq: RabbitMQ, postgres: PostgreSQL, libraries: list[str]) -> list[tuple[str, str]]:
    """Pairs of name and value: date, processor, memory, operating system, versions of what took part."""
    servers = {"RabbitMQ": rabbitmq.http("GET", "/overview")["rabbitmq_version"], "PostgreSQL": _version(postgres)}
    return [
        ("Date", f"{datetime.now(UTC):%Y-%m-%d}"),
        ("Processor", f"{_first('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores"),
        ("Memory", f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB"),
        ("Load before", f"{os.getloadavg()[0]:.2f} (average of one minute; near 0 on a quiet machine)"),
        ("System", f"{_first('/etc/os-release', 'PRETTY_NAME', '=')}, Linux {platform.release()}"),
        ("Servers", ", ".join(f"{name} {found}" for name, found in servers.items())),
        ("Python", platform.python_version()),
        ("Libraries", ", ".join(f"{name} {version(name)}" for name in libraries)),
    ]


def _version(postgres: PostgreSQL) -> str:
    with postgres.superuser() as cursor:
        cursor.execute("SHOW server_version")
        return str((cursor.fetchone() or [""])[0]).split()[0]


def _first(path: str, name: str, separator: str = ":") -> str:
    for line in Path(path).read_text().splitlines():
        found, _, value = line.partition(separator)
        if found.strip() == name:
            return value.strip().strip('"')
    return "unknown"
