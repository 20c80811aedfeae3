"""Small signed cookies that a browser sends back to one part of the site only, and for a limited time.

They hold what a person is in the middle of. They are signed, not secret: the person's own browser can read them. They
are kept there rather than with us so that nothing of an unfinished booking is stored anywhere.
"""

from dataclasses import dataclass
from typing import Any

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from gateway.context import settings


@dataclass(frozen=True)
class SignedCookie:
    """``seconds``: how long it lives. ``path``: the only addresses that it is sent to."""

    name: str
    seconds: int

    def read(self) -> dict[str, Any] | None:
        """What was written, or None if there is nothing, or it is too old or not ours."""
        try:
            content = self._signer().loads(request.cookies.get(self.name, ""), max_age=self.seconds)
        except BadData:
            return None
        return content if isinstance(content, dict) else None

    def write(self, response: Response, content: dict[str, Any], *, path: str) -> None:
        response.set_cookie(
            self.name,
            self._signer().dumps(content),
            max_age=self.seconds,
            path=path,
            secure=settings().is_https,
            httponly=True,
            samesite="Lax",
        )

    def clear(self, response: Response, *, path: str) -> None:
        response.delete_cookie(self.name, path=path, secure=settings().is_https, httponly=True, samesite="Lax")

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(settings().secret_key, salt=f"cookie:{self.name}")
