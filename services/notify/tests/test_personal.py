"""The link to a person's own page: who gets it, that it is good once and for a while; and what the person chooses."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts import booking
from contracts.person import read_pass
from services.notify import personal
from services.notify.domain import LINK_LIVES, NOT_AT_ONCE, Kind
from services.notify.errors import LinkOver, NotFound, NotPermitted, TryLater
from services.notify.tables import metadata, personal_links
from services.notify.tests.examples import DAY, KEY, STARTS, about, person
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, MARCO, refusing

HOUR = timedelta(hours=1)


def send_what_is_due(office: Office) -> None:
    office.pass_time(NOT_AT_ONCE)
    while office.deliver():
        pass


def asked(office: Office, address: str = GIULIA, language: str = "it") -> tuple[UUID, str]:
    """Id and token of a link that was asked for and came by mail; the address is known."""
    office.remember(address)
    office.ask_for_link(address, language)
    send_what_is_due(office)
    return link_in(office)


def link_in(office: Office) -> tuple[UUID, str]:
    (found,) = {link for mail in office.mails() for link in re.findall(r"/le-mie/([\w-]+)/([\w-]+)", text_of(mail))}
    return UUID(found[0]), found[1]


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def use(office: Office, link: tuple[UUID, str]) -> Any:
    with office.database.transaction() as tx:
        return personal.use_personal_link(tx, KEY, office.now, link_id=link[0], token=link[1])


def let_in(office: Office) -> str:
    return str(use(office, asked(office))["personal_pass"])


def known(office: Office, own_pass: str) -> dict[str, Any]:
    with office.database.reading() as tx:
        return personal.get_preferences(tx, KEY, office.now, personal_pass=own_pass)


def choose(office: Office, own_pass: str, **chosen: Any) -> None:
    with office.database.transaction() as tx:
        everything = {"language": "it", "reminders": True, "thanks": True, **chosen}
        personal.set_preferences(tx, KEY, office.now, personal_pass=own_pass, **everything)


# The mail


def test_who_is_known_gets_a_link_by_mail(office: Office) -> None:
    asked(office)
    (mail,) = office.mails()
    assert mail["To"].addresses[0].addr_spec == GIULIA
    assert mail["Subject"] == "Il link alla tua pagina"
    assert "Vale 15 minuti, fino alle 10:15" in text_of(mail)
    assert office.states() == [("personal_link", "sent", None)]


def test_the_mail_is_in_the_language_of_the_page_on_which_it_was_asked_for(office: Office) -> None:
    asked(office, language="en")
    (mail,) = office.mails()
    assert (mail["Subject"], mail["Content-Language"]) == ("The link to your page", "en")
    html = mail.get_body(("html",))
    assert html is not None
    assert '<html lang="en">' in html.get_content()


def test_nothing_is_kept_of_who_is_not_known(office: Office) -> None:
    office.ask_for_link(MARCO)
    assert office.rows() == []


def test_the_secret_of_the_link_is_in_no_table(office: Office) -> None:
    _, token = asked(office)
    with office.database.reading() as tx:
        kept = [tuple(row) for table in metadata.sorted_tables for row in tx.connection.execute(select(table))]
    assert token not in str(kept)


def test_a_person_gets_three_links_in_an_hour(office: Office) -> None:
    office.remember(GIULIA)
    for _ in range(5):
        office.ask_for_link(GIULIA)
    send_what_is_due(office)
    assert len(office.mails()) == 3
    office.pass_time(HOUR)
    office.ask_for_link(GIULIA)
    assert len(office.rows()) == 4


def test_of_many_who_ask_at_once_for_one_address_three_are_heard(office: Office) -> None:
    office.remember(GIULIA)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: office.ask_for_link(GIULIA), range(8)))
    assert len(office.rows()) == 3


def test_links_of_one_do_not_count_for_another(office: Office) -> None:
    for address in (GIULIA, MARCO):
        office.remember(address)
        for _ in range(3):
            office.ask_for_link(address)
    assert len(office.rows()) == 6


def test_a_link_that_could_not_be_sent_in_time_is_not_sent(office: Office) -> None:
    office.remember(GIULIA)
    office.ask_for_link(GIULIA)
    office.pass_time(NOT_AT_ONCE)
    office.deliver(refusing(office, GIULIA, TryLater("smtp_450")))
    office.pass_time(LINK_LIVES)
    send_what_is_due(office)
    assert office.states() == [("personal_link", "dropped", "link_over")]


def test_booking_is_not_asked_about_a_link(office: Office) -> None:
    asked(office)
    assert office.asked == []


# The link


def test_a_link_is_good_once_for_a_pass_of_an_hour(office: Office) -> None:
    link = asked(office)
    answer = use(office, link)
    assert answer["expires_at"] == office.now + HOUR
    assert read_pass(KEY, answer["personal_pass"], office.now) == person(GIULIA)
    with pytest.raises(LinkOver):
        use(office, link)


def test_of_many_who_use_a_link_at_once_one_is_let_in(office: Office) -> None:
    link = asked(office)

    def used(_: int) -> bool:
        try:
            return bool(use(office, link))
        except LinkOver:
            return False

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(used, range(8))) == 1


def test_after_a_quarter_of_an_hour_a_link_is_over(office: Office) -> None:
    link = asked(office)
    office.pass_time(LINK_LIVES)
    with pytest.raises(LinkOver):
        use(office, link)


def test_a_wrong_secret_opens_nothing_and_uses_nothing_up(office: Office) -> None:
    link_id, token = asked(office)
    for wrong in ((link_id, token[:-1]), (link_id, "\ud800è"), (uuid4(), token)):
        with pytest.raises(NotFound):
            use(office, wrong)
    assert use(office, (link_id, token))


# What the person chooses


def test_a_pass_shows_what_is_kept_of_its_person(office: Office) -> None:
    shown = known(office, let_in(office))
    assert shown == {
        "name": "Giulia Ferrero",
        "email": GIULIA,
        "kept_days": 90,
        "language": "it",
        "reminders": True,
        "thanks": True,
    }


def test_after_its_hour_a_pass_shows_and_changes_nothing(office: Office) -> None:
    own_pass = let_in(office)
    office.pass_time(HOUR)
    with pytest.raises(NotPermitted):
        known(office, own_pass)
    with pytest.raises(NotPermitted):
        choose(office, own_pass, reminders=False)


def test_who_wants_no_reminders_and_no_thanks_gets_none(office: Office) -> None:
    choose(office, let_in(office), reminders=False, thanks=False)
    reservation = uuid4()
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, reservation))
    office.now = STARTS - 2 * HOUR
    office.deliver()
    office.now = STARTS + DAY
    office.tell(Kind.ATTENDED, about(booking.RESERVATION_ATTENDED, GIULIA, reservation))
    office.deliver()
    assert {(kind, state, reason) for kind, state, reason in office.states() if kind in ("reminder", "attended")} == {
        ("reminder", "dropped", "no_reminders"),
        ("attended", "dropped", "no_thanks"),
    }


def test_later_mails_are_in_the_language_that_was_chosen(office: Office) -> None:
    choose(office, let_in(office), language="en")
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA))
    office.deliver()
    assert any(mail["Subject"].startswith("Your seat is confirmed") for mail in office.mails())


def test_booking_again_tells_the_language_anew_and_keeps_the_choices(office: Office) -> None:
    own_pass = let_in(office)
    choose(office, own_pass, language="en", reminders=False, thanks=False)
    office.remember(GIULIA, language="it")
    shown = known(office, own_pass)
    assert (shown["language"], shown["reminders"], shown["thanks"]) == ("it", False, False)


def test_what_is_forgotten_is_not_found(office: Office) -> None:
    own_pass = let_in(office)
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM contacts")
    with pytest.raises(NotFound):
        known(office, own_pass)
    with pytest.raises(NotFound):
        choose(office, own_pass, thanks=False)


# Purge


def test_a_link_is_forgotten_a_week_after_its_end_with_its_message(office: Office) -> None:
    asked(office)
    office.pass_time(8 * DAY)
    office.purge()
    with office.database.reading() as tx:
        assert tx.connection.execute(select(personal_links)).all() == []
    assert office.rows() == []
