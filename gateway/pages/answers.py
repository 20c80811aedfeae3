"""What a person typed in the booking form, read by the rules of the contract, with words for what is wrong."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from contracts.booking import ReserveSeat

WRONG = {
    "name": _l("Scrivi il nome con cui ti chiamiamo, con le lettere di qualsiasi alfabeto"),
    "email": _l("Controlla l’indirizzo e-mail: ci vuole qualcosa come nome@esempio.it"),
    "consent": _l("Serve il tuo consenso per tenerti il posto"),
}


def read_name(form: "MultiDict[str, str]") -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers of the first step, and the words for each that will not do."""
    answers = {"name": " ".join(form.get("name", "").split())}
    return answers, errors_in(answers)


def read_email(form: "MultiDict[str, str]") -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers of the second step, and the words for each that will not do."""
    answers = {"email": form.get("email", "").strip(), "consent": form.get("consent") == "1"}
    errors = errors_in(answers)
    if not answers["email"]:
        errors["email"] = _("Scrivi il tuo indirizzo e-mail")
    if not answers["consent"]:
        errors["consent"] = WRONG["consent"]
    return answers, errors


def errors_in(answers: dict[str, Any]) -> dict[str, Any]:
    wrong = ReserveSeat(only=tuple(answers)).validate(answers)
    return words_for(name for name in answers if name in wrong)


def words_for(names: Any) -> dict[str, Any]:
    return {name: WRONG[name] for name in names if name in WRONG}
