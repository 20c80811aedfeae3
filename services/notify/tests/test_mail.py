"""The mail around the words: one recipient, headers that cannot be injected into, parts that every program reads."""

import email
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.notify.domain import Contact, Kind, spoken_name
from services.notify.errors import Undeliverable
from services.notify.letters import TEMPLATES, write_letter
from services.notify.mail import build_mail
from services.notify.tests.examples import CANCELLED, NOW, a_letter, a_message, settings
from services.notify.tests.office import read_mail

MESSAGE = UUID("018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22")
HEADERS = sorted(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
        "Content-Language",
    ]
)


def raw(name: str = "Giulia Ferrero", address: str = "giulia@example.org", **changes: Any) -> bytes:
    contact = Contact("p", address, name, "it", consent=True)
    chosen = settings(TEMPLATES, **{key: changes.pop(key) for key in list(changes) if key.isupper()})
    letter = write_letter(a_message(Kind.CONFIRMED), contact, a_letter(**changes), chosen, NOW)
    return build_mail(MESSAGE, contact, letter, chosen, NOW).content


def mail(name: str = "Giulia Ferrero", address: str = "giulia@example.org", **changes: Any) -> EmailMessage:
    return read_mail(raw(name, address, **changes))


def recipient(content: bytes) -> tuple[str, str]:
    """Name and address of To, decoded as RFC 2047 says; the parser of ``email.policy.default`` adds spaces to names."""
    header = email.message_from_bytes(content)["To"]
    name, address = parseaddr(" ".join(header.splitlines()))
    return str(make_header(decode_header(name))), address


def test_a_mail_has_the_headers_of_an_automatic_message() -> None:
    headers = mail()
    assert sorted(headers.keys()) == HEADERS
    assert headers["From"] == "Città dei Mestieri <info@example.org>"
    assert headers["To"] == "Giulia Ferrero <giulia@example.org>"
    assert headers["Message-ID"] == f"<{MESSAGE}@example.org>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Date"].datetime == NOW
    assert headers["Content-Language"] == "it"


def test_answers_go_where_the_setting_says() -> None:
    assert mail(NOTIFY_REPLY_TO="Sportello <desk@example.org>")["Reply-To"] == "Sportello <desk@example.org>"


def test_a_mail_has_text_and_html_and_a_calendar_entry() -> None:
    kinds = [part.get_content_type() for part in mail().walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


def test_the_calendar_entry_is_published_and_can_be_read() -> None:
    centre = {"CENTRE_NAME": 'Il "centro"', "CENTRE_EMAIL": "centro@example.org"}
    (attachment,) = mail(session={"title": "Perché? Così, 100%"}, **centre).iter_attachments()
    calendar = Calendar.from_ical(attachment.get_content())
    assert attachment["Content-Type"].params["method"] == calendar["method"] == "PUBLISH"
    assert attachment.get_filename() == "bottega.ics"
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Perché? Così, 100%"
    assert (event["organizer"], event["organizer"].params["CN"]) == ("mailto:centro@example.org", "Il 'centro'")


def test_an_entry_that_is_cancelled_is_so_by_its_method_too() -> None:
    (attachment,) = mail(**CANCELLED).iter_attachments()
    calendar = Calendar.from_ical(attachment.get_content())
    assert attachment["Content-Type"].params["method"] == calendar["method"] == "CANCEL"
    required = {"DTSTAMP", "ORGANIZER", "SEQUENCE", "STATUS", "UID"}  # RFC 5546 section 3.2.5
    assert required <= set(calendar.walk("VEVENT")[0])


def test_a_mail_is_seven_bit_with_short_lines() -> None:
    content = raw("Città Perché", session={"title": "Lavoro " * 60})
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "name",
    [
        "محمد عبد الرحمن",
        "王小明",
        'Seán "Jack" O\'Neill',
        "Ferrero, Giulia (Torino)",
        "Ægir \\ Þór; <x>",
        "=?utf-8?q?x?=",
        "王小明（测试）, 李" * 8,
        "è, " * 39 + "è",
        "G" * 120,
    ],
)
def test_a_name_in_any_script_reads_back_as_it_was(name: str) -> None:
    assert recipient(raw(name)) == (name, "giulia@example.org")


@pytest.mark.parametrize(
    "text", ["x\r\nBcc: all@evil", "x\nBcc: all@evil", "x\rBcc: all@evil", "x\0Bcc: y", "x\x0bBcc: y"]
)
def test_nothing_that_people_write_becomes_a_header(text: str) -> None:
    headers = mail(text, session={"title": text, "partner_name": text})
    assert sorted(headers.keys()) == HEADERS


@given(name=st.text(max_size=120), title=st.text(min_size=1, max_size=120))
def test_whatever_people_write_there_is_one_recipient_and_the_same_headers(name: str, title: str) -> None:
    content = raw(name, session={"title": title})
    headers = read_mail(content)
    assert sorted(headers.keys()) == HEADERS
    assert len(headers["To"].addresses) == 1
    assert recipient(content) == (spoken_name(name), "giulia@example.org")


def test_a_domain_in_any_script_goes_out_as_dns_knows_it() -> None:
    assert mail(address="info@perché.example")["To"].addresses[0].addr_spec == "info@xn--perch-fsa.example"


def test_an_address_in_another_script_goes_out_as_it_is() -> None:
    content = raw(address="用户@example.org")
    assert "To: Giulia Ferrero\r\n <用户@example.org>\r\n".encode() in content


@pytest.mark.parametrize(
    "address",
    [
        "",
        "giulia",
        "@example.org",
        "a@b@c",
        "a b@c.it",
        "a@b.it, c@d.it",
        "a@.it",
        "a@b\r\nBcc: c@d.it",
        "a@" + "b" * 64,
    ],
)
def test_what_is_not_an_address_is_never_sent_to(address: str) -> None:
    with pytest.raises(Undeliverable) as refusal:
        mail(address=address)
    assert refusal.value.reason == "bad_address"


@given(address=st.text(max_size=60))
def test_whatever_the_address_the_mail_goes_to_one_or_nobody(address: str) -> None:
    try:
        content = raw(address=f"{address}@example.org")
    except Undeliverable:
        return
    assert content.split(b"\r\nTo: ")[1].split(b"\r\nSubject: ")[0].endswith(b"@example.org>")
    assert sorted(read_mail(content).keys()) == HEADERS
