"""Setting a broker up: exchanges, accounts, permissions, policies, over RabbitMQ's management API. Idempotent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests

from bus.envelope import RPC_EXCHANGE
from bus.rabbitmq.topology import REPLY_KEY, inbox_queue, request_queue
from contracts.wire import Query

TIMEOUT = 10  # seconds


class BrokerError(Exception):
    """The management API refused; the message says what."""


@dataclass(frozen=True)
class Account:
    """Who may connect. ``service`` is what it speaks for; None for a partner that listens and asks."""

    uri: str
    service: str | None

    @property
    def user(self) -> str:
        return unquote(urlsplit(self.uri).username or "")

    @property
    def password(self) -> str:
        return unquote(urlsplit(self.uri).password or "")

    @property
    def vhost(self) -> str:
        return unquote(urlsplit(self.uri).path.removeprefix("/")) or "/"


class Broker:
    """RabbitMQ's management API at ``http://admin:password@host:15672``."""

    def __init__(self, admin_uri: str) -> None:
        parts = urlsplit(admin_uri)
        self._session = requests.Session()
        self._session.auth = (unquote(parts.username or "guest"), unquote(parts.password or "guest"))
        self._admin = self._session.auth[0]
        self._base = f"{parts.scheme}://{parts.hostname}:{parts.port or 15672}/api"

    def set_up(self, vhost: str, accounts: Iterable[Account], subscriptions: dict[str, list[tuple[str, str]]]) -> None:
        """Make the virtual host fit for ``accounts``; ``subscriptions`` are the bindings of each service's inbox.

        Queues and bindings are made here too, so that what is published before a service first starts is kept for it.
        Quorum queues are the virtual host's default type, where the broker knows of such (RabbitMQ 4 does, 3.10 makes
        classic ones). Raises BrokerError.
        """
        accounts = list(accounts)
        self._put(f"vhosts/{_q(vhost)}", {"default_queue_type": "quorum"})
        self._put(f"permissions/{_q(vhost)}/{_q(self._admin)}", {"configure": ".*", "write": ".*", "read": ".*"})
        self._put(f"policies/{_q(vhost)}/bottega", self._policy())
        self._exchange(vhost, RPC_EXCHANGE)
        for account in accounts:
            if account.service:
                self._exchange(vhost, f"{account.service}.events")
        for service, bindings in subscriptions.items():
            self._queue(vhost, inbox_queue(service), bindings)
            self._queue(vhost, request_queue(service), [(RPC_EXCHANGE, f"{service}.*")])

    def admit(self, vhost: str, account: Account, queries: Iterable[Query]) -> None:
        """Create or update an account that may do just what its place on the bus needs. Raises BrokerError."""
        user = _q(account.user)
        self._put(f"users/{user}", {"password": account.password, "tags": ""})
        self._put(f"permissions/{_q(vhost)}/{user}", _names(account))
        self._put(f"topic-permissions/{_q(vhost)}/{user}", _keys(account, queries))

    def _policy(self) -> dict[str, Any]:
        """A queue is given up never: the limit of deliveries drops messages of a service that keeps crashing."""
        definition: dict[str, Any] = {"max-length-bytes": 1 << 30, "overflow": "reject-publish"}
        if int(self._get("overview")["rabbitmq_version"].split(".")[0]) >= 4:
            definition["delivery-limit"] = -1
        return {"pattern": "^(inbox|rpc)-", "definition": definition, "apply-to": "queues"}

    def _exchange(self, vhost: str, name: str) -> None:
        self._put(f"exchanges/{_q(vhost)}/{_q(name)}", {"type": "topic", "durable": True})

    def _queue(self, vhost: str, name: str, bindings: list[tuple[str, str]]) -> None:
        # Without a type of its own, so that whoever declares it later, a plain nameko service too, declares the same.
        self._put(f"queues/{_q(vhost)}/{_q(name)}", {"durable": True, "auto_delete": False})
        for exchange, key in bindings:
            self._call("POST", f"bindings/{_q(vhost)}/e/{_q(exchange)}/q/{_q(name)}", {"routing_key": key})

    def _put(self, path: str, body: dict[str, Any]) -> None:
        self._call("PUT", path, body)

    def _get(self, path: str) -> Any:
        return self._call("GET", path, None).json()

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
        try:
            response = self._session.request(method, f"{self._base}/{path}", json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise BrokerError(f"the management API does not answer ({type(error).__name__})") from None
        if not response.ok:
            raise BrokerError(f"{method} {path}: {response.status_code} {response.text[:200]}")
        return response


def _names(account: Account) -> dict[str, str]:
    """Regular expressions over queues and exchanges. To bind needs write on the queue and read on the exchange."""
    if account.service is None:
        own = _partners_own(re.escape(account.user))
        return {
            "configure": f"^({own})$",
            "write": f"^({own}|{RPC_EXCHANGE})$",
            "read": rf"^({own}|.*\.events|{RPC_EXCHANGE})$",
        }
    own = rf"inbox-{account.service}|rpc-{account.service}|rpc\.reply-{account.service}-.*"
    events = rf"{account.service}\.events"
    return {
        "configure": f"^({own})$",
        "write": f"^({own}|{events}|{RPC_EXCHANGE})$",
        "read": rf"^({own}|.*\.events|{RPC_EXCHANGE})$",
    }


def _partners_own(user: str) -> str:
    """Names that begin with the account's, and those of the queues of a plain nameko service that is called so."""
    return rf"{user}\..*|evt-.*--{user}\..*|rpc\.reply-({user}|standalone_rpc_proxy)-.*"


def _keys(account: Account, queries: Iterable[Query]) -> dict[str, str]:
    """Routing keys on the exchange of requests: what may be asked, what may be listened to."""
    may_ask = [
        re.escape(query.routing_key)
        for query in queries
        if (account.service in query.callers if account.service else query.public)
    ]
    own = [rf"{account.service}\.\*"] if account.service else []
    return {
        "exchange": RPC_EXCHANGE,
        "write": f"^({'|'.join([*may_ask, REPLY_KEY])})$",
        "read": f"^({'|'.join([*own, REPLY_KEY])})$",
    }


def _q(name: str) -> str:
    return quote(name, safe="")
