"""What notify asks staff: how the members are written to who booked for somebody."""

from dataclasses import dataclass, field
from uuid import UUID

from bus.client import Client, NoAnswer
from contracts.languages import LANGUAGES
from contracts.staff import REACH_MEMBER
from contracts.wire import NotFound, Refusal
from services.notify.domain import Contact
from services.notify.errors import NotDelivered, TryLater, Unwanted


@dataclass
class Members:
    """For one run of a sender: each member is asked about once, and nobody once staff has not answered."""

    client: Client
    _known: dict[UUID, Contact | NotDelivered] = field(default_factory=dict)
    _silent: bool = False

    def reach(self, account_id: UUID) -> Contact:
        """How the member is reached; ``person_id`` is empty.

        Raises Unwanted when there is no such account any more, TryLater when staff does not say.
        """
        found = self._known.get(account_id) or self._ask(account_id)
        if isinstance(found, NotDelivered):
            raise found
        return found

    def _ask(self, account_id: UUID) -> Contact | NotDelivered:
        if self._silent:
            return TryLater("staff_no_answer")
        try:
            answer = self.client.ask(REACH_MEMBER, account_id=account_id)
        except NoAnswer:
            self._silent = True
            return TryLater("staff_no_answer")
        except Refusal as refusal:
            gone = refusal.code == NotFound.code
            self._known[account_id] = Unwanted("member_gone") if gone else TryLater(f"staff_{refusal.code}"[:40])
        else:
            asked = answer.get(
                "language"
            )  # what stands in for staff may not say it, or say one that nobody writes here
            language = asked if asked in LANGUAGES else LANGUAGES[0]
            self._known[account_id] = Contact("", answer["email"], answer["name"], language, consent=True)
        return self._known[account_id]
