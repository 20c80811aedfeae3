"""Short ways to say what the tests of sending are about."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from contracts import booking
from services.notify.channels import Channel
from services.notify.delivery import Letters
from services.notify.domain import Kind
from services.notify.errors import NotDelivered
from services.notify.folder import FolderChannel
from services.notify.mail import Mail
from services.notify.tests.examples import about
from services.notify.tests.office import Describe, Office

GIULIA, MARCO = "giulia@example.org", "marco@example.org"


def confirm(office: Office, *addresses: str) -> list[UUID]:
    reservations = [uuid4() for _ in addresses]
    for address, reservation in zip(addresses, reservations, strict=True):
        office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, address, reservation))
    return reservations


def recipients(office: Office) -> list[str]:
    return sorted(mail["To"].addresses[0].addr_spec for mail in office.mails())


def failing(refusal: NotDelivered) -> Describe:
    def describe(_reservations: Sequence[UUID]) -> Letters:
        raise refusal

    return describe


class Refusing:
    """A channel that refuses the mail to one address, and hands the others on."""

    def __init__(self, channel: Channel, address: str, refusal: NotDelivered) -> None:
        self._channel, self._address, self._refusal = channel, address, refusal
        self.closed = 0

    def send(self, key: UUID, mail: Mail) -> None:
        if mail.recipient == self._address:
            raise self._refusal
        self._channel.send(key, mail)

    def close(self) -> None:
        self.closed += 1


def refusing(office: Office, address: str, refusal: NotDelivered) -> Refusing:
    return Refusing(FolderChannel(office.folder), address, refusal)
