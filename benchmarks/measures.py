"""One measurement at a time: how fast a contender consumes or publishes, how long an event takes when all is idle.

The clock runs from GO, when all is imported and nothing is connected, until the last effect is committed, as another
connection sees it. Then the contender is stopped, and what it did is counted: all of it, once, and nothing left.
"""

import time
from collections.abc import Callable
from typing import Any

from benchmarks import rows
from benchmarks.contender import Contender, ContenderError
from benchmarks.contenders import work
from benchmarks.contenders.signals import DONE, LEADING
from benchmarks.ground import EMPTY, Ground
from bus.rabbitmq.topology import inbox_queue

LOOK_EVERY = 0.02  # seconds
STUCK = 60.0  # seconds without any progress

_TAKEN = "SELECT sum(taken) FROM seats"
_RECORDED = "SELECT (SELECT count(*) FROM recorded) + (SELECT count(*) FROM bus_inbox WHERE state = 'done')"
_MARKED = "SELECT count(*) FROM bus_outbox WHERE sent_at IS NOT NULL"
_ALL_MARKED = "SELECT NOT EXISTS (SELECT 1 FROM bus_outbox WHERE sent_at IS NULL)"
_QUEUES = {"bottega_consumes": inbox_queue(work.SERVICE), "nameko_consumes": work.NAMEKO_QUEUE}


def consuming(ground: Ground, contender: str, events: int, base: str = EMPTY) -> float:
    """Events a second, each recorded once, its row updated, committed, acknowledged."""
    queue = _QUEUES.get(contender, work.QUEUE)
    with ground.stand(base) as stand, stand.sql() as cursor:
        recorded_before = _one(cursor, _RECORDED)
        stand.bind(queue)
        stand.publish(queue, map(work.body, range(events)))
        with Contender(contender, stand.amqp_uri, stand.database_uri) as process:
            began = process.go()
            _watch(process, lambda: int(_one(cursor, _TAKEN)), events)
            seconds = time.monotonic() - began
        _expect("rows updated", _one(cursor, _TAKEN), events)
        _expect("events recorded", _one(cursor, _RECORDED) - recorded_before, events)
        _expect("messages left", stand.left(queue), 0)
    return events / seconds


def draining(ground: Ground, events: int) -> float:
    """Messages a second that raw kombu takes and acknowledges."""
    with ground.stand() as stand:
        stand.bind(work.QUEUE)
        stand.publish(work.QUEUE, map(work.body, range(events)))
        with Contender("kombu_drains", stand.amqp_uri, events) as process:
            return events / -(process.go() - process.await_line(DONE))


def relaying(ground: Ground, events: int, base: str = EMPTY) -> float:
    """Events a second from the outbox: published, confirmed, marked."""
    with ground.stand(base) as stand, stand.sql() as cursor:
        marked_before = _one(cursor, _MARKED)
        stand.bind(work.QUEUE)
        rows.unsent(cursor, events)
        with Contender("bottega_publishes", stand.amqp_uri, stand.database_uri) as process:
            began = process.go()
            _watch(process, lambda: int(_one(cursor, _ALL_MARKED)), 1)
            seconds = time.monotonic() - began
        _expect("events marked", _one(cursor, _MARKED) - marked_before, events)
        _expect("messages", stand.left(work.QUEUE), events)
    return events / seconds


def dispatching(ground: Ground, events: int, workers: int) -> float:
    """Events a second that ``workers`` of a nameko service dispatch at once, each waiting for its confirm."""
    with ground.stand() as stand:
        stand.bind(work.QUEUE)
        with Contender("nameko_publishes", stand.amqp_uri, events, workers) as process:
            seconds = -(process.go() - process.await_line(DONE))
        _expect("messages", stand.left(work.QUEUE), events)
    return events / seconds


def latencies(ground: Ground, events: int) -> list[float]:
    """Seconds from the return of the commit that records an event in one process, to that of its handling in another.

    One event at a time, both processes and the servers idle.
    """
    with ground.stand() as sending, ground.stand() as listening:
        sending.bind(work.QUEUE)
        uris = (sending.amqp_uri, listening.database_uri)
        with (
            Contender("bottega_listens", *uris) as listener,
            Contender("bottega_sends", sending.amqp_uri, sending.database_uri, events) as sender,
        ):
            listener.go()
            listener.await_line(LEADING)
            sender.go()
            committed, handled = _moments(sender, events), _moments(listener, events)
    return [handled[subject] - committed[subject] for subject in committed]


def _moments(process: Contender, events: int) -> dict[str, float]:
    """Lines of a subject and a moment, as many as there are events."""
    found: dict[str, float] = {}
    for line in process.lines():
        subject, moment = line.split()
        found[subject] = float(moment)
        if len(found) == events:
            return found
    raise ContenderError(f"only {len(found)} of {events} events arrived")


def _watch(process: Contender, done: Callable[[], int], goal: int) -> None:
    """Look until ``done()`` reaches the goal. Raises ContenderError when it stands still, or its process has ended."""
    seen, moved = 0, time.monotonic()
    while seen < goal:
        time.sleep(LOOK_EVERY)
        now = done()
        if now != seen:
            seen, moved = now, time.monotonic()
        process.check()
        if time.monotonic() - moved > STUCK:
            raise ContenderError(f"stuck at {seen} of {goal}")


def _one(cursor: Any, query: str) -> int:
    cursor.execute(query)
    return int(cursor.fetchone()[0])


def _expect(what: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise ContenderError(f"{what}: {found}, not {wanted}")
