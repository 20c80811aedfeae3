"""A TCP proxy that can fall silent: connections stay open, and nothing comes through, as when a cable is cut."""

import contextlib
import socket
import threading
from typing import Self

CHUNK = 65536


class Proxy:
    """Listens on 127.0.0.1:``port`` and passes everything on to ``target``, a port there too."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0
        self._lines: list[_Line] = []
        self._silent = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            line.close()

    def silence(self, *, new_ones_too: bool = False) -> None:
        """Pass nothing on any more, on the connections that there are; and on those to come, if ``new_ones_too``."""
        self._silent = new_ones_too
        for line in self._lines:
            line.silent = True

    def speak(self) -> None:
        """Serve new connections again. Those that fell silent stay so, for ever."""
        self._silent = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.accepted += 1
                server = socket.create_connection(("127.0.0.1", self._target))
                self._lines.append(_Line(client, server, self._silent))


class _Line:
    """A connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket, silent: bool) -> None:
        self.silent = silent
        self._ends = (client, server)
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if self.silent:
                    return  # the connection stays open, and the other end hears nothing
                sink.sendall(chunk)
            if not self.silent:
                self.close()
