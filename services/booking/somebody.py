"""Who somebody books for: what was written of the person, and which place is known to be theirs."""

from dataclasses import dataclass
from uuid import UUID

from bus.transaction import Transaction
from contracts import person
from services.booking import store
from services.booking.domain import Reservation
from services.booking.people import legible_name, usable_address, usable_number


@dataclass(frozen=True)
class Somebody:
    """A person, as ``contracts.booking.Person`` says it, in the form in which it is kept; ``phone`` is in E.164."""

    name: str
    email: str | None
    phone: str | None

    def person_id(self, key: bytes) -> str:
        """By the address; by the number where there is no address; with neither another one each time."""
        if self.email:
            return person.person_id(key, self.email)
        return person.person_id_of_number(key, self.phone) if self.phone else person.person_id_of_nobody_known(key)


def somebody(name: str, email: str | None = None, phone: str | None = None) -> Somebody:
    """Raises InvalidArguments, never with what was written in it."""
    return Somebody(
        legible_name(name),
        usable_address(email) if email else None,
        usable_number(phone) if phone and phone.strip() else None,
    )


def place_of(tx: Transaction, session_id: UUID, who: Somebody, person_id: str) -> Reservation | None:
    """The live place of a person who is known: by the address, or by the number where there is no address.

    A number beside an address says little: families share one.
    """
    found = store.live_reservation(tx, session_id, person_id)
    if found is None and who.phone and not who.email:
        found = store.live_with_number(tx, session_id, who.phone)
    return found
