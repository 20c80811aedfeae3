"""Schema migrations with Alembic: the bus's own, then the service's, in one database. No env.py: this is it."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bus.database import Database

BUS = Path(__file__).parent
LOCK = 7032


class NotMigrated(Exception):
    """The database is behind (or ahead of) the code; the message says what to run."""


def upgrade(database: Database, folder: Path | str) -> None:
    """Bring the bus's tables and those of the service whose migrations are in ``folder`` up to date."""
    with database.transaction() as tx:
        if database.dialect == "postgresql":  # two processes that start at once take turns
            tx.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        for scripts, table in _histories(folder):
            _run(tx.connection, scripts, table)


def check(database: Database, folder: Path | str, service: str) -> None:
    """Raise NotMigrated unless the database is exactly at the newest migration."""
    with database.reading() as tx:
        for scripts, table in _histories(folder):
            context = MigrationContext.configure(tx.connection, opts={"version_table": table})
            if set(context.get_current_heads()) != set(scripts.get_heads()):
                raise NotMigrated(
                    f"the database of {service} does not fit this version; run: bottega migrate {service}"
                )


def _histories(folder: Path | str) -> list[tuple[ScriptDirectory, str]]:
    return [(ScriptDirectory(str(BUS)), "bus_version"), (ScriptDirectory(str(folder)), "service_version")]


def _run(connection: Connection, scripts: ScriptDirectory, table: str) -> None:
    def steps(revision: object, _context: object) -> object:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type]  # noqa: SLF001  # as in alembic.command

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=table, transactional_ddl=True)
        environment.run_migrations()
