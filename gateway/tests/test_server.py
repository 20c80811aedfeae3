"""The site in nameko's web server: whatever a client sends or leaves out, the process lives and answers the others."""

import contextlib
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.servers.ports import free_port

CONNECTIONS = 20


@dataclass
class Server:
    process: "subprocess.Popen[str]"
    port: int

    def connect(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(sent)
        return connection

    def get(self, path: str = "/privacy") -> Any:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)


@contextmanager
def running() -> Iterator[Server]:
    port = free_port()
    program = [sys.executable, "-W", "ignore", "-m", "gateway.tests.alone", str(port), str(CONNECTIONS)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while process.stdout.readline() not in {"open\n", ""}:
            pass
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Server(process, port)
        process.terminate()
        process.wait(40)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def answer(connection: socket.socket) -> bytes:
    """All that comes until the end; a server that leaves a request unread ends it with a reset."""
    received = b""
    with connection, contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            received += part
    return received


def reset(connection: socket.socket) -> None:
    """Close without a farewell, as a phone does in a tunnel."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_request_that_is_none_harms_nobody(server: Server) -> None:
    for nonsense in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"\x00" * 100,
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n",
    ):
        connection = server.connect(nonsense)
        connection.shutdown(socket.SHUT_WR)
        answer(connection)
    assert server.get().status_code == 200


def test_a_line_that_is_too_long_is_refused(server: Server) -> None:
    assert answer(server.connect(b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")).startswith(b"HTTP/1.0 414")


def test_a_header_that_is_too_long_is_refused(server: Server) -> None:
    assert b" 400 " in answer(server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n"))[:20]


def test_too_many_headers_are_refused(server: Server) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(70))
    assert b" 400 " in answer(server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n"))[:20]


def test_a_body_that_says_it_is_huge_is_refused_unread(server: Server) -> None:
    head = b"POST /gestisci/annulla HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nConnection: close\r\n"
    connection = server.connect(head + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    assert b" 413 " in answer(connection)[:20]


def test_clients_that_go_away_harm_nobody(server: Server) -> None:
    for sent in (
        b"",
        b"GET / HT",
        b"GET /privacy HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
    ):
        reset(server.connect(sent))
    assert server.get().status_code == 200


def test_who_comes_when_all_places_are_taken_waits_for_one(server: Server) -> None:
    silent = [server.connect() for _ in range(CONNECTIONS)]
    waiting = server.connect(b"GET /privacy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    silent.pop().close()
    assert answer(waiting).startswith(b"HTTP/1.1 200")


def test_a_request_in_hand_is_finished_before_the_process_stops() -> None:
    with running() as server:
        _stop_in_the_middle(server)


def _stop_in_the_middle(server: Server) -> None:
    head = b"POST /gestisci/annulla HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
    in_hand = server.connect(head + b"Content-Type: application/x-www-form-urlencoded\r\n\r\nkey")
    idle = server.connect()
    assert server.get("/healthz").status_code == 200  # both are in the server's hands by now
    server.process.terminate()
    assert answer(idle) == b""
    in_hand.sendall(b"=1")
    assert answer(in_hand).startswith(b"HTTP/1.1 400")  # the form had no token
    assert server.process.wait(30) == 0


def test_the_server_does_not_say_what_it_is_made_of(server: Server) -> None:
    assert "Server" not in server.get().headers
