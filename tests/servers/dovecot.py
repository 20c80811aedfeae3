"""A private Dovecot from Debian's package: mailboxes over IMAP, with the password of the test."""

import signal
from imaplib import IMAP4, Time2Internaldate
from pathlib import Path
from typing import Self

from tests.servers.ports import accepts_connections, free_port
from tests.servers.process import Process, new_folder, remove_folder

PROGRAM = "/usr/sbin/dovecot"
USER = "mail"  # whom the mails belong to when we are root
_SETTINGS = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mails/%u
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={folder}/mails/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
{more}
"""


class Dovecot:
    """Listens on 127.0.0.1:``port``. Every user has a mailbox and the same password."""

    password = "open-sesame"

    def __init__(self, *, idle: bool = True) -> None:
        self.port = free_port()
        self.folder = new_folder("dovecot", USER)
        self.folder.chmod(0o755)
        (self.folder / "state").mkdir()
        more = "" if idle else "imap_capability = IMAP4rev1 UIDPLUS"
        words = {"folder": self.folder, "port": self.port, "password": self.password, "user": USER, "more": more}
        self._settings = self.folder / "dovecot.conf"
        self._settings.write_text(_SETTINGS.format(**words))
        self._process = Process([PROGRAM, "-F", "-c", self._settings], log=self.folder / "log")
        self._process.guard(signal.SIGTERM)
        self._process.await_ready(lambda: accepts_connections(self.port), "Dovecot")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._process.end(signal.SIGTERM)
        remove_folder(self.folder)

    def uri(self, user: str) -> str:
        """For NEEDS_IMAP_URI."""
        return f"imap://{user}:{self.password}@127.0.0.1:{self.port}/INBOX"

    def put(self, user: str, raw: bytes, flags: str = "") -> None:
        """Put a mail into the inbox of a user, as a mail server or another mail program does."""
        with IMAP4("127.0.0.1", self.port) as client:
            client.login(user, self.password)
            done, _ = client.append(
                "INBOX", flags, Time2Internaldate(0), raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            )
            assert done == "OK"

    def unread(self, user: str) -> int:
        with IMAP4("127.0.0.1", self.port) as client:
            client.login(user, self.password)
            client.select("INBOX", readonly=True)
            return len(client.search(None, "UNSEEN")[1][0].split())


def is_installed() -> bool:
    return Path(PROGRAM).exists()
