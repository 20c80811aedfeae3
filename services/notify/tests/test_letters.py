"""The words: each message in both languages, with the time in words and a clear next step."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from icalendar import Calendar, Component

from contracts.booking import LANGUAGES
from services.notify.domain import TO_MEMBERS_ALONE, Contact, Kind
from services.notify.letters import TEMPLATES, TRANSLATIONS, Letter, write_letter
from services.notify.tests.examples import (
    ACCEPTED,
    CANCELLED,
    DAY,
    NOW,
    OFFERED,
    STARTS,
    WAITING,
    a_letter,
    a_message,
    left_the_list,
    settings,
)

MANAGE = "https://arlo.example.org/gestisci/018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22/"
JOIN = "https://arlo.example.org/entra/018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22/x1B7n2Qm9-VtR4pL8cKd5sWzF0hJyGuA3eE_oTiNbXc"
STATES: dict[Kind, dict[str, Any]] = {
    Kind.PROMOTED: ACCEPTED,
    Kind.WAITLISTED: WAITING,
    Kind.MOVED_TO_LIST: WAITING,
    Kind.OFFERED: OFFERED,
    Kind.LAPSED: left_the_list("expired"),
    Kind.CANCELLED: CANCELLED,
    Kind.SESSION_CANCELLED: CANCELLED,
}
NOT_TO_PEOPLE = (*TO_MEMBERS_ALONE, Kind.PERSONAL_LINK, Kind.ANSWER)
EVERY = [(kind, language) for kind in Kind if kind not in NOT_TO_PEOPLE for language in LANGUAGES]


def write(
    kind: Kind, language: str = "it", *, name: str = "Giulia Ferrero", now: datetime = NOW, **changes: Any
) -> Letter:
    """``changes`` are of the message, where they are ``known_start`` or ``changed``, or else of the reservation."""
    message = a_message(kind, **{each: changes.pop(each) for each in ("known_start", "changed") if each in changes})
    contact = Contact("p", "giulia@example.org", name, language, consent=True)
    reservation = a_letter(**{**STATES.get(kind, {}), **changes})
    return write_letter(message, contact, reservation, settings(TEMPLATES), now)


def entry(letter: Letter) -> Component:
    assert letter.calendar is not None
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    return event


class Page(HTMLParser):
    """The words that a reader sees, the tags that are open at the end, and where the page would load from."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.setdefault(tag, dict(attrs))
        self.loads += [value for name, value in attrs if name in ("src", "background", "srcset") and value]
        if tag not in ("meta", "hr", "br", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_message_says_what_when_and_whom_to_ask(kind: Kind, language: str) -> None:
    letter = write(kind, language)
    when = {
        "it": "martedì 1 dicembre 2026, dalle 17:00 alle 18:30 (ora italiana, Europe/Rome)",
        "en": "Tuesday 1 December 2026, from 17:00 to 18:30 (Italian time, Europe/Rome)",
    }[language]
    if kind is Kind.ATTENDED:  # it is over
        when = {"it": "martedì 1 dicembre", "en": "Tuesday 1 December"}[language]
    for words in (letter.text, Page(letter.html).words):
        for fact in ("Giulia Ferrero", "Orientarsi dopo il diploma", when, "+39 011 385 3400", "0E5D 4C22"):
            assert fact in words
        assert "info@cittadeimestieritorino.org" in words


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_message_is_a_well_formed_page_that_loads_nothing(kind: Kind, language: str) -> None:
    page = Page(write(kind, language).html)
    assert page.open == []
    assert page.loads == []
    assert "url(" not in write(kind, language).html
    assert page.attributes["html"] == {"lang": language}
    assert "title" in page.attributes


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_text_reads_well(kind: Kind, language: str) -> None:
    text = write(kind, language).text
    assert "\n\n\n" not in text
    assert not re.search(r"[{}<>%]|[ \t]$", text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [
        Kind.CONFIRMED,
        Kind.PROMOTED,
        Kind.WAITLISTED,
        Kind.MOVED,
        Kind.MOVED_TO_LIST,
        Kind.OFFERED,
        Kind.REPEATED,
        Kind.REMINDER,
        Kind.SESSION_CHANGED,
    ],
)
def test_who_has_a_place_gets_the_link_that_manages_it(kind: Kind, language: str) -> None:
    letter = write(kind, language)
    assert MANAGE in letter.text
    assert f'href="{MANAGE}' in letter.html


@pytest.mark.parametrize("kind", [Kind.LAPSED, Kind.CANCELLED, Kind.SESSION_CANCELLED])
def test_who_lost_a_place_gets_the_way_to_another(kind: Kind) -> None:
    letter = write(kind)
    assert "/gestisci/" not in letter.text + letter.html
    assert "https://arlo.example.org/sessioni" in letter.text
    assert 'href="https://arlo.example.org/sessioni"' in letter.html


@pytest.mark.parametrize("kind", [Kind.CONFIRMED, Kind.PROMOTED, Kind.REPEATED, Kind.REMINDER, Kind.SESSION_CHANGED])
def test_who_has_a_seat_gets_a_link_of_their_own_into_the_session(kind: Kind) -> None:
    letter = write(kind)
    assert f"\n  {JOIN}\n" in letter.text or f"\n{JOIN}\n" in letter.text
    assert f'href="{JOIN}"' in letter.html


def test_who_has_no_seat_gets_no_link_into_the_session() -> None:
    for kind in (Kind.WAITLISTED, Kind.OFFERED, Kind.LAPSED, Kind.CANCELLED, Kind.SESSION_CANCELLED):
        assert "/entra/" not in write(kind, join_token="x").text


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "si apre alle 16:45, 15 minuti prima dell’inizio"), ("en", "opens at 16:45, 15 minutes before the start")],
)
def test_who_has_a_seat_reads_from_when_the_link_lets_in(language: str, words: str) -> None:
    letter = write(Kind.CONFIRMED, language)
    assert words in letter.text
    assert words in Page(letter.html).words


@pytest.mark.parametrize("kind", [Kind.CONFIRMED, Kind.PROMOTED, Kind.WAITLISTED, Kind.REPEATED, Kind.SESSION_CHANGED])
def test_no_mail_says_where_the_room_is(kind: Kind) -> None:
    letter = write(kind, room_url="https://meet.example.org/orientarsi")
    assert "meet.example.org" not in f"{letter.text} {letter.html} {letter.calendar}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", "riservato a te fino a martedì 24 novembre 2026 alle 09:00 (ora italiana, Europe/Rome)"),
        ("en", "held for you until Tuesday 24 November 2026 at 09:00 (Italian time, Europe/Rome)"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.OFFERED, Kind.REPEATED, Kind.SESSION_CHANGED])
def test_who_is_offered_a_seat_reads_until_when(kind: Kind, language: str, words: str) -> None:
    letter = write(kind, language, **OFFERED)
    assert words in letter.text
    assert words in Page(letter.html).words


def test_an_offer_has_one_link_and_says_what_happens_without_an_answer() -> None:
    letter = write(Kind.OFFERED)
    assert letter.text.count("/gestisci/") == letter.html.count("/gestisci/") == 1
    assert "Se non fai nulla, a quell’ora il posto passa a chi viene dopo di te" in letter.text


def test_who_is_offered_a_seat_need_not_be_told_to_do_nothing() -> None:
    assert "Non devi fare nulla" not in write(Kind.REPEATED, **OFFERED).text


def test_who_accepted_reads_that_they_took_the_seat() -> None:
    letter = write(Kind.PROMOTED)
    assert letter.subject.startswith("Hai preso il posto: ")
    assert "hai preso il posto, ed è confermato" in letter.text


def test_the_position_on_the_list_is_said() -> None:
    assert "il tuo numero è 3" in write(Kind.WAITLISTED).text
    assert "number 3" in write(Kind.WAITLISTED, "en").text


def test_who_books_again_while_waiting_reads_the_position_too() -> None:
    assert "con il numero 3" in write(Kind.REPEATED, **WAITING).text


@pytest.mark.parametrize(
    ("was_confirmed", "words"), [(True, "il posto è libero"), (False, "non sei più in lista d’attesa")]
)
def test_a_cancellation_says_what_was_given_up(was_confirmed: bool, words: str) -> None:
    assert words in write(Kind.CANCELLED, was_confirmed=was_confirmed).text


# Reminders and thanks


def first_link(letter: Letter) -> str:
    return str(re.findall(r'href="([^"]*)"', letter.html)[0])


def test_a_reminder_days_before_says_when_it_is() -> None:
    letter = write(Kind.REMINDER, now=STARTS - timedelta(hours=48))
    assert letter.subject == "Promemoria: Orientarsi dopo il diploma, martedì 1 dicembre alle 17:00"
    assert "la sessione si avvicina" in letter.text


def test_a_reminder_on_the_day_begins_with_the_link_into_the_session() -> None:
    letter = write(Kind.REMINDER, now=STARTS - timedelta(hours=2))
    assert letter.subject == "Oggi alle 17:00: Orientarsi dopo il diploma"
    assert first_link(letter) == JOIN
    assert letter.text.index(JOIN) < letter.text.index(MANAGE)


def test_two_hours_before_a_session_after_midnight_it_is_not_today() -> None:
    night = {"starts_at": "2026-12-01T23:30:00+00:00", "ends_at": "2026-12-02T00:30:00+00:00"}
    letter = write(Kind.REMINDER, "en", now=datetime(2026, 12, 1, 21, 30, tzinfo=UTC), session=night)
    assert letter.subject == "Reminder: Orientarsi dopo il diploma, Wednesday 2 December at 00:30"
    assert first_link(letter) == JOIN


# Changes

EARLIER = STARTS - 7 * DAY


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "it",
            "Sessione spostata: Orientarsi dopo il diploma, martedì 1 dicembre alle 17:00",
            "Comincia martedì 1 dicembre alle 17:00, e non più martedì 24 novembre alle 17:00.",
        ),
        (
            "en",
            "The session has moved: Orientarsi dopo il diploma, Tuesday 1 December at 17:00",
            "It starts on Tuesday 1 December at 17:00, and no longer on Tuesday 24 November at 17:00.",
        ),
    ],
)
def test_who_is_in_a_session_that_moved_reads_the_new_day_and_the_old_one(
    language: str, subject: str, words: str
) -> None:
    letter = write(Kind.SESSION_CHANGED, language, known_start=EARLIER, changed="times")
    assert letter.subject == subject
    assert words in letter.text
    assert words in Page(letter.html).words


def test_a_session_that_moved_on_its_day_keeps_the_day() -> None:
    letter = write(Kind.SESSION_CHANGED, known_start=STARTS - timedelta(hours=1), changed="times")
    assert "Il giorno è lo stesso, l’ora no: comincia alle 17:00, e non più alle 16:00." in letter.text


def test_a_session_that_only_ends_at_another_time_has_not_moved() -> None:
    letter = write(Kind.SESSION_CHANGED, changed="times")
    assert letter.subject.startswith("Sessione modificata: ")
    assert "Comincia sempre alle 17:00 e finisce alle 18:30." in letter.text


def test_what_changed_is_said_and_nothing_else() -> None:
    said = {
        word: [fact in write(Kind.SESSION_CHANGED, changed=word).text for fact in ("Il titolo ora è", "altra stanza")]
        for word in ("times", "title", "room", "title room")
    }
    assert said == {
        "times": [False, False],
        "title": [True, False],
        "room": [False, True],
        "title room": [True, True],
    }


def test_the_new_title_cannot_write_html() -> None:
    assert "<b>" not in write(Kind.SESSION_CHANGED, changed="title", session={"title": "<b>Ciao"}).html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Il posto è sempre tuo."),
        (WAITING, "Sei sempre in lista d’attesa, con il numero 3."),
        (OFFERED, "Un posto è sempre riservato a te fino a martedì 24 novembre 2026 alle 09:00"),
    ],
)
def test_who_is_told_of_a_change_reads_that_their_place_is_as_it_was(changes: dict[str, Any], words: str) -> None:
    letter = write(Kind.SESSION_CHANGED, changed="room", **changes)
    assert words in letter.text
    assert words in Page(letter.html).words


def test_the_calendar_entry_of_a_session_that_moved_replaces_the_one_before() -> None:
    event = entry(write(Kind.SESSION_CHANGED, known_start=EARLIER, changed="times", revision=1))
    start: Any = event["dtstart"]
    assert (event["uid"], event["sequence"], event["status"], start.dt) == (
        "018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22@bottega",
        1,
        "CONFIRMED",
        STARTS,
    )


@pytest.mark.parametrize("changes", [WAITING, OFFERED])
def test_who_has_no_seat_is_told_of_a_change_without_calendar_entry_and_link(changes: dict[str, Any]) -> None:
    letter = write(Kind.SESSION_CHANGED, changed="room", **changes)
    assert letter.calendar is None
    for word in ("calendario", "/entra/", "Entra"):
        assert word not in letter.text + letter.html


@pytest.mark.parametrize(("known_start", "expected"), [(STARTS, False), (EARLIER, True), (None, False)])
def test_a_confirmation_says_the_old_time_too_when_the_session_moved_meanwhile(
    known_start: datetime | None, expected: bool
) -> None:
    letter = write(Kind.CONFIRMED, known_start=known_start)
    assert ("Prima era: martedì 24 novembre 2026 alle 17:00" in letter.text) is expected
    assert ("Prima era" in letter.html) is expected


def test_thanks_lead_to_the_two_questions_and_to_the_sessions() -> None:
    letter = write(Kind.ATTENDED, session={"stories": []})
    questions, *others = re.findall(r"https://\S+", letter.text)
    assert questions.startswith(MANAGE)
    assert others == ["https://arlo.example.org/sessioni", "https://arlo.example.org/le-mie"]
    assert f'class="button" href="{questions}"' in letter.html
    assert "fino a mercoledì 30 dicembre" in letter.text
    assert letter.calendar is None


def test_thanks_name_the_stories_to_watch_and_the_site_of_each() -> None:
    stories = [
        {"title": "Alle tre <b>del\nmattino", "url": "https://www.example.org/forno?a=1&b=2"},
        {"title": "Altro", "url": "javascript:alert(1)"},
    ]
    letter = write(Kind.ATTENDED, session={"stories": stories})
    assert "- Alle tre <b>del mattino (example.org):\n  https://www.example.org/forno?a=1&b=2\n\n" in letter.text
    assert (
        '<a href="https://www.example.org/forno?a=1&amp;b=2" rel="noopener noreferrer nofollow">Alle tre &lt;b&gt;'
        in (letter.html)
    )
    assert "javascript" not in letter.text + letter.html


def test_thanks_that_come_too_late_ask_nothing() -> None:
    letter = write(Kind.ATTENDED, now=datetime(2026, 12, 31, 9, tzinfo=UTC))
    assert "/gestisci/" not in letter.text + letter.html


def test_the_subject_says_what_happened_and_when() -> None:
    assert write(Kind.CONFIRMED).subject == (
        "Il tuo posto è confermato: Orientarsi dopo il diploma, martedì 1 dicembre alle 17:00"
    )
    assert write(Kind.SESSION_CANCELLED, "en").subject == (
        "The session is called off: Orientarsi dopo il diploma, Tuesday 1 December at 17:00"
    )


def test_summer_time_is_summer_time() -> None:
    summer = {"starts_at": "2026-07-01T16:00:00+00:00", "ends_at": "2026-07-01T17:30:00+00:00"}
    assert "mercoledì 1 luglio 2026, dalle 18:00 alle 19:30" in write(Kind.CONFIRMED, session=summer).text


def test_a_session_over_midnight_says_both_days() -> None:
    night = {"starts_at": "2026-12-01T22:30:00+00:00", "ends_at": "2026-12-01T23:30:00+00:00"}
    text = write(Kind.CONFIRMED, session=night).text
    assert "da martedì 1 dicembre 2026 alle 23:30 a mercoledì 2 dicembre 2026 alle 00:30" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_may_not_be_said_is_left_out(language: str) -> None:
    letter = write(Kind.CONFIRMED, language, name="Win at www.bad.example")
    assert "bad.example" not in letter.text + letter.html
    assert letter.text.startswith({"it": "Ciao,\n", "en": "Hello,\n"}[language])


def test_a_name_cannot_write_html() -> None:
    assert "<b>" not in write(Kind.CONFIRMED, name="<b>Giulia").html


def test_a_percent_sign_stays_a_percent_sign() -> None:
    assert "100%s sicuri" in write(Kind.CONFIRMED, "en", session={"title": "100%s sicuri"}).text


# The calendar entry


def test_the_calendar_entry_is_the_session_with_the_link_into_it() -> None:
    event = entry(write(Kind.CONFIRMED))
    assert event["uid"] == "018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22@bottega"
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert (event["summary"], event["location"]) == ("Orientarsi dopo il diploma", JOIN)
    start: Any = event["dtstart"]
    assert start.dt.isoformat() == "2026-12-01T16:00:00+00:00"


def test_the_calendar_entry_says_from_when_the_link_lets_in() -> None:
    note = str(entry(write(Kind.CONFIRMED))["description"])
    assert note.splitlines()[:2] == [
        "Entra dal tuo link personale: si apre alle 16:45, 15 minuti prima dell’inizio.",
        JOIN,
    ]


def test_the_calendar_entry_names_no_participant_and_cannot_cancel() -> None:
    calendar = write(Kind.CONFIRMED).calendar
    assert calendar is not None
    for word in ("ATTENDEE", "giulia", "gestisci"):
        assert word not in calendar


@pytest.mark.parametrize("kind", [Kind.CANCELLED, Kind.SESSION_CANCELLED])
def test_a_later_entry_takes_the_session_out_of_the_calendar(kind: Kind) -> None:
    letter = write(kind)
    event = entry(letter)
    assert letter.method == "CANCEL"
    assert (event["uid"], event["sequence"]) == ("018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22@bottega", 1)
    assert (event["status"], event["location"]) == ("CANCELLED", "online")
    assert "link" not in str(event["description"])


def test_who_never_had_a_seat_gets_no_calendar_entry() -> None:
    assert write(Kind.WAITLISTED).calendar is None
    assert write(Kind.CANCELLED, was_confirmed=False).calendar is None


def test_a_cancellation_without_calendar_entry_speaks_of_no_attachment() -> None:
    assert "allegato" not in write(Kind.CANCELLED, was_confirmed=False).text


# Called off


OTHER_DATES = [
    {**a_letter()["session"], "starts_at": (STARTS + days * DAY).isoformat(), "seats_left": seats}
    for days, seats in ((7, 3), (14, 0))
]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", ("martedì 8 dicembre alle 17:00: c’è posto", "martedì 15 dicembre alle 17:00: al completo")),
        ("en", ("Tuesday 8 December at 17:00: seats free", "Tuesday 15 December at 17:00: full")),
    ],
)
def test_who_lost_the_session_reads_the_next_dates_and_gets_the_link_to_move(language: str, words: tuple[str]) -> None:
    letter = write(Kind.SESSION_CANCELLED, language, other_dates=OTHER_DATES)
    for date in words:
        assert date in letter.text
        assert date in Page(letter.html).words
    assert MANAGE in letter.text
    assert f'href="{MANAGE}' in letter.html
    assert "\n\n\n" not in letter.text


# The catalogue


def test_every_sentence_has_its_english_and_no_other_is_kept() -> None:
    with (TRANSLATIONS / "en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    method = [("**.txt", "jinja2"), ("**.html", "jinja2")]
    options = {pattern: {"trimmed": "true"} for pattern, _ in method}
    found = {message for _, _, message, *_ in extract_from_dir(TEMPLATES, method, options)}
    kept = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert (found - kept, kept - found) == (set(), set())
