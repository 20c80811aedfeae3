"""A private PostgreSQL server from Debian's package."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psycopg2

from tests.servers.ports import free_port
from tests.servers.process import Process, ServerError, as_user, give, new_folder, remove_folder

USER = "postgres"  # the account that runs it when we are root, which PostgreSQL refuses to be
SUPERUSER = "postgres"


class PostgreSQL:
    """Listens on 127.0.0.1:``port``; each database of ``new_database`` has a role of its own.

    ``fsync=False`` makes commits cheap: they survive a kill of every process, but not of the machine.
    """

    def __init__(self, *, fsync: bool = True) -> None:
        self.port = free_port()
        self.folder = new_folder("postgresql", USER)
        self._programs = _find_programs()
        self._password = secrets.token_hex(16)
        self._options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "max_connections": "300",
            "fsync": "on" if fsync else "off",
        }
        self._process: Process | None = None
        self._initdb()
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def new_database(self, name: str | None = None) -> str:
        """Create an empty database owned by a role of the same name; its SQLAlchemy URI, ``postgresql://…``."""
        name = name or f"test_{secrets.token_hex(6)}"
        password = secrets.token_hex(8)
        with self.superuser() as cursor:
            cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
            cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{name}"

    @contextlib.contextmanager
    def superuser(self) -> Iterator["psycopg2.extensions.cursor"]:
        """A cursor of the superuser, each statement its own transaction."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=SUPERUSER, password=self._password, dbname="postgres"
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def start(self) -> None:
        """Start it, after ``stop`` or ``kill`` with the same data, on the same port."""
        options = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        argv = [self._programs / "postgres", "-D", self.folder / "data", *options]
        self._process = Process(argv, log=self.folder / "log", user=USER)
        self._process.guard(signal.SIGQUIT)  # "immediate": no waiting for clients
        self._process.await_ready(self._answers, "PostgreSQL")

    def stop(self) -> None:
        """Stop as an operator does ("fast": clients are cut off, transactions rolled back)."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As when the power goes: no clean shutdown. The backends notice that their postmaster is gone, and end."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """While inside, connections stay open and nothing answers."""
        pids = self._pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        """End it and delete its data."""
        self._end(signal.SIGQUIT)  # its data need not be put in order
        remove_folder(self.folder)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(number)
            self._process = None

    def _pids(self) -> list[int]:
        if self._process is None:
            return []
        listing = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False
        )
        return [self._process.pid, *map(int, listing.stdout.split())]

    def _initdb(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self._password)
        give(password_file, USER)
        arguments = ["--username", SUPERUSER, "--pwfile", password_file, "--auth", "scram-sha-256"]
        arguments += ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--pgdata", self.folder / "data"]
        command = [*as_user(USER), str(self._programs / "initdb"), *map(str, arguments)]
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        password_file.unlink()
        if made.returncode != 0:
            raise ServerError(f"initdb failed\n{made.stdout}{made.stderr}")

    def _answers(self) -> bool:
        try:
            with self.superuser() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True


def _find_programs() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, or the one on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise ServerError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return Path(initdb).resolve().parent
