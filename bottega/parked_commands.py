"""``bottega parked``: events that a service could not handle, for a person to decide on."""

from collections.abc import Callable
from pathlib import Path

import click

from bottega.cli import data_option, explained, operator, settings

SERVICE = click.argument("service", type=click.Choice(["booking", "notify", "staff", "needs"]))
EVENT = click.argument("event_id")


@click.group()
def parked() -> None:
    """Events that could not be handled: list them, look at one, replay it, or drop it.

    A parked event holds back the later events of its subject, and nothing else.
    """


@parked.command("list")
@SERVICE
@click.option("--page", default=1, type=click.IntRange(1), help="50 to a page.")
@data_option
@explained
def list_(service: str, page: int, data: Path | None) -> None:
    """List the parked events of SERVICE, the oldest first, and what came but could not be read."""
    from bottega import parts
    from bus import parked as store

    database = parts.database_of(service, settings(data))
    found = store.parked(database, page)
    for each in found:
        click.echo(f"{each.event_id}  {each.type}  {each.subject}  since {each.received_at:%Y-%m-%d %H:%M} UTC")
        click.echo(f"    {each.error}; tried {each.attempts} times; {each.behind} behind it")
    unreadable = store.quarantined(database, page)
    for row in unreadable:
        click.echo(f"unreadable {row.position}  {row.exchange} {row.routing_key}  {row.size} bytes: {row.reason}")
    if not found and not unreadable:
        click.echo("Nothing is parked.")


@parked.command()
@SERVICE
@EVENT
@data_option
@explained
def show(service: str, event_id: str, data: Path | None) -> None:
    """Print a parked event as it arrived."""
    from bottega import parts
    from bus import parked as store

    database = parts.database_of(service, settings(data))
    _on_parked(event_id, lambda: click.echo(store.body(database, event_id)))


@parked.command()
@SERVICE
@EVENT
@data_option
@explained
def replay(service: str, event_id: str, data: Path | None) -> None:
    """Try a parked event again, and then what waits behind it. Do this when its cause is mended."""
    from bottega import parts
    from bus import parked as store

    database = parts.database_of(service, settings(data))
    _on_parked(event_id, lambda: store.replay(database, event_id, operator()))
    click.echo("It will be handled within a second.")


@parked.command()
@SERVICE
@EVENT
@click.confirmation_option(prompt="It will never be handled. Drop it?")
@data_option
@explained
def drop(service: str, event_id: str, data: Path | None) -> None:
    """Give a parked event up for good; what waits behind it goes on."""
    from bottega import parts
    from bus import parked as store

    database = parts.database_of(service, settings(data))
    _on_parked(event_id, lambda: store.drop(database, event_id, operator()))
    click.echo("Dropped.")


def _on_parked(event_id: str, act: Callable[[], None]) -> None:
    from bus.parked import NotParked

    try:
        act()
    except NotParked:
        raise click.ClickException(f"no event {event_id} is parked; see `bottega parked list`") from None
