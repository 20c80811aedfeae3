"""What staff can do: one function for each thing, each inside the one transaction that it is given. ``now`` is aware.

Arguments and answers of what is asked on the bus are those of contracts/staff/.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, validate
from uuid_utils.compat import uuid7

from bus.transaction import Transaction
from contracts.person import normalised_address
from contracts.secret import digest
from contracts.staff import EMAIL_MAX
from contracts.wire import KeyReused
from services.staff import domain, store
from services.staff.domain import FAILURES_KEPT, LINK_LIVES, Account, Link, Role
from services.staff.errors import AddressTaken, InvalidArguments, NotFound

Matches = Callable[[str | None, str], bool]
Hashed = Callable[[str], str]

LINKS_KEPT = KEYS_KEPT = timedelta(days=30)  # after their end
AUDIT_KEPT = timedelta(days=730)


# -- what the gateway and notify ask


def get_member(tx: Transaction, *, account_id: UUID) -> dict[str, Any]:
    """Raises NotFound, also for an account that is disabled."""
    return member(_enabled(tx, account_id))


def reach_member(tx: Transaction, *, account_id: UUID) -> dict[str, Any]:
    """Raises NotFound, also for an account that is disabled: nobody writes to who works here no more."""
    account = _enabled(tx, account_id)
    return {"name": account.name, "email": account.email, "language": account.language}


def sign_in(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, matches: Matches, *, email: str, password: str, language: str | None = None
) -> dict[str, Any]:
    """Let in by a password. It takes as long for an address that nobody has as for a wrong password."""
    address = normalised_address(email)
    key = digest(address)
    tried = store.hold_attempts(tx, key, now)
    account = _at(tx, address)
    if wait := tried.wait(now):
        return _refused(tx, now, "try_later", account, seconds=wait)
    right = matches(account.password_hash if account else None, password)
    if not right or account is None or account.disabled_at:
        store.save_attempts(tx, key, tried.failed(now), now)
        return _refused(tx, now, "wrong_credentials", account)
    store.forget_attempts(tx, key)
    return _let_in(tx, now, "signed_in", account, language)


def sign_in_with(tx: Transaction, now: datetime, *, email: str, language: str | None = None) -> dict[str, Any]:
    """Let in by an address that the provider has verified."""
    account = _at(tx, normalised_address(email))
    if account is None or account.disabled_at:
        return _refused(tx, now, "no_account", account)
    return _let_in(tx, now, "signed_in_with_provider", account, language)


def use_link(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    hashed: Hashed,
    *,
    token: str,
    password: str | None = None,
    language: str | None = None,
) -> dict[str, Any]:
    """Let in by a link, which is used up. A ``password`` is set, and whoever came in before must come in again."""
    key = digest(token)
    found = store.link(tx, key)
    account = store.hold(tx, found.account_id) if found else None
    link = store.hold_link(tx, key)
    if link is None or account is None or account.disabled_at or not link.is_good(now):
        return _refused(tx, now, "no_link", account)
    store.use_up(tx, key, now)
    if password is not None:
        account = replace(account, password_hash=hashed(password), epoch=account.epoch + 1)
        store.change(tx, account.id, password_hash=account.password_hash, epoch=account.epoch)
        store.end_keys(tx, account.id, now)
        store.forget_attempts(tx, digest(account.email))
        store.note(tx, now, str(account.id), "password_set", account.id)
    return _let_in(tx, now, "signed_in_by_link", account, language)


# -- what the operator does


def add(tx: Transaction, now: datetime, actor: str, **facts: Any) -> tuple[Account, str]:
    """A new account and the token of its first link; ``facts`` as in ``add_with``. Raises what that raises."""
    token = secrets.token_urlsafe(32)
    return add_with(tx, now, actor, digest(token), **facts), token


def add_with(  # noqa: PLR0913 (what an account has)
    tx: Transaction, now: datetime, actor: str, link: str, *, name: str, email: str, role: Role, partner: str | None
) -> Account:
    """A new account with the link that has the digest ``link``. Raises InvalidArguments, AddressTaken."""
    account = Account(
        id=uuid7(),
        name=domain.legible_name(name),
        email=_usable(email),
        role=role,
        partner=domain.partner_of(role, partner),
        password_hash=None,
        created_at=now,
    )
    if not store.add(tx, account):
        raise AddressTaken
    store.note(tx, now, actor, "account_added", account.id)
    add_link(tx, now, actor, account, link)
    return account


def change_role(  # noqa: PLR0913, PLR0917 (who, and what)
    tx: Transaction, now: datetime, actor: str, account: Account, role: Role, partner: str | None
) -> None:
    """Another role, or another partner, for an account that is held. Raises InvalidArguments."""
    partner = domain.partner_of(role, partner)
    if (role, partner) != (account.role, account.partner):
        store.change(tx, account.id, role=role, partner=partner)
        store.note(tx, now, actor, "role_changed", account.id)


def disable(tx: Transaction, now: datetime, actor: str, *, email: str) -> None:
    """Shut an account out at once; its link and its keys end too. Doing it again changes nothing. Raises NotFound."""
    shut_out(tx, now, actor, held(tx, email))


def shut_out(tx: Transaction, now: datetime, actor: str, account: Account) -> None:
    """As ``disable``, for an account that is held."""
    if not account.disabled_at:
        store.change(tx, account.id, disabled_at=now, epoch=account.epoch + 1)
        store.end_links(tx, account.id, now)
        store.end_keys(tx, account.id, now)
        store.note(tx, now, actor, "account_disabled", account.id)


def enable(tx: Transaction, now: datetime, actor: str, *, email: str) -> None:
    """Take a disabled account in again. Raises NotFound."""
    take_in_again(tx, now, actor, held(tx, email))


def take_in_again(tx: Transaction, now: datetime, actor: str, account: Account) -> None:
    """As ``enable``, for an account that is held."""
    if account.disabled_at:
        store.change(tx, account.id, disabled_at=None)
        store.note(tx, now, actor, "account_enabled", account.id)


def make_link(tx: Transaction, now: datetime, actor: str, *, email: str) -> str:
    """The token of a new link, in place of those before it. Raises NotFound, also for a disabled account."""
    token = secrets.token_urlsafe(32)
    add_link(tx, now, actor, held(tx, email), digest(token))
    return token


def add_link(tx: Transaction, now: datetime, actor: str, account: Account, link: str) -> None:
    """A new link with the digest ``link``, in place of those before it, for an account that is held.

    Raises NotFound for a disabled account; KeyReused for a link that there was: who works links out of keys, as the
    gateway does, was given a key again that is forgotten elsewhere.
    """
    if account.disabled_at:
        raise NotFound
    store.end_links(tx, account.id, now)
    if not store.add_link(tx, link, Link(account.id, now + LINK_LIVES)):
        raise KeyReused
    store.note(tx, now, actor, "link_made", account.id)


def purge(tx: Transaction, now: datetime) -> int:
    """Forget one step of what is old; answers how many rows went. Call it again while that is not zero."""
    return store.purge(
        tx,
        failures=now - FAILURES_KEPT,
        ended_links=now - LINKS_KEPT,
        ended_keys=now - KEYS_KEPT,
        entries=now - AUDIT_KEPT,
    )


def _enabled(tx: Transaction, account_id: UUID) -> Account:
    account = store.by_id(tx, account_id)
    if account is None or account.disabled_at:
        raise NotFound
    return account


def held(tx: Transaction, email: str) -> Account:
    """The account with an address, which nobody else changes until the end. Raises NotFound."""
    found = _at(tx, normalised_address(email))
    account = store.hold(tx, found.id) if found else None
    if account is None:
        raise NotFound
    return account


def _at(tx: Transaction, address: str) -> Account | None:
    """The account with an address. PostgreSQL cannot even be asked about some that are none (NUL, half a character)."""
    return store.by_email(tx, address if address.isprintable() else "")


def _usable(email: str) -> str:
    address = normalised_address(email)
    try:
        validate.And(validate.Email(), validate.Length(max=EMAIL_MAX))(address)
    except ValidationError:
        raise InvalidArguments(fields={"email": ["Write an e-mail address like name@example.org."]}) from None
    return address


def member(account: Account) -> dict[str, Any]:
    """``contracts.staff.Member``."""
    actor = {"id": account.id, "role": account.role, "partner": account.partner}
    return {"actor": actor, "name": account.name, "epoch": account.epoch}


def _let_in(tx: Transaction, now: datetime, action: str, account: Account, language: str | None) -> dict[str, Any]:
    if language and language != account.language:
        store.change(tx, account.id, language=language)
    store.note(tx, now, str(account.id), action, account.id)
    return {"member": member(account), "refused": None, "seconds": None}


def _refused(
    tx: Transaction, now: datetime, why: str, account: Account | None, seconds: int | None = None
) -> dict[str, Any]:
    store.note(tx, now, None, f"refused_{why}", account.id if account else None)
    return {"member": None, "refused": why, "seconds": seconds}
