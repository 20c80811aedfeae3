"""Needs on the bus: the work that it does by itself. It hears no events yet."""

from eventlet import tpool
from eventlet.patcher import is_monkey_patched
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from nameko.timer import timer

from bus.extensions import Bus, Config, background
from bus.times import now
from services.needs import intake, store
from services.needs.imap import Postbox
from services.needs.reading import ReceivedMail, read_mail

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


def _read_aside(raw: bytes, own_marks: frozenset[str]) -> ReceivedMail:
    """Read a mail in a thread of its own: a large one takes a second, in which the others would stand still."""
    if not is_monkey_patched("socket"):
        return read_mail(raw, own_marks)
    mail: ReceivedMail = tpool.execute(read_mail, raw, own_marks)
    return mail
