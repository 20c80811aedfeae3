"""Booking through the gateway, against a bare application that does nothing but take the seat.

    python -m benchmarks.booking [--requests N] [--rounds N] [--quick] [--markdown]

See benchmarks/README.md for what is measured and how.
"""

import random
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import click

from benchmarks import clients, machine, report
from benchmarks.bare_shop import BareShop
from benchmarks.bottega_shop import BottegaShop
from benchmarks.contender import ContenderError
from benchmarks.processes import memory
from tests.servers import MailServer, PostgreSQL, RabbitMQ

LIBRARIES = ["nameko", "kombu", "eventlet", "Flask", "SQLAlchemy", "psycopg2-binary", "gunicorn"]
OURS, BARE = "Bottega: gateway, booking, notify", "bare Flask and SQLAlchemy, gunicorn"
OURS_FULL = "Bottega, with many reservations stored"
CREATED, ACCEPTED, FULL = 201, 202, 409
WARM_UP = 40  # requests before those that count, of other people for other sessions


@dataclass(frozen=True)
class Plan:
    """How much is measured. Two thirds of the requests find a seat."""

    requests: int = 1_500
    sessions: int = 50
    clients: int = 100
    rounds: int = 3
    stored: int = 1_000_000  # reservations of the past, in the second measurement of Bottega

    @property
    def capacity(self) -> int:
        return self.requests * 2 // 3 // self.sessions


QUICK = Plan(requests=60, sessions=4, clients=10, rounds=1, stored=1_000)


@dataclass(frozen=True)
class Outcome:
    """What one round gave. ``settled`` is seconds until every mail was sent; equal to ``seconds`` where none is."""

    answers: clients.Answers
    settled: float
    memory: float  # MiB

    @property
    def rate(self) -> float:
        return len(self.answers.statuses) / self.answers.seconds


def bottega(shop: BottegaShop, plan: Plan) -> Outcome:
    with shop.open() as processes:
        clients.run(_load(shop.port, shop.publish(1, WARM_UP), WARM_UP, plan))
        sessions = shop.publish(plan.sessions, plan.capacity)
        load = _load(shop.port, sessions, plan.requests, plan)
        answers = clients.run(load)
        shop.settle(mails=WARM_UP + plan.requests)
        outcome = Outcome(answers, time.time() - answers.began, memory(processes))
        mails = shop.mails()
    _expect("seats taken", _seats(shop.taken(), sessions), dict.fromkeys(sessions, plan.capacity))
    _expect("answers", set(answers.statuses) - {CREATED, ACCEPTED}, set())
    _expect("mails for each person", {mails[body["email"]] for _, body in load.requests}, {1})
    return outcome


def bare(shop: BareShop, plan: Plan) -> Outcome:
    with shop.open() as processes:
        clients.run(_load(shop.port, shop.publish(1, WARM_UP), WARM_UP, plan))
        sessions = shop.publish(plan.sessions, plan.capacity)
        answers = clients.run(_load(shop.port, sessions, plan.requests, plan))
        outcome = Outcome(answers, answers.seconds, memory(processes))
    _expect("seats taken", _seats(shop.taken(), sessions), dict.fromkeys(sessions, plan.capacity))
    _expect("answers", set(answers.statuses) - {CREATED, FULL}, set())
    return outcome


def _load(port: int, sessions: Sequence[UUID], requests: int, plan: Plan) -> clients.Load:
    """As many people for each session, in random order; each person once."""
    crowd = secrets.token_hex(4)
    paths = [f"/api/v1/sessions/{sessions[number % len(sessions)]}/reservations" for number in range(requests)]
    random.shuffle(paths)
    people = [
        {"name": f"Persona {number}", "email": f"{crowd}-{number}@example.org", "language": "it", "consent": True}
        for number in range(requests)
    ]
    return clients.Load(port, plan.clients, list(zip(paths, people, strict=True)))


def _seats(taken: dict[UUID, int], sessions: Sequence[UUID]) -> dict[UUID, int]:
    return {session: seats for session, seats in taken.items() if session in set(sessions)}


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise ContenderError(f"{what}: {found}, not {wanted}")


def in_turns(rounds: int, shops: dict[str, Callable[[], Outcome]]) -> dict[str, list[Outcome]]:
    outcomes: dict[str, list[Outcome]] = {name: [] for name in shops}
    for number in range(rounds):
        for name, book in shops.items():
            outcomes[name].append(book())
            click.echo(f"  round {number + 1}: {name}: {outcomes[name][-1].rate:,.0f} a second", err=True)
    return outcomes


def section(plan: Plan) -> str:
    """Measure; the text for README.md."""
    with RabbitMQ() as rabbitmq, PostgreSQL() as postgres, MailServer() as mail:
        about = machine.described(rabbitmq, postgres, LIBRARIES)
        ours, ceiling = BottegaShop(rabbitmq, postgres, mail), BareShop(postgres)
        outcomes = in_turns(plan.rounds, {OURS: lambda: bottega(ours, plan), BARE: lambda: bare(ceiling, plan)})
        ours.fill(plan.stored)
        outcomes |= in_turns(plan.rounds, {OURS_FULL: lambda: bottega(ours, plan)})
    return "\n\n".join([report.facts([*about, ("Load", _described(plan))]), _ratio(outcomes), _table(outcomes)])


def _described(plan: Plan) -> str:
    return (
        f"{plan.requests:,} people for {plan.sessions * plan.capacity:,} seats in {plan.sessions} sessions, "
        f"{plan.clients} at once, connections kept open; {plan.rounds} round(s), medians; nothing oversold, and each "
        f"person got one mail; then with {plan.stored:,} reservations of the past"
    )


def _ratio(outcomes: dict[str, list[Outcome]]) -> str:
    ours, ceiling = outcomes[OURS], outcomes[BARE]
    people = len(ours[0].answers.statuses)
    answered = _median(ours, lambda one: one.rate) / _median(ceiling, lambda one: one.rate)
    done = _median(ours, lambda one: people / one.settled) / _median(ceiling, lambda one: one.rate)
    many = _median(outcomes[OURS_FULL], lambda one: one.rate) / _median(ours, lambda one: one.rate)
    late = sum(one.answers.statuses.count(ACCEPTED) for one in ours)
    return (
        f"Bottega answers **{answered:.2f} of the bare application's bookings a second**, and {done:.2f} counted to "
        f"the last event and the last mail (aim: 0.4); {many:.2f} of its rate with the past behind it. Answered 202 "
        f"(done later, told by mail): {late} of {people * len(ours):,}."
    )


def _table(outcomes: dict[str, list[Outcome]]) -> str:
    """Medians of the rounds."""
    return report.table(
        ["", "answers/s", "median ms", "p99 ms", "all mails after s", "memory MiB", "answers/s each round"],
        [
            [
                name,
                f"{_median(rounds, lambda one: one.rate):,.0f}",
                f"{_median(rounds, lambda one: statistics.median(one.answers.latencies)) * 1000:,.0f}",
                f"{_median(rounds, lambda one: report.percentile(one.answers.latencies, 0.99)) * 1000:,.0f}",
                f"{_median(rounds, lambda one: one.settled):.1f}" if name != BARE else "no mails",
                f"{_median(rounds, lambda one: one.memory):,.0f}",
                " ".join(f"{one.rate:,.0f}" for one in rounds),
            ]
            for name, rounds in outcomes.items()
        ],
    )


def _median(rounds: Sequence[Outcome], figure: Callable[[Outcome], float]) -> float:
    return statistics.median(map(figure, rounds))


@click.command()
@click.option("--requests", type=click.IntRange(60, 20_000), help="How many people book; two thirds find a seat.")
@click.option("--rounds", type=click.IntRange(1, 9), help="How often each is measured; the median counts.")
@click.option("--stored", type=click.IntRange(1_000, 5_000_000), help="Reservations of the past.")
@click.option("--quick", is_flag=True, help="A few people, once: whether everything works, not how fast.")
@click.option("--markdown", is_flag=True, help="With a heading, to be put into README.md.")
def main(quick: bool, markdown: bool, **chosen: int | None) -> None:
    """Measure booking against a bare application. It takes some minutes; the machine should do nothing else."""
    plan = replace(QUICK if quick else Plan(), **{name: value for name, value in chosen.items() if value})
    text = section(plan)
    click.echo(f"## Booking\n\n{text}" if markdown else text)


if __name__ == "__main__":
    main()
