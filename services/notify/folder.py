"""Mails as files, where there is no mail server: ``<message row>.eml``, complete or not there at all."""

import os
from pathlib import Path
from uuid import UUID

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
            self._write(self._folder / f"{key}.eml", mail.content)
        except OSError as error:
            raise Outage(f"folder_{error.errno}") from error

    def close(self) -> None:
        pass

    def _write(self, path: Path, content: bytes) -> None:
        unfinished = path.with_name(f".{path.name}.part")
        with open(unfinished, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync(self._folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _sync(folder: Path) -> None:
    """Make the new name last: a rename is durable once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
