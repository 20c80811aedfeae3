"""One process with services of the shop, as tests of faults start, kill, pause and restart it.

It is forked by nursery.py. Runs on green threads and ends on SIGTERM, as in production. A fault is put in from here, by
wrapping the function at which it happens: nothing in the bus knows of it.
"""

from bus.green import patch

patch()

import importlib  # noqa: E402 (after patching, as all that follows)
import os  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

from bus import logs  # noqa: E402
from bus.database import Database  # noqa: E402
from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import until_told_to_stop  # noqa: E402
from bus.node import Node  # noqa: E402
from bus.rabbitmq.transport import RabbitMQ  # noqa: E402
from bus.tests import shop  # noqa: E402
from tests.faults.job import Fault, Job  # noqa: E402

SUBJECTS = 5
IMPATIENCE = {"bus.node:POLL": 0.1, "bus.node:LEAD_AGAIN": 0.2, "bus.node:BACK_OFF_MAX": 0.5}


def main(job: Job) -> None:
    logs.configure()
    hasten(job)
    if job.fault:
        put_in(job.fault)
    embedded = EmbeddedBus()
    nodes = [_node(name, job, embedded) for name in job.databases]
    for node in nodes:
        node.start()
    until_told_to_stop(lambda: print("running", flush=True))  # noqa: T201 (the test waits for it)
    for node in nodes:
        node.stop()


def hasten(job: Job) -> None:
    for name, value in {**IMPATIENCE, **job.constants}.items():
        owner, attribute = _resolved(name)
        setattr(owner, attribute, value)


def _node(name: str, job: Job, embedded: EmbeddedBus) -> Node:
    database = Database(job.databases[name])
    transport = RabbitMQ(job.brokers[name], name) if job.brokers else embedded
    node = Node(name, transport, database)
    if not job.brokers:
        embedded.join(node)
    if name == "ledger":
        node.on(shop.SOLD, shop.enter)
        node.answering.serve(shop.NOTE, shop.sell)
    else:
        node.answering.serve(shop.COUNT, lambda tx, item: {"count": len(item)})
        node.answering.serve(shop.SELL, shop.sell)
        if job.sales:
            node.background(partial(_sell_next, database, job.sales), every=1.0)
    return node


def _sell_next(database: Database, sales: int) -> bool:
    """Sell the first number that is not sold yet; whether there is one more. As sure as its transaction."""
    number = len(shop.written_down(database)) + 1
    if number <= sales:
        with database.transaction() as tx:
            shop.sell(tx, f"item {number % SUBJECTS}", number)
            tx.flush()
            about_to_commit()
    return number < sales


def about_to_commit() -> None:
    """A place for a fault."""


def put_in(fault: Fault) -> None:
    owner, name = _resolved(fault.at)
    original, calls = getattr(owner, name), [0]

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        if calls[0] == fault.call and fault.when == "before":
            os.kill(os.getpid(), fault.signal)
        result = original(*args, **kwargs)
        if calls[0] == fault.call and fault.when == "after":
            os.kill(os.getpid(), fault.signal)
        return result

    setattr(owner, name, wrapped)


def _resolved(name: str) -> tuple[Any, str]:
    """ "module:Class.name" as the class, or the module, and the name in it."""
    module, _, path = name.partition(":")
    *outer, last = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in outer:
        owner = getattr(owner, each)
    return owner, last
