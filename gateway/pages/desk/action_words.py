"""What was done, in a sentence: by the staff in sessions and with calendars, and about accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from gateway.pages.desk.audit_filters import Chosen

_IN_SESSIONS: dict[str, Any] = {
    "publish": _l("%(who)s ha pubblicato %(session)s"),
    "change": _l("%(who)s ha cambiato %(session)s"),
    "changed": _l("%(who)s ha cambiato %(changed)s di %(session)s"),
    "call_off": _l("%(who)s ha annullato %(session)s"),
    "set_capacity": _l("%(who)s ha cambiato i posti di %(session)s"),
    "raised": _l("%(who)s ha alzato i posti di %(session)s da %(was)s a %(capacity)s"),
    "lowered": _l("%(who)s ha ridotto i posti di %(session)s da %(was)s a %(capacity)s"),
    "overbook": _l("%(who)s ha dato un posto in più a %(person)s in %(session)s"),
    "reserve_for": _l("%(who)s ha prenotato per %(person)s in %(session)s"),
    "cancel_for": _l("%(who)s ha annullato la prenotazione di %(person)s in %(session)s"),
    "move_for": _l("%(who)s ha spostato a un’altra data %(person)s che era in %(session)s"),
    "accept_for": _l("%(who)s ha preso per %(person)s il posto offerto in %(session)s"),
    "decline_for": _l("%(who)s ha lasciato il posto offerto a %(person)s in %(session)s"),
    "mark_present": _l("%(who)s ha segnato presente %(person)s in %(session)s"),
    "mark_absent": _l("%(who)s ha segnato assente %(person)s in %(session)s"),
    "mark_excused": _l("%(who)s ha segnato assente con un motivo %(person)s in %(session)s"),
    "close_attendance": _l("%(who)s ha chiuso il foglio delle presenze di %(session)s"),
    "follow_calendar": _l("%(who)s ha aggiunto il calendario %(calendar)s"),
    "confirm_calendar": _l("%(who)s ha confermato il calendario %(calendar)s"),
    "change_calendar": _l("%(who)s ha cambiato le condizioni del calendario %(calendar)s"),
    "fetch_calendar": _l("%(who)s ha fatto rileggere il calendario %(calendar)s"),
    "unfollow_calendar": _l("%(who)s ha smesso di seguire il calendario %(calendar)s"),
}
_CHANGED: dict[str, Any] = {
    "title": _l("il titolo"),
    "description": _l("la descrizione"),
    "times": _l("il giorno o l’ora"),
    "room": _l("la stanza"),
    "stories": _l("le storie"),
}
_OF_ACCOUNTS: dict[str, Any] = {
    "account_added": _l("%(who)s ha creato l’account di %(whom)s"),
    "role_changed": _l("%(who)s ha cambiato il ruolo di %(whom)s"),
    "account_disabled": _l("%(who)s ha chiuso l’account di %(whom)s"),
    "account_enabled": _l("%(who)s ha riaperto l’account di %(whom)s"),
    "link_made": _l("%(who)s ha fatto un link d’accesso per %(whom)s"),
    "password_set": _l("%(who)s ha scelto una password"),
    "key_added": _l("%(who)s ha fatto una chiave per %(whom)s"),
    "key_revoked": _l("%(who)s ha revocato una chiave di %(whom)s"),
    "signed_in": _l("%(who)s ha fatto l’accesso con la password"),
    "signed_in_with_provider": _l("%(who)s ha fatto l’accesso dalla sua organizzazione"),
    "signed_in_by_link": _l("%(who)s ha fatto l’accesso con un link"),
    "refused_wrong_credentials": _l("Accesso non riuscito all’account di %(whom)s"),
    "refused_try_later": _l("Accesso rimandato all’account di %(whom)s: prima c’erano stati troppi errori"),
    "refused_no_account": _l("Accesso non riuscito all’account di %(whom)s, che è chiuso"),
    "refused_no_link": _l("Accesso non riuscito all’account di %(whom)s, con un link che non vale più"),
}
_OF_NOBODY: dict[str, Any] = {
    "refused_wrong_credentials": _l("Accesso non riuscito, con un indirizzo che qui non conosciamo"),
    "refused_try_later": _l("Accesso rimandato, con un indirizzo che qui non conosciamo"),
    "refused_no_account": _l(
        "Accesso non riuscito da un’altra organizzazione, con un indirizzo che qui non conosciamo"
    ),
    "refused_no_link": _l("Accesso non riuscito con un link che non vale"),
}


@dataclass(frozen=True)
class Teller:
    """Tells what was done. ``names`` are of accounts, by their ids; ``chosen`` is what the page is about.

    Where the reader may ask for what others did, each name leads to that (``leads``).
    """

    names: Mapping[str, str]
    chosen: Chosen
    leads: bool = True

    def in_session(self, item: Mapping[str, Any]) -> Markup:
        """``contracts.booking.Action`` as JSON, in a sentence. One of a newer booking says its own word."""
        sentence = _IN_SESSIONS.get(_kind(item), "%(who)s: " + str(item["action"]) + ", %(session)s")
        return Markup(str(sentence)) % {  # noqa: S704 (our own words; all that goes into them is escaped)
            "who": self._who(item["staff_id"], _("La piattaforma")),
            "session": self._session(item),
            "person": self._person(item),
            "changed": _list([str(_CHANGED.get(each, each)) for each in item["changed"]]),
            "was": item["was"],
            "capacity": item["capacity"],
            "calendar": _quoted(item["calendar"]),
        }

    def of_account(self, entry: Mapping[str, Any]) -> Markup:
        """``contracts.staff.Entry`` as JSON, in a sentence."""
        known = _OF_ACCOUNTS if entry["account_id"] else _OF_NOBODY
        sentence = known.get(entry["action"], "%(who)s: " + str(entry["action"]) + ", %(whom)s")
        somebody = _("Chi gestisce la piattaforma") if entry["operator"] else _("Qualcuno")
        return Markup(str(sentence)) % {  # noqa: S704 (our own words; all that goes into them is escaped)
            "who": self._who(entry["by"], somebody),
            "whom": Markup("<strong>{}</strong>").format(self._name(entry["account_id"])),
        }

    def _who(self, account_id: str | None, nobody: str) -> Markup:
        """Who did it, and the way to all that they did."""
        if not self.leads or account_id == self.chosen.account_id or account_id not in self.names:
            return Markup("<strong>{}</strong>").format(self._name(account_id) if account_id else nobody)
        way = url_for(str(request.endpoint), **{**self.chosen.query, "chi": account_id})
        return Markup('<a class="who" href="{}">{}</a>').format(way, self._name(account_id))

    def _name(self, account_id: str | None) -> str:
        return self.names.get(account_id or "", "") or str(_("un account che non c’è più"))

    def _session(self, item: Mapping[str, Any]) -> Markup | str:
        if self.chosen.session_id:
            return str(_("questa sessione"))
        if item["session_id"] is None:
            return "…"
        way = url_for("desk.session", session_id=item["session_id"])
        return Markup('<a href="{}">{}</a>').format(way, _quoted(item["title"]))

    @staticmethod
    def _person(item: Mapping[str, Any]) -> Markup | str:
        """Whose name stays on the sheet; the way there, where their line is."""
        if item["reservation_id"] is None or item["action"] not in _STILL_THERE:
            return str(_("una persona"))
        place = f"p-{item['reservation_id']}"
        way = url_for("desk.session", session_id=item["session_id"], _anchor=place)
        return Markup('<a href="{}">{}</a>').format(way, _("una persona"))


_STILL_THERE = {"overbook", "reserve_for", "accept_for", "mark_present", "mark_absent", "mark_excused"}


def _kind(item: Mapping[str, Any]) -> str:
    """The action, or a closer word where it is known what about it."""
    if item["action"] == "set_capacity" and item["was"] is not None and item["capacity"] is not None:
        return "raised" if item["capacity"] > item["was"] else "lowered"
    return "changed" if item["action"] == "change" and item["changed"] else str(item["action"])


def _quoted(text: str | None) -> str:
    return str(_("«%(words)s»", words=text or "…"))


def _list(words: list[str]) -> str:
    """«il titolo, la descrizione e la stanza»."""
    if len(words) < 2:
        return "".join(words)
    return str(_("%(some)s e %(last)s", some=", ".join(words[:-1]), last=words[-1]))
