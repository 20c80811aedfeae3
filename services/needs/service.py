"""Needs on the bus: what the desk asks, and the work that it does by itself. It hears no events yet."""

from typing import Any

from eventlet import tpool
from eventlet.patcher import is_monkey_patched
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from nameko.timer import timer

from bus.extensions import Bus, Config, background, command, query
from bus.times import now
from bus.transaction import Transaction
from contracts import needs
from services.needs import desk, intake, store
from services.needs.imap import Postbox
from services.needs.reading import Ours, ReceivedMail, read_mail

LOOK_EVERY = 30.0  # seconds, where the mail server does not tell of new mails
PURGE_EVERY = 3600
PURGED_AT_ONCE = 500


class Mailbox(DependencyProvider):
    """Injects the mailbox that is read over IMAP, with the connection that it keeps; None where there is none."""

    def setup(self) -> None:
        settings, node = self.container.config["settings"], self.container.config["node"]
        self._postbox = Postbox(settings.imap, node.database) if settings.imap else None

    def get_dependency(self, worker_ctx: WorkerContext) -> Postbox | None:
        return self._postbox

    def stop(self) -> None:
        if self._postbox:
            self._postbox.close()


class NeedsService:
    name = "needs"
    bus = Bus()
    settings = Config()
    mailbox: Postbox | None = Mailbox()

    @query(needs.LIST_NEEDS)
    def list_needs(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.list_needs(tx, **arguments)

    @query(needs.GET_NEED)
    def get_need(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.get_need(tx, **arguments)

    @query(needs.LIST_ARRIVALS)
    def list_arrivals(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.list_arrivals(tx, **arguments)

    @query(needs.GET_ARRIVAL)
    def get_arrival(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.get_arrival(tx, **arguments)

    @command(needs.OPEN_ARRIVAL)
    def open_arrival(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.open_arrival(tx, now(), self.settings, **arguments)

    @command(needs.ASSIGN_NEED)
    def assign_need(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.assign_need(tx, now(), **arguments)

    @command(needs.TAKE_NEED)
    def take_need(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.take_need(tx, now(), **arguments)

    @command(needs.RESOLVE_NEED)
    def resolve_need(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.resolve_need(tx, now(), **arguments)

    @command(needs.ANSWER_NEED)
    def answer_need(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return desk.answer_need(tx, now(), self.settings, **arguments)

    @background(every=1.0)
    def take_up(self) -> bool:
        return intake.take_up_due(self.bus.database, self.settings, now(), _read_aside)

    @background(every=LOOK_EVERY)
    def fetch(self) -> bool:
        return self.mailbox.fetch(now()) if self.mailbox else False

    @timer(interval=PURGE_EVERY, eager=True)
    def purge(self) -> None:
        while self._purge_some():
            pass

    def _purge_some(self) -> int:
        with self.bus.database.transaction() as tx:
            return store.purge(tx, now(), PURGED_AT_ONCE)


def _read_aside(raw: bytes, ours: Ours) -> ReceivedMail:
    """Read a mail in a thread of its own: a large one takes a second, in which the others would stand still."""
    if not is_monkey_patched("socket"):
        return read_mail(raw, ours)
    mail: ReceivedMail = tpool.execute(read_mail, raw, ours)
    return mail
