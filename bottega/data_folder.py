"""The folder of an embedded platform: a database for each service, the mails, and keys that are made once."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from bottega.parts import WITH_DATABASE
from bus.files import write_whole

KEYS = ("PERSON_KEY", "BOOKING_SECRET_KEY", "NEEDS_SECRET_KEY", "GATEWAY_SECRET_KEY", "GATEWAY_PASSWORD_KEY")


def environment(folder: Path, port: int, environ: Mapping[str, str]) -> dict[str, str]:
    """The settings of a platform that keeps everything in ``folder``; what ``environ`` says comes first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    databases = {f"{name.upper()}_DATABASE_URI": f"sqlite:///{folder / f'{name}.db'}" for name in WITH_DATABASE}
    defaults = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "NOTIFY_OUTPUT_DIR": str(folder / "mail"),
        "NOTIFY_SENDER": "Città dei Mestieri <no-reply@localhost.localdomain>",
    }
    return {**databases, **defaults, **_keys(folder / "keys.json"), **environ}


def _keys(path: Path) -> dict[str, str]:
    """The keys of this folder. Made on first use; a key added by a later version is added to the file."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: secrets.token_hex(32) for name in KEYS if name not in known}
    if missing:
        known |= missing
        write_whole(path, json.dumps(known, indent=2).encode())
    return known
