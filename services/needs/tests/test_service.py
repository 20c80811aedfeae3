"""Needs as a service on the bus: it takes mails up, and every request of the contract is answered."""

import json
import subprocess
import sys
from pathlib import Path

from contracts import needs


def test_everything_that_can_be_asked_is_answered_as_the_contract_says(tmp_path: Path) -> None:
    program = [sys.executable, "-W", "ignore", "-m", "services.needs.tests.alone", f"sqlite:///{tmp_path / 'needs.db'}"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers.keys() == {request.name for request in needs.REQUESTS}
    assert [request.name for request in needs.REQUESTS if request.result().validate(answers[request.name])] == []
    shown = answers["get_need"]
    assert (shown["need"]["state"], [each["text"] for each in shown["messages"]]) == (
        "resolved",
        ["Buongiorno.", "Giovedì?"],
    )
