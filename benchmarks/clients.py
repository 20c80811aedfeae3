"""People who book at the same time: threads with a connection each, kept open, in a process of their own.

python -m benchmarks.clients < LOAD.json > ANSWERS.json
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

TIMEOUT = 60.0  # seconds for one answer
LOST = 0  # the status of a request that got no answer


@dataclass(frozen=True)
class Load:
    """What to post: pairs of path and JSON body, taken in this order by whichever client is free."""

    port: int
    clients: int
    requests: list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Answers:
    """``seconds`` from the first request to the last answer; ``began`` is time.time(). Latencies in seconds."""

    began: float
    seconds: float
    statuses: list[int]
    latencies: list[float]


def run(load: Load) -> Answers:
    """Run the load in another process."""
    command = [sys.executable, "-m", "benchmarks.clients"]
    done = subprocess.run(command, input=json.dumps(asdict(load)), capture_output=True, text=True, check=True)
    return Answers(**json.loads(done.stdout))


class Crowd:
    """All the clients. Each has an address of its own behind one proxy, as the gateway counts requests by address."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._left = deque(enumerate(load.requests))
        self._answers: list[tuple[int, float]] = []
        self._start = threading.Barrier(load.clients + 1)

    def run(self) -> Answers:
        threads = [threading.Thread(target=self._client, args=(number,)) for number in range(self._load.clients)]
        for thread in threads:
            thread.start()
        self._start.wait()
        began, clock = time.time(), time.monotonic()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - clock
        return Answers(began, seconds, [status for status, _ in self._answers], [took for _, took in self._answers])

    def _client(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._load.port, timeout=TIMEOUT)
        connection.connect()
        self._start.wait()
        while self._left:
            try:
                order, (path, body) = self._left.popleft()
            except IndexError:  # another client was faster
                return
            headers = {
                "Content-Type": "application/json",
                "Idempotency-Key": f"{path}-{order}",
                "X-Forwarded-For": f"10.20.{number // 250}.{number % 250 + 1}",
            }
            began = time.monotonic()
            status = _post(connection, path, json.dumps(body), headers)
            self._answers.append((status, time.monotonic() - began))


def _post(connection: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str]) -> int:
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()  # the next request opens it again
        return LOST
    return response.status


def main() -> None:
    load = Load(**json.load(sys.stdin))
    json.dump(asdict(Crowd(load).run()), sys.stdout)


if __name__ == "__main__":
    main()
