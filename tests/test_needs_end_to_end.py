"""A mail server hands a mail over to the running platform, on both set-ups; the staff answers, and the person too."""

import json
import secrets
import subprocess
from uuid import UUID

from sqlalchemy import func, select

from bus.config import read_settings
from bus.database import Database
from bus.tables import outbox
from bus.times import now
from services.needs import desk, intake
from services.needs.config import Settings
from services.needs.tests.mails import mail
from services.needs.tests.staff import COORDINATOR
from tests.platform import BOTTEGA, Platform
from tests.servers import MailServer
from tests.waiting import wait_until


def test_a_mail_opens_a_need_everybody_hears_of_it_and_an_answer_to_the_answer_continues_it(
    platform: Platform, mails: MailServer
) -> None:
    address = f"mario-{secrets.token_hex(4)}@example.org"
    command = [str(BOTTEGA), "intake", "email"]
    raw = mail(From=address, Message_ID=f"<{address}>")
    done = subprocess.run(command, input=raw, env=platform.environ, capture_output=True, timeout=60, check=True)
    taken = json.loads(done.stdout)
    assert taken["outcome"] == "opened"
    settings = read_settings(Settings, {**platform.environ, "NEEDS_MAILBOXES": "info@centre.example"})
    database = Database(settings.database_uri)
    sent = select(func.count()).where(outbox.c.subject == f"need/{taken['need_id']}", outbox.c.sent_at.is_not(None))

    def told() -> int:
        with database.reading() as tx:
            return tx.connection.execute(sent).scalar_one()

    wait_until(lambda: told() == 2, "the events to be on the bus")
    with database.transaction() as tx:
        need_id = UUID(taken["need_id"])
        desk.answer_need(tx, now(), settings, actor=COORDINATOR, need_id=need_id, text="Può venire giovedì?")
    (answer,) = mails.wait_for(address)
    assert answer["References"] == f"<{address}>"
    raw = mail("Sì.", From=address, To=answer["Reply-To"], Message_ID=f"<2{address}>")
    arrival_id = intake.store_mail(database, raw, now())
    again = intake.take_up(database, settings, arrival_id, now())
    assert (again.outcome, str(again.need_id)) == ("continued", taken["need_id"])
    database.close()
