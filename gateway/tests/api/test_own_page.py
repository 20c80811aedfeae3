"""A person's own page over the API: the link, the pass for it, and what the pass opens."""

from datetime import timedelta
from typing import Any

import pytest
from limits import parse

from bus.tables import requests
from bus.times import now
from contracts.person import person_id, personal_pass
from gateway.limits import PERSONAL_LINKS
from gateway.tests.api.conftest import GIULIA, KEY, Site
from gateway.tests.api.test_problems import problem
from gateway.tests.own import Office, office_beside
from tests.databases import Reused

CHOSEN = {"language": "en", "reminders": False, "thanks": True}
ASK = {"email": GIULIA["email"], "language": "it"}


@pytest.fixture
def office(site: Site, kept_notify: Reused) -> Office:
    office = office_beside(site, kept_notify.emptied())
    office.remember()
    return office


def send(site: Site, key: str = "one", **changes: Any) -> Any:
    return site.client.post("/api/v1/personal/links", json={**ASK, **changes}, headers={"Idempotency-Key": key})


def use(site: Site, link: str, key: str = "one") -> Any:
    """``link`` is the one in the mail: its last part goes into the header."""
    _, _, link_id, token = link.split("/")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return site.client.post(f"/api/v1/personal/links/{link_id}/use", headers=headers)


def show(site: Site, path: str, shown: str, method: str = "GET", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {shown}"}
    return site.client.open(f"/api/v1/personal/{path}", method=method, json=body, headers=headers)


@pytest.fixture
def own_pass(site: Site, office: Office) -> str:
    send(site)
    return str(use(site, office.links()[-1]).json["personal_pass"])


def test_who_asks_is_told_the_same_whoever_is_known(site: Site, office: Office) -> None:
    answers = [send(site), send(site, email="nessuno@example.org")]
    assert [(answer.status_code, answer.json) for answer in answers] == [(202, {"asked": True})] * 2


def test_two_clients_with_the_same_key_do_not_meet_and_one_asks_once(site: Site, office: Office) -> None:
    office.remember("omar@example.org")
    for email in (GIULIA["email"], "omar@example.org", GIULIA["email"]):
        assert send(site, email=email).status_code == 202
    assert len(office.links()) == 2


def test_a_link_is_used_up_once_and_a_lost_answer_is_had_again(site: Site, office: Office) -> None:
    send(site)
    (link,) = office.links()
    first, again, later = use(site, link), use(site, link), use(site, link, "two")
    assert first.json == again.json
    assert first.headers["Cache-Control"] == "no-store"
    assert problem(later)["code"] == "link_over"


def test_a_wrong_token_uses_nothing_up(site: Site, office: Office) -> None:
    send(site)
    (link,) = office.links()
    assert use(site, link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert use(site, link, "two").status_code == 200


def test_the_pass_shows_what_was_booked_with_what_manages_it(site: Site, own_pass: str) -> None:
    booked = [site.book(site.publish(days), str(days)).json["id"] for days in (1, 2, 3)]
    page = show(site, "reservations?limit=2", own_pass).json
    rest = show(site, f"reservations?limit=2&after={page['next']}", own_pass).json
    items = [*page["items"], *rest["items"]]
    assert [each["id"] for each in items] == booked
    assert items[0]["token"] == site.letter(booked[0])["token"]


def test_a_page_that_is_none_of_this_list_is_not_found(site: Site, own_pass: str) -> None:
    assert show(site, "reservations?after=nothing", own_pass).status_code == 404


def test_what_a_person_chooses_is_kept(site: Site, own_pass: str) -> None:
    assert show(site, "preferences", own_pass, "PUT", CHOSEN).json == CHOSEN
    kept = show(site, "preferences", own_pass).json
    assert {name: kept[name] for name in (*CHOSEN, "email")} == {**CHOSEN, "email": GIULIA["email"]}


def test_what_cannot_be_chosen_is_told_at_its_field(site: Site, own_pass: str) -> None:
    wrong = {"language": "fr", "reminders": "yes", "thanks": 1}
    assert problem(show(site, "preferences", own_pass, "PUT", wrong))["errors"].keys() == wrong.keys()


@pytest.mark.parametrize("path", ["reservations", "preferences"])
def test_without_a_good_pass_nothing_is_shown(site: Site, office: Office, path: str) -> None:
    over = personal_pass(KEY, person_id(KEY, GIULIA["email"]), now() - timedelta(seconds=1))
    for shown in (over, "x" * 60):
        refused = show(site, path, shown)
        assert problem(refused)["code"] == "personal_pass_refused"
        assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert problem(show(site, path, "x" * 201))["code"] == "personal_pass_missing"


def test_nothing_that_is_kept_of_a_request_names_the_address(site: Site, office: Office) -> None:
    send(site)
    with office.database.reading() as tx:
        kept = str(tx.connection.execute(requests.select()).all())
    assert GIULIA["email"] not in kept


def test_asking_is_limited_as_on_the_page(site: Site, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PERSONAL_LINKS, "limits", [parse("1 per minute")])
    assert [send(site, key).status_code for key in ("one", "two")] == [202, 429]


def test_while_notify_is_silent_nothing_is_promised(site: Site, office: Office) -> None:
    site.bus.patience = 0.1
    del site.bus._nodes["notify"]
    assert problem(send(site))["code"] == "no_answer"
