"""The gateway's settings."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from limits import parse_many

from bus.config import SettingError, amqp_uri, base_url, secret, setting, whole_number


def rate_limit(text: str) -> str:
    """One or more limits as the library ``limits`` writes them: ``1200 per minute; 6000 per hour``."""
    try:
        parse_many(text)
    except ValueError:
        raise ValueError("must be like: 1200 per minute; 6000 per hour") from None
    return text


def issuer(text: str) -> str:
    """An OpenID Connect issuer, exactly as its tokens name it; over HTTPS unless it is on this machine."""
    parts = urlsplit(text)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        return text
    raise ValueError("must start with https://")


_CENTRE = "how people reach the centre by"


@dataclass(frozen=True, repr=False)  # its key belongs in no log
class Settings:
    """Read once from the environment; see README.md for what each is for."""

    secret_key: bytes = setting("GATEWAY_SECRET_KEY", parse=secret, help="signs cookies; 32 or more hexadecimal digits")
    amqp_uri: str | None = setting(
        "GATEWAY_AMQP_URI", parse=amqp_uri, default=None, help="the message broker; not needed when embedded"
    )
    public_url: str = setting(
        "PUBLIC_URL", parse=base_url, default="http://localhost:8000", help="where people find the site"
    )
    centre_name: str = setting(
        "CENTRE_NAME", default="Città dei Mestieri di Torino", help="the centre that the site speaks for"
    )
    centre_phone: str = setting("CENTRE_PHONE", default="+39 011 385 3400", help=f"{_CENTRE} telephone")
    centre_email: str = setting("CENTRE_EMAIL", default="info@cittadeimestieritorino.org", help=f"{_CENTRE} e-mail")
    centre_address: str = setting("CENTRE_ADDRESS", default="Via Spalato 63/d, 10141 Torino", help=f"{_CENTRE} post")
    trusted_proxies: int = setting(
        "GATEWAY_TRUSTED_PROXIES",
        parse=whole_number(0, 5),
        default=0,
        help="how many proxies in front set X-Forwarded-For and X-Forwarded-Proto",
    )
    max_connections: int = setting(
        "GATEWAY_MAX_CONNECTIONS",
        parse=whole_number(10, 20000),
        default=1000,
        help="connections served at the same time; more wait",
    )

    limit_reads: str = setting(
        "GATEWAY_LIMIT_READS",
        parse=rate_limit,
        default="6000 per minute",
        help="pages that one address may read, for each process",
    )
    limit_changes: str = setting(
        "GATEWAY_LIMIT_CHANGES",
        parse=rate_limit,
        default="1200 per minute; 6000 per hour",
        help="forms and changes that one address may send, for each process",
    )

    password_key: bytes | None = setting(
        "GATEWAY_PASSWORD_KEY",
        parse=secret,
        default=None,
        help="what passwords of the staff are mixed with before they leave the gateway; without it there are none",
    )
    oidc_issuer: str | None = setting(
        "GATEWAY_OIDC_ISSUER", parse=issuer, default=None, help="the OpenID Connect provider of the staff"
    )
    oidc_client_id: str | None = setting("GATEWAY_OIDC_CLIENT_ID", default=None, help="what the provider knows us by")
    oidc_client_secret: str | None = setting("GATEWAY_OIDC_CLIENT_SECRET", default=None, help="and our secret there")

    def __post_init__(self) -> None:
        given = [bool(value) for value in (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)]
        if any(given) and not all(given):
            raise SettingError("GATEWAY_OIDC_ISSUER: must be set with GATEWAY_OIDC_CLIENT_ID and _CLIENT_SECRET")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")
