"""/api/v1 of the running platform, tried by a tool that reads its OpenAPI document, and over plain sockets."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.platform import Platform, embedded

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
HOOKS = "tests.schemathesis_hooks"
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of one's own, where one address may ask for so much in a minute."""
    with embedded(tmp_path_factory.mktemp("api"), GATEWAY_LIMIT_CHANGES="100000 per minute") as platform:
        platform.publish_session(capacity=3)
        platform.publish_session(capacity=30, language="en")
        yield platform


def raw(platform: Platform, request: bytes) -> http.client.HTTPResponse:
    """What the server answers to these bytes."""
    address = urlsplit(platform.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    connection.connect()
    connection.sock.sendall(request)
    response = http.client.HTTPResponse(connection.sock)
    response.begin()
    return response


def test_the_api_does_what_its_openapi_document_says(alone: Platform, tmp_path: Path) -> None:
    """Every check that schemathesis has, in the phases that tests/schemathesis.toml leaves on."""
    document = f"{alone.url}/api/v1/openapi.json"
    alone.command("staff", "add", "Anna Bruno", "anna@example.org", "--role", "coordinator")
    key = alone.command("staff", "key", "add", "anna@example.org", "schemathesis").strip()
    options = ["--header", f"Authorization: Bearer {key}"]
    options += ["--checks", "all"]
    options += ["--max-examples", "2", "--seed", "1", "--continue-on-failure", "--no-color"]
    done = subprocess.run(
        [SCHEMATHESIS, "--config-file", CONFIG, "run", document, *options],
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(Path.cwd()), "NETRC": str(tmp_path / "none")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_body_that_is_said_to_be_too_large_is_refused_before_it_is_sent(alone: Platform) -> None:
    path = "/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"
    response = raw(alone, head.encode())
    assert (response.status, response.headers["Content-Type"]) == (413, "application/problem+json")


def test_a_body_in_chunks_without_an_end_in_sight_is_refused(alone: Platform) -> None:
    path = "/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    assert raw(alone, head.encode() + chunk * 4).status in {400, 413}
