"""What the staff sees and does: each role in every use case, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts import needs as published
from contracts import notify
from contracts.wire import Refusal
from services.needs.config import mailboxes
from services.needs.domain import Outcome
from services.needs.tables import arrivals, messages, staff_actions
from services.needs.tests.inbox import Inbox
from services.needs.tests.mails import ANNA, multipart, part
from services.needs.tests.staff import (
    COORDINATOR,
    ORSO,
    ORSO_VIEWER,
    OTHER,
    PRESCRIBER,
    answer,
    arrived,
    assign,
    ids,
    listed,
    look_at,
    open_arrival,
    read,
    resolve,
    take,
)

TO_ORSO = "sportello@orso.example"
EVERYBODY = {"coordinator": COORDINATOR, "operator": ORSO, "viewer": ORSO_VIEWER, "other": OTHER, "none": PRESCRIBER}

# Of a need in the charge of orso: what becomes of it for each of EVERYBODY, in their order.
GONE, NO = "not_found", "not_permitted"


def _to_another(inbox: Inbox, actor: dict[str, Any], need_id: UUID) -> None:
    assign(inbox, actor, need_id, "altri")


ABOUT_ONE: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "read": (read, ["", "", "", GONE, NO]),
    "take": (take, ["", "", NO, GONE, NO]),
    "resolve": (resolve, ["", "", NO, GONE, NO]),
    "answer": (answer, ["", "", NO, GONE, NO]),
    "assign": (_to_another, ["", NO, NO, NO, NO]),
}


@pytest.mark.parametrize("act", ABOUT_ONE)
def test_each_role_does_with_a_need_what_it_may(inbox: Inbox, act: str) -> None:
    does, expected = ABOUT_ONE[act]
    found = []
    for actor in EVERYBODY.values():
        need = inbox.hear(To=TO_ORSO).need_id
        found.append(_refused(does, inbox, actor, need))
    assert found == expected


def _refused(does: Callable[..., Any], *about: Any) -> str:
    try:
        does(*about)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_each_role_sees_the_needs_that_it_may_in_every_view(inbox: Inbox) -> None:
    centres, orsos, waiting, resolved, mine = (inbox.hear(To=to).need_id for to in ("x@x", *(TO_ORSO,) * 4))
    answer(inbox, ORSO, waiting)
    resolve(inbox, ORSO, resolved)
    take(inbox, ORSO, mine)
    views = {
        "partner": [mine, waiting, orsos],
        "unassigned": [],
        "waiting": [waiting],
        "resolved": [resolved],
    }
    for view, wanted in views.items():
        assert set(ids(inbox, ORSO, view)) == set(ids(inbox, ORSO_VIEWER, view)) == set(wanted)
        assert set(ids(inbox, COORDINATOR, view)) == {*wanted, *([centres] if view == "unassigned" else [])}
        assert ids(inbox, OTHER, view) == []
    assert [ids(inbox, actor, "mine") for actor in (ORSO, COORDINATOR)] == [[mine], []]
    assert _refused(listed, inbox, PRESCRIBER, "partner") == NO


def test_only_coordinators_see_what_could_not_be_read(inbox: Inbox) -> None:
    inbox.take(b"\x00x")
    (seen,) = arrived(inbox, COORDINATOR)
    assert (seen["problem"], seen["size"], look_at(inbox, COORDINATOR, seen["id"])["beginning"]) == (
        "no_message",
        2,
        "x",
    )
    assert [_refused(act, inbox, COORDINATOR, seen["id"]) for act in (look_at, open_arrival)] == ["", "not_readable"]
    assert arrived(inbox, ORSO) == []
    assert [_refused(act, inbox, ORSO, seen["id"]) for act in (look_at, open_arrival)] == [GONE, GONE]
    assert _refused(arrived, inbox, PRESCRIBER) == NO


def test_what_was_taken_for_automatic_can_be_opened_once_by_who_may_see_it(inbox: Inbox) -> None:
    inbox.hear("Sono una persona", To=TO_ORSO, Subject="Aiuto", Precedence="bulk")
    (seen,) = arrived(inbox, ORSO, automatic=True)
    assert (seen["sender"], seen["subject"], arrived(inbox, OTHER, automatic=True)) == (
        "mario@example.org",
        "Aiuto",
        [],
    )
    assert [_refused(open_arrival, inbox, who, seen["id"]) for who in (OTHER, ORSO_VIEWER)] == [GONE, NO]
    opened = open_arrival(inbox, ORSO, seen["id"])
    assert inbox.texts(opened["need_id"]) == ["Sono una persona"]
    assert (_refused(open_arrival, inbox, ORSO, seen["id"]), arrived(inbox, ORSO, automatic=True)) == (GONE, [])


def test_a_list_goes_on_where_its_page_ended(inbox: Inbox) -> None:
    for _ in range(5):
        inbox.hear(To=TO_ORSO)
        inbox.now += timedelta(seconds=1)
    whole, pages, after = ids(inbox, ORSO, "partner"), [], None
    for _ in range(3):
        page = listed(inbox, ORSO, "partner", after=after, limit=2)
        pages += [row["id"] for row in page["items"]]
        after = page["next"]
    assert (pages, after) == (whole, None)


def test_a_need_is_shown_with_its_messages_page_by_page_and_what_is_attached(inbox: Inbox) -> None:
    attached = part(b"%PDF-1.7\n%", "application/pdf", Content_Disposition="attachment; filename=cv.pdf")
    first = inbox.take(multipart(part("Uno"), attached, To=TO_ORSO))
    inbox.hear("Due", To=inbox.reply_address(first.need_id))
    shown = read(inbox, ORSO, first.need_id, limit=1)
    assert (shown["need"]["name"], shown["need"]["email"]) == ("Mario Rossi", "mario@example.org")
    assert [each["text"] for each in shown["messages"]] == ["Uno"]
    assert [each["name"] for each in shown["messages"][0]["attachments"]] == ["cv.pdf"]
    rest = read(inbox, ORSO, first.need_id, after=shown["next"])
    assert ([each["text"] for each in rest["messages"]], rest["next"]) == (["Due"], None)


def test_what_is_answered_fits_the_contract(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    assert not published.GET_NEED.result().validate(published.GET_NEED.result().dump(read(inbox, ORSO, need)))
    assert not published.LIST_NEEDS.result().validate(
        published.LIST_NEEDS.result().dump(listed(inbox, ORSO, "partner", limit=1))
    )


def test_a_need_of_another_partner_is_not_suggested(inbox: Inbox) -> None:
    first, second = inbox.hear(To=TO_ORSO), inbox.hear(To="info@centre.example")
    assert [each["need_id"] for each in read(inbox, COORDINATOR, first.need_id)["suggested"]] == [second.need_id]
    assert read(inbox, ORSO, first.need_id)["suggested"] == []


def test_a_partner_that_is_put_in_charge_sees_all_of_it_and_the_one_before_nothing(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    take(inbox, ORSO, need)
    assert assign(inbox, COORDINATOR, need, "altri")["assignee"] is None
    assert len(read(inbox, OTHER, need)["messages"]) == 1
    assert (_refused(read, inbox, ORSO, need), inbox.told()[-1]) == (GONE, "need.assigned.v1")
    with inbox.database.reading() as tx:
        owners = select(arrivals.c.partner, messages.c.partner).join_from(messages, arrivals)
        assert tx.connection.execute(owners).all() == [("altri", "altri")]


def test_what_the_staff_did_is_noted_in_its_order_once(inbox: Inbox) -> None:
    inbox.hear(To=TO_ORSO, Precedence="bulk")
    (apart,) = arrived(inbox, ORSO, automatic=True)
    need = open_arrival(inbox, ORSO, apart["id"])["need_id"]
    for act in (take, answer, resolve, resolve):
        act(inbox, ORSO, need)
    assign(inbox, COORDINATOR, need, "altri")
    with inbox.database.reading() as tx:
        which = select(staff_actions.c.action, staff_actions.c.partner).where(staff_actions.c.need_id == need)
        noted = tx.connection.execute(which.order_by(staff_actions.c.id)).all()
    assert noted == [*((each, "orso") for each in ("open", "take", "answer", "resolve")), ("assign", "altri")]


def test_what_is_resolved_twice_is_told_once(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    for _ in range(2):
        resolve(inbox, ORSO, need)
    assert inbox.told().count("need.resolved.v1") == 1


def test_an_answer_goes_to_notify_from_the_partners_mailbox_and_belongs_to_the_mail(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO, Message_ID="<a@x.org>", Subject="Aiuto").need_id
    done = answer(inbox, ORSO, need, "Giovedì?")
    (sent,) = inbox.sent()
    loaded = notify.SEND_ANSWER.arguments().load(sent)
    assert (loaded["mailbox"], loaded["email"], loaded["text"]) == (TO_ORSO, "mario@example.org", "Giovedì?")
    assert (loaded["references"], loaded["subject"]) == (["a@x.org"], "Re: Aiuto")
    assert (done["state"], inbox.told()[-1]) == ("waiting", "message.sent.v1")
    assert inbox.texts(need)[-1] == "Giovedì?"


def test_who_answers_our_answer_is_heard_in_the_same_need(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    answer(inbox, ORSO, need)
    (sent,) = inbox.sent()
    by_address = inbox.hear(To=sent["reply_to"])
    by_id = inbox.hear(In_Reply_To=f"<{sent['mail_id']}>")
    assert (by_address.need_id, by_id.need_id, inbox.need(need).state) == (need, need, "open")


def test_our_answer_that_comes_back_opens_nothing(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    answer(inbox, ORSO, need)
    (sent,) = inbox.sent()
    back = inbox.hear(From=sent["mailbox"], To=sent["reply_to"], Message_ID=f"<{sent['mail_id']}>")
    assert (back.outcome, inbox.need(need).state) == (Outcome.AUTO_REPLY, "waiting")


def test_who_cannot_be_reached_is_not_answered(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO, From="").need_id
    assert _refused(answer, inbox, ORSO, need) == "unreachable"


def test_without_a_mailbox_nobody_is_answered(inbox: Inbox) -> None:
    need = inbox.hear(From=ANNA).need_id
    inbox.use(mailboxes=mailboxes("sportello@orso.example=orso"))
    assert _refused(answer, inbox, COORDINATOR, need) == "no_mailbox"
    assert inbox.sent() == []


def test_an_answer_without_words_is_refused(inbox: Inbox) -> None:
    need = inbox.hear(To=TO_ORSO).need_id
    assert _refused(answer, inbox, ORSO, need, " \n ") == "invalid_arguments"
    assert inbox.need(need).state == "new"
