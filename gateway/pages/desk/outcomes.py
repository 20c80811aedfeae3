"""What became of a command about sessions: its page can be loaded again, and nothing is done twice by that."""

from typing import Any
from uuid import UUID

from flask import make_response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from bus.requests import RemoteRefusal
from contracts.booking import GET_OUTCOME
from contracts.wire import Command
from gateway.context import bus_client
from gateway.pages.desk.frame import do, notice


def done_or_queued(command: Command, key: UUID, **arguments: Any) -> None:
    """Carry out a command, or leave it on the durable queue. Raises Refusal, and NoAnswer when it is nowhere."""
    try:
        do(command, key=str(key), **arguments)
    except NoAnswer as silence:
        if not silence.accepted:
            raise


def outcome_of(key: UUID) -> dict[str, Any]:
    """``contracts.booking.Outcome`` as JSON; not done, while booking does not say: who read that nothing happened would
    ask for it a second time."""
    try:
        return bus_client().ask(GET_OUTCOME, idempotency_key=str(key))
    except NoAnswer:
        return {"done": False, "result": None, "refusal": None}


def outcome_page(key: UUID, what: str) -> Response:
    """The sessions that were ``published``, ``changed`` or ``called_off`` with this key. Raises the refusal, if any."""
    outcome = outcome_of(key)
    if outcome["refusal"]:
        raise RemoteRefusal(outcome["refusal"])
    result = outcome["result"] or {}
    if "items" not in result:
        words = _("Il servizio è lento: la richiesta è in coda, e vale solo se riesce entro mezzo minuto.")
        response = notice(_("Non sappiamo ancora com’è andata"), [words, _("Ricarica questa pagina tra un po’.")], 202)
        return make_response(response)
    sessions = result["items"]
    page = render_template("desk/changed.html", title=_title(what, len(sessions)), sessions=sessions, what=what)
    return make_response(page)


def _title(what: str, many: int) -> str:
    if what == "published":
        return str(ngettext("La sessione è pubblicata", "%(num)s sessioni sono pubblicate", many))
    if what == "changed":
        return str(ngettext("La sessione è cambiata", "%(num)s sessioni sono cambiate", many))
    return str(ngettext("La sessione non si tiene più", "%(num)s sessioni non si tengono più", many))
