"""The ways in which a mail can leave: over SMTP, or into a folder where there is no mail server."""

from typing import Protocol
from uuid import UUID

from services.notify.config import Settings
from services.notify.folder import FolderChannel
from services.notify.mail import Mail
from services.notify.smtp import SmtpChannel


class Channel(Protocol):
    def send(self, key: UUID, mail: Mail) -> None:
        """Return when the mail is in safe hands. Raises a NotDelivered."""

    def close(self) -> None: ...


def open_channel(settings: Settings) -> Channel:
    """The channel that the settings name. It connects when the first mail is sent."""
    if settings.smtp:
        return SmtpChannel(settings.smtp, settings.sender.addr_spec)
    return FolderChannel(settings.folder)
