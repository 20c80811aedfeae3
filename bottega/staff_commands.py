"""``bottega staff``: who may sign in at the desk. It never asks for a password, and never shows one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from bottega.cli import data_option, explained, operator, settings

T = TypeVar("T")

PAGE = 50
EMAIL = click.argument("email")
_WORDS = {
    "not_found": "there is no account with this address that is in use; see `bottega staff list`",
    "too_many_keys": "this account has 20 keys already; revoke one with `bottega staff key revoke`",
    "address_taken": "there is an account with this address already; see `bottega staff list`",
}


@click.group()
def staff() -> None:
    """Accounts of the staff, who sign in at /banco on the website."""


@staff.command()
@click.argument("name")
@EMAIL
@click.option("--role", type=click.Choice(["coordinator", "operator", "viewer", "prescriber"]), required=True)
@click.option("--partner", help="The short name of the partner that an operator or a viewer works for.")
@data_option
@explained
def add(name: str, email: str, role: str, partner: str | None, data: Path | None) -> None:
    """Make an account and print a link that lets its owner in, once, within 24 hours.

    A coordinator acts for all partners, an operator for one, a viewer looks at one. A prescriber works elsewhere, in a
    job centre say: books for people, and sees nothing but what became of that. On the link's page the owner can choose
    a password; who signs in with OpenID Connect needs neither.
    """
    from bus.times import now
    from services.staff import usecases
    from services.staff.domain import Role

    def do(tx: Any) -> str:
        return usecases.add(tx, now(), actor(), name=name, email=email, role=Role(role), partner=partner)[1]

    environ = settings(data)
    token = done(environ, do)
    click.echo(f"{name} is {role}{f' of {partner}' if partner else ''}. To be sent by a safe way:\n")
    click.echo(f"    {link_address(environ, token)}\n")
    click.echo("It works once, within 24 hours; `bottega staff link` makes another.")


@staff.command("list")
@click.option("--after", default="", help="Where the last page ended: an address.")
@data_option
@explained
def list_(after: str, data: Path | None) -> None:
    """List the accounts by address, 50 to a page."""
    from services.staff import store

    page = done(settings(data), lambda tx: store.some_accounts(tx, after, PAGE + 1))
    for each in page[:PAGE]:
        state = "disabled" if each.disabled_at else "password" if each.password_hash else "no password"
        click.echo(f"{each.email}  {each.role}{f' of {each.partner}' if each.partner else ''}  {state}  {each.name}")
    if len(page) > PAGE:
        click.echo(f"More: --after {page[PAGE - 1].email}")
    if not page:
        click.echo("No accounts.")


@staff.command()
@EMAIL
@data_option
@explained
def link(email: str, data: Path | None) -> None:
    """Print a new one-time link for an account, for example to choose another password.

    The links before it stop working.
    """
    from bus.times import now
    from services.staff import usecases

    environ = settings(data)
    token = done(environ, lambda tx: usecases.make_link(tx, now(), actor(), email=email))
    click.echo(link_address(environ, token))


@staff.command()
@EMAIL
@data_option
@explained
def disable(email: str, data: Path | None) -> None:
    """Shut an account out: who is signed in with it is out within seconds.

    What the person did stays in the audit. `bottega staff enable` takes it back.
    """
    from bus.times import now
    from services.staff import usecases

    done(settings(data), lambda tx: usecases.disable(tx, now(), actor(), email=email))
    click.echo("Disabled.")


@staff.command()
@EMAIL
@data_option
@explained
def enable(email: str, data: Path | None) -> None:
    """Take a disabled account in again, with the password that it had."""
    from bus.times import now
    from services.staff import usecases

    done(settings(data), lambda tx: usecases.enable(tx, now(), actor(), email=email))
    click.echo("Enabled.")


@staff.command()
@click.option("--before", type=click.IntRange(1), help="Where the last page ended: a number.")
@data_option
@explained
def audit(before: int | None, data: Path | None) -> None:
    """List what was done about accounts and who signed in, the newest first, 50 to a page.

    It is kept for two years.
    """
    from services.staff import store

    page = done(settings(data), lambda tx: store.some_entries(tx, before, PAGE))
    for each in page:
        click.echo(f"{each.position}  {each.at:%Y-%m-%d %H:%M:%S} UTC  {each.action}  {each.account_id}  {each.actor}")
    if len(page) == PAGE:
        click.echo(f"More: --before {page[-1].position}")


def demo_link(environ: Mapping[str, str]) -> str:
    """The address of a new one-time link of the demonstration's coordinator."""
    from bus.times import now
    from services.staff import store, usecases
    from services.staff.domain import Role

    email, name, role = "coordinamento@example.org", "Anna Bruno", Role.COORDINATOR

    def do(tx: Any) -> str:
        if store.by_email(tx, email) is None:
            return usecases.add(tx, now(), actor(), name=name, email=email, role=role, partner=None)[1]
        return usecases.make_link(tx, now(), actor(), email=email)

    return link_address(environ, _in_transaction(environ, do))


def link_address(environ: Mapping[str, str], token: str) -> str:
    from bottega import parts

    return f"{parts.SERVICES['staff'].settings(environ).public_url}/banco/entra/{token}"


def actor() -> str:
    return f"operator:{operator()}"[:80]


def done(environ: Mapping[str, str], do: Callable[..., T]) -> T:
    """``do(tx)``, with a refusal in words for the operator."""
    from contracts.wire import Refusal

    try:
        return _in_transaction(environ, do)
    except Refusal as refusal:
        fields = refusal.details.get("fields", {})
        words = "; ".join(f"{name}: {' '.join(said)}" for name, said in fields.items())
        raise click.ClickException(words or _WORDS.get(refusal.code, refusal.code)) from None


def _in_transaction(environ: Mapping[str, str], do: Callable[..., T]) -> T:
    from bottega import parts

    database = parts.database_of("staff", environ)
    try:
        with database.transaction() as tx:
            return do(tx)
    finally:
        database.close()
