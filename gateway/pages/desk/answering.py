"""Answering a person by mail. What was typed is lost in no case: nobody answers, or it was too late."""

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.needs import ANSWER_NEED
from contracts.wire import Refusal
from gateway.language import only_language
from gateway.pages.desk import fields
from gateway.pages.desk.frame import do, form_key_or_new
from gateway.pages.desk.need_words import telling
from gateway.pages.desk.needs import ANSWER_MAX, ONE, back_to_need, need_page, position, to_need

_KEYS = UUID("3b0a4f7e-2f0e-4a0c-9f0e-6c1f2f1f0a51")  # of the keys that are made of a form's key and its words


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"{ONE}/risposta", "answer_need", telling(answer), methods=["POST"])
    blueprint.add_url_rule(f"{ONE}/risposta", "after_answer_need", back_to_need)


def answer(need_id: UUID) -> ResponseReturnValue:
    """Send the answer. A second click sends the same, other words are another answer."""
    text, key = fields.read(request.form, ("text",))["text"], form_key_or_new(request.form.get("key", ""))
    if only_language():
        return need_page(need_id, {}, text, key)
    if not 0 < len(text) <= ANSWER_MAX:
        return need_page(
            need_id, {"text": _("Scrivi la risposta, in non più di %(most)s caratteri", most=ANSWER_MAX)}, text
        )
    try:
        sent = do(ANSWER_NEED, key=str(uuid5(_KEYS, f"{key}:{text}")), need_id=need_id, text=text)
    except NoAnswer as silence:
        return _again(need_id, text, key, accepted=silence.accepted)
    except Refusal as refusal:
        errors = _errors(refusal.code)
        if not errors:
            raise
        return need_page(need_id, errors, text)  # with another key: with this one it would be refused again
    return to_need(need_id, f"m-{sent['message_id']}", position(request.form.get("dopo", "")))


def _errors(code: str) -> dict[str, Any]:
    said = {
        "invalid_arguments": _("Scrivi la risposta, in non più di %(most)s caratteri", most=ANSWER_MAX),
        "unreachable": _("Di questa persona non conosciamo un indirizzo: la risposta non è partita"),
        "no_mailbox": _(
            "Non c’è una casella da cui rispondere: la risposta non è partita. Chiedi a chi gestisce la piattaforma"
        ),
        "deadline_passed": _("Il servizio l’ha ricevuta troppo tardi, e non è partita. Mandala adesso"),
    }
    return {"text": said[code]} if code in said else {}


def _again(need_id: UUID, text: str, key: str, *, accepted: bool) -> Response:
    """What was typed, in a form with the same key: it may be sent again, and goes out once."""
    after = position(request.form.get("dopo", ""))
    page = render_template(
        "desk/answer_again.html", need_id=need_id, text=text, key=key, accepted=accepted, after=after
    )
    return make_response(page, 202 if accepted else 503)
