"""An OpenID Connect provider as a program: discovery, authorization with PKCE, token, keys, userinfo. Takes its port.

Whoever opens the authorization page is signed in as ``login`` in its address, with the ``twist`` that it asks for: what
a provider that is wrong, or somebody in its place, might answer. Without one it is a good provider.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "bottega", "a secret of ours"
KEY, FOREIGN = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
granted: dict[str, dict[str, str]] = {}  # by code, and by access token: what was asked for at the authorization page


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        pages = {
            "/.well-known/openid-configuration": lambda: self._json(self._metadata()),
            "/keys": lambda: self._json({"keys": [KEY.as_dict(private=False)]}),
            "/authorize": lambda: self._authorize(asked),
            "/userinfo": self._userinfo,
        }
        pages[url.path]()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        grant = granted.pop(asked["code"], None)
        if grant is None or not self._is_ours() or not _fits(grant, asked):
            self._json({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        granted[token] = grant
        answer = {"access_token": token, "token_type": "Bearer", "id_token": self._id_token(grant)}
        self._json(answer)

    def log_message(self, *_: Any) -> None:
        pass

    def _issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def _metadata(self) -> dict[str, Any]:
        issuer = self._issuer()
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _authorize(self, asked: dict[str, str]) -> None:
        wanted = {
            "response_type": "code",
            "client_id": CLIENT,
            "scope": "openid email",
            "code_challenge_method": "S256",
        }
        assert {name: asked[name] for name in wanted} == wanted
        code = secrets.token_urlsafe(16)
        granted[code] = asked
        answer = {"error": "access_denied"} if asked.get("twist") == "denied" else {"code": code}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")
        self.end_headers()

    def _is_ours(self) -> bool:
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") in {f"Basic {expected}", f"Basic {plain}"}

    def _id_token(self, grant: dict[str, str]) -> str:
        twist, now = grant.get("twist", ""), int(time.time())
        claims = {
            "iss": "https://elsewhere.example.org" if twist == "issuer" else self._issuer(),
            "aud": "another-site" if twist == "audience" else CLIENT,
            "sub": "subject-1",
            "iat": now,
            "exp": now + (-3600 if twist == "expired" else 300),
            "nonce": "of another visit" if twist == "nonce" else grant["nonce"],
            **({} if twist in {"no_email", "somebody_else"} else _address(grant)),
        }
        if twist == "unsigned":
            body = b".".join(_part(part) for part in ({"alg": "none"}, claims))
            return f"{body.decode()}."
        if twist == "our_secret":
            return _signed_by_secret(claims)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, FOREIGN if twist == "key" else KEY)

    def _userinfo(self) -> None:
        grant = granted[self.headers["Authorization"].removeprefix("Bearer ")]
        subject = "subject-2" if grant.get("twist") == "somebody_else" else "subject-1"
        self._json({"sub": subject, **_address(grant)})

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


def _address(grant: dict[str, str]) -> dict[str, Any]:
    return {"email": grant["login"], "email_verified": grant.get("twist") != "unverified"}


def _fits(grant: dict[str, str], asked: dict[str, str]) -> bool:
    """RFC 7636, 4.6: the verifier belongs to the challenge; RFC 6749, 4.1.3: the same address to come back to."""
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return challenge == grant["code_challenge"] and asked["redirect_uri"] == grant["redirect_uri"]


def _part(content: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")


def _signed_by_secret(claims: dict[str, Any]) -> str:
    """As somebody would who passes the provider's public key off as a shared secret."""
    said = b".".join(_part(part) for part in ({"alg": "HS256", "kid": "one"}, claims))
    signature = base64.urlsafe_b64encode(hmac.digest(KEY.as_pem(private=False), said, "sha256")).rstrip(b"=")
    return b".".join((said, signature)).decode()


def main(port: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Provider)
    print("open", flush=True)  # noqa: T201 (the test waits for it)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
