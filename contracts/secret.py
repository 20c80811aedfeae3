"""Secrets that are shown to a person once. Who makes one keeps only its digest, and only that travels on the bus."""

import hashlib
import re

KEY_PREFIX = "bottega_"  # so that who looks through code for secrets finds it: bottega_[0-9a-f]{40}
KEY_PATTERN = re.compile(KEY_PREFIX + r"[0-9a-f]{40}")


def access_key(secret: bytes) -> str:
    """The access key made of 20 random bytes, or of as many that nobody can guess."""
    return KEY_PREFIX + secret[:20].hex()


def digest(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits. It needs no salt, and no slow hash: nobody can guess what it is made of."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
