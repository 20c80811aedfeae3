"""Notify on the real bus: its entrypoints hear, remember and send."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from services.notify.tests.office import read_mail

ROOT = Path(__file__).parents[3]


def test_people_are_told_of_what_happens_to_what_they_booked(tmp_path: Path) -> None:
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.notify.tests.alone import main; main()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, ROOT, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    mails = [read_mail(path.read_bytes()) for path in (tmp_path / "mails").glob("*.eml")]
    told = {(mail["To"].addresses[0].addr_spec, " ".join(mail["Subject"].split()[:2])) for mail in mails}
    (prescribed,) = (subject for address, subject in told if address == "bea@example.org")
    assert told == {
        ("giulia@example.org", "Il tuo"),
        ("giulia@example.org", "Grazie di"),
        *((f"{name}@example.org", "Sessione modificata:") for name in ("giulia", "marco", "anna")),
        ("marco@example.org", "Sei in"),
        ("marco@example.org", "Un posto"),
        ("marco@example.org", "Sessione annullata:"),
        ("anna@example.org", "Sei in"),
        ("anna@example.org", "Il tempo"),
        ("bea@example.org", prescribed),
    }
    assert prescribed.startswith("Reservation ")
    assert queued(tmp_path) == ["reminder", "reminder"]


def queued(folder: Path) -> list[str]:
    """The kinds of the messages that are to be sent later."""
    with closing(sqlite3.connect(folder / "notify.db")) as database:
        return [kind for (kind,) in database.execute("SELECT kind FROM messages WHERE state = 'queued'")]
