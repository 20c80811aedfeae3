"""The text and the HTML of a mail, whichever way they are put into it."""

import quopri
from base64 import b64encode

import pytest

from services.needs.reading import read_mail
from services.needs.reading.html import plain, sanitised
from services.needs.reading.html_cost import is_quick
from services.needs.tests.mails import mail, multipart, part

HTML = "text/html; charset=utf-8"

CHARSETS = [
    ("utf-8", "Perché", "Perché".encode()),
    ("iso-8859-1", "Perché “no”", "Perché “no”".encode("cp1252")),
    ("us-ascii", "Perché", "Perché".encode()),
    ("us-ascii", "Perché", "Perché".encode("latin-1")),
    ("utf-8", "Perché", "Perché".encode("latin-1")),
    ("nowhere-9", "Perché", "Perché".encode()),
    ("\x00", "Perché", "Perché".encode()),
    ("idna", "Perche", b"Perche"),
    ("unicode_escape", "\\u0041", b"\\u0041"),
    ("gb2312", "镕基", "镕基".encode("gb18030")),
    ("utf-7", "Sì", "Sì".encode("utf-7")),
    ("utf-8", "abc", b"a\x00b\x1b\xe2\x80\xaec"),
]


@pytest.mark.parametrize(("charset", "text", "octets"), CHARSETS)
def test_a_text_in_any_charset_is_read(charset: str, text: str, octets: bytes) -> None:
    assert read_mail(mail(octets, Content_Type=f'text/plain; charset="{charset}"')).text == text


@pytest.mark.parametrize(
    ("encoding", "octets"),
    [
        ("base64", b64encode("Perché".encode())),
        ("quoted-printable", quopri.encodestring("Perché".encode())),
        ("8bit", "Perché".encode()),
        ("x-uuencode", b"begin 644 ../../x\n'4&5R8VC#J0``\n`\nend\n"),
        ("nothing", "Perché".encode()),
        ("base64", "Perché".encode()),
    ],
)
def test_a_text_in_any_transfer_encoding_gives_some_text(encoding: str, octets: bytes) -> None:
    assert read_mail(mail(octets, Content_Transfer_Encoding=encoding)).text


def test_of_two_forms_the_plain_one_is_the_text() -> None:
    read = read_mail(multipart(part("Ciao"), part("<p>Ciao <b>a tutti</b></p>", HTML), kind="alternative"))
    assert (read.text, read.html, read.attachments) == ("Ciao", "<p>Ciao <b>a tutti</b></p>", ())


def test_an_empty_plain_form_beside_html_is_no_text() -> None:
    assert read_mail(multipart(part("\n \n"), part("<p>Ciao</p>", HTML), kind="alternative")).text == "Ciao"


def test_texts_around_an_attachment_are_one_text() -> None:
    picture = part(b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", Content_Disposition="inline; filename=a.jpg")
    read = read_mail(multipart(part("Prima"), picture, part("Dopo")))
    assert (read.text, [each.name for each in read.attachments]) == ("Prima\n\nDopo", ["a.jpg"])


def test_lines_that_were_broken_for_width_are_put_together() -> None:
    text = "Una riga che va \na capo.\n\n> citata che va \n> a capo\n"
    read = read_mail(mail(text, Content_Type="text/plain; charset=utf-8; format=flowed"))
    assert (read.text, read.folded) == ("Una riga che va a capo.", "> citata che va a capo")


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n", b"\x00\x00", b"   \t "])
def test_a_mail_may_be_empty(body: bytes) -> None:
    read = read_mail(mail(body))
    assert (read.text.strip(), read.folded, read.attachments) == ("", "", ())


def test_what_says_to_have_parts_and_has_none_is_text() -> None:
    assert read_mail(mail("Ciao", Content_Type="multipart/mixed; boundary=x")).text == "Ciao"
    assert read_mail(mail("Ciao", Content_Type="multipart/mixed")).text == "Ciao"


def test_a_long_text_is_cut_and_said_to_be() -> None:
    read = read_mail(mail("parola " * 200_000))
    assert (len(read.text) <= 1_000_000, read.is_cut) == (True, True)


DANGEROUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://example.org/seen.png'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<a href='//example.org'>x</a>",
    "<style>*{background:url(//example.org)}</style>",
    "<p style='background:url(//example.org)' onclick=x class=y id=z>x</p>",
    "<form action=//example.org><input name=password><button>x</button></form>",
    "<iframe src=//example.org></iframe><object data=x></object><embed src=x>",
    "<svg><script>alert(1)</script></svg><math><mtext><script>x</script></mtext></math>",
    "<meta http-equiv=refresh content='0;url=//example.org'><base href=//example.org><link rel=x href=//example.org>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table background=//example.org><td background=//example.org>x",
]


@pytest.mark.parametrize("html", DANGEROUS)
def test_html_does_nothing_but_show_text(html: str) -> None:
    shown = sanitised(html).lower()
    for word in (
        "alert(",
        "example.org",
        "javascript",
        "script",
        "style",
        "<img",
        "<form",
        "<input",
        "onclick",
        "data:",
    ):
        assert word not in shown


def test_a_link_tells_the_other_side_nothing() -> None:
    link = '<a href="https://example.org/" rel="noopener noreferrer nofollow">x</a>'
    assert sanitised('<a href="https://example.org/" target=_top ping=//x>x</a>') == link


def test_the_text_of_html_has_its_lines_lists_and_quotes() -> None:
    html = "<p>Uno<br>due</p><ul><li>a</li><li>b</li></ul><blockquote>c<div>d</div></blockquote><pre>e\n  f</pre>"
    assert plain(html) == "Uno\ndue\n\n- a\n- b\n\n> c\n> d\n\ne\n  f"


N = 200_000
SLOW = {
    "deep": "<div>" * (N // 5),
    "formats opened again": "".join(f"<b id={each}>" for each in range(500)) + "<div>x</div>" * (N // 12),
    "ends of nothing": "<div>" * (N // 12) + "</span>" * (N // 14),
    "ends in comments": "<div><!--</div>-->" * (N // 18),
    "ends in attributes": '<div x="</div>">' * (N // 16),
    "ends in a style": "<style></div></style><div>" * (N // 26),
    "ends in pictures": "<svg><style><g><g>" * (N // 18),
    "crossed": "<span><div></span>" * (N // 18),
    "attributes": "<a " + " ".join(f"a{each}" for each in range(N // 7)) + ">",
    "tables": "<table>" * (N // 7),
}


@pytest.mark.parametrize("html", SLOW.values(), ids=SLOW.keys())
def test_html_that_takes_long_is_not_parsed(html: str) -> None:
    assert not is_quick(html)
    assert sanitised(html) == ""


@pytest.mark.parametrize(
    "html", ["<" * N, "<!--" * (N // 4), "&#" * (N // 2), "< " * (N // 2), '<a "' * (N // 4), "\x00" * N]
)
def test_html_that_is_none_takes_no_time(html: str) -> None:
    plain(html)


def test_html_as_programs_write_it_is_parsed_however_long() -> None:
    row = '<table><tr><td style="a:b" width=1%><!--[if mso]><p><![endif]--><p>Ciao <b>tu</b><br><o:p></o:p></table>\n'
    assert is_quick("<!DOCTYPE html><html><style><!-- p {} --></style><body>" + row * 2_000)
