"""A secret that a member makes at the desk and sees on the next page: an access key, or a link for a colleague.

It is worked out from a number and our own key, and staff is told its digest alone: no table has it, and no answer to a
command, which are kept for a week. The number stays in a cookie for five minutes, so that a telephone that loads the
page again, when its owner comes back from another program, still shows it.
"""

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.wrappers import Response

from contracts.secret import digest
from gateway.context import settings
from gateway.cookies import SignedCookie
from gateway.pages.desk.frame import form_key_or_new, member
from gateway.pages.desk.who import PATH

_COOKIE = SignedCookie("banco-una-volta", seconds=300)


@dataclass(frozen=True)
class Secret:
    """``what`` it is for; ``number`` comes with the form, so that sending it twice makes the same."""

    what: str
    number: str

    def worked_out(self) -> bytes:
        """32 bytes that only this site can work out, and only for the member at hand."""
        text = f"once:{self.what}:{member().actor['id']}:{self.number}"
        return hmac.digest(settings().secret_key, text.encode(), "sha256")

    @property
    def command_key(self) -> str:
        """The key of the command that tells staff of it: what is kept for a week is not the number itself."""
        return digest(f"{self.what}:{self.number}")

    def show(self, response: Response) -> Response:
        """Let the page that follows show it."""
        content = {"what": self.what, "number": self.number, "whose": member().actor["id"]}
        _COOKIE.write(response, content, path=PATH)
        return response


def of_form(what: str) -> Secret:
    return Secret(what, form_key_or_new(request.form.get("key", "")))


def to_be_shown(what: str) -> Secret | None:
    """The secret that was made last, if it is for this and the member's own, and the five minutes are not over."""
    content: dict[str, Any] = _COOKIE.read() or {}
    if content.get("what") != what or content.get("whose") != member().actor["id"]:
        return None
    return Secret(what, str(content["number"]))


def new_number() -> str:
    return str(uuid4())
