"""Rate limits: who books with a class passes, who floods does not."""

from typing import Any

import pytest
from flask import Flask

from gateway.limits import Counters, counted_address, equip, register
from gateway.tests.api.conftest import Site

NOTHING = "/api/v1/nothing"


def limited(reads: str = "60 per minute", changes: str = "60 per minute") -> Any:
    app = Flask("limited")
    register(app, reads=reads, changes=changes)
    equip(app)
    app.add_url_rule("/", view_func=lambda: "", endpoint="page", methods=["GET", "POST"])
    app.add_url_rule("/static/<name>", view_func=lambda name: name, endpoint="file")
    return app.test_client()


def statuses(client: Any, method: str, times: int, address: str = "192.0.2.1", path: str = "/") -> list[int]:
    asked = [client.open(path, method=method, environ_base={"REMOTE_ADDR": address}) for _ in range(times)]
    return [answer.status_code for answer in asked]


def test_a_class_of_200_behind_one_address_books_in_the_same_minute(site: Site) -> None:
    session_id = site.publish(capacity=200)
    booked = [site.book(session_id, str(pupil), email=f"p{pupil}@example.org") for pupil in range(200)]
    assert {answer.status_code for answer in booked} == {201}


def test_a_flood_is_stopped_and_told_when_to_come_back(silent: Any) -> None:
    answers = [silent.post(NOTHING) for _ in range(1201)]
    assert {answer.status_code for answer in answers[:1200]} == {404}
    assert (answers[1200].status_code, answers[1200].json["code"]) == (429, "too_many_requests")
    assert 1 <= int(answers[1200].headers["Retry-After"]) <= 60


def test_a_person_who_is_stopped_gets_a_page_with_the_same_header(silent: Any) -> None:
    for _ in range(1200):
        silent.post(NOTHING)
    page = silent.put("/sessioni")
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert int(page.headers["Retry-After"]) >= 1


def test_who_is_stopped_from_changing_may_still_read() -> None:
    client = limited(changes="1/minute")
    assert statuses(client, "POST", 2) == [200, 429]
    assert statuses(client, "GET", 2) == [200, 200]


def test_each_address_has_its_own_count() -> None:
    client = limited(changes="1/minute")
    assert statuses(client, "POST", 2, "192.0.2.1") == [200, 429]
    assert statuses(client, "POST", 1, "192.0.2.2") == [200]


def test_the_tighter_of_two_limits_counts() -> None:
    client = limited(changes="100/minute; 2/hour")
    assert statuses(client, "POST", 3) == [200, 200, 429]


def test_static_files_are_not_counted() -> None:
    client = limited(reads="1/minute")
    assert statuses(client, "GET", 3, path="/static/site.css") == [200, 200, 200]


def test_a_limit_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="many"):
        limited(changes="many")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_client_is_counted_by_what_it_cannot_change_at_will(address: str | None, counted: str) -> None:
    assert counted_address(address) == counted


def test_counts_never_grow_beyond_their_bound() -> None:
    counters = Counters(most=3)
    for number in range(10):
        counters.incr(f"key {number}", expiry=60)
    assert len(counters) == 3
    assert counters.get("key 9") == 1


def test_a_count_begins_again_when_its_time_is_over() -> None:
    counters = Counters()
    counters.incr("key", expiry=0)
    assert counters.get("key") == 0


def test_counts_whose_time_is_over_are_forgotten() -> None:
    counters = Counters()
    for number in range(10):
        counters.incr(f"key {number}", expiry=0)
    counters.incr("last", expiry=60)
    assert len(counters) == 1
