"""Fetching a calendar from a real https server, with a certificate of its own."""

from ipaddress import ip_network
from typing import Any

import pytest

from services.booking.calendars import fetching
from services.booking.calendars.fetching import Fetched, Tags, Trust, fetch
from services.booking.calendars.text import BYTES_MAX, CalendarRefused
from services.booking.tests.calendars.web import CALENDAR, Web


def test_a_calendar_is_fetched(web: Web) -> None:
    web.pages["/orso.ics?chiave=1"] = (200, CALENDAR, {})
    assert web.fetch("/orso.ics?chiave=1") == CALENDAR


def test_what_one_has_already_is_not_fetched_again(web: Web) -> None:
    web.pages["/"] = (200, CALENDAR, {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT"})
    first = fetch(web.url, Trust(web.trust))
    assert first == Fetched(CALENDAR, Tags('"1"', "Mon, 23 Nov 2026 09:00:00 GMT"))
    assert fetch(web.url, Trust(web.trust), first.tags) == Fetched(None, first.tags)


def test_another_address_of_the_host_is_tried_where_one_does_not_answer(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/"] = (200, CALENDAR, {})
    monkeypatch.setattr(fetching, "_resolved", lambda _target: ["::1", "127.0.0.1"])  # the server is at the second only
    assert web.fetch() == CALENDAR


def test_a_private_network_is_reached_only_where_it_may_be(web: Web) -> None:
    web.pages["/"] = (200, CALENDAR, {})
    with pytest.raises(CalendarRefused, match="private network") as refused:
        fetch(web.url, Trust(web.trust, networks=[ip_network("10.0.0.0/8")]))
    assert refused.value.code == "private"
    assert fetch(web.url, Trust(web.trust, networks=[ip_network("127.0.0.0/8")])).body == CALENDAR


def test_a_redirect_is_followed(web: Web) -> None:
    web.pages["/"] = (302, b"", {"Location": "/altrove"})
    web.pages["/altrove"] = (200, CALENDAR, {})
    assert web.fetch() == CALENDAR


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((404, b"", {}), "answers with status 404"),
        ((200, b"x" * (BYTES_MAX + 1), {}), "more than 2 MB"),
        ((302, b"", {"Location": "http://127.0.0.1/"}), "begins with https://"),
        ((302, b"", {"Location": "file:///etc/passwd"}), "begins with https://"),
        ((302, b"", {"Location": "/"}), "redirects more than 3 times"),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_line(web: Web, page: Any, words: str) -> None:
    web.pages["/"] = page
    with pytest.raises(CalendarRefused, match=words):
        web.fetch()


def test_a_server_that_nobody_vouches_for_is_refused(web: Web) -> None:
    with pytest.raises(CalendarRefused, match="certificate"):
        fetch(web.url)


def test_a_server_that_keeps_us_waiting_is_left(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    web.pages["/"] = (200, b"", {"Content-Length": "99"})
    with pytest.raises(CalendarRefused, match="does not come within"):
        web.fetch()


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x.ics", "webcal://example.org/x.ics", "https://", "https://me:pw@example.org/", "https://[x/",
     "https://example.org:port/", "https://example.org/\r\nX: y", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CalendarRefused):
        fetch(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fec0::1", "::7f00:1"],
)  # fmt: skip
def test_these_addresses_are_private(address: str) -> None:
    assert fetching._is_private(address)


@pytest.mark.parametrize("address", ["151.101.1.1", "2a04:4e42::1", "::ffff:151.101.1.1"])
def test_these_are_not(address: str) -> None:
    assert not fetching._is_private(address)


def test_from_the_open_internet_no_redirect_leads_into_a_private_network(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/"] = (302, b"", {"Location": "https://localhost/secret"})
    # No test machine has a public address: this one is taken for one, until the redirect has been followed.
    private = iter([False, False, True])
    monkeypatch.setattr(fetching, "_resolved", lambda _target: ["127.0.0.1"])
    monkeypatch.setattr(fetching, "_is_private", lambda _address: next(private))
    with pytest.raises(CalendarRefused, match="localhost is in a private network"):
        web.fetch()
