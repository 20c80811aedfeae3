"""Signing in with OpenID Connect (Core 1.0, 3.1): the code flow with PKCE, state and nonce, by Authlib."""

from typing import Any, cast

import requests
import structlog
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Blueprint, Flask, current_app, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from joserfc.errors import JoseError
from werkzeug.exceptions import NotFound

from contracts.staff import EMAIL_MAX, SIGN_IN_WITH
from gateway.config import Settings
from gateway.context import settings
from gateway.language import page_language
from gateway.pages.desk.frame import notice, open_to_all, send
from gateway.pages.desk.signing import let_in
from gateway.pages.desk.who import PATH

TIMEOUT = 5  # seconds, for each request to the provider
# A provider may list "none", or a signature by our own secret; we ask for its own key.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_EXTENSION = "bottega.provider"
_FAILURES = (OAuthError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError)

log = structlog.get_logger(__name__)


class NotVerified(ValueError):
    """The provider does not say that the address is the person's own."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/oidc", "to_provider", to_provider)
    blueprint.add_url_rule("/oidc/ritorno", "from_provider", from_provider)
    open_to_all.update(("desk.to_provider", "desk.from_provider"))


def register(app: Flask) -> None:
    """Nothing is asked of the provider before somebody wants to sign in."""
    with app.app_context():
        chosen = settings()
    app.extensions[_EXTENSION] = _client(app, chosen) if chosen.oidc_issuer else None


def to_provider() -> ResponseReturnValue:
    """A link and not a form: a form may not lead to another site (the policy's form-action)."""
    try:
        _metadata()
        _forget_earlier_visits()
        answer: ResponseReturnValue = _provider().authorize_redirect(f"{settings().public_url}{PATH}/oidc/ritorno")
    except _FAILURES as error:
        return _failed(error)
    return answer


def from_provider() -> ResponseReturnValue:
    try:
        email = _verified_address()
    except _FAILURES as error:
        return _failed(error)
    answer = send(SIGN_IN_WITH, email=email, language=page_language())
    if answer["refused"]:
        words = [
            _("Il tuo indirizzo non è tra quelli dello staff."),
            _("Chiedi a chi gestisce Bottega di aggiungerti."),
        ]
        return notice(_("Non hai un account qui"), words, 403)
    return let_in(answer["member"])


def _client(app: Flask, chosen: Settings) -> Any:
    issuer = str(chosen.oidc_issuer)
    return OAuth(app).register(
        "oidc",
        client_id=chosen.oidc_client_id,
        client_secret=chosen.oidc_client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
    )


def _provider() -> Any:
    client = cast("Any", current_app.extensions[_EXTENSION])
    if client is None:
        raise NotFound
    return client


def _metadata() -> None:
    """Discover the provider, if that was not done yet. Raises ValueError when it calls itself otherwise."""
    metadata = _provider().load_server_metadata()
    if metadata.get("issuer") != settings().oidc_issuer:
        metadata.pop("_loaded_at", None)
        raise ValueError("the provider's metadata names another issuer")
    metadata["id_token_signing_alg_values_supported"] = _ALGORITHMS


def _forget_earlier_visits() -> None:
    """What Authlib keeps of each in the session's cookie: twenty that came to nothing would not fit."""
    for key in [key for key in session if key.startswith("_state_")]:
        del session[key]


def _verified_address() -> str:
    """The address of who comes back. Raises one of _FAILURES."""
    _metadata()
    must_be = {"iss": settings().oidc_issuer, "aud": settings().oidc_client_id}
    options = {name: {"essential": True, "value": value} for name, value in must_be.items()}
    token = _provider().authorize_access_token(claims_options=options)
    claims = token["userinfo"]
    if "email" not in claims:
        claims = _more(token, claims["sub"])
    if claims.get("email_verified") is not True or not 0 < len(str(claims.get("email", ""))) <= EMAIL_MAX:
        raise NotVerified("the address is not verified")
    return str(claims["email"])


def _more(token: dict[str, Any], subject: str) -> dict[str, Any]:
    """What the provider says where it is asked (5.3); about somebody else it does not count (5.3.2)."""
    claims: dict[str, Any] = _provider().userinfo(token=token)
    if claims.get("sub") != subject:
        raise ValueError("the provider speaks of somebody else")
    return claims


def _failed(error: Exception) -> ResponseReturnValue:
    log.warning("sign-in with the provider failed", error=type(error).__name__)
    if isinstance(error, requests.RequestException):
        return notice(_("Il servizio di accesso non risponde"), [_("Riprova tra un minuto.")], 503)
    if isinstance(error, NotVerified):
        words = _("Chi gestisce il tuo account non conferma che l’indirizzo e-mail è tuo.")
        return notice(_("Non sappiamo chi sei"), [words], 403)
    return notice(_("L’accesso non è riuscito"), [_("Riparti dalla pagina di accesso e riprova.")], 400)
