"""The way in, the calendar entry and how it was, over the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar

from bus.times import now
from gateway.tests.api.conftest import Site
from gateway.tests.api.test_problems import problem
from gateway.tests.api.test_requests import became, booking_is_busy
from gateway.tests.standings import Standings
from gateway.tests.test_feedback import said
from gateway.tests.test_join import ROOM, entered

KIND = {"useful": "yes", "words": "Bello.\nE corto."}


def ask(site: Site, method: str, what: str, body: Any = None, token: Any = None) -> Any:
    """``what`` is an id of a reservation and the rest of the path."""
    headers = site.token(what.partition("/")[0]) if token is None else token
    return site.client.open(f"/api/v1/reservations/{what}", method=method, json=body, headers=headers)


def join_token(site: Site, reservation_id: str) -> dict[str, str]:
    """From the address that the API tells who manages the reservation."""
    path = f"/api/v1/reservations/{reservation_id}"
    url = site.client.get(path, headers=site.token(reservation_id)).json["join_url"]
    return {"Authorization": f"Bearer {url.rpartition('/')[2]}"}


def test_the_door_says_from_when_on_it_is_open_and_notes_nothing(site: Site) -> None:
    mine = Standings(site).doors_open()
    seen = ask(site, "GET", f"{mine}/entrance", token=join_token(site, mine))
    assert (seen.status_code, seen.json["has_seat"]) == (200, True)
    assert seen.json["join_opens_at"] < now().isoformat() < seen.json["session"]["ends_at"]
    assert ROOM not in seen.text
    assert entered(site, mine) is None


def test_who_goes_in_is_told_the_room_and_noted_and_may_come_in_again(site: Site) -> None:
    mine = Standings(site).doors_open()
    token = join_token(site, mine)
    assert [ask(site, "POST", f"{mine}/entrance", token=token).json for _ in range(2)] == [{"room_url": ROOM}] * 2
    assert entered(site, mine) is not None


def test_too_early_nobody_gets_in(site: Site) -> None:
    mine = Standings(site).seat()
    assert problem(ask(site, "POST", f"{mine}/entrance", token=join_token(site, mine)))["code"] == "too_early"


def test_the_token_that_manages_opens_no_door_and_the_other_way_round(site: Site) -> None:
    mine = Standings(site).doors_open()
    assert {ask(site, method, f"{mine}/entrance").status_code for method in ("GET", "POST")} == {404}
    assert ask(site, "GET", f"{mine}/feedback", token=join_token(site, mine)).status_code == 404


def test_without_a_token_nothing_is_told_or_taken(site: Site) -> None:
    mine = Standings(site).over()
    for method, what, body in (
        *(("GET", "entrance", None), ("POST", "entrance", None), ("GET", "calendar.ics", None)),
        *(("GET", "feedback", None), ("PUT", "feedback", KIND)),
    ):
        assert problem(ask(site, method, f"{mine}/{what}", body, token={}))["code"] == "token_missing", what
    assert said(site) == []


def test_the_calendar_entry_leads_to_the_own_door(site: Site) -> None:
    mine = Standings(site).seat()
    answer = ask(site, "GET", f"{mine}/calendar.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    assert str(event["location"]).startswith(f"http://localhost:8000/entra/{mine}/")
    assert ROOM not in answer.text


def test_who_waits_has_nothing_to_put_into_a_calendar(site: Site) -> None:
    assert problem(ask(site, "GET", f"{Standings(site).waiting()}/calendar.ics"))["code"] == "no_seat"


def test_what_was_said_is_read_again_and_corrected(site: Site) -> None:
    mine = Standings(site).over()
    asked = ask(site, "GET", f"{mine}/feedback").json
    assert (asked["open"], asked["useful"], asked["words"]) == (True, None, "")
    given = ask(site, "PUT", f"{mine}/feedback", KIND).json
    assert (given["useful"], given["in_words"]) == ("yes", True)
    ask(site, "PUT", f"{mine}/feedback", {**KIND, "useful": "partly"})
    assert ask(site, "GET", f"{mine}/feedback").json | {"until": ""} == {
        **KIND,
        "useful": "partly",
        "open": True,
        "until": "",
    }


@pytest.mark.parametrize(
    ("field", "value"), [("useful", "maybe"), ("words", "x" * 1001), ("words", "nul \x00"), ("stars", 5)]
)
def test_what_cannot_be_said_so_is_told_at_its_field(site: Site, field: str, value: Any) -> None:
    refused = ask(site, "PUT", f"{Standings(site).over()}/feedback", {**KIND, field: value})
    assert list(problem(refused)["errors"]) == [field]
    assert said(site) == []


def test_before_the_end_and_after_thirty_days_nobody_says_anything(site: Site) -> None:
    standings = Standings(site)
    early, late = standings.doors_open(), standings.over()
    long_ago = now() - timedelta(days=31)
    standings.move(late, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    codes = [problem(ask(site, "PUT", f"{mine}/feedback", KIND))["code"] for mine in (early, late)]
    assert codes == ["too_early", "feedback_closed"]


def test_what_is_said_while_booking_is_busy_is_kept_when_it_is_back(site: Site) -> None:
    mine = Standings(site).over()
    token = site.token(mine)
    with booking_is_busy(site):
        taken = ask(site, "PUT", f"{mine}/feedback", KIND, token=token)
    assert taken.status_code == 202
    became(site, taken, "done")
    assert said(site) == [("yes", KIND["words"])]


def test_a_reservation_that_never_was_is_not_found(site: Site) -> None:
    token = {"Authorization": "Bearer wrong"}
    assert {ask(site, "GET", f"{uuid4()}/{what}", token=token).status_code for what in ("entrance", "feedback")} == {
        404
    }
