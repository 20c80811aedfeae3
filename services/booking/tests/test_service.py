"""Booking as a service on the bus: every request of the contract is answered, and the timer forgets people."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from contracts import booking
from services.booking.tests.calendars.test_reading import ROME, a_calendar, an_event
from services.booking.tests.calendars.web import Web


@pytest.fixture
def answers(database_uri: str, web: Web) -> Any:
    web.pages["/held"] = (200, a_calendar(an_event("RRULE:FREQ=WEEKLY", start=f"DTSTART;{ROME}:20261201T170000")), {})
    web.pages["/release"] = (200, b"", {})
    # by the name of this machine, which is looked up, and not by a number
    address = web.url.replace("127.0.0.1", "localhost")
    program = [sys.executable, "-W", "ignore", "-m", "services.booking.tests.alone", database_uri, address]
    trusting = {**os.environ, "SSL_CERT_FILE": str(web.pem)}
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False, env=trusting)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_everything_that_can_be_asked_is_answered_as_the_contract_says(answers: Any) -> None:
    assert [item["id"] for item in answers["list"]["items"]] == [answers["session"]["id"]]
    assert answers["partners"] == {"items": [{"id": "orso", "name": "Cooperativa Orso"}]}
    assert answers["reserved"]["state"] == "confirmed"
    assert answers["again"] == answers["reserved"]
    assert answers["outcome"] == {"done": True, "result": answers["reserved"], "refusal": None}
    assert "room_url" not in answers["mine"]
    assert answers["given back"] == {**answers["reserved"], "state": "cancelled"}
    assert answers["called off"]["cancelled"] is True
    assert answers["refused"] == ["session_closed", {"reason": "cancelled"}]
    assert answers["calendar"]["preview"]["counts"]["published"] > 20
    assert not booking.CalendarWithPreview().validate(answers["calendar"])
    assert not booking.SessionPage().validate(answers["list"])
    assert not booking.ReservationDetails().validate(answers["mine"])
