"""Publishing from the desk: the form, the check of all dates, and what comes of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bus.times import now
from contracts.booking import PUBLISH_SESSIONS
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.pages.desk import fields
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.test_sessions import of_another_partner
from gateway.wording import local

FIRST = local(now()).date() + timedelta(days=10)
SESSION = {
    "title": "Il primo colloquio",
    "description": "Come ci si prepara.",
    "language": "it",
    "day": FIRST.isoformat(),
    "hour": "17:00",
    "minutes": "90",
    "capacity": "12",
    "room_url": "https://meet.example.org/colloquio",
    "repeat": "never",
    "dates": "",
    "without": "",
}
SERIES = {**SESSION, "repeat": "week", "dates": "4"}
WRONG = [
    *(("title", typed) for typed in ("", "x" * 201)),
    ("language", "de"),
    *(("day", typed) for typed in ("", "31/2/2027", "2020-01-01", "9999-12-31")),
    *(("hour", typed) for typed in ("25:00", "alle cinque")),
    *(("minutes", typed) for typed in ("4", "un’ora")),
    *(("capacity", typed) for typed in ("molti", "0")),
    ("room_url", "http://meet.example.org"),
    ("repeat", "always"),
    *(("dates", typed) for typed in ("1", "54")),
    *(("without", typed) for typed in ("1/1/2026", "Natale")),
]


def check(staff: Staff, person: Person | None = None, /, **changes: str) -> Person:
    """Up to the page on which everything is checked; or back on the form, with what is wrong."""
    person = person or staff.member()
    person.open("/banco/nuova")
    person.send(**{**SESSION, **changes})
    return person


def listed(person: Person) -> int:
    return int(person.open("/banco").text.count("Il primo colloquio</a>"))


def test_a_session_is_published_with_what_was_typed(staff: Staff) -> None:
    person = check(staff)
    page = person.send(step="publish")
    assert "La sessione è pubblicata" in page.text
    assert "dalle 17:00 alle 18:30" in page.text


def test_what_was_published_can_be_opened(staff: Staff) -> None:
    person = check(staff)
    page = person.send(step="publish").text
    path = page.split('<h2><a href="')[1].split('"')[0]
    assert '<dt>In tutto</dt><dd class="num">12</dd>' in person.open(path).text


def test_a_series_is_checked_date_by_date_before_it_is_published(staff: Staff) -> None:
    person = check(staff, **SERIES)
    assert "Pubblica 4 sessioni" in person.page.text
    assert person.page.text.count("alle 17:00") == 4
    assert listed(person) == 0


def test_a_series_is_published_without_the_days_left_out(staff: Staff) -> None:
    second = FIRST + timedelta(days=7)
    person = check(staff, **{**SERIES, "without": f"{second.day}/{second.month}/{second.year}"})
    page = person.send(step="publish")
    assert "3 sessioni sono pubblicate" in page.text
    assert f'datetime="{second.isoformat()}' not in page.text
    assert listed(person) == 3


@pytest.mark.parametrize(("repeat", "step"), [("fortnight", 14), ("week", 7)])
def test_the_dates_on_the_check_page_are_those_that_are_published(staff: Staff, repeat: str, step: int) -> None:
    person = check(staff, **{**SERIES, "repeat": repeat, "dates": "2"})
    assert f'datetime="{(FIRST + timedelta(days=step)).isoformat()}T17:00' in person.page.text
    assert person.send(step="publish").text.count(f'datetime="{(FIRST + timedelta(days=step)).isoformat()}T1') == 1


def test_publishing_twice_with_one_form_publishes_once(staff: Staff) -> None:
    person = check(staff, **SERIES)
    form = person.page
    person.send(step="publish")
    person.page = form
    assert "4 sessioni sono pubblicate" in person.send(step="publish").text
    assert listed(person) == 4


def test_the_page_of_what_was_published_can_be_loaded_again(staff: Staff) -> None:
    person = check(staff)
    path = person.send(step="publish").request.path
    assert "La sessione è pubblicata" in person.open(path).text


def test_what_was_typed_is_kept_when_something_is_to_be_changed(staff: Staff) -> None:
    page = check(staff, **SERIES).send(step="edit").text
    assert 'value="Il primo colloquio"' in page
    assert '<option value="week" selected>' in page


def told_at(page: Any, field: str) -> bool:
    return page.status_code == 422 and f'href="#{field}"' in page.text and "Come ci si prepara." in page.text


def test_what_will_not_do_is_told_at_the_field_and_what_was_typed_is_kept(staff: Staff) -> None:
    person = staff.member()
    assert [
        wrong for wrong in WRONG if not told_at(check(staff, person, **{**SERIES, **dict([wrong])}).page, wrong[0])
    ] == []


def test_what_booking_refuses_is_told_at_the_field_too(staff: Staff) -> None:
    person = staff.member()
    refused = [("capacity", "10001"), ("room_url", ""), ("room_url", "https://"), ("title", "a\x07b")]
    pages = {wrong: check(staff, person, **dict([wrong])).send(step="publish") for wrong in refused}
    assert [wrong for wrong, page in pages.items() if not told_at(page, wrong[0])] == []


def test_after_a_refusal_the_form_can_be_sent_again(staff: Staff) -> None:
    person = check(staff, room_url="")
    person.send(step="publish")
    person.send(**SESSION)
    assert "La sessione è pubblicata" in person.send(step="publish").text


def test_an_operator_publishes_for_the_own_partner_whatever_the_form_says(staff: Staff) -> None:
    of_another_partner(staff.site)
    assert "Cooperativa Orso" in check(staff, partner="torre").send(step="publish").text


def test_a_coordinator_chooses_the_partner(staff: Staff) -> None:
    of_another_partner(staff.site)
    person = staff.member("coordinator", None)
    assert 'href="#partner"' in check(staff, person).page.text
    assert "La Torre" in check(staff, person, partner="torre").send(step="publish").text


def test_a_partner_that_never_was_is_told_at_the_field(staff: Staff) -> None:
    page = check(staff, staff.member("coordinator", None), partner="luna").send(step="publish")
    assert 'href="#partner"' in page.text


def test_a_viewer_publishes_nothing(staff: Staff) -> None:
    person = staff.member("viewer")
    assert "/banco/nuova" not in person.open("/banco").text
    assert person.open("/banco/nuova").status_code == 403
    assert person.send(**SESSION, step="publish").status_code == 403


def test_when_booking_does_not_answer_nothing_that_was_typed_is_lost(staff: Staff) -> None:
    person = check(staff)
    del staff.site.bus._nodes["booking"]
    page = person.send(step="publish")
    assert page.status_code == 503
    assert "Non è pubblicato niente" in page.text
    assert "Come ci si prepara." in page.text


def test_what_became_of_it_may_not_be_known_yet(staff: Staff) -> None:
    page = staff.member().open("/banco/nuova/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11")
    assert page.status_code == 202
    assert "Non sappiamo ancora com’è andata" in page.text


def test_what_came_too_late_is_told_and_not_done(staff: Staff) -> None:
    person, key = staff.member("coordinator", None), uuid4()
    past = now() - timedelta(seconds=1)
    with staff.app.app_context(), pytest.raises(Refusal):
        bus_client().command(PUBLISH_SESSIONS, idempotency_key=str(key), deadline=past, **PUBLISH_SESSIONS.example)
    page = person.open(f"/banco/nuova/{key}")
    assert page.status_code == 409
    assert "Il servizio ha ricevuto la richiesta troppo tardi" in page.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1/12/2026", "2026-12-01"), ("01-12-2026", "2026-12-01"), ("2026-12-01", "2026-12-01"), ("32/1/2026", "None")],
)
def test_days_may_be_written_as_people_write_them(typed: str, meant: Any) -> None:
    assert str(fields.day(typed)) == meant
