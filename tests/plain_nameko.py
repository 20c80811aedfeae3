"""A partner's service in plain nameko, without any of our code, as test_interoperability.py starts it.

Takes the URI of the broker, ``partner`` where its account is a partner's, and ``ask`` where it is no service, but a
script that asks once. Prints, for each reservation that it hears of, a line of JSON with what it heard and what it was
answered.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402 (after patching, as all that follows)
import sys  # noqa: E402
from typing import Any  # noqa: E402

import nameko.rpc  # noqa: E402
from kombu.entity import Exchange  # noqa: E402
from nameko.events import event_handler  # noqa: E402
from nameko.rpc import RpcProxy  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.standalone.rpc import ClusterRpcProxy  # noqa: E402

CONFIG: dict[str, Any] = {
    "AMQP_URI": sys.argv[1],
    "ACCEPT": ["json", "cloudevents"],
    "SERIALIZERS": {
        "cloudevents": {
            "encoder": "json.dumps",
            "decoder": "json.loads",
            "content_type": "application/cloudevents+json",
            "content_encoding": "utf-8",
        }
    },
}


def as_partner() -> None:
    """A partner may not declare exchanges; they are there."""
    CONFIG["DECLARE_EVENT_EXCHANGES"] = False
    nameko.rpc.get_rpc_exchange = lambda _config: Exchange("nameko-rpc", "topic", no_declare=True)  # type: ignore[no-untyped-call]


class PartnerService:
    name = "library"
    booking = RpcProxy("booking")

    @event_handler("booking", "reservation.confirmed.v1")  # type: ignore[untyped-decorator]
    def confirmed(self, event: dict[str, Any]) -> None:
        session = self.booking.get_session(session_id=event["data"]["session_id"])
        sessions = self.booking.list_sessions(language="it")
        heard = {"event": event, "session": session, "sessions": sessions["items"]}
        print(json.dumps(heard), flush=True)  # noqa: T201 (the test reads it)


def ask_once() -> None:
    with ClusterRpcProxy(CONFIG) as rpc:
        print(json.dumps(rpc.booking.list_sessions(language="it")), flush=True)  # noqa: T201 (the test reads it)


if __name__ == "__main__":
    if "partner" in sys.argv:
        as_partner()
    if "ask" in sys.argv:
        ask_once()
        sys.exit()
    runner = ServiceRunner(CONFIG)
    runner.add_service(PartnerService)
    runner.start()
    print("listening", flush=True)  # noqa: T201 (the test waits for it)
    runner.wait()
