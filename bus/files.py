"""Files that are there whole or not at all, readable by their owner alone."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write the file, or write it again; it is on the disk when this returns. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.part")
    with open(unfinished, "wb", opener=_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _sync(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _sync(folder: Path) -> None:
    """Make the new name last: a rename is durable once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
