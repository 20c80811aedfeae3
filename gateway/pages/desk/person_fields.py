"""The fields about a person whom somebody books for: reading what was typed, and what to say when it will not do."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from contracts.booking import EMAIL_MAX, NAME_MAX, PHONE_MAX, ReserveFor

LIMITS = {"name_max": NAME_MAX, "phone_max": PHONE_MAX, "email_max": EMAIL_MAX}  # of characters, for the template
FIELDS = ("name", "phone", "email", "language", "consent")


def read(form: "MultiDict[str, str]") -> dict[str, Any]:
    """As ``contracts.booking.ReserveFor`` wants it: what was left empty is None."""
    return {
        "name": " ".join(form.get("name", "").split()),
        "phone": " ".join(form.get("phone", "").split()) or None,
        "email": form.get("email", "").strip() or None,
        "language": form.get("language", ""),
        "consent": form.get("consent") == "1",
    }


def unclear(given: dict[str, Any]) -> set[str]:
    """The names of the fields that will not do, as far as that can be told without booking."""
    wrong = set(ReserveFor(only=FIELDS).validate({name: given[name] for name in FIELDS}))
    return wrong if given["consent"] else wrong | {"consent"}


def words(names: Iterable[str]) -> dict[str, Any]:
    """What to say of each, in the order of the page."""
    said = {
        "name": _("Scrivi il nome della persona, con le lettere di qualsiasi alfabeto"),
        "phone": _("Controlla il numero di telefono, per esempio 333 123 4567, oppure lascialo vuoto"),
        "email": _("Controlla l’indirizzo e-mail, per esempio nome@esempio.it, oppure lascialo vuoto"),
        "language": _("Scegli la lingua"),
        "consent": _("Serve il consenso della persona"),
    }
    return {name: said[name] for name in said if name in names}
