"""Answers of the staff: the mail around their words, once, and nothing kept of them afterwards."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from contracts.notify import SEND_ANSWER
from services.notify import answers, tables
from services.notify.tests.office import Office
from tests.servers import MailServer

SAID: dict[str, Any] = {**SEND_ANSWER.example, "message_id": UUID(SEND_ANSWER.example["message_id"])}


def answer(office: Office, **changes: Any) -> None:
    with office.database.transaction() as tx:
        answers.send_answer(tx, office.now, **{**SAID, **changes})


def test_an_answer_comes_from_the_mailbox_and_belongs_to_what_it_answers(office: Office) -> None:
    answer(office, references=["one@mail.example.org", "two@mail.example.org"])
    office.deliver()
    (mail,) = office.mails()
    assert mail["From"].addresses[0].addr_spec == "sportello@example.org"
    assert (mail["Message-ID"], mail["Reply-To"]) == (f"<{SAID['mail_id']}>", SAID["reply_to"])
    assert (mail["In-Reply-To"], mail["X-Loop"]) == ("<two@mail.example.org>", SAID["site_mark"])
    assert mail["References"].split() == ["<one@mail.example.org>", "<two@mail.example.org>"]
    assert "Auto-Submitted" not in mail


def test_an_answer_says_what_was_written_and_nothing_else(office: Office) -> None:
    answer(office, text="Giovedì <b>alle 10</b>?\nA presto\n\nAnna", subject="Re: Ciao\r\nBcc: x@example.org")
    office.deliver()
    (mail,) = office.mails()
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Giovedì <b>alle 10</b>?", "A presto", "", "Anna"]
    assert "<p>Giovedì &lt;b&gt;alle 10&lt;/b&gt;?<br>A presto</p><p>Anna</p>" in html.get_content()
    assert (mail["Subject"], mail["Bcc"]) == ("Re: Ciao Bcc: x@example.org", None)


def test_an_answer_is_one_mail_however_often_it_is_asked_for_and_its_words_are_forgotten(office: Office) -> None:
    answer(office)
    answer(office)
    assert office.deliver()
    office.purge()
    answer(office)
    assert not office.deliver()
    with office.database.reading() as tx:
        kept = tx.connection.execute(select(func.count()).select_from(tables.answers)).scalar_one()
    assert (len(office.mails()), kept) == (1, 1)


@pytest.mark.parametrize("address", ["no address", "giulia@example.org\r\nBcc: x@example.org", "@"])
def test_an_answer_to_no_address_is_not_tried_again(office: Office, address: str) -> None:
    answer(office, email=address)
    office.deliver()
    assert office.states() == [("answer", "failed", "bad_address")]


def test_reports_of_the_delivery_go_where_answers_go(office: Office, mail_server: MailServer) -> None:
    office.use(NOTIFY_SMTP_URI=mail_server.uri)
    answer(office)
    office.deliver()
    (mail,) = mail_server.messages()
    assert mail["X-MailFrom"] == SAID["reply_to"]
