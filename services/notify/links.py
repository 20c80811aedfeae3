"""The secret of a link to a person's own page: made when it is needed, and stored nowhere."""

import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

_PURPOSE = b"links to a person's own page"


def link_token(person_key: bytes, link_id: UUID) -> str:
    """43 characters: an HMAC-SHA-256 of the link's id under a key of its own, made from that of ``person_id``."""
    own_key = hmac.digest(person_key, _PURPOSE, "sha256")
    return urlsafe_b64encode(hmac.digest(own_key, str(link_id).encode(), "sha256")).decode().rstrip("=")


def opens(token: str, person_key: bytes, link_id: UUID) -> bool:
    """Whether ``token`` is that of the link; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(token.encode(errors="replace"), link_token(person_key, link_id).encode())
