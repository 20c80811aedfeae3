"""Staff as a service on the bus: every request of the contract is answered, from green threads."""

import json
import subprocess
import sys

from contracts import staff


def test_everything_that_can_be_asked_is_answered_as_the_contract_says(database_uri: str) -> None:
    program = [sys.executable, "-W", "ignore", "-m", "services.staff.tests.alone", database_uri]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers["wrong"] == {"member": None, "refused": "wrong_credentials", "seconds": None}
    for way in ("by link", "right", "provider"):
        assert answers[way] == {"member": answers["member"], "refused": None, "seconds": None}
    assert answers["by key"] == answers["member"]
    (key,) = answers["keys"]
    assert key["used_on"]  # noted by use_key, on the day of the test
    assert answers["revoked"] == {"id": key["id"]}
    assert not staff.Member().validate(answers["member"])
    (account,) = (each for each in answers["accounts"] if each["email"] == "bea@example.org")
    assert answers["account"] == account
    assert (account["role"], account["disabled_at"]) == ("viewer", None)
    for what in ("added", "link", "role", "closed", "opened"):
        assert answers[what] == {"id": account["id"]}
    assert [entry["action"] for entry in answers["entries"]][:2] == ["account_enabled", "account_disabled"]
    assert [each["name"] for each in answers["names"]] == ["Bea Gallo"]
    assert "Bea Gallo" in [each["name"] for each in answers["colleagues"]]
    assert answers["contact"] == {"name": "Anna Bruno", "email": "anna@example.org", "language": "it"}
