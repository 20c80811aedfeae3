"""A mail server hands a mail over to the running platform, on both set-ups."""

import json
import subprocess

from sqlalchemy import func, select

from bus.database import Database
from bus.tables import outbox
from services.needs.tests.mails import mail
from tests.platform import BOTTEGA, Platform
from tests.waiting import wait_until


def test_a_mail_on_standard_input_opens_a_need_and_everybody_hears_of_it(platform: Platform) -> None:
    command = [str(BOTTEGA), "intake", "email"]
    done = subprocess.run(command, input=mail(), env=platform.environ, capture_output=True, timeout=60, check=True)
    taken = json.loads(done.stdout)
    assert taken["outcome"] == "opened"
    sent = select(func.count()).where(outbox.c.subject == f"need/{taken['need_id']}", outbox.c.sent_at.is_not(None))
    database = Database(platform.environ["NEEDS_DATABASE_URI"])

    def told() -> int:
        with database.reading() as tx:
            return tx.connection.execute(sent).scalar_one()

    wait_until(lambda: told() == 2, "the events to be on the bus")
    database.close()
