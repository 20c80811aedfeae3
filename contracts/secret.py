"""Secrets that are shown to a person once. Who makes one keeps only its digest, and only that travels on the bus."""

import hashlib
import re
from base64 import urlsafe_b64encode

KEY_PREFIX = "bottega_"  # so that who looks through code for secrets finds it: bottega_[0-9a-f]{40}
KEY_PATTERN = re.compile(KEY_PREFIX + r"[0-9a-f]{40}")


def access_key(secret: bytes) -> str:
    """The access key made of 20 random bytes, or of as many that nobody can guess."""
    return KEY_PREFIX + secret[:20].hex()


def link_token(secret: bytes) -> str:
    """The token of a link that lets in once, made of 32 bytes that nobody can guess."""
    return urlsafe_b64encode(secret).decode().rstrip("=")


def digest(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits. It needs no salt, and no slow hash: nobody can guess what it is made of."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
