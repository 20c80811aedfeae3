"""The bus against nameko, FastStream and a bare loop: the same work, one process each, in turns, in one run.

    python -m benchmarks.bus [--events N] [--rounds N] [--quick] [--markdown]

See benchmarks/README.md for what is measured and how.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import click

from benchmarks import machine, measures, report, rows
from benchmarks.ground import EMPTY, Ground
from tests.servers import PostgreSQL, RabbitMQ

LIBRARIES = ["nameko", "kombu", "amqp", "eventlet", "faststream", "SQLAlchemy", "psycopg2-binary", "asyncpg"]
HISTORY = "bench_history"
SLOWER = 5  # contenders that commit or confirm each event get a fifth of the events: the same rate, a shorter run

OURS, OURS_WITH_HISTORY = "Bottega", "Bottega, with history"
FASTSTREAM, NAMEKO = "FastStream, SQLAlchemy's asyncio", "nameko @event_handler"
BARE, DRAIN = "bare loop, a commit for 200", "raw kombu drain (limit)"
DISPATCHER, DISPATCHERS = "nameko EventDispatcher", "nameko EventDispatcher, 10 at once"

Pairs = list[tuple[str, str]]
Rates = dict[str, list[float]]


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``history`` is the number of finished rows in inbox and in outbox."""

    events: int = 20_000
    rounds: int = 3
    history: int = 1_000_000
    idle_events: int = 200

    @property
    def few(self) -> int:
        return max(self.events // SLOWER, 100)


QUICK = Plan(events=300, rounds=1, history=2_000, idle_events=5)


def consumers(ground: Ground, plan: Plan) -> dict[str, Callable[[], float]]:
    consume = partial(measures.consuming, ground)
    return {
        OURS: partial(consume, "bottega_consumes", plan.events),
        OURS_WITH_HISTORY: partial(consume, "bottega_consumes", plan.events, HISTORY),
        FASTSTREAM: partial(consume, "faststream_consumes", plan.few),
        NAMEKO: partial(consume, "nameko_consumes", plan.few),
        BARE: partial(consume, "bare_loop", plan.events),
        DRAIN: partial(measures.draining, ground, plan.events),
    }


def publishers(ground: Ground, plan: Plan) -> dict[str, Callable[[], float]]:
    return {
        OURS: partial(measures.relaying, ground, plan.events),
        OURS_WITH_HISTORY: partial(measures.relaying, ground, plan.events, HISTORY),
        DISPATCHER: partial(measures.dispatching, ground, plan.few, 1),
        DISPATCHERS: partial(measures.dispatching, ground, plan.few, 10),
    }


def in_turns(rounds: int, contenders: dict[str, Callable[[], float]]) -> Rates:
    """Measure each once in each round, so that what else the machine does meets them all."""
    rates: Rates = {name: [] for name in contenders}
    for number in range(rounds):
        for name, measure in contenders.items():
            rates[name].append(measure())
            click.echo(f"  round {number + 1}: {name}: {rates[name][-1]:,.0f} a second", err=True)
    return rates


def section(about: Pairs, ground: Ground, plan: Plan) -> str:
    """Measure everything; the text for README.md."""
    click.echo(f"Making {plan.history:,} finished rows in inbox and outbox", err=True)
    ground.copy(EMPTY, HISTORY)
    with ground.stand_on(HISTORY).sql() as cursor:
        rows.finished(cursor, plan.history)
    consumed = in_turns(plan.rounds, consumers(ground, plan))
    published = in_turns(plan.rounds, publishers(ground, plan))
    return "\n\n".join(
        [
            report.facts([*about, ("Work", _work(plan))]),
            "Consuming: " + _consuming_ratios(consumed),
            _table(consumed),
            "Publishing: " + _publishing_ratios(published),
            _table(published),
            _latency([seconds * 1000 for seconds in measures.latencies(ground, plan.idle_events)]),
        ]
    )


def _work(plan: Plan) -> str:
    return (
        f"{plan.events:,} events for Bottega, the bare loop and the drain, {plan.few:,} for the others; "
        f"{plan.rounds} round(s), medians; history: {plan.history:,} finished rows in inbox and in outbox"
    )


def _table(rates: Rates) -> str:
    ours = statistics.median(rates[OURS])
    return report.table(
        ["", "events/s", "Bottega is", "each round"],
        [
            [name, f"{statistics.median(each):,.0f}", f"{ours / statistics.median(each):.2f} x", _each(each)]
            for name, each in rates.items()
        ],
    )


def _each(rates: list[float]) -> str:
    return " ".join(f"{rate:,.0f}" for rate in rates)


def _consuming_ratios(rates: Rates) -> str:
    median = {name: statistics.median(each) for name, each in rates.items()}
    best = max(median[FASTSTREAM], median[NAMEKO])
    return (
        f"**{median[OURS] / best:.2f} times the better peer** (aim: 5), "
        f"**{median[OURS] / median[BARE]:.2f} of the bare loop** (aim: 0.5), "
        f"{median[OURS_WITH_HISTORY] / median[OURS]:.2f} of the rate with the history behind it (aim: 1)."
    )


def _publishing_ratios(rates: Rates) -> str:
    median = {name: statistics.median(each) for name, each in rates.items()}
    return (
        f"**{median[OURS] / median[DISPATCHER]:.2f} times nameko's EventDispatcher** (aim: 3), "
        f"{median[OURS_WITH_HISTORY] / median[OURS]:.2f} of the rate with the history behind it (aim: 1)."
    )


def _latency(milliseconds: list[float]) -> str:
    return (
        f"Idle, from commit to handled, {len(milliseconds)} events one at a time: "
        f"**median {statistics.median(milliseconds):.1f} ms** (aim: under 20), "
        f"99th percentile {report.percentile(milliseconds, 0.99):.1f} ms."
    )


@click.command()
@click.option("--events", type=click.IntRange(200, 200_000), help="How many each fast contender handles.")
@click.option("--rounds", type=click.IntRange(1, 9), help="How often each is measured; the median counts.")
@click.option("--history", type=click.IntRange(1_000, 5_000_000), help="Finished rows behind.")
@click.option("--quick", is_flag=True, help="A few events, once: whether everything works, not how fast.")
@click.option("--markdown", is_flag=True, help="With a heading, to be put into README.md.")
def main(quick: bool, markdown: bool, **chosen: int | None) -> None:
    """Measure the bus against its peers. It takes about ten minutes; the machine should do nothing else."""
    plan = replace(QUICK if quick else Plan(), **{name: value for name, value in chosen.items() if value})
    with RabbitMQ() as rabbitmq, PostgreSQL() as postgres:
        about = machine.described(rabbitmq, postgres, LIBRARIES)
        text = section(about, Ground(rabbitmq, postgres), plan)
    click.echo(f"## The bus\n\n{text}" if markdown else text)


if __name__ == "__main__":
    main()
