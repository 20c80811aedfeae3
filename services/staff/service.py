"""Staff on the bus: what the gateway asks, and the work that it does by itself. It hears and says no events."""

from collections.abc import Callable
from typing import Any, TypeVar

from eventlet import tpool
from eventlet.patcher import is_monkey_patched
from eventlet.semaphore import Semaphore
from nameko.timer import timer

from bus.extensions import Bus, Config, command, query
from bus.times import now
from bus.transaction import Transaction
from contracts import staff
from services.staff import accounts, keys, reading, store, usecases
from services.staff.passwords import STRONG

T = TypeVar("T")

PURGE_EVERY = 3600  # seconds
_HASHING = Semaphore(2)  # at the same time, each with 64 MiB and four threads


class StaffService:
    name = "staff"
    bus = Bus()
    settings = Config()

    @query(staff.GET_MEMBER)
    def get_member(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.get_member(tx, **arguments)

    @query(staff.REACH_MEMBER)
    def reach_member(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.reach_member(tx, **arguments)

    @query(staff.USE_KEY)
    def use_key(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        found, used_on = keys.use_key(tx, **arguments)
        today = now().date()
        if used_on is None or used_on < today:  # once a day, so that the question stays one that changes nothing
            with self.bus.database.transaction() as writing:
                store.saw_key(writing, arguments["digest"], today)
        return found

    @query(staff.LIST_KEYS)
    def list_keys(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return keys.list_keys(tx, **arguments)

    @command(staff.ADD_KEY)
    def add_key(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return keys.add_key(tx, now(), str(arguments["account_id"]), **arguments)

    @command(staff.REVOKE_KEY)
    def revoke_key(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return keys.revoke_key(tx, now(), str(arguments["account_id"]), **arguments)

    @command(staff.SIGN_IN)
    def sign_in(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.sign_in(tx, now(), _matches, **arguments)

    @command(staff.SIGN_IN_WITH)
    def sign_in_with(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.sign_in_with(tx, now(), **arguments)

    @command(staff.USE_LINK)
    def use_link(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.use_link(tx, now(), _hashed, **arguments)

    @query(staff.LIST_ACCOUNTS)
    def list_accounts(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.list_accounts(tx, **arguments)

    @query(staff.GET_ACCOUNT)
    def get_account(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.get_account(tx, **arguments)

    @command(staff.ADD_ACCOUNT)
    def add_account(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.add_account(tx, now(), **arguments)

    @command(staff.CHANGE_ROLE)
    def change_role(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.change_role(tx, now(), **arguments)

    @command(staff.RENEW_LINK)
    def renew_link(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.renew_link(tx, now(), **arguments)

    @command(staff.DISABLE_ACCOUNT)
    def disable_account(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.disable_account(tx, now(), **arguments)

    @command(staff.ENABLE_ACCOUNT)
    def enable_account(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return accounts.enable_account(tx, now(), **arguments)

    @query(staff.LIST_ENTRIES)
    def list_entries(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return reading.list_entries(tx, **arguments)

    @query(staff.NAME_MEMBERS)
    def name_members(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return reading.name_members(tx, **arguments)

    @query(staff.LIST_COLLEAGUES)
    def list_colleagues(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return reading.list_colleagues(tx, **arguments)

    @timer(interval=PURGE_EVERY, eager=True)
    def purge(self) -> None:
        while self._purge_some():
            pass

    def _purge_some(self) -> int:
        with self.bus.database.transaction() as tx:
            return usecases.purge(tx, now())


def _matches(known: str | None, password: str) -> bool:
    return _aside(lambda: STRONG.matches(known, password))


def _hashed(password: str) -> str:
    return _aside(lambda: STRONG.hashed(password))


def _aside(work: Callable[[], T]) -> T:
    """Work that would stop all green threads for a twentieth of a second, in a thread of its own."""
    if not is_monkey_patched("thread"):
        return work()
    with _HASHING:
        done: T = tpool.execute(work)
        return done
