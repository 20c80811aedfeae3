"""FastStream with SQLAlchemy's asyncio and asyncpg: a commit for each event, as many at once as the pool has."""

import asyncio
import sys
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.contenders import work
from benchmarks.contenders.signals import wait_for_go

AT_ONCE = 20


def application(amqp_uri: str, database_uri: str) -> FastStream:
    engine = create_async_engine(
        database_uri.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=AT_ONCE, max_overflow=0
    )
    broker = RabbitBroker(amqp_uri, logger=None, default_channel=Channel(prefetch_count=AT_ONCE))

    @broker.subscriber(RabbitQueue(work.QUEUE, declare=False), ack_policy=AckPolicy.NACK_ON_ERROR)
    async def count(event: dict[str, Any]) -> None:
        async with engine.begin() as connection:
            if (await connection.execute(work.RECORD, {"event_id": event["id"]})).rowcount:
                await connection.execute(work.TAKE, {"session": event["data"]["session_id"]})

    return FastStream(broker, logger=None)


def main(amqp_uri: str, database_uri: str) -> None:
    running = application(amqp_uri, database_uri)
    wait_for_go()
    asyncio.run(running.run())


if __name__ == "__main__":
    main(*sys.argv[1:])
