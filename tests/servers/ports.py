"""Free ports on 127.0.0.1."""

import random
import socket

# Below the range that Linux takes outgoing connections from (32768 and up): a client that reconnects in a loop while
# its server restarts could otherwise be given the server's own port as its source, and connect to itself.
_FIRST, _LAST = 15_000, 32_000
_taken: set[int] = set()


def free_port() -> int:
    """A TCP port that nobody listens on, never the same twice in one process."""
    for _ in range(200):
        port = random.randint(_FIRST, _LAST)
        if port not in _taken and _is_free(port):
            _taken.add(port)
            return port
    raise OSError("no free port found")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return not accepts_connections(port)


def accepts_connections(port: int) -> bool:
    """Whether something listens on the port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
