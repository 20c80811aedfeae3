"""What stands for a password between the gateway and staff: the password itself does not leave the gateway."""

import hashlib
import hmac
import unicodedata


def password_proof(key: bytes, password: str) -> str:
    """HMAC-SHA-256 of the password in NFKC (NIST SP 800-63B, 3.1.1.2), as 64 hexadecimal digits.

    Without the key nobody can tell the password from it, nor try passwords against a copy of what staff keeps.
    """
    return hmac.new(key, unicodedata.normalize("NFKC", password).encode(), hashlib.sha256).hexdigest()
