"""``bottega staff key``: access keys, by which programs use /api/v1 as a member of the staff."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from bottega.cli import data_option, explained, settings
from bottega.staff_commands import EMAIL, actor, done


@click.group()
def key() -> None:
    """Access keys, by which programs use /api/v1 as a member of the staff.

    Members make their own at the desk; these commands are for programs that nobody looks after there.
    """


@key.command()
@EMAIL
@click.argument("name")
@data_option
@explained
def add(email: str, name: str, data: Path | None) -> None:
    """Make a key of an account and print it, this once; NAME says what it is for.

    Whoever has it can do all that the account may do. It ends when it is revoked, and when the account is disabled or
    chooses a password.
    """
    import secrets

    from bus.times import now
    from contracts.secret import access_key, digest
    from services.staff import keys, usecases

    made = access_key(secrets.token_bytes(20))

    def do(tx: Any) -> None:
        owner = usecases.held(tx, email)
        keys.add_key(tx, now(), actor(), account_id=owner.id, name=name, digest=digest(made))

    done(settings(data), do)
    click.echo(made)


@key.command("list")
@EMAIL
@data_option
@explained
def list_(email: str, data: Path | None) -> None:
    """List the keys of an account that work, the newest first.

    Of each: its id, the day on which it was made, the last day of its use (in UTC), its name.
    """
    from services.staff import store, usecases

    found = done(settings(data), lambda tx: store.keys_of(tx, usecases.held(tx, email).id))
    for each in found:
        used = f"used on {each.used_on}" if each.used_on else "not used yet"
        click.echo(f"{each.id}  made on {each.created_at:%Y-%m-%d}  {used}  {each.name}")
    if not found:
        click.echo("No keys.")


@key.command()
@EMAIL
@click.argument("key_id", type=click.UUID)
@data_option
@explained
def revoke(email: str, key_id: UUID, data: Path | None) -> None:
    """End a key, by its id; what works with it is shut out within seconds."""
    from bus.times import now
    from services.staff import keys, usecases

    def do(tx: Any) -> None:
        keys.revoke_key(tx, now(), actor(), account_id=usecases.held(tx, email).id, key_id=key_id)

    done(settings(data), do)
    click.echo("Revoked.")
