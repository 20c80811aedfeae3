"""``bottega session``: publishing, importing and calling off sessions from the command line."""

import csv
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from bottega.cli import data_option, explained, settings

PLACE = ZoneInfo("Europe/Rome")


@click.group()
def session() -> None:
    """Sessions that people can book: add one, list them, call one off, import or hand out a calendar."""


@session.command()
@click.option("--partner", required=True, help="The partner's short name, for example orso.")
@click.option("--partner-name", help="The partner's full name; needed the first time.")
@click.option("--title", required=True)
@click.option("--description", default="", help="What the session is about, for whoever thinks of coming.")
@click.option("--language", type=click.Choice(["it", "en"]), default="it", show_default=True)
@click.option(
    "--starts", required=True, type=click.DateTime(["%Y-%m-%d %H:%M"]), help='In Turin\'s time: "2026-12-01 17:00".'
)
@click.option("--minutes", default=90, show_default=True, type=click.IntRange(5, 720))
@click.option("--capacity", required=True, type=click.IntRange(1, 10_000), help="How many seats.")
@click.option("--room", required=True, help="The address of the online room; told only to who has a seat.")
@data_option
@explained
def add(data: Path | None, partner: str, partner_name: str | None, **draft: Any) -> None:
    """Publish a session; it can be booked at once."""
    from bottega import parts
    from bus.times import now
    from contracts.wire import Refusal
    from services.booking import usecases
    from services.booking.domain import Partner
    from services.booking.drafts import Draft

    starts: datetime = draft.pop("starts").replace(tzinfo=PLACE).astimezone(UTC)
    ends = starts + timedelta(minutes=draft.pop("minutes"))
    filled_in = Draft(partner=partner, starts_at=starts, ends_at=ends, room_url=draft.pop("room"), **draft)
    try:
        with parts.database_of("booking", settings(data)).transaction() as tx:
            if partner_name:
                usecases.add_partner(tx, Partner(partner, partner_name))
            published = usecases.publish_session(tx, now(), filled_in)
    except Refusal as refusal:
        raise click.ClickException(_words(refusal.details)) from None
    click.echo(f"{published['id']} is published.")


@session.command("list")
@click.option("--after", help="Where the last page ended.")
@data_option
@explained
def list_(data: Path | None, after: str | None) -> None:
    """List the sessions that are to come, 20 to a page."""
    from bottega import parts
    from bus.times import now
    from services.booking import usecases

    with parts.database_of("booking", settings(data)).reading() as tx:
        page = usecases.list_sessions(tx, now(), after=after)
    for each in page["items"]:
        starts = each["starts_at"].astimezone(PLACE)
        state = "cancelled" if each["cancelled"] else f"{each['seats_left']} of {each['capacity']} seats left"
        click.echo(f"{each['id']}  {starts:%Y-%m-%d %H:%M}  {each['title']} ({each['partner']}): {state}")
    if page["next"]:
        click.echo(f"More: --after {page['next']}")


@session.command()
@click.argument("session_id", type=click.UUID)
@click.confirmation_option(prompt="Everybody who booked will be told that it is cancelled. Go on?")
@data_option
@explained
def cancel(session_id: UUID, data: Path | None) -> None:
    """Call a session off and tell everybody who booked."""
    from bottega import parts
    from bus.times import now
    from contracts.wire import Refusal
    from services.booking import usecases

    try:
        with parts.database_of("booking", settings(data)).transaction() as tx:
            usecases.cancel_session(tx, now(), session_id=session_id)
    except Refusal as refusal:
        raise click.ClickException(f"not cancelled: {refusal.code}") from None
    click.echo("Cancelled; the mails go out now.")


@session.command()
@click.argument("partner")
@click.option("--language", type=click.Choice(["it", "en"]), default="it", show_default=True, help="Of its words.")
@data_option
@explained
def feed(partner: str, language: str, data: Path | None) -> None:
    """Print the secret address of a partner's calendar, with the seats of its sessions.

    Whoever has the address sees them, without signing in: give it to the partner only. It stays the same until
    GATEWAY_SECRET_KEY changes. Needs the settings of booking and of the gateway.
    """
    from bottega import parts
    from gateway.feed import feed_address
    from services.booking import store

    environ = settings(data)
    with parts.database_of("booking", environ).reading() as tx:
        known = store.partner(tx, partner)
    if known is None:
        raise click.ClickException(
            f"there is no partner {partner}; `bottega session add` adds the first session of one"
        )
    gateway = parts.SERVICES["gateway"].settings(environ)
    click.echo(feed_address(gateway.public_url, gateway.secret_key, partner, language))


@session.command()
@data_option
@explained
def feedback(data: Path | None) -> None:
    """Print how many people found the sessions useful, by month, partner and title, as CSV.

    With those of sessions that were deleted since: these are kept as numbers alone.
    """
    from bottega import parts
    from contracts.booking import USEFUL
    from services.booking import store

    with parts.database_of("booking", settings(data)).reading() as tx:
        counts = store.totals(tx)
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(["month", "partner", "title", *USEFUL])
    lines.writerows([*total, *(said[word] for word in USEFUL)] for total, said in sorted(counts.items()))


@session.command("import")
@click.argument("partner")
@click.argument("source")
@click.option("--capacity", required=True, type=click.IntRange(1, 10_000), help="How many seats new sessions have.")
@click.option("--room", required=True, help="The address of their online room; told only to who has a seat.")
@click.option("--language", type=click.Choice(["it", "en"]), default="it", show_default=True)
@click.option("--calendar", default="main", show_default=True, help="A name, where a partner has several calendars.")
@data_option
@explained
def import_(partner: str, source: str, room: str, data: Path | None, **terms: Any) -> None:
    """Take over a partner's own calendar: SOURCE is an iCalendar file, or an address that begins with https://.

    What is new there becomes a session, what changed changes, and what is gone is called off; people who booked are
    told by mail. Run it again as often as you like: what is unchanged changes nothing. When something in the calendar
    makes no sense, nothing of it is taken over. See docs/partners.md for what is read.
    """
    from bottega import parts
    from bus.times import now
    from services.booking.calendars.fetching import fetch
    from services.booking.calendars.imports import Terms, import_calendar
    from services.booking.calendars.reading import read
    from services.booking.calendars.text import BYTES_MAX, CalendarRefused

    try:
        if "://" in source:
            calendar = fetch(source).body or b""
        else:
            with Path(source).open("rb") as file:
                calendar = file.read(BYTES_MAX + 1)
        moment = now()
        reading = read(calendar, moment)
        with parts.database_of("booking", settings(data)).transaction() as tx:
            report = import_calendar(tx, moment, partner, reading, Terms(room_url=room, **terms))
    except CalendarRefused as refused:
        raise click.ClickException(f"nothing was changed. {refused}") from None
    told = {name.replace("_", " "): number for name, number in vars(report).items()}
    click.echo(", ".join(f"{number} {name}" for name, number in told.items() if number) or "Nothing to come.")


def _words(details: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {' '.join(words)}" for name, words in details.get("fields", {}).items())
