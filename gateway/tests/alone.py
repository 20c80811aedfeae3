"""The gateway alone in a process, in nameko's web server, as test_server.py starts it: no service is there to answer.

Takes the port. Nameko needs green threads in the whole process: hence a program.
"""

from bus.green import patch

patch()

import signal  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
import threading  # noqa: E402

from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, Part  # noqa: E402
from bus.node import Node  # noqa: E402
from gateway.config import Settings  # noqa: E402
from gateway.server import GatewayService  # noqa: E402

CONNECTIONS = 20


def main(port: str) -> None:
    settings = Settings(secret_key=bytes(32), max_connections=CONNECTIONS)
    node = Node("gateway", EmbeddedBus())
    host = Host([Part(GatewayService, settings, node, {"WEB_SERVER_ADDRESS": f"127.0.0.1:{port}"})])
    host.start()
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    print("open", flush=True)  # noqa: T201 (the test waits for it)
    while not told.wait(0.1):  # a signal does not wake eventlet's hub: nothing else happens in this process
        pass
    host.stop()


if __name__ == "__main__":
    main(sys.argv[1])
