"""Private servers for tests and benchmarks, on free ports: RabbitMQ, PostgreSQL and a mail server.

They do not touch what else runs on the machine, and end when the process that started them ends, however it ends.

    with RabbitMQ() as rabbitmq, PostgreSQL() as postgres, MailServer() as mail:
        rabbitmq.new_vhost().amqp_uri(), postgres.new_database(), mail.uri
"""

from tests.servers.mail import MailServer
from tests.servers.ports import free_port
from tests.servers.postgres import PostgreSQL
from tests.servers.process import ServerError
from tests.servers.rabbitmq import RabbitMQ, VirtualHost

__all__ = ["MailServer", "PostgreSQL", "RabbitMQ", "ServerError", "VirtualHost", "free_port"]
