"""Mails as files, where there is no mail server: ``<message row>.eml``, complete or not there at all."""

from pathlib import Path
from uuid import UUID

from bus.files import write_whole
from services.notify.errors import Outage
from services.notify.mail import Mail


class FolderChannel:
    """Writes each mail to ``folder``, readable by its owner alone. A message written again is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: UUID, mail: Mail) -> None:
        """Raises Outage when the disk does not take it."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._folder / f"{key}.eml", mail.content)
        except OSError as error:
            raise Outage(f"folder_{error.errno}") from error

    def close(self) -> None:
        pass
