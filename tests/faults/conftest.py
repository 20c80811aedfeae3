"""Fixtures of the bus's tests, and workers: processes that may die."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bus.tests.fixtures import (
    embedded_rig,
    impatient,
    new_uri,
    postgres_database,
    postgres_uris,
    remote_rig,
    remote_wire,
    rig,
    shared_wire,
    wire,
)
from tests.faults.job import Job, Nursery, Worker

__all__ = [
    "embedded_rig",
    "impatient",
    "new_uri",
    "postgres_database",
    "postgres_uris",
    "remote_rig",
    "remote_wire",
    "rig",
    "shared_wire",
    "wire",
]

StartWorker = Callable[[Job], Worker]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def start_worker(nursery: Nursery, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts processes; those that are left at the end of the test are killed."""
    workers: list[Worker] = []

    def start(job: Job) -> Worker:
        workers.append(Worker(nursery, job, tmp_path / f"worker-{len(workers)}.log"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
