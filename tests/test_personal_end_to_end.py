"""A person asks for a link to their own page, finds it in their mail, and sees all that they booked: both set-ups."""

import re
import secrets
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.platform import Platform
from tests.servers import MailServer

SUBJECT = "Il link alla tua pagina"


def _opener() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


@dataclass
class Browser:
    """Somebody who follows links and sends forms: with cookies, and without scripts."""

    url: str
    opener: OpenerDirector = field(default_factory=_opener)
    page: str = ""

    def open(self, address: str) -> int:
        return self._sent(address, None)

    def send(self, path: str, **fields: str) -> int:
        """Send a form of the page at hand; its hidden fields go along."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        return self._sent(self.url + path, urlencode({**hidden, **fields}).encode())

    def _sent(self, address: str, body: bytes | None) -> int:
        try:
            with self.opener.open(address, body, timeout=30) as response:
                self.page = response.read().decode()
                return int(response.status)
        except HTTPError as error:
            self.page = error.read().decode()
            return error.code


def link_for(platform: Platform, mails: MailServer, address: str) -> str:
    """Ask on the page, and find the link in the mail."""
    browser = Browser(platform.url)
    browser.open(f"{platform.url}/le-mie")
    assert browser.send("/le-mie", email=address) == 200
    assert "Se conosciamo questo indirizzo" in browser.page
    (mail,) = [mail for mail in mails.wait_for(address, 2) if mail["Subject"] == SUBJECT]
    body = mail.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(r"https?://\S+/le-mie/\S+/\S+", body.get_content())
    return str(link)


def test_a_link_in_the_mail_leads_once_to_all_that_the_person_booked(platform: Platform, mails: MailServer) -> None:
    address = f"giulia-{secrets.token_hex(4)}@example.org"
    platform.reserve(platform.publish_session(capacity=3, title="Il primo colloquio"), address)
    mails.wait_for(address)
    link = link_for(platform, mails, address)

    scanner, person, late = (Browser(platform.url) for _ in range(3))
    for _ in range(2):  # looking uses nothing up
        assert scanner.open(link) == 200
        assert "Il primo colloquio" not in scanner.page
    assert person.open(link) == 200
    assert person.send("/le-mie/entra") == 200
    assert "Il primo colloquio" in person.page
    assert "/gestisci/" in person.page
    assert late.open(link) == 200
    assert late.send("/le-mie/entra") == 410
    assert "Questo link non vale più" in late.page

    assert person.send("/le-mie/preferenze", language="en", reminders="1") == 200
    assert person.send("/le-mie/esci") == 200
    person.open(f"{platform.url}/le-mie")
    assert "Il primo colloquio" not in person.page
    assert link.rsplit("/", 1)[1] not in platform.logs()


def test_who_asks_for_a_stranger_reads_the_same_and_no_mail_is_sent(platform: Platform, mails: MailServer) -> None:
    known, stranger = (f"{name}-{secrets.token_hex(4)}@example.org" for name in ("giulia", "nessuno"))
    platform.reserve(platform.publish_session(capacity=3), known)
    mails.wait_for(known)
    pages = []
    for address in (stranger, known):
        browser = Browser(platform.url)
        browser.open(f"{platform.url}/le-mie")
        browser.send("/le-mie", email=address)
        pages.append(browser.page)
    assert pages[0] == pages[1]
    mails.wait_for(known, 2)  # asked for later, and there
    assert mails.messages(stranger) == []
