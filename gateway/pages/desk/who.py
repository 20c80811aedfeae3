"""Who is signed in at the desk: a signed cookie that names an account, and what staff says of that account now."""

from typing import Any

from flask import session
from werkzeug.wrappers import Response

from gateway.cookies import SignedCookie
from gateway.members import Member as Member
from gateway.members import members

PATH = "/banco"
_COOKIE = SignedCookie("banco", seconds=8 * 3600)


def signed_in() -> Member | None:
    """Raises NoAnswer when staff does not say."""
    content = _COOKIE.read()
    if content is None or not content.keys() >= {"id", "epoch"}:  # none, or of another version of this site
        return None
    return members().find(content["id"], content["epoch"])


def remember(response: Response, member: dict[str, Any]) -> None:
    """Sign a member in (``contracts.staff.Member``). What the browser had before, the form token too, is void."""
    session.clear()
    _COOKIE.write(response, {"id": member["actor"]["id"], "epoch": member["epoch"]}, path=PATH)


def forget(response: Response) -> None:
    session.clear()
    _COOKIE.clear(response, path=PATH)
