"""What becomes of a mail: which need it opens or continues, and what it leaves as it was."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.person import person_id
from services.needs import intake, marks, store
from services.needs.domain import IDS_KEPT, RAW_KEPT, Outcome
from services.needs.errors import TooBig
from services.needs.placing import Taken
from services.needs.tables import arrivals, external_ids, messages, needs
from services.needs.tests.inbox import DESK, SECRET, Inbox
from services.needs.tests.mails import ANNA, MARIO, mail, multipart, part

FORGED = "a" * 39


def test_a_mail_opens_a_need_with_what_it_says(inbox: Inbox) -> None:
    taken = inbox.hear("Vorrei cambiare lavoro.")
    assert (taken.outcome, inbox.texts(taken.need_id)) == (Outcome.OPENED, ["Vorrei cambiare lavoro."])
    assert inbox.told() == ["need.opened.v1", "message.received.v1"]


def test_a_mail_is_kept_as_it_came(inbox: Inbox) -> None:
    raw = mail(b"\x00\xff\r\r\n")
    assert inbox.arrival(inbox.store(raw)).raw == raw


def test_an_answer_to_the_reply_address_continues_the_need(inbox: Inbox) -> None:
    first = inbox.hear("Uno")
    second = inbox.hear("Due", To=inbox.reply_address(first.need_id).upper())  # mail programs may change the case
    assert (second.outcome, inbox.texts(first.need_id)) == (Outcome.CONTINUED, ["Uno", "Due"])


def test_an_answer_to_a_mail_of_ours_continues_the_need(inbox: Inbox) -> None:
    first = inbox.hear()
    assert inbox.hear(In_Reply_To=inbox.mail_id(first.need_id)).need_id == first.need_id


def test_an_answer_to_ones_own_mail_continues_the_need(inbox: Inbox) -> None:
    first = inbox.hear(Message_ID="<a@mail.example.org>")
    assert inbox.hear(References="<a@mail.example.org>").need_id == first.need_id


def test_who_has_written_twice_is_heard_in_the_need_that_they_answer(inbox: Inbox) -> None:
    first, second = inbox.hear(Message_ID="<a@x.org>"), inbox.hear(Message_ID="<b@x.org>")
    assert inbox.hear(References="<b@x.org> <a@x.org>").need_id == first.need_id
    assert inbox.suggested() == [(second.need_id, first.need_id, "same_person")]


def test_neither_the_subject_nor_an_empty_id_says_where_a_mail_belongs(inbox: Inbox) -> None:
    first = inbox.hear(Subject="Aiuto", Message_ID="<>")
    second = inbox.hear(Subject="Re: Aiuto", Message_ID=None, References="<> < >", In_Reply_To="")
    assert second.need_id != first.need_id


def test_an_answer_from_another_sender_opens_a_need_and_suggests_the_link(inbox: Inbox) -> None:
    first = inbox.hear()
    second = inbox.hear(From=ANNA, To=inbox.reply_address(first.need_id), Message_ID="<anna@x.org>")
    assert (second.outcome, inbox.suggested()) == (Outcome.OPENED, [(second.need_id, first.need_id, "other_sender")])
    third = inbox.hear(From=ANNA, References=f"{inbox.mail_id(first.need_id)} <anna@x.org>")
    assert third.need_id == second.need_id


def test_a_mail_that_takes_the_id_of_anothers_takes_none_of_their_answers(inbox: Inbox) -> None:
    first = inbox.hear("Uno", Message_ID="<a@mail.example.org>")
    assert inbox.hear("Due", Message_ID="<a@mail.example.org>", From=ANNA).outcome is Outcome.OPENED
    assert inbox.hear(References="<a@mail.example.org>").need_id == first.need_id


def test_a_mark_that_was_guessed_reaches_no_need(inbox: Inbox) -> None:
    first = inbox.hear()
    local, _, domain = inbox.reply_address(first.need_id).partition("@")
    guessed = f"{local[:-12]}{'a' * 12}@{domain}"
    taken = inbox.hear(From=ANNA, To=f"{guessed}, info+{FORGED}@{domain}", References=f"<{FORGED}.1@x>")
    assert (taken.outcome, inbox.suggested()) == (Outcome.OPENED, [])


def test_the_same_mail_to_two_mailboxes_is_one_message(inbox: Inbox) -> None:
    first = inbox.take(b"Delivered-To: info@centre.example\n" + mail())
    again = inbox.take(b"Delivered-To: sportello@orso.example\n" + mail())
    assert (again.outcome, again.need_id, again.message_id) == (Outcome.DUPLICATE, first.need_id, first.message_id)


def test_one_mail_taken_up_by_many_at_once_is_one_message(inbox: Inbox) -> None:
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(inbox.take, [mail()] * 8))
    assert sorted(each.outcome for each in taken) == [Outcome.DUPLICATE] * 7 + [Outcome.OPENED]
    assert (inbox.count(needs), inbox.count(messages)) == (1, 1)


def test_many_answers_at_once_stand_in_one_need_each_once(inbox: Inbox) -> None:
    first = inbox.hear("0")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: inbox.hear(str(n), To=inbox.reply_address(first.need_id)), range(1, 9)))
    assert sorted(inbox.texts(first.need_id)) == [str(number) for number in range(9)]


def test_a_mail_is_the_matter_of_the_partner_whose_mailbox_it_came_to(inbox: Inbox) -> None:
    assert inbox.need(inbox.hear(To="Sportello <sportello+lavoro@orso.example>").need_id).partner == "orso"
    assert inbox.need(inbox.hear(To=f"{DESK}, x@orso.example").need_id).partner is None


def test_writing_about_a_need_that_was_resolved_opens_it_again(inbox: Inbox) -> None:
    first = inbox.hear()
    inbox.resolve(first.need_id)
    inbox.hear(To=inbox.reply_address(first.need_id))
    assert (inbox.need(first.need_id).state, inbox.told()[-2:]) == ("open", ["need.reopened.v1", "message.received.v1"])


def test_an_automatic_answer_is_kept_with_the_need_and_does_not_open_it_again(inbox: Inbox) -> None:
    first = inbox.hear("Uno")
    inbox.resolve(first.need_id)
    taken = inbox.hear("Sono in ferie", To=inbox.reply_address(first.need_id), Auto_Submitted="auto-replied")
    assert (taken.outcome, inbox.need(first.need_id).state, len(inbox.told())) == (Outcome.AUTO_REPLY, "resolved", 2)
    assert inbox.texts(first.need_id) == ["Uno", "Sono in ferie"]


def test_an_automatic_mail_of_a_stranger_is_kept_with_no_need(inbox: Inbox) -> None:
    inbox.hear(Message_ID="<a@x.org>")
    taken = inbox.hear(From=ANNA, References="<a@x.org>", Auto_Submitted="auto-replied")
    assert (taken, inbox.count(messages)) == (Taken(Outcome.AUTO_REPLY), 1)


@pytest.mark.parametrize("sign", ["X_Loop", "Message_ID"])
def test_a_mail_of_ours_that_comes_back_is_recorded_and_changes_nothing(inbox: Inbox, sign: str) -> None:
    first = inbox.hear()
    inbox.resolve(first.need_id)
    ours = {"X_Loop": marks.site_mark(SECRET), "Message_ID": inbox.mail_id(first.need_id)}
    taken = inbox.hear(To=inbox.reply_address(first.need_id), **{sign: ours[sign]})
    assert taken == Taken(Outcome.AUTO_REPLY)
    assert (inbox.need(first.need_id).state, inbox.count(messages)) == ("resolved", 1)


def _bounce(of: str, address: str = "mario@example.org") -> bytes:
    status = f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1"
    back = part(f"Message-ID: {of}\nFrom: {DESK}\n", "text/rfc822-headers")
    kind = "report; report-type=delivery-status"
    return multipart(part("Non recapitato."), part(status, "message/delivery-status"), back, kind=kind, From="<>")


def test_a_mail_of_ours_that_bounced_is_kept_with_the_need_and_marks_the_address(inbox: Inbox) -> None:
    first = inbox.hear()
    person = inbox.need(first.need_id).person_id
    taken = inbox.take(_bounce(inbox.mail_id(first.need_id)))
    assert (taken.outcome, taken.need_id) == (Outcome.BOUNCE, first.need_id)
    assert inbox.person(person).bounced_at == inbox.now
    inbox.hear()
    assert inbox.person(person).bounced_at is None


def test_a_report_about_a_mail_that_we_did_not_send_to_them_marks_nobody(inbox: Inbox) -> None:
    mario = inbox.need(inbox.hear().need_id).person_id
    anna = inbox.hear(From=ANNA)
    inbox.take(_bounce("<another@mail.example.org>"))
    inbox.take(_bounce(inbox.mail_id(anna.need_id)))
    assert inbox.person(mario).bounced_at is None


def test_who_writes_is_the_person_that_the_other_services_know(inbox: Inbox) -> None:
    """So an answer to a newsletter, which answers no mail of any need, finds its person."""
    inbox.hear(From=MARIO)
    taken = inbox.hear(From='"" <MARIO@Example.org>', In_Reply_To="<newsletter@centre.example>")
    person = person_id(inbox.settings.person_key, "mario@example.org")
    assert (inbox.need(taken.need_id).person_id, inbox.person(person).name) == (person, "Mario Rossi")


HOSTILE = {
    "parts": multipart(*[part("x")] * 10_000),
    "headers": b"X: " + b"y\n " * 500_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_is_quarantined_and_kept(inbox: Inbox, raw: bytes) -> None:
    arrival_id = inbox.store(raw)
    taken = intake.take_up(inbox.database, inbox.settings, arrival_id, inbox.now)
    kept = inbox.arrival(arrival_id)
    assert (taken.outcome, bool(kept.problem), kept.raw == raw) == (Outcome.QUARANTINED, True, True)


def test_a_mail_that_is_too_big_to_be_stored_is_refused(inbox: Inbox) -> None:
    with pytest.raises(TooBig):
        inbox.store(bytes(intake.BYTES_MAX + 1))


def test_what_was_stored_and_left_is_taken_up_by_another(inbox: Inbox) -> None:
    arrival_id = intake.store_mail(inbox.database, mail(), inbox.now, lease=intake.LEASE)
    soon = inbox.now + intake.LEASE
    assert not intake.take_up_due(inbox.database, inbox.settings, soon - timedelta(seconds=1))
    assert intake.take_up_due(inbox.database, inbox.settings, soon)
    assert inbox.arrival(arrival_id).outcome == Outcome.OPENED


def test_a_mail_that_nobody_could_take_up_is_quarantined_after_some_tries(inbox: Inbox) -> None:
    arrival_id = inbox.store(mail())
    for _ in range(intake.TRIES):
        with inbox.database.transaction() as tx:
            assert store.claim_arrivals(tx, inbox.now, intake.LEASE, 1) == [arrival_id]  # and dies
        inbox.now += intake.LEASE
    assert intake.take_up_due(inbox.database, inbox.settings, inbox.now)
    assert (inbox.arrival(arrival_id).outcome, inbox.arrival(arrival_id).problem) == ("quarantined", "tried_too_often")


def test_taking_a_mail_up_again_changes_nothing(inbox: Inbox) -> None:
    arrival_id = inbox.store(mail())
    taken = [intake.take_up(inbox.database, inbox.settings, arrival_id, inbox.now) for _ in range(2)]
    assert (taken[0], inbox.count(messages), inbox.count(arrivals)) == (taken[1], 1, 1)


def test_what_belongs_to_no_need_is_deleted_after_a_while_and_the_same_mail_is_known_longer(inbox: Inbox) -> None:
    inbox.hear("Uno")
    automatic = mail(Auto_Submitted="auto-replied")
    inbox.take(automatic)
    inbox.now += RAW_KEPT + timedelta(seconds=1)
    _purge(inbox)
    assert (inbox.count(arrivals), inbox.take(automatic).outcome) == (1, Outcome.DUPLICATE)
    inbox.now += IDS_KEPT
    _purge(inbox)
    assert (inbox.count(arrivals), inbox.count(external_ids)) == (1, 0)


def _purge(inbox: Inbox) -> None:
    with inbox.database.transaction() as tx:
        store.purge(tx, inbox.now, 10)


CORPUS = os.environ.get("EMAIL_CORPUS")


@pytest.mark.skipif(not CORPUS, reason="EMAIL_CORPUS names no folder of mails")
def test_every_mail_of_the_corpus_is_taken_in(inbox: Inbox) -> None:
    for path in sorted(Path(CORPUS or "").rglob("*.eml")):
        taken = inbox.take(path.read_bytes())
        assert taken.outcome is not Outcome.QUARANTINED, path
        assert taken.need_id or taken.outcome not in (Outcome.OPENED, Outcome.CONTINUED), path
