"""What a process says of itself over HTTP: ``/healthz``, ``/readyz`` and ``/metrics``, as one WSGI application."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select

from bus import metrics
from bus.database import Database
from bus.node import Node
from bus.tables import PARKED, PENDING, inbox, outbox
from bus.times import now

StartResponse = Callable[..., Any]


class Health:
    """``/healthz`` answers 200 while the process lives; ``/readyz`` only when each of its nodes can work."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self.started = False

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        pages = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        page = pages.get(environ["PATH_INFO"])
        status, content_type, body = page() if page else ("404 Not Found", "text/plain", b"not found\n")
        start_response(status, [("Content-Type", content_type), ("Cache-Control", "no-store")])
        return [body]

    def _healthz(self) -> tuple[str, str, bytes]:
        return "200 OK", "text/plain", b"alive\n"

    def _readyz(self) -> tuple[str, str, bytes]:
        problems = [problem for node in self._nodes if (problem := node.problem())]
        if not self.started:
            problems.append("starting")
        body = json.dumps({"ready": not problems, "problems": problems}).encode()
        return "503 Service Unavailable" if problems else "200 OK", "application/json", body

    def _metrics(self) -> tuple[str, str, bytes]:
        for node in self._nodes:
            if node.database is not None and node.problem() is None:
                _measure(node.name, node.database)
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest()


def _measure(service: str, database: Database) -> None:
    """Set the gauges that come from the tables; each query reads the head of a partial index."""
    with database.reading() as tx:
        unsent = select(outbox.c.recorded_at).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.position).limit(1)
        pending = (
            select(inbox.c.received_at)
            .where(inbox.c.state == PENDING)
            .order_by(inbox.c.sequence, inbox.c.position)
            .limit(1)
        )
        parked = select(func.count()).select_from(inbox).where(inbox.c.state == PARKED)
        for gauge, query in ((metrics.outbox_lag, unsent), (metrics.inbox_lag, pending)):
            oldest = tx.connection.execute(query).scalar()
            gauge.labels(service).set((now() - oldest).total_seconds() if oldest else 0)
        metrics.parked_now.labels(service).set(tx.connection.execute(parked).scalar_one())
