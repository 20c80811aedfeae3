"""Attachments: safe names, types by content, and nothing unpacked."""

import io
import zipfile
from base64 import b64encode

import pytest

from services.needs.reading import attachment_content, read_mail
from services.needs.reading.attachments import safe_name, type_of
from services.needs.tests.mails import mail, multipart, part

NAMES = [
    ("../../x", "x"),
    ("C:\\Windows\\system.ini", "system.ini"),
    ("/etc/passwd", "passwd"),
    ("fattura\u202efdp.exe", "fatturafdp.exe"),
    ("a\x00b\r\nBcc: x.txt", "ab Bcc_ x.txt"),
    ("..", ""),
    (".profile", "profile"),
    ("a" * 500 + ".pdf", "a" * 109 + ".pdf"),
    ("e\u0301.txt", "é.txt"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_a_name_is_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def _archive(*names: str) -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text")
    return octets.getvalue()


TYPES = [
    (b"%PDF-1.7\n%", "application/pdf"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
    (_archive("a.txt"), "application/zip"),
    (_archive("mimetype"), "application/vnd.oasis.opendocument.text"),
    (
        _archive("[Content_Types].xml", "word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (b"nome,cognome\nMario,Rossi\n", "text/plain"),
    (b"\x00\x01\x02\x03", "application/octet-stream"),
    (b"", "application/octet-stream"),
]


@pytest.mark.parametrize(("content", "kind"), TYPES)
def test_a_type_is_what_the_content_shows(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


def test_the_type_that_is_said_is_not_believed() -> None:
    program = part(
        b64encode(b"MZ\x90\x00\x03" + bytes(60)), 'image/png; name="a.png"', Content_Transfer_Encoding="base64"
    )
    assert read_mail(multipart(part("Ciao"), program)).attachments[0].type != "image/png"


def test_the_content_is_found_again_by_its_position() -> None:
    encoded = {"Content_Disposition": "attachment", "Content_Transfer_Encoding": "base64"}
    raw = multipart(part("Ciao"), part(b64encode(b"\x00uno"), **encoded), part(b64encode(b"\x00due"), **encoded))
    found = [attachment_content(raw, each.position) for each in read_mail(raw).attachments]
    assert found == [b"\x00uno", b"\x00due"]


@pytest.mark.parametrize("position", [0, 9, -1])
def test_there_is_no_content_where_there_is_no_attachment(position: int) -> None:
    with pytest.raises(LookupError):
        attachment_content(multipart(part("Ciao")), position)


def test_a_mail_in_a_mail_is_one_attachment() -> None:
    inner = multipart(part("Dentro"), part("x", Content_Disposition="attachment; filename=y"), boundary="innen")
    raw = multipart(part("Fuori"), part(inner, "message/rfc822"))
    (found,) = read_mail(raw).attachments
    assert (found.type, found.name) == ("message/rfc822", f"attachment-{found.position}.eml")
    assert read_mail(attachment_content(raw, found.position)).text == "Dentro"


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''perch%C3%A9.txt",
        "attachment; filename*0*=utf-8''perch%C3; filename*1*=%A9.txt",
        'attachment; filename="=?utf-8?Q?perch=C3=A9.txt?="',
        "attachment; filename=perché.txt",
    ],
)
def test_a_name_in_another_charset_is_read(disposition: str) -> None:
    raw = multipart(part("x", Content_Disposition=disposition))
    assert read_mail(raw).attachments[0].name == "perché.txt"


@pytest.mark.parametrize("charset", ["\x00", "nowhere", "punycode", "zlib"])
def test_a_name_in_no_charset_is_no_matter(charset: str) -> None:
    raw = multipart(part("x", Content_Disposition=f"attachment; filename*={charset}''a%E8.txt"))
    assert read_mail(raw).attachments[0].name


def test_an_archive_that_would_fill_the_memory_is_not_unpacked() -> None:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    bomb = part(
        b64encode(octets.getvalue()),
        Content_Disposition="attachment; filename=a.zip",
        Content_Transfer_Encoding="base64",
    )
    (found,) = read_mail(multipart(bomb)).attachments
    assert (found.type, found.size) == ("application/zip", len(octets.getvalue()))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/ms-tnef; name=winmail.dat", b"x\x9f>\x22"),
        ("application/pkcs7-mime; name=smime.p7m", b"0\x80\x06\x09"),
    ],
)
def test_what_only_one_program_can_open_is_an_attachment(kind: str, content: bytes) -> None:
    read = read_mail(mail(b64encode(content), Content_Type=kind, Content_Transfer_Encoding="base64"))
    assert (read.text, len(read.attachments)) == ("", 1)
