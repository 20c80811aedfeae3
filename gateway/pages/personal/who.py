"""Which link this browser has opened, and the pass that it got for one: two signed cookies for these pages alone."""

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from contracts.notify.personal import TOKEN_MAX
from contracts.person import PASS_LIVES
from gateway.cookies import SignedCookie

PATH = "/le-mie"
DOOR = f"{PATH}/entra"
_LINK = SignedCookie("le-mie-link", seconds=60 * 60)  # longer than the link is good: that it is over is said by notify
_PASS = SignedCookie("le-mie", seconds=int(PASS_LIVES.total_seconds()))


def keep_link(response: Response, link_id: UUID, token: str) -> None:
    _LINK.write(response, {"link_id": str(link_id), "token": token[:TOKEN_MAX]}, path=DOOR)


def link() -> dict[str, Any] | None:
    """``link_id`` and ``token`` of the link, or None if this browser opened none."""
    return _LINK.read()


def forget_link(response: Response) -> None:
    _LINK.clear(response, path=DOOR)


def let_in(response: Response, personal_pass: str) -> None:
    _PASS.write(response, {"personal_pass": personal_pass}, path=PATH)
    forget_link(response)


def own_pass() -> str | None:
    """The pass, which booking and notify read; None for who is not in."""
    kept = _PASS.read()
    return str(kept["personal_pass"]) if kept else None


def leave(response: Response) -> None:
    _PASS.clear(response, path=PATH)
    forget_link(response)
