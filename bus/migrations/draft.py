"""Drafting a migration: what the tables in the code have and the migrations so far do not make. A person edits it."""

import re
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from bus.database import Database
from bus.migrations import upgrade

NOT_OURS = re.compile(r"bus_.*|service_version")

TEMPLATE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
    {body}
'''


def draft(service: str, folder: Path, metadata: MetaData, message: str) -> Path:
    """Write the next migration of ``service`` into ``folder``; its path. Compares on an empty SQLite database."""
    scripts = ScriptDirectory(str(folder))
    number = len(list(scripts.walk_revisions())) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40]
    path = folder / "versions" / f"{number:04d}_{slug}.py"
    revision = f"{service}{number:04d}"
    body = _difference(folder, metadata)
    path.write_text(TEMPLATE.format(message=message, revision=revision, down=scripts.get_current_head(), body=body))
    return path


def _difference(folder: Path, metadata: MetaData) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(f"sqlite:///{scratch}/scratch.db")
        upgrade(database, folder)
        with database.reading() as tx:
            options = {"include_name": lambda name, kind, _: kind != "table" or not NOT_OURS.fullmatch(name)}
            context = MigrationContext.configure(tx.connection, opts=options)
            found = produce_migrations(context, metadata).upgrade_ops
            code = render_python_code(found) if found else "pass"
        database.close()
    return code
