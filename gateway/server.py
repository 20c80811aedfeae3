"""The website inside nameko's web server: the only module of the gateway that knows nameko and eventlet."""

import contextlib
from typing import TYPE_CHECKING, Any

import structlog
from eventlet import listen, sleep, wsgi
from eventlet.green import socket
from eventlet.semaphore import Semaphore
from eventlet.timeout import Timeout
from nameko.extensions import DependencyProvider
from nameko.web.server import HttpOnlyProtocol, WebServer

from gateway.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LINE_MAX = 8 * 1024  # bytes of a request line; eventlet allows as many in a header, and 64 KB of headers
PATIENCE = 30  # seconds that a connection may be silent, in the middle of a request or between two
BACKLOG = 512  # connections that wait to be accepted: a class of 200 that opens the page at once
FAREWELL = 20  # seconds that requests in hand get when the process stops

log = structlog.get_logger(__name__)


class SiteServer(WebServer):
    """Serves the Flask application on nameko's ``WEB_SERVER_ADDRESS``, to ``max_connections`` at once; others wait.

    nameko's own lets a connection that breaks take the whole process with it, and cuts requests off when it stops.
    """

    def __init__(self) -> None:
        super().__init__()
        self._starting = False  # nameko sets it too, without a type
        self._connections: list[list[Any]] = []  # eventlet's state of each: its address, socket, and what it is doing
        self._places = Semaphore(0)

    def get_wsgi_app(self) -> "WSGIApplication":
        config = self.container.config
        return create_app(config["settings"], config["node"].client, config.get("health"))

    def get_wsgi_server(self, sock: Any, wsgi_app: "WSGIApplication", *_: Any, **__: Any) -> wsgi.Server:
        return wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=HttpOnlyProtocol,
            debug=False,
            log_output=False,  # the application writes its own, without the secrets that are in addresses
            url_length_limit=LINE_MAX,
            socket_timeout=PATIENCE,
        )

    def start(self) -> None:
        """As nameko's, but a port that is taken is an error: eventlet would share it without a word."""
        if not self._starting:
            self._starting = True
            self._sock = listen(self.bind_addr, backlog=BACKLOG, reuse_port=False)
            self._sock.settimeout(None)
            self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
            self._gt = self.container.spawn_managed_thread(self.run)

    def run(self) -> None:
        self._places = Semaphore(self.container.config["settings"].max_connections)
        while self._is_accepting:
            self._places.acquire()
            try:
                accepted = self._sock.accept()
            except OSError as error:  # out of file descriptors, say: the next moment may be better
                self._places.release()
                log.warning("connection not accepted", error=str(error))
                sleep(0.1)
            else:
                self.container.spawn_managed_thread(lambda accepted=accepted: self.process_request(*accepted))

    def process_request(self, sock: Any, address: Any) -> None:
        connection = [address, sock, wsgi.STATE_IDLE]
        self._connections.append(connection)
        sock.settimeout(PATIENCE)
        try:
            self._serv.process_request(connection)
        except Exception as error:  # noqa: BLE001  # nameko would end the process for what one client did
            log.info("connection broke", error=repr(error))
        finally:
            self._connections.remove(connection)
            self._places.release()

    def stop(self) -> None:
        """Take no more connections, close the idle ones, and let the others finish the request that they are in."""
        self._is_accepting = False
        self._gt.kill()
        self._sock.close()
        for connection in self._connections:
            idle, connection[2] = connection[2] == wsgi.STATE_IDLE, wsgi.STATE_CLOSE
            if idle:
                with contextlib.suppress(OSError):
                    connection[1].shutdown(socket.SHUT_RDWR)
        with Timeout(FAREWELL, exception=False):
            while self._connections:
                sleep(0.02)
        super().stop()


class Site(DependencyProvider):
    server = SiteServer()


class GatewayService:
    name = "gateway"
    site = Site()
