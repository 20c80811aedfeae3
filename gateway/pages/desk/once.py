"""A secret that a member makes at the desk and sees on the next page.

Its number stays in a cookie for five minutes, so that a telephone that loads the page again, when its owner comes back
from another program, still shows it.
"""

from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.wrappers import Response

from gateway.cookies import SignedCookie
from gateway.once import Secret
from gateway.pages.desk.frame import form_key_or_new, member
from gateway.pages.desk.who import PATH

_COOKIE = SignedCookie("banco-una-volta", seconds=300)


def of_form(what: str) -> Secret:
    return Secret(what, form_key_or_new(request.form.get("key", "")), _own_id())


def show(secret: Secret, response: Response) -> Response:
    """Let the page that follows show it."""
    _COOKIE.write(response, {"what": secret.what, "number": secret.number, "whose": secret.whose}, path=PATH)
    return response


def to_be_shown(what: str) -> Secret | None:
    """The secret that was made last, if it is for this and the member's own, and the five minutes are not over."""
    content: dict[str, Any] = _COOKIE.read() or {}
    if content.get("what") != what or content.get("whose") != _own_id():
        return None
    return Secret(what, str(content["number"]), _own_id())


def new_number() -> str:
    return str(uuid4())


def _own_id() -> str:
    return str(member().actor["id"])
