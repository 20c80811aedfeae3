"""Notify on the real bus: its entrypoints hear, remember and send."""

import subprocess
import sys
from pathlib import Path

from services.notify.tests.office import read_mail

ROOT = Path(__file__).parents[3]


def test_two_people_are_told_of_what_they_booked_and_of_its_end(tmp_path: Path) -> None:
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.notify.tests.alone import main; main()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, ROOT, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    mails = [read_mail(path.read_bytes()) for path in (tmp_path / "mails").glob("*.eml")]
    told = {(mail["To"].addresses[0].addr_spec, mail["Subject"].split(":")[0]) for mail in mails}
    assert told == {
        ("giulia@example.org", "Il tuo posto è confermato"),
        ("giulia@example.org", "Sessione annullata"),
        ("marco@example.org", "Sei in lista d’attesa"),
        ("marco@example.org", "Sessione annullata"),
    }
