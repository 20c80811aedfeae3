"""Staff without the bus: each use case in a transaction of its own, with a clock that stands until it is moved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher

from bus.database import Database
from contracts.password import password_proof
from contracts.secret import access_key, digest
from services.staff import accounts, keys, store, usecases
from services.staff.domain import Role
from services.staff.passwords import Passwords

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BEA: dict[str, Any] = {"name": "Bea Gallo", "email": "bea@example.org", "role": "operator", "partner": "orso"}
ANNA = "anna@example.org"
KEY = bytes(range(32))
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))  # to wait for strong ones tests nothing
KEY_OF_ANNA = access_key(bytes(20))
RIGHT, WRONG = (password_proof(KEY, text) for text in ("una frase lunga e mia", "un'altra frase"))


@dataclass
class Office:
    database: Database
    now: datetime = NOW

    def add(self, email: str = ANNA, role: Role = Role.OPERATOR, partner: str | None = "orso", **changes: Any) -> str:
        """A new account; answers the token of its link."""
        facts = {"name": "Anna Bruno", "email": email, "role": role, "partner": partner, **changes}
        with self.database.transaction() as tx:
            return usecases.add(tx, self.now, "operator:root", **facts)[1]

    def add_with_password(self, email: str = ANNA) -> UUID:
        """A new account that can sign in with RIGHT; answers its id."""
        return UUID(str(self.use_link(self.add(email), RIGHT)["member"]["actor"]["id"]))

    def sign_in(self, password: str = RIGHT, email: str = ANNA) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return usecases.sign_in(tx, self.now, QUICK.matches, email=email, password=password)

    def sign_in_with(self, email: str = ANNA, language: str | None = None) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return usecases.sign_in_with(tx, self.now, email=email, language=language)

    def use_link(self, token: str, password: str | None = None) -> dict[str, Any]:
        with self.database.transaction() as tx:
            return usecases.use_link(tx, self.now, QUICK.hashed, token=token, password=password)

    def get_member(self, account_id: UUID) -> dict[str, Any]:
        with self.database.reading() as tx:
            return usecases.get_member(tx, account_id=account_id)

    def reach_member(self, account_id: UUID) -> dict[str, Any]:
        with self.database.reading() as tx:
            return usecases.reach_member(tx, account_id=account_id)

    def make_link(self, email: str = ANNA) -> str:
        with self.database.transaction() as tx:
            return usecases.make_link(tx, self.now, "operator:root", email=email)

    def disable(self, email: str = ANNA) -> None:
        with self.database.transaction() as tx:
            usecases.disable(tx, self.now, "operator:root", email=email)

    def enable(self, email: str = ANNA) -> None:
        with self.database.transaction() as tx:
            usecases.enable(tx, self.now, "operator:root", email=email)

    def coordinator(self, email: str = "carla@example.org") -> UUID:
        """A new coordinator; answers the id."""
        return UUID(str(self.use_link(self.add(email, Role.COORDINATOR, None))["member"]["actor"]["id"]))

    def do(self, usecase: Callable[..., dict[str, Any]], by: UUID, **arguments: Any) -> dict[str, Any]:
        """Carry out a command of ``accounts``."""
        with self.database.transaction() as tx:
            return usecase(tx, self.now, by=by, **arguments)

    def list_accounts(self, by: UUID, after: UUID | None = None, limit: int = 20) -> dict[str, Any]:
        with self.database.reading() as tx:
            return accounts.list_accounts(tx, by=by, after=after, limit=limit)

    def get_account(self, by: UUID, account_id: UUID) -> dict[str, Any]:
        with self.database.reading() as tx:
            return accounts.get_account(tx, by=by, account_id=account_id)

    def add_key(self, account_id: UUID, secret: str = KEY_OF_ANNA, name: str = "Agenda") -> UUID:
        with self.database.transaction() as tx:
            arguments: dict[str, Any] = {"account_id": account_id, "name": name, "digest": digest(secret)}
            return UUID(str(keys.add_key(tx, self.now, str(account_id), **arguments)["id"]))

    def revoke_key(self, account_id: UUID, key_id: UUID) -> None:
        with self.database.transaction() as tx:
            keys.revoke_key(tx, self.now, str(account_id), account_id=account_id, key_id=key_id)

    def list_keys(self, account_id: UUID) -> list[dict[str, Any]]:
        with self.database.reading() as tx:
            return list(keys.list_keys(tx, account_id=account_id)["items"])

    def use_key(self, secret: str = KEY_OF_ANNA) -> dict[str, Any]:
        with self.database.reading() as tx:
            return keys.use_key(tx, digest=digest(secret))[0]

    def purge(self) -> int:
        with self.database.transaction() as tx:
            return usecases.purge(tx, self.now)

    def pass_time(self, time: timedelta) -> None:
        self.now += time

    def fail(self, times: int) -> None:
        """So many wrong passwords, each as soon as it may be tried."""
        for _ in range(times):
            self.pass_time(timedelta(minutes=15))
            assert self.sign_in(WRONG)["refused"] == "wrong_credentials"

    def actions(self) -> list[tuple[str, str | None]]:
        """What the audit says of each, the oldest first: the action, and who did it."""
        with self.database.reading() as tx:
            return [(entry.action, entry.actor) for entry in reversed(store.some_entries(tx, None, 100))]
