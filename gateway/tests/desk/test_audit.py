"""The audit at the desk: who did what, in sentences, for who may read it; and whose a link opened at the desk is."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from bus.times import now
from gateway.pages.desk import audit
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from services.booking import on_behalf
from services.booking import staff as of_booking
from services.booking.tables import staff_actions
from services.staff.tables import accounts

PAGE = "/banco/registro"
ACCOUNTS = f"{PAGE}/accessi"


@pytest.fixture
def session_id(staff: Staff) -> str:
    return staff.site.publish()


@pytest.fixture
def anna(staff: Staff) -> Person:
    """An operator of orso."""
    return staff.member()


def lines(person: Person, address: str = PAGE) -> list[str]:
    """The sentences on a page, without the links in them."""
    page = person.open(address).text
    found = re.findall(r"<time[^>]*>[^<]*</time>\s*<div>(.*?)</div>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def resize(person: Person, session_id: str, capacity: int) -> None:
    person.open(f"/banco/sessioni/{session_id}")
    person.send(f"/banco/sessioni/{session_id}/posti", capacity=str(capacity))


def id_of(staff: Staff, email: str = "anna@example.org") -> UUID:
    with staff.database.reading() as tx:
        return UUID(str(tx.connection.scalar(select(accounts.c.id).where(accounts.c.email == email))))


def test_who_changed_the_seats_is_said_by_name_with_both_numbers(staff: Staff, anna: Person, session_id: str) -> None:
    resize(anna, session_id, 5)
    resize(anna, session_id, 3)
    lowered, raised, published = lines(anna)
    assert lowered.startswith("Anna Bruno ha ridotto i posti di «Orientarsi dopo il diploma» da 5 a 3 sessione di")
    assert raised.startswith("Anna Bruno ha alzato i posti di «Orientarsi dopo il diploma» da 2 a 5")
    assert published.startswith("La piattaforma ha pubblicato «Orientarsi dopo il diploma»")
    assert "per un calendario che seguiamo, o per mano di chi la gestisce" in anna.page.text


def test_the_page_of_a_session_leads_to_what_was_done_there(staff: Staff, anna: Person, session_id: str) -> None:
    resize(anna, staff.site.publish(), 9)
    resize(anna, session_id, 5)
    way = f"{PAGE}?sessione={session_id}"
    assert way in anna.open(f"/banco/sessioni/{session_id}").text
    assert lines(anna, way) == [
        "Anna Bruno ha alzato i posti di questa sessione da 2 a 5",
        "La piattaforma ha pubblicato questa sessione",
    ]


def test_what_a_partner_wrote_is_no_markup(staff: Staff, anna: Person) -> None:
    session = staff.site.publish(title="<b>%(who)s</b>")
    resize(anna, session, 5)
    assert "«&lt;b&gt;%(who)s&lt;/b&gt;»" in anna.open(PAGE).text


def test_a_coordinator_chooses_a_partner_a_person_and_days(staff: Staff, anna: Person, session_id: str) -> None:
    resize(anna, session_id, 5)
    carla = staff.member("coordinator", None, "carla@example.org")
    resize(carla, session_id, 6)
    today = f"{now():%Y-%m-%d}"
    assert len(lines(carla)) == 3
    assert len(lines(carla, f"{PAGE}?chi={id_of(staff)}&con=orso&dal={today}&al={today}")) == 1
    assert f'value="{id_of(staff)}" selected' in carla.page.text
    assert lines(carla, f"{PAGE}?al=2026-01-01") == []
    assert "Niente, per quello che hai scelto" in carla.page.text


@pytest.mark.parametrize(
    ("typed", "field"), [("dal=31/2/2026", "dal"), ("al=0001-01-01", "al"), ("dal=2026-11-24&al=2026-11-23", "al")]
)
def test_a_day_that_is_none_is_said_above_the_form(anna: Person, typed: str, field: str) -> None:
    page = anna.open(f"{PAGE}?{typed}")
    assert (page.status_code, f'<li><a href="#{field}">' in page.text) == (422, True)


def test_long_lists_have_pages(staff: Staff, anna: Person, session_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE_SIZE", 2)
    resize(anna, session_id, 5)
    resize(anna, session_id, 6)
    first = lines(anna, f"{PAGE}?sessione={session_id}")
    (way,) = re.findall(rf'href="({PAGE}\?[^"]*dopo=[^"]*)"', anna.page.text)
    assert len(first + lines(anna, unescape(way))) == 3
    assert lines(anna, f"{PAGE}?dopo=x") == lines(anna)


@pytest.mark.parametrize(("role", "partner"), [("viewer", "orso"), ("prescriber", None)])
@pytest.mark.parametrize("address", [PAGE, ACCOUNTS])
def test_others_do_not_get_in(staff: Staff, role: str, partner: str | None, address: str) -> None:
    person = staff.member(role, partner)
    assert person.open(address).status_code == 403
    assert f'href="{PAGE}"' not in person.open("/banco").text


def test_the_reason_of_an_extra_seat_is_there_for_who_reads_it(staff: Staff, anna: Person) -> None:
    session = staff.site.publish(capacity=1)
    staff.site.book(session)
    actor: dict[str, Any] = {"id": id_of(staff), "role": "operator", "partner": "orso"}
    person = {"name": "Omar", "email": None, "phone": None, "language": "it", "consent": True}
    with staff.site.database.transaction() as tx:
        about: dict[str, Any] = {"session_id": UUID(session), "actor": actor, "reason": "Con l’interprete", **person}
        of_booking.overbook(tx, now(), b"a key", **about)
    assert "Anna Bruno ha dato un posto in più a una persona" in lines(anna)[0]
    assert "Perché: «Con l’interprete»" in anna.page.text


# -- accounts


def test_a_coordinator_reads_who_signed_in_and_who_failed_to(staff: Staff, anna: Person) -> None:
    carla = staff.member("coordinator", None, "carla@example.org")
    stranger = staff.visitor()
    stranger.open("/banco/accedi")
    stranger.send(email="anna@example.org", password="una password sbagliata")
    said = lines(carla, ACCOUNTS)
    assert said[0] == "Accesso non riuscito all’account di Anna Bruno"
    assert "Anna Bruno ha fatto l’accesso con un link" in said
    assert "Chi gestisce la piattaforma ha creato l’account di Anna Bruno" in said
    assert "test" not in " ".join(said)


def test_an_operator_reads_what_concerns_the_own_account(staff: Staff, anna: Person) -> None:
    staff.member("coordinator", None, "carla@example.org")
    staff.disable("carla@example.org")
    said = lines(anna, ACCOUNTS)
    assert len(said) == 3
    assert "Il tuo account" in anna.page.text
    assert "chi=" not in anna.page.text  # of others they may not ask


# -- a reservation's link


def _booked_for(staff: Staff, session_id: str) -> str:
    actor: dict[str, Any] = {"id": id_of(staff), "role": "operator", "partner": "orso"}
    person = {"name": "Mario Conti", "email": None, "phone": None, "language": "it", "consent": True}
    with staff.site.database.transaction() as tx:
        asked: dict[str, Any] = {"session_id": UUID(session_id), "actor": actor, **person}
        return str(on_behalf.reserve_for(tx, now(), b"a key", **asked)["id"])


def _cancel(person: Person) -> None:
    person.open("/gestisci/annulla")
    person.send("/gestisci/annulla")


def test_what_is_done_by_a_link_opened_at_the_desk_is_the_members(staff: Staff, anna: Person, session_id: str) -> None:
    mine = _booked_for(staff, session_id)
    way = f"/banco/persone/{mine}/gestisci"
    assert way in anna.open("/banco/persone").text
    assert "Mario" not in anna.open(way).request.path
    _cancel(anna)
    assert lines(anna)[0].startswith("Anna Bruno ha annullato la prenotazione di una persona in «Orientarsi")


def test_what_is_done_by_the_same_link_from_elsewhere_is_the_persons(
    staff: Staff, anna: Person, session_id: str
) -> None:
    mine = _booked_for(staff, session_id)
    mario = staff.visitor()
    mario.open_link(staff.site, mine)
    _cancel(mario)
    assert lines(anna)[0].startswith("Anna Bruno ha prenotato per una persona")


def test_who_left_the_desk_leaves_the_link_behind(staff: Staff, anna: Person, session_id: str) -> None:
    anna.open(f"/banco/persone/{_booked_for(staff, session_id)}/gestisci")
    anna.open("/banco")
    anna.send("/banco/esci")
    assert anna.open("/gestisci").status_code == 404


def test_an_action_that_this_page_does_not_know_is_shown_by_its_word(
    staff: Staff, anna: Person, session_id: str
) -> None:
    with staff.site.database.transaction() as tx:
        newer = {"action": "polish", "staff_id": uuid4(), "at": now() - timedelta(days=1)}
        tx.connection.execute(update(staff_actions).values(newer))
    assert lines(anna)[0].startswith("un account che non c’è più : polish, «Orientarsi")
