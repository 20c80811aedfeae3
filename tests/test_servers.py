"""The servers that tests rely on do what the tests believe of them."""

import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pika
import psycopg2
import pytest

from tests.servers import MailServer, PostgreSQL, RabbitMQ, VirtualHost
from tests.servers.ports import accepts_connections, free_port
from tests.waiting import wait_until


def _publish(uri: str, queue: str, *, declare: bool = True) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(uri))
    channel = connection.channel()
    channel.queue_declare(queue, durable=True, passive=not declare)
    channel.confirm_delivery()
    channel.basic_publish("", queue, b"x", pika.BasicProperties(delivery_mode=2))
    connection.close()


def test_a_persistent_message_survives_a_restart_of_the_broker(rabbitmq: RabbitMQ, vhost: VirtualHost) -> None:
    _publish(vhost.amqp_uri(), "kept")
    rabbitmq.restart()
    connection = pika.BlockingConnection(pika.URLParameters(vhost.amqp_uri()))
    assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"x"
    connection.close()


def test_a_user_without_permission_is_refused(rabbitmq: RabbitMQ, vhost: VirtualHost) -> None:
    user, password = rabbitmq.new_user()
    rabbitmq.grant(user, vhost.name, configure="^mine$", write="", read="")
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        _publish(vhost.amqp_uri(user, password), "other")


def test_virtual_hosts_share_nothing(rabbitmq: RabbitMQ, vhost: VirtualHost) -> None:
    _publish(vhost.amqp_uri(), "here")
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
        _publish(rabbitmq.new_vhost().amqp_uri(), "here", declare=False)


def test_rabbitmqctl_talks_to_the_private_node(rabbitmq: RabbitMQ) -> None:
    assert rabbitmq.node in rabbitmq.rabbitmqctl("status")


def test_what_was_committed_survives_a_kill_of_the_database(postgres: PostgreSQL) -> None:
    uri = postgres.new_database()
    connection = psycopg2.connect(uri)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS value")
    postgres.kill()
    postgres.start()
    connection = psycopg2.connect(uri)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT value FROM kept")
        assert cursor.fetchone() == (1,)
    connection.close()


def test_a_paused_database_answers_again_afterwards(postgres: PostgreSQL) -> None:
    uri = postgres.new_database()
    with postgres.paused():
        client = subprocess.Popen([sys.executable, "-c", f"import psycopg2; psycopg2.connect({uri!r})"])
        with pytest.raises(subprocess.TimeoutExpired):
            client.wait(1.0)
    assert client.wait(20.0) == 0


def test_each_database_comes_empty(database_uri: str) -> None:
    assert database_uri.startswith(("sqlite:///", "postgresql://"))


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Il tuo posto è prenotato"
    message["From"], message["To"] = "info@example.org", to
    message.set_content("Ciao")
    return message


def test_a_sent_mail_can_be_read_again(mail_server: MailServer) -> None:
    with smtplib.SMTP("127.0.0.1", mail_server.port) as client:
        client.send_message(_mail("ada@example.org"))
    (received,) = mail_server.wait_for("ada@example.org")
    assert received["Subject"] == "Il tuo posto è prenotato"


def test_a_refused_mail_is_not_kept(mail_server: MailServer) -> None:
    client = smtplib.SMTP("127.0.0.1", mail_server.port)
    with mail_server.refusing(), client, pytest.raises(smtplib.SMTPDataError):
        client.send_message(_mail("ada@example.org"))
    assert mail_server.messages() == []


def test_free_ports_are_not_given_twice() -> None:
    assert len({free_port() for _ in range(20)}) == 20


def test_servers_end_when_the_process_that_started_them_is_killed() -> None:
    program = (
        "from tests.servers import PostgreSQL; import sys, time\n"
        "server = PostgreSQL(); print(server.port, server.folder, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    assert parent.stdout is not None
    port, folder = parent.stdout.readline().split()
    assert accepts_connections(int(port))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not accepts_connections(int(port)), "the server to end")
    wait_until(lambda: not Path(folder).exists(), "its folder to be deleted")
