"""What is queued for whom, on both databases: one message for each occasion, whatever is said twice or out of order."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts import booking
from contracts.person import person_id
from services.notify import store
from services.notify.domain import Contact, Kind
from services.notify.tables import contacts
from services.notify.tests.examples import DAY, KEY, NOW, STARTS, about, person, session_cancelled
from services.notify.tests.office import Office

GIULIA, MARCO = "giulia@example.org", "marco@example.org"


def known(office: Office, address: str) -> Contact | None:
    with office.database.reading() as tx:
        return store.contacts_of(tx, [person(address)]).get(person(address))


# Contacts


def test_a_contact_is_known_by_the_pseudonym_of_its_address(office: Office) -> None:
    office.remember(" Giulia@Example.org ", "Giulia", language="en", consent=False)
    expected = Contact(person_id(KEY, GIULIA), "Giulia@Example.org", "Giulia", "en", consent=False)
    assert known(office, GIULIA) == expected


def test_the_newest_contact_wins(office: Office) -> None:
    office.remember(GIULIA, "Giulia", language="it")
    office.remember(GIULIA, "Giulia Ferrero", language="en")
    contact = known(office, GIULIA)
    assert contact is not None
    assert (contact.name, contact.language) == ("Giulia Ferrero", "en")


# Messages


def test_an_event_queues_one_message_however_often_it_comes(office: Office) -> None:
    event = about(booking.RESERVATION_CONFIRMED, GIULIA)
    for _ in range(3):
        office.tell(Kind.CONFIRMED, event)
    assert office.states() == [("confirmed", "queued", None)]


def test_a_message_keeps_the_correlation_of_what_asked_for_it(office: Office) -> None:
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA))
    assert [row["correlationid"] for row in office.rows()] == ["correlation-1"]


def test_who_is_cancelled_with_the_session_is_told_once(office: Office) -> None:
    reservation = uuid4()
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA, reservation))
    office.tell(Kind.SESSION_CANCELLED, about(booking.RESERVATION_CANCELLED, GIULIA, reservation))
    office.tell_everybody(session_cancelled())
    assert [kind for kind, _, _ in office.states()] == ["confirmed", "session_cancelled"]


def test_whichever_event_comes_first_tells_of_the_session(office: Office) -> None:
    reservation = uuid4()
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA, reservation))
    office.tell_everybody(session_cancelled())
    office.tell(Kind.SESSION_CANCELLED, about(booking.RESERVATION_CANCELLED, GIULIA, reservation))
    assert [kind for kind, _, _ in office.states()] == ["confirmed", "session_cancelled"]


def test_a_cancelled_session_concerns_all_its_people_and_nobody_else(office: Office) -> None:
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA))
    office.tell(Kind.WAITLISTED, about(booking.RESERVATION_WAITLISTED, MARCO))
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, "anna@example.org", session_id=str(uuid4())))
    office.tell_everybody(session_cancelled())
    told = [row["person_id"] for row in office.rows() if row["kind"] == "session_cancelled"]
    assert sorted(told) == sorted([person(GIULIA), person(MARCO)])


def test_who_had_cancelled_before_is_not_told_that_the_session_is_cancelled(office: Office) -> None:
    reservation = uuid4()
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA, reservation))
    office.tell(Kind.CANCELLED, about(booking.RESERVATION_CANCELLED, GIULIA, reservation))
    office.tell_everybody(session_cancelled())
    assert [kind for kind, _, _ in office.states()] == ["cancelled", "confirmed"]


def test_a_session_that_nobody_booked_is_cancelled_in_silence(office: Office) -> None:
    office.tell_everybody(session_cancelled())
    assert office.rows() == []


# Reminders


def test_who_gets_a_seat_is_reminded_two_days_and_two_hours_before(office: Office) -> None:
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA))
    due = {(row["kind"], row["due_at"]) for row in office.rows()}
    assert due == {
        ("confirmed", office.now),
        ("reminder", STARTS - timedelta(hours=48)),
        ("reminder", STARTS - timedelta(hours=2)),
    }


def test_who_gets_a_seat_late_is_reminded_of_what_is_still_to_come(office: Office) -> None:
    office.now = STARTS - timedelta(hours=40)
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, promoted=True))
    assert [(row["kind"], row["due_at"]) for row in office.rows()] == [
        ("promoted", office.now),
        ("reminder", STARTS - timedelta(hours=2)),
    ]


def test_a_seat_that_is_told_of_twice_is_reminded_of_once(office: Office) -> None:
    event = about(booking.RESERVATION_CONFIRMED, GIULIA)
    for _ in range(2):
        office.tell_of_seat(event)
    assert [kind for kind, _, _ in office.states()] == ["confirmed", "reminder", "reminder"]


def test_the_setting_says_when_people_are_reminded(office: Office) -> None:
    office.use(NOTIFY_REMINDERS="100,24,1")
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA))
    due = sorted(row["due_at"] for row in office.rows() if row["kind"] == "reminder")
    assert due == [STARTS - timedelta(hours=hours) for hours in (100, 24, 1)]


# Notices


def notice(office: Office, kind: Kind, session: UUID, address: str = GIULIA) -> None:
    about_kind = {Kind.OFFERED: booking.RESERVATION_OFFERED, Kind.LAPSED: booking.RESERVATION_LAPSED}[kind]
    office.tell(kind, about(about_kind, address, session_id=str(session)))


def test_a_person_gets_three_notices_that_they_did_not_cause_about_one_session(office: Office) -> None:
    session = uuid4()
    for kind in (Kind.OFFERED, Kind.LAPSED, Kind.OFFERED, Kind.LAPSED):
        notice(office, kind, session)
    assert [kind for kind, _, _ in office.states()] == ["lapsed", "offered", "offered"]


def test_what_the_person_caused_is_told_however_many_notices_there_were(office: Office) -> None:
    session = uuid4()
    for kind in (Kind.OFFERED, Kind.LAPSED, Kind.OFFERED):
        notice(office, kind, session)
    office.tell(Kind.PROMOTED, about(booking.RESERVATION_CONFIRMED, GIULIA, session_id=str(session)))
    assert len(office.rows()) == 4


def test_the_notices_of_another_session_or_person_do_not_count(office: Office) -> None:
    session = uuid4()
    for kind in (Kind.OFFERED, Kind.LAPSED, Kind.OFFERED):
        notice(office, kind, uuid4())
        notice(office, kind, session, MARCO)
    notice(office, Kind.OFFERED, session)
    assert len(office.rows()) == 7


def test_a_notice_that_was_not_sent_does_not_count(office: Office) -> None:
    session = uuid4()
    for _ in range(3):
        notice(office, Kind.OFFERED, session)
    office.remember(GIULIA)
    office.deliver()  # they are confirmed by now, so no offer is announced
    notice(office, Kind.LAPSED, session)
    assert ("lapsed", "queued", None) in office.states()


# Claims


def queue(office: Office, number: int) -> None:
    for index in range(number):
        office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, f"person{index}@example.org"))


def test_what_one_has_claimed_no_other_gets(office: Office) -> None:
    queue(office, 5)
    with office.database.transaction() as tx:
        first = store.claim(tx, office.now, timedelta(minutes=5), 3)
    with office.database.transaction() as tx:
        second = store.claim(tx, office.now, timedelta(minutes=5), 3)
    assert (len(first), len(second)) == (3, 2)
    assert not {message.id for message in first} & {message.id for message in second}


@pytest.mark.parametrize("migrated", ["postgresql"], indirect=True)
def test_two_who_claim_at_the_same_moment_get_different_messages(office: Office) -> None:
    """On PostgreSQL: SQLite has one writer at a time."""
    queue(office, 4)
    with office.database.transaction() as one, office.database.transaction() as other:
        first = store.claim(one, office.now, timedelta(minutes=5), 2)
        second = store.claim(other, office.now, timedelta(minutes=5), 4)
    assert (len(first), len(second)) == (2, 2)
    assert not {message.id for message in first} & {message.id for message in second}


def test_the_longest_waiting_comes_first(office: Office) -> None:
    queue(office, 3)
    office.pass_time(timedelta(seconds=-60))
    earlier = about(booking.RESERVATION_CONFIRMED, "early@example.org")
    office.tell(Kind.CONFIRMED, earlier)
    office.pass_time(timedelta(seconds=60))
    with office.database.transaction() as tx:
        claimed = store.claim(tx, office.now, timedelta(minutes=5), 2)
    assert claimed[0].person_id == person("early@example.org")


def test_a_claim_that_ran_out_can_no_longer_be_settled(office: Office) -> None:
    queue(office, 1)
    with office.database.transaction() as tx:
        (lost,) = store.claim(tx, office.now, timedelta(minutes=5), 1)
    office.pass_time(timedelta(minutes=6))
    with office.database.transaction() as tx:
        (taken,) = store.claim(tx, office.now, timedelta(minutes=5), 1)
        settled = [store.settle(tx, message, "sent", office.now) for message in (lost, taken)]
    assert (settled, taken.attempts) == ([False, True], 2)


# Purge


def test_people_are_forgotten_three_months_after_the_session(office: Office) -> None:
    office.remember(GIULIA)
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA))
    office.deliver()
    office.now = NOW + 97 * DAY
    office.purge()
    assert len(office.rows()) == 1
    office.now = NOW + 99 * DAY
    office.purge()
    assert (office.rows(), known(office, GIULIA)) == ([], None)


def test_what_is_still_to_be_sent_is_not_forgotten(office: Office) -> None:
    office.tell(Kind.CANCELLED, about(booking.RESERVATION_CANCELLED, GIULIA))
    office.now = NOW + 200 * DAY
    office.purge()
    assert len(office.rows()) == 1


def test_who_booked_a_session_to_come_is_not_forgotten(office: Office) -> None:
    office.remember(GIULIA)
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA, ends_at="2027-12-01T17:30:00+00:00"))
    office.deliver()
    office.now = NOW + 200 * DAY
    office.purge()
    assert known(office, GIULIA) is not None


def test_a_contact_that_nobody_wrote_to_is_forgotten_too(office: Office) -> None:
    office.remember(GIULIA)
    office.now = NOW + 91 * DAY
    office.purge()
    with office.database.reading() as tx:
        assert tx.connection.execute(select(contacts)).all() == []
