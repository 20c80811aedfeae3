"""Needs in words: whose turn it is, who works on one, why something stands apart, and what to say when the service
refuses or is silent."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from babel.numbers import format_decimal
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bus.client import NoAnswer
from contracts.staff import NAME_MEMBERS
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.language import page_language
from gateway.pages.desk.frame import member, notice, refused
from gateway.pages.home import partners

_KB, _MB = 1_000, 1_000_000


def telling(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A page of needs: what is refused, and that nobody answers, is said with what it means for a conversation."""

    @wraps(view)
    def told(**given: Any) -> ResponseReturnValue:
        try:
            return view(**given)
        except Refusal as refusal:
            return _told(refusal)
        except NoAnswer as silence:
            return _silent(silence)

    return told


def _told(refusal: Refusal) -> ResponseReturnValue:
    said = {
        "not_found": (
            _("Questa richiesta non c’è"),
            _("Forse adesso è di un’altra organizzazione, oppure il link è incompleto."),
            404,
        ),
        "not_permitted": (_("Questo non è tuo da fare"), _("Il tuo account non arriva fin qui."), 403),
        "not_readable": (
            _("Da qui non si riesce ad aprire"),
            _("Il messaggio è guasto o troppo grande. Se sai chi l’ha scritto, chiedi di mandarlo di nuovo."),
            409,
        ),
    }
    if refusal.code not in said:
        return refused(refusal)
    title, advice, status = said[refusal.code]
    return notice(title, [advice], status)


def _silent(silence: NoAnswer) -> ResponseReturnValue:
    if not silence.accepted:
        return notice(_("Il servizio non risponde"), [_("Non è cambiato niente. Riprova tra un minuto.")], 503)
    words = _("Il servizio è lento: la richiesta è in coda, e vale solo se riesce entro mezzo minuto.")
    return notice(_("Non sappiamo ancora com’è andata"), [words, _("Tra un po’ torna alla richiesta e guarda.")], 202)


def state_names() -> dict[str, Any]:
    """Whose turn it is."""
    return {
        "new": _("Nuova"),
        "open": _("Tocca a noi"),
        "waiting": _("Tocca alla persona"),
        "resolved": _("Risolta"),
    }


def partner_names() -> dict[str, str]:
    return {each["id"]: each["name"] for each in partners()}


def staff_names(accounts: Iterable[str | None]) -> dict[str, str]:
    """The names of these accounts, «tu» for one's own; those that are not to be known are left out."""
    own = str(member().actor["id"])
    wanted = {each for each in accounts if each}
    others, names = sorted(wanted - {own}), {own: _("tu")} if own in wanted else {}
    if not others or member().role == "viewer":
        return names
    try:
        found = bus_client().ask(NAME_MEMBERS, by=own, account_ids=others)["items"]
    except (NoAnswer, Refusal):
        return names
    return names | {each["id"]: each["name"] for each in found}


def follower(need: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Who works on it (``contracts.needs.Need``)."""
    if need["assignee"] is None:
        return str(_("nessuno, per ora"))
    return names.get(need["assignee"]) or str(_("una persona dello staff"))


def writer(need: Mapping[str, Any]) -> str:
    """The person whose need it is, as well as we know them."""
    return str(need["name"] or need["email"] or _("Senza nome"))


def why_suggested(reason: str) -> str:
    said = {
        "same_person": _("è della stessa persona"),
        "other_sender": _("risponde a questa, da un altro indirizzo"),
    }
    return str(said.get(reason) or _("le somiglia"))


def why_apart(arrival: Mapping[str, Any]) -> str:
    """Why it belongs to no need (``contracts.needs.Arrival``)."""
    if arrival["outcome"] == "auto_reply":
        return str(_("Risposta automatica, o posta mandata a molti"))
    if arrival["outcome"] == "bounce":
        return str(_("Avviso di consegna"))
    said = {
        "too_big": _("È troppo grande"),
        "too_deep": _("Ha troppe parti una dentro l’altra"),
        "too_many_parts": _("Ha troppe parti"),
        "too_many_lines": _("Ha troppe righe"),
        "headers_too_long": _("Ha un’intestazione troppo lunga"),
        "no_message": _("Dentro non c’è un messaggio"),
    }
    return str(said.get(arrival["problem"]) or _("È guasta"))


def size_in_words(octets: int) -> str:
    """«82 kB», «1,2 MB»."""
    if octets < _MB:
        return f"{max(1, round(octets / _KB))} kB"
    return f"{format_decimal(round(octets / _MB, 1), locale=page_language())} MB"


WORDS: dict[str, Callable[..., str]] = {
    each.__name__: each for each in (follower, writer, why_suggested, why_apart, size_in_words)
}
