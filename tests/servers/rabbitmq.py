"""A private RabbitMQ from Debian's package, with its management plugin, and an epmd of its own."""

import base64
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from tests.servers.ports import accepts_connections, free_port
from tests.servers.process import Process, ServerError, as_user, give, new_folder, remove_folder

USER = "rabbitmq"  # the account that runs it when we are root
# Not the wrappers in /usr/sbin: those allow only root and rabbitmq.
PROGRAMS = Path("/usr/lib/rabbitmq/bin")
ADMIN = "admin"
HTTP_TIMEOUT = 20.0  # seconds


@dataclass(frozen=True)
class VirtualHost:
    """A part of the broker that shares nothing with others: a test's own."""

    broker: "RabbitMQ"
    name: str

    def amqp_uri(self, user: str = "", password: str = "") -> str:
        """Where to connect to; as the administrator unless another user is named."""
        return self.broker.amqp_uri(user, password, self.name)

    def delete(self) -> None:
        self.broker.http("DELETE", f"/vhosts/{quote(self.name, safe='')}")


class RabbitMQ:
    """Listens for AMQP on 127.0.0.1:``port``, and for the management API on ``http_uri``."""

    def __init__(self) -> None:
        self.port, self.http_port, self._dist_port, self._epmd_port = (free_port() for _ in range(4))
        self.admin_password = secrets.token_hex(16)
        self.folder = new_folder("rabbitmq", USER)
        self.node = f"bottega-{self.port}@localhost"
        self._epmd: Process | None = None
        self._process: Process | None = None
        self._environ = self._make_environ()
        self._write_files()
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def http_uri(self) -> str:
        """The management API as the administrator: ``http://admin:…@127.0.0.1:…``."""
        return f"http://{ADMIN}:{self.admin_password}@127.0.0.1:{self.http_port}"

    def amqp_uri(self, user: str = "", password: str = "", vhost: str = "/") -> str:
        """Where to connect to; as the administrator unless another user is named."""
        user, password = (user, password) if user else (ADMIN, self.admin_password)
        return f"amqp://{quote(user)}:{quote(password)}@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def new_vhost(self, name: str | None = None) -> VirtualHost:
        """Create an empty virtual host, in which the administrator may do everything."""
        vhost = VirtualHost(self, name or f"test-{secrets.token_hex(6)}")
        self.http("PUT", f"/vhosts/{quote(vhost.name, safe='')}", {})
        self.grant(ADMIN, vhost.name)
        return vhost

    def new_user(self, name: str | None = None, tags: str = "") -> tuple[str, str]:
        """Create a user without any permission; its name and password."""
        name, password = name or f"user-{secrets.token_hex(6)}", secrets.token_hex(12)
        self.http("PUT", f"/users/{quote(name, safe='')}", {"password": password, "tags": tags})
        return name, password

    def grant(self, user: str, vhost: str, configure: str = ".*", write: str = ".*", read: str = ".*") -> None:
        """Set what a user may do in a virtual host: three regular expressions over names."""
        path = f"/permissions/{quote(vhost, safe='')}/{quote(user, safe='')}"
        self.http("PUT", path, {"configure": configure, "write": write, "read": read})

    def http(self, method: str, path: str, body: Any = None) -> Any:
        """Call the management API under /api; the decoded answer, or None. Raises urllib.error.HTTPError."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}/api{path}", method=method)
        token = base64.b64encode(f"{ADMIN}:{self.admin_password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def rabbitmqctl(self, *arguments: str) -> str:
        """Run rabbitmqctl against this node; what it prints. It takes a second or two: prefer ``http``."""
        command = [*as_user(USER), str(PROGRAMS / "rabbitmqctl"), *arguments]
        done = subprocess.run(command, env=self._environ, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"rabbitmqctl {' '.join(arguments)} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start it, after ``stop`` or ``kill`` with the same data, on the same ports."""
        self._start_epmd()
        self._process = Process(
            [PROGRAMS / "rabbitmq-server"], log=self.folder / "log", user=USER, environ=self._environ
        )
        self._process.guard(signal.SIGTERM)
        self._process.await_ready(self._answers, "RabbitMQ")

    def stop(self) -> None:
        """Stop as an operator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As when the power goes: no clean shutdown."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """While inside, connections stay open and nothing answers."""
        if self._process is None:
            raise ServerError("RabbitMQ is not running")
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        """End it and its epmd, and delete its data; so it need not put them in order first."""
        self.kill()
        if self._epmd is not None:
            self._epmd.end(signal.SIGKILL)
            self._epmd = None
        remove_folder(self.folder)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(number)
            self._process = None

    def _start_epmd(self) -> None:
        """Our own, so that we leave no daemon behind and depend on none that another RabbitMQ started."""
        if self._epmd is not None and self._epmd.running():
            return
        epmd = shutil.which("epmd")
        if epmd is None or not (PROGRAMS / "rabbitmq-server").exists():
            raise ServerError("RabbitMQ is not installed (Debian: apt-get install rabbitmq-server)")
        self._epmd = Process([epmd], log=self.folder / "epmd.log", user=USER, environ=self._environ)
        self._epmd.guard(signal.SIGKILL)
        self._epmd.await_ready(lambda: accepts_connections(self._epmd_port), "epmd")

    def _answers(self) -> bool:
        # The management API is up before the last plugin; AMQP only when the start is complete.
        if not accepts_connections(self.port):
            return False
        try:
            self.http("GET", "/overview")
        except (OSError, urllib.error.URLError):
            return False
        return True

    def _make_environ(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": folder,
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/logs",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            # An idle scheduler must not spin on cores that it shares with what is measured.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def _write_files(self) -> None:
        settings = {
            "default_user": ADMIN,
            "default_pass": self.admin_password,
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": self.http_port,
            "disk_free_limit.absolute": "50MB",
            "log.console": "true",
        }
        files = {
            "rabbitmq.conf": "".join(f"{name} = {value}\n" for name, value in settings.items()),
            "enabled_plugins": "[rabbitmq_management].\n",
            "rabbitmq-env.conf": "",
            ".erlang.cookie": secrets.token_hex(20),
        }
        for name, content in files.items():
            path = self.folder / name
            path.write_text(content)
            path.chmod(0o400)
            give(path, USER)
