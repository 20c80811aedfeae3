"""The gateway alone in a process, in nameko's web server, as test_server.py starts it: no service is there to answer.

Takes the port and the number of connections. Nameko needs green threads in the whole process: hence a program.
"""

from bus.green import patch

patch()

import sys  # noqa: E402 (after patching, as all that follows)

from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, Part, until_told_to_stop  # noqa: E402
from bus.node import Node  # noqa: E402
from gateway.config import Settings  # noqa: E402
from gateway.server import GatewayService  # noqa: E402


def main(port: str, connections: str) -> None:
    settings = Settings(secret_key=bytes(32), max_connections=int(connections))
    node = Node("gateway", EmbeddedBus())
    host = Host([Part(GatewayService, settings, node, {"WEB_SERVER_ADDRESS": f"127.0.0.1:{port}"})])
    host.start()
    until_told_to_stop(lambda: print("open", flush=True))  # noqa: T201 (the test waits for it)
    host.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
