"""What all pages of the desk share: who is not signed in gets nowhere, nothing is kept, refusals are in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bus.client import NoAnswer
from bus.times import now
from contracts.staff import ROLES
from contracts.wire import Command, Refusal
from gateway.context import bus_client
from gateway.error_pages import problem_page
from gateway.pages.desk import who
from gateway.pages.held import is_form_key
from gateway.wording import clock, day_close

PATIENCE = timedelta(seconds=30)  # after which a command is no longer worth carrying out


@dataclass(frozen=True)
class Entry:
    """A page that the bar of the desk leads to, for who has one of the roles."""

    endpoint: str
    label: Any
    roles: tuple[str, ...] = ROLES


ENTRIES = (
    Entry("desk.sessions", _l("Sessioni"), ("coordinator", "operator", "viewer")),
    Entry("desk.needs", _l("Richieste"), ("coordinator", "operator", "viewer")),
    Entry("desk.people", _l("Persone"), ("coordinator", "operator", "prescriber")),
    Entry("desk.choose", _l("Prenota"), ("prescriber",)),
    Entry("desk.calendars", _l("Calendari"), ("coordinator", "operator", "viewer")),
    Entry("desk.accounts", _l("Staff"), ("coordinator",)),
    Entry("desk.actions", _l("Registro"), ("coordinator", "operator")),
    Entry("desk.keys", _l("Chiavi")),
)

WANTED = "banco"  # in the session's cookie: the page that somebody wanted who had to sign in first
open_to_all: set[str] = set()  # endpoints for who is not signed in yet
open_to_prescribers: set[str] = set()  # endpoints for who sees nothing of the desk but the people they booked for

# What happened, and what to do next.
_WORDS = {
    "not_found": (_l("Questa sessione non c’è"), _l("Forse il link è incompleto. Riparti dall’elenco."), 404),
    "not_permitted": (
        _l("Questo non è tuo da fare"),
        _l("La sessione è di un’altra organizzazione, oppure il tuo account non arriva fin qui."),
        403,
    ),
    "too_early": (_l("È troppo presto"), _l("Si può fare più avanti."), 409),
    "sheet_closed": (
        _l("Il foglio delle presenze è chiuso"),
        _l("Quello che dice è già stato comunicato e non cambia più."),
        409,
    ),
    "seats_are_free": (
        _l("Ci sono ancora posti liberi"),
        _l("Non serve un posto in più: la persona può prenotare dalla pagina della sessione."),
        409,
    ),
    "no_seat": (_l("Questa persona non ha più un posto"), _l("Ricarica il foglio: nel frattempo ha annullato."), 409),
    "deadline_passed": (
        _l("Non è cambiato niente"),
        _l("Il servizio ha ricevuto la richiesta troppo tardi. Rifalla adesso."),
        409,
    ),
    "booked_already": (
        _l("Questa persona ha già un posto, o lo aspetta"),
        _l("In questa sessione ha già una prenotazione. Non ne abbiamo fatta un’altra."),
        409,
    ),
    "session_started": (
        _l("La sessione è già iniziata"),
        _l("Da adesso non si sposta e non si cambia più. Fino alla fine si può annullare."),
        409,
    ),
    "session_ended": (_l("La sessione è già finita"), _l("Non c’è più niente da cambiare."), 409),
    "session_closed": (_l("La sessione è annullata"), _l("Non c’è più niente da cambiare."), 409),
}


def new_blueprint() -> Blueprint:
    """The blueprint of the desk, still without pages."""
    blueprint = Blueprint("desk", __name__, url_prefix=who.PATH)
    blueprint.before_request(let_in)
    blueprint.after_request(keep_nowhere)
    blueprint.context_processor(member_at_hand)
    blueprint.register_error_handler(Refusal, refused)
    blueprint.register_error_handler(NoAnswer, not_answered)
    return blueprint


def let_in() -> ResponseReturnValue | None:
    if request.endpoint in open_to_all:
        return None
    member = who.signed_in()
    if member is None:
        if request.method == "GET":
            session[WANTED] = request.full_path.rstrip("?")
        return redirect(url_for("desk.sign_in"), 303)
    g.member = member
    if member.role == "prescriber" and request.endpoint not in open_to_prescribers:
        return redirect(url_for("desk.people"), 303) if request.endpoint == "desk.sessions" else not_yours()
    return None


def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def member_at_hand() -> dict[str, Any]:
    found = g.get("member")
    return {"member": found, "entries": [entry for entry in ENTRIES if found and found.role in entry.roles]}


def refused(refusal: Refusal) -> ResponseReturnValue:
    if refusal.code not in _WORDS:
        return problem_page(refusal)
    title, advice, status = _WORDS[refusal.code]
    if refusal.code == "too_early" and "opens_at" in refusal.details:
        opens = refusal.details["opens_at"]
        advice = _("Si può fare da %(day)s alle %(clock)s.", day=day_close(opens), clock=clock(opens))
    return notice(title, [advice], status)


def not_answered(silence: NoAnswer) -> ResponseReturnValue:
    if silence.accepted:
        words = _("Il servizio è lento: la modifica è in coda, e vale solo se riesce entro mezzo minuto.")
        return notice(_("Non sappiamo ancora com’è andata"), [words, _("Ricarica la pagina della sessione.")], 202)
    words = _("Non è cambiato niente. Riprova tra un minuto.")
    return notice(_("Il servizio non risponde"), [words], 503)


def notice(title: Any, words: list[Any], status: int) -> ResponseReturnValue:
    return make_response(render_template("desk/notice.html", title=title, words=words), status)


def member() -> who.Member:
    """Who is signed in, on a page that only they see."""
    found: who.Member = g.member
    return found


def may_publish() -> bool:
    """Whether to offer the forms of new sessions; booking decides."""
    return member().role in {"coordinator", "operator"}


def not_yours() -> ResponseReturnValue:
    title, advice, status = _WORDS["not_permitted"]
    return notice(title, [advice], status)


def form_key_or_new(key: str) -> str:
    """The key that a form carries, by which sending it twice is the same as once; a new one where it is no good."""
    return key if is_form_key(key) else str(uuid4())


def do(command: Command, *, key: str = "", **arguments: Any) -> dict[str, Any]:
    """Carry out a command of the member at hand. Raises Refusal, NoAnswer.

    ``key`` makes sending a form twice the same as once; what is the same done twice needs none.
    """
    return send(command, key=key, actor=member().actor, **arguments)


def send(command: Command, *, key: str = "", **arguments: Any) -> dict[str, Any]:
    deadline: datetime = now() + PATIENCE
    return bus_client().command(command, idempotency_key=key or str(uuid4()), deadline=deadline, **arguments)
