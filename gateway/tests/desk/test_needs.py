"""Conversations at the desk, with the real service: the lists, one of them, answering, and what stands apart."""

import re
from html import unescape
from typing import Any

import pytest

from bus.node import Node
from bus.times import now
from gateway.pages.desk import needs
from gateway.tests.api.conftest import _serve
from gateway.tests.conftest import Person
from gateway.tests.desk.conftest import Staff
from services.needs.service import NeedsService
from services.needs.tests.inbox import DESK, Inbox
from services.needs.tests.mails import mail, multipart, part
from services.needs.tests.staff import COORDINATOR, arrived
from tests.databases import Reused

PAGE = "/banco/richieste"
ORSO = "sportello@orso.example"
AUTOMATIC = mail("Torno lunedì.", To=DESK, Auto_Submitted="auto-replied")


@pytest.fixture
def inbox(staff: Staff, kept_needs: Reused) -> Inbox:
    """The service on the bus of the site. Its node is not started: what it tells the others is no part of these."""
    inbox = Inbox(kept_needs.emptied())
    inbox.now = now()
    service: Any = NeedsService()
    service.settings = inbox.settings
    _serve(Node("needs", staff.site.bus, inbox.database), service)
    return inbox


@pytest.fixture
def anna(staff: Staff) -> Person:
    """An operator of orso."""
    return staff.member()


@pytest.fixture
def coordinator(staff: Staff) -> Person:
    return staff.member("coordinator", None, "c@example.org")


def one(inbox: Inbox, text: str = "Vorrei cambiare lavoro.", **headers: str) -> str:
    """The address of a conversation that is in the charge of orso."""
    return f"{PAGE}/{inbox.hear(text, **{'To': ORSO, **headers}).need_id}"


def subjects(person: Person) -> list[str]:
    return re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", person.page.text)


def fact(person: Person, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", person.page.text)
    assert found
    return unescape(found[1])


def test_each_sees_the_conversations_of_their_own_partner_the_last_first(
    inbox: Inbox, anna: Person, coordinator: Person
) -> None:
    one(inbox, Subject="Prima")
    inbox.hear(Subject="Del centro", From="x@example.org")
    one(inbox, Subject="Dopo", From="y@example.org")
    anna.open(PAGE)
    assert subjects(anna) == ["Dopo", "Prima"]
    assert "Mario Rossi" in anna.page.text
    coordinator.open(PAGE)
    assert subjects(coordinator) == ["Del centro"]
    coordinator.open(f"{PAGE}?vista=affidate")
    assert "Cooperativa Orso" in coordinator.page.text


def test_a_long_list_goes_on_on_another_page(inbox: Inbox, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "PAGE_SIZE", 1)
    one(inbox, Subject="Prima")
    one(inbox, Subject="Dopo", From="y@example.org")
    (following,) = re.findall(r'href="([^"]*dopo=[^"]*)"', anna.open(PAGE).text)
    anna.open(unescape(following))
    assert subjects(anna) == ["Prima"]


@pytest.mark.parametrize("query", ["vista=tutte", "vista=da-affidare", "dopo=ieri", "dopo=2026-11-23,1"])
def test_an_address_that_nobody_made_leads_to_the_list(inbox: Inbox, anna: Person, query: str) -> None:
    assert anna.open(f"{PAGE}?{query}").request.full_path == f"{PAGE}?"


def test_a_message_is_shown_as_text_with_what_is_quoted_folded_and_attachments_by_name(
    inbox: Inbox, anna: Person
) -> None:
    text = part("Vengo <b>giovedì</b>.\r\n\r\n> Quando viene?")
    curriculum = part(b"%PDF-1.4", "application/pdf", Content_Disposition='attachment; filename="<i>.pdf"')
    taken = inbox.take(multipart(text, curriculum, To=ORSO, Message_ID="<m@example.org>"))
    page = anna.open(f"{PAGE}/{taken.need_id}").text
    assert "Vengo &lt;b&gt;giovedì&lt;/b&gt;." in page
    assert "&gt; Quando viene?" in page.partition("<details>")[2]
    assert "<i>" not in page
    assert ".pdf" in page


def test_what_only_came_as_html_is_shown_as_text(inbox: Inbox, anna: Person) -> None:
    address = one(inbox, "<p>Buongiorno<script>alert(1)</script></p>", Content_Type="text/html; charset=utf-8")
    page = anna.open(address).text
    assert "Buongiorno" in page
    assert "alert(1)" not in page


def test_a_long_conversation_goes_on_on_another_page(
    inbox: Inbox, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "PAGE_SIZE", 1)
    taken = inbox.hear("Il primo.", To=ORSO)
    inbox.hear("Il secondo.", To=inbox.reply_address(taken.need_id))
    page = anna.open(f"{PAGE}/{taken.need_id}").text
    assert "Il secondo." not in page
    assert "Il secondo." in anna.open(f"{PAGE}/{taken.need_id}?dopo=1").text


def test_who_takes_a_conversation_has_it_among_their_own(inbox: Inbox, anna: Person) -> None:
    address = one(inbox)
    anna.open(address)
    anna.send(f"{address}/prendi")
    assert fact(anna, "La segue") == "tu"
    assert fact(anna, "Adesso") == "Tocca a noi"
    anna.open(f"{PAGE}?vista=mie")
    assert subjects(anna) == ["Orientamento"]


def test_colleagues_read_who_works_on_it(inbox: Inbox, anna: Person, coordinator: Person) -> None:
    address = one(inbox)
    coordinator.open(address)
    coordinator.send(f"{address}/prendi")
    anna.open(address)
    assert fact(anna, "La segue") == "Anna Bruno"  # as all are called here


def test_a_coordinator_puts_a_partner_in_charge(inbox: Inbox, anna: Person, coordinator: Person) -> None:
    address = f"{PAGE}/{inbox.hear().need_id}"
    assert anna.open(address).status_code == 404
    coordinator.open(address)
    assert coordinator.send(f"{address}/affida", partner="nessuno").status_code == 422
    assert 'href="#partner"' in coordinator.page.text
    coordinator.send(f"{address}/affida", partner="orso")
    assert fact(coordinator, "Affidata a") == "Cooperativa Orso"
    assert anna.open(address).status_code == 200
    assert "Affida</button>" not in anna.page.text
    assert anna.send(f"{address}/affida", partner="").status_code == 403


def test_an_answer_is_sent_once_and_is_part_of_the_conversation(inbox: Inbox, anna: Person) -> None:
    address = one(inbox)
    anna.open(address)
    form = anna.page
    for _click in range(2):
        anna.page = form
        anna.send(f"{address}/risposta", text="Può venire giovedì?")
    assert anna.page.request.path == address
    assert anna.page.text.count("Può venire giovedì?") == 1
    assert "<h3>La tua risposta</h3>" in anna.page.text
    assert fact(anna, "Adesso") == "Tocca alla persona"
    (sent,) = inbox.sent()
    assert sent["mailbox"] == ORSO


def test_an_answer_that_will_not_do_is_told_at_its_field(inbox: Inbox, anna: Person) -> None:
    address = one(inbox)
    anna.open(address)
    assert anna.send(f"{address}/risposta", text="  ").status_code == 422
    assert 'href="#text"' in anna.page.text


def test_an_answer_is_kept_in_its_form_while_the_service_is_silent(staff: Staff, anna: Person) -> None:
    anna.page = anna.open("/banco/chiavi/nuova")
    address = f"{PAGE}/018f6f2e-5555-7a10-8b60-4f5a1c2b3d44"
    page = anna.send(f"{address}/risposta", text="Giovedì?", key="mia")
    assert page.status_code in (202, 503)
    assert "Giovedì?</textarea>" in page.text
    assert 'name="key" value="mia"' in page.text
    assert anna.open(address).status_code == 503


def test_the_language_changes_without_losing_what_was_typed(inbox: Inbox, anna: Person) -> None:
    address = one(inbox)
    anna.open(address)
    anna.client.set_cookie("lingua", "en")
    page = anna.send(f"{address}/risposta", text="Giovedì?", step="lingua")
    assert "Send" in page.text
    assert "Giovedì?</textarea>" in page.text
    assert inbox.sent() == []


def test_what_is_resolved_is_in_its_own_list(inbox: Inbox, anna: Person) -> None:
    address = one(inbox)
    anna.open(address)
    anna.send(f"{address}/risolvi")
    assert fact(anna, "Adesso") == "Risolta"
    anna.open(PAGE)
    assert subjects(anna) == []
    anna.open(f"{PAGE}?vista=risolte")
    assert subjects(anna) == ["Orientamento"]


def test_what_may_belong_together_is_told_with_the_reason(inbox: Inbox, anna: Person) -> None:
    one(inbox)
    page = anna.open(one(inbox)).text
    assert "Un’altra richiesta: è della stessa persona" in page


def test_who_only_looks_is_offered_nothing_to_press(staff: Staff, inbox: Inbox) -> None:
    viewer = staff.member("viewer", email="v@example.org")
    page = viewer.open(one(inbox)).text
    assert "Vorrei cambiare lavoro." in page
    assert not {"Rispondi", "La seguo io", "Segna come risolta", "Affida</button>"} & set(re.findall(r"[^<>]+", page))


def test_a_prescriber_sees_none_of_it(staff: Staff, inbox: Inbox) -> None:
    prescriber = staff.member("prescriber", None, "p@example.org")
    assert prescriber.open(one(inbox)).status_code == 403
    assert PAGE not in prescriber.open("/banco/persone").text


def test_what_a_person_wrote_after_all_is_opened(inbox: Inbox, coordinator: Person) -> None:
    inbox.take(AUTOMATIC)
    coordinator.open(f"{PAGE}/a-parte?quali=automatiche")
    assert subjects(coordinator) == ["Orientamento"]
    (found,) = arrived(inbox, COORDINATOR, automatic=True)
    page = coordinator.open(f"{PAGE}/a-parte/{found['id']}").text
    assert "Auto-Submitted: auto-replied" in page
    form = coordinator.page
    for _click in range(2):
        coordinator.page = form
        coordinator.send()
    assert re.fullmatch(rf"{PAGE}/[0-9a-f-]{{36}}", coordinator.page.request.path)
    assert "Torno lunedì." in coordinator.page.text


def test_what_cannot_be_read_is_listed_with_the_reason_and_stays(inbox: Inbox, coordinator: Person) -> None:
    inbox.take(b"")
    (found,) = arrived(inbox, COORDINATOR)
    assert "Dentro non c’è un messaggio" in coordinator.open(f"{PAGE}/a-parte").text
    coordinator.open(f"{PAGE}/a-parte/{found['id']}")
    assert coordinator.send().status_code == 409
    assert len(arrived(inbox, COORDINATOR)) == 1
