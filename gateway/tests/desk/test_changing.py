"""Changing a session from the desk, and calling it off: one date, those after it, or all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from gateway.tests.conftest import Person, Site
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.test_publishing import FIRST, SERIES, SESSION, check
from gateway.tests.desk.test_sessions import begin, book
from gateway.wording import local
from services.booking.tables import sessions

FIELDS = ("title", "description", "day", "hour", "minutes")


@pytest.fixture
def series(staff: Staff) -> list[str]:
    """Four dates, a week apart, published from the desk; their ids in order."""
    check(staff, staff.member("operator", "orso", "bea@example.org"), **SERIES).send(step="publish")
    return [str(row.id) for row in rows(staff.site)]


def rows(site: Site) -> list[Any]:
    with site.database.reading() as tx:
        return list(tx.connection.execute(select(sessions).order_by(sessions.c.starts_at)))


def change(staff: Staff, session_id: str, *, person: Person | None = None, **changes: str) -> Any:
    person = person or staff.member()
    person.open(f"/banco/sessioni/{session_id}/modifica")
    typed = {**{name: SESSION[name] for name in FIELDS}, "room_url": "", "scope": "one"}
    return person.send(**{**typed, **changes})


def call_off(staff: Staff, session_id: str, scope: str = "one") -> Any:
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}/annulla")
    return person.send(scope=scope)


def test_the_form_shows_the_session_as_it_is(staff: Staff, series: list[str]) -> None:
    page = staff.member().open(f"/banco/sessioni/{series[1]}/modifica").text
    assert f'value="{(FIRST + timedelta(days=7)).isoformat()}"' in page
    assert 'value="17:00"' in page
    assert 'value="90"' in page
    assert "meet.example.org" not in page


def test_a_change_of_one_date_leaves_the_others(staff: Staff, series: list[str]) -> None:
    page = change(staff, series[0], title="Il secondo colloquio")
    assert "La sessione è cambiata" in page.text
    assert [row.title for row in rows(staff.site)].count("Il secondo colloquio") == 1


@pytest.mark.parametrize(("scope", "many"), [("following", 3), ("all", 4)])
def test_a_change_of_several_dates_counts_them(staff: Staff, series: list[str], scope: str, many: int) -> None:
    second = (FIRST + timedelta(days=7)).isoformat()
    page = change(staff, series[1], day=second, title="Il secondo colloquio", scope=scope)
    assert f"{many} sessioni sono cambiate" in page.text
    assert [row.title for row in rows(staff.site)].count("Il secondo colloquio") == many


def test_the_other_dates_move_with_the_one_that_is_moved(staff: Staff, series: list[str]) -> None:
    page = change(staff, series[0], day=(FIRST + timedelta(days=1)).isoformat(), hour="18:00", scope="all")
    assert page.text.count("dalle 18:00 alle 19:30") == 4
    assert f'datetime="{(FIRST + timedelta(days=22)).isoformat()}' in page.text


def test_only_what_was_changed_is_sent(staff: Staff, series: list[str]) -> None:
    person, late = staff.member(), staff.member(email="ciro@example.org")
    late.open(f"/banco/sessioni/{series[0]}/modifica")
    form = late.page
    change(staff, series[0], person=person, title="Il secondo colloquio")
    late.page = form
    typed = {**{name: SESSION[name] for name in FIELDS}, "minutes": "60", "room_url": "", "scope": "one"}
    late.send(**typed)
    (row,) = [row for row in rows(staff.site) if row.id == UUID(series[0])]
    assert row.title == "Il secondo colloquio"
    assert row.ends_at - row.starts_at == timedelta(minutes=60)


def test_a_new_hour_does_not_bring_back_the_day_that_a_colleague_changed(staff: Staff, series: list[str]) -> None:
    person, late = staff.member(), staff.member(email="ciro@example.org")
    next_day = (FIRST + timedelta(days=1)).isoformat()
    late.open(f"/banco/sessioni/{series[0]}/modifica")
    change(staff, series[0], person=person, day=next_day)
    typed = {**{name: SESSION[name] for name in FIELDS}, "room_url": "", "scope": "one"}
    told = late.send(**{**typed, "hour": "18:00"}).text
    assert "Intanto qualcun altro ha spostato la sessione" in told
    assert f'value="{next_day}"' in told
    assert local(rows(staff.site)[0].starts_at).date().isoformat() == next_day


def test_a_new_room_is_kept_and_an_empty_one_changes_nothing(staff: Staff, series: list[str]) -> None:
    change(staff, series[0], room_url="https://meet.example.org/altra")
    found = [row.room_url for row in rows(staff.site)]
    assert found.count("https://meet.example.org/altra") == 1
    assert found.count(SESSION["room_url"]) == 3


def test_a_form_without_a_change_is_told_so(staff: Staff, series: list[str]) -> None:
    page = change(staff, series[0])
    assert page.status_code == 422
    assert "Non hai ancora cambiato niente" in page.text


def test_a_change_that_will_not_do_is_told_at_the_field(staff: Staff, series: list[str]) -> None:
    wrong = {"title": "", "day": "2020-01-01", "hour": "mai", "minutes": "0", "room_url": "https://", "scope": "none"}
    person = staff.member()
    pages = {name: change(staff, series[0], person=person, **{name: typed}) for name, typed in wrong.items()}
    assert [name for name, page in pages.items() if page.status_code != 422 or f'href="#{name}"' not in page.text] == []


def test_the_form_says_how_many_people_are_told(staff: Staff) -> None:
    session_id = staff.site.publish()
    book(staff.site, session_id, 3)
    page = staff.member().open(f"/banco/sessioni/{session_id}/modifica").text
    assert "3 persone hanno prenotato o aspettano un posto" in page


def test_a_session_that_has_begun_cannot_be_changed_but_called_off(staff: Staff) -> None:
    session_id = staff.site.publish()
    person = staff.member()
    person.open(f"/banco/sessioni/{session_id}/modifica")
    form = person.page
    begin(staff.site)
    assert "La sessione è già iniziata" in person.open(f"/banco/sessioni/{session_id}/modifica").text
    person.page = form
    assert (
        "La sessione è già iniziata"
        in person.send(title="Altro", day="2099-01-01", hour="9:00", minutes="9", scope="one").text
    )
    assert "/annulla" in person.open(f"/banco/sessioni/{session_id}").text


def test_calling_off_says_first_how_many_people_are_told(staff: Staff) -> None:
    session_id = staff.site.publish()
    book(staff.site, session_id, 3)
    page = staff.member().open(f"/banco/sessioni/{session_id}/annulla").text
    assert "In questa data avvisiamo 3 persone" in page
    assert not any(row.cancelled_at for row in rows(staff.site))


@pytest.mark.parametrize(("scope", "many"), [("one", 1), ("following", 2), ("all", 4)])
def test_as_many_dates_are_called_off_as_were_meant(staff: Staff, series: list[str], scope: str, many: int) -> None:
    assert ("La sessione non si tiene più" if many == 1 else f"{many} sessioni non si tengono più") in call_off(
        staff, series[2], scope
    ).text
    assert sum(row.cancelled_at is not None for row in rows(staff.site)) == many


def test_nothing_is_called_off_without_saying_for_which_dates(staff: Staff, series: list[str]) -> None:
    assert 'href="#scope"' in call_off(staff, series[0], "").text
    assert not any(row.cancelled_at for row in rows(staff.site))


def test_what_is_called_off_cannot_be_changed_any_more(staff: Staff, series: list[str]) -> None:
    call_off(staff, series[0])
    person = staff.member(email="ciro@example.org")
    page = person.open(f"/banco/sessioni/{series[0]}/modifica")
    assert page.status_code == 409
    assert "La sessione è annullata" in page.text
    assert "/modifica" not in person.open(f"/banco/sessioni/{series[0]}").text


def test_what_is_over_can_be_neither_changed_nor_called_off(staff: Staff) -> None:
    session_id = staff.site.publish()
    begin(staff.site, minutes=70)
    person = staff.member()
    for page in ("modifica", "annulla"):
        assert "La sessione è già finita" in person.open(f"/banco/sessioni/{session_id}/{page}").text


@pytest.mark.parametrize(("role", "partner"), [("viewer", "orso"), ("operator", "torre")])
def test_who_may_not_act_on_a_session_is_refused(staff: Staff, role: str, partner: str) -> None:
    session_id = staff.site.publish()
    person = staff.member(role, partner)
    for page in ("modifica", "annulla"):
        assert person.open(f"/banco/sessioni/{session_id}/{page}").status_code == 403
        assert person.send(scope="one", **{name: SESSION[name] for name in FIELDS}).status_code == 403
    assert not any(row.cancelled_at for row in rows(staff.site))


def test_a_session_that_never_was_cannot_be_changed(staff: Staff) -> None:
    path = "/banco/sessioni/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"
    person = staff.member()
    assert [person.open(f"{path}/{page}").status_code for page in ("modifica", "annulla")] == [404, 404]
