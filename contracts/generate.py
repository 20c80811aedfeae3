"""Writes contracts/asyncapi.yaml and contracts/schemas/*.json from the marshmallow schemas.

``python -m contracts.generate`` writes them, ``--check`` only says whether they are stale. It refuses to write over a
published schema that would lose a field: publish a new version beside it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from contracts.asyncapi import document, events, requests
from contracts.json_schemas import ENVELOPE, arguments_schema, broken_promises, event_schema, result_schema

FOLDER = Path(__file__).parent
NOTE = "# Written by `make contracts` from contracts/*.py: change those.\n"


class PromiseBroken(Exception):
    """A published schema would lose something; the message says what, a line for each."""


class _WithoutAliases(yaml.SafeDumper):
    """Writes what occurs twice twice: not all tools read YAML's anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def schemas() -> dict[str, dict[str, Any]]:
    """Every JSON Schema, by the name of its file without ``.json``."""
    found = {"envelope": ENVELOPE, **{event.name: event_schema(event) for event in events()}}
    for request in requests():
        found[request.routing_key] = arguments_schema(request)
        found[f"{request.routing_key}.result"] = result_schema(request)
    return found


def files() -> dict[str, str]:
    """The text of each file, by its path in contracts/. The same from the same contracts, byte for byte."""
    described = yaml.dump(document(), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=120)
    written = {"asyncapi.yaml": NOTE + described}
    for name, schema in schemas().items():
        written[f"schemas/{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return written


def stale(folder: Path) -> list[str]:
    """Paths that are missing, differ, or belong to nothing any more."""
    wanted = files()
    kept = {f"schemas/{path.name}" for path in (folder / "schemas").glob("*.json")}
    differing = {path for path, text in wanted.items() if not _holds(folder / path, text)}
    return sorted(differing | (kept - wanted.keys()))


def write(folder: Path) -> None:
    """Write what is stale. Raises PromiseBroken, and writes nothing, when a published schema would lose something."""
    broken = list(_broken_in(folder))
    if broken:
        raise PromiseBroken("\n".join(broken))
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for path, text in files().items():
        (folder / path).write_text(text, encoding="utf-8")


def _broken_in(folder: Path) -> Iterator[str]:
    now = schemas()
    for path in sorted((folder / "schemas").glob("*.json")):
        name = path.name.removesuffix(".json")
        if name not in now:
            yield f"{name}: is gone"
            continue
        for promise in broken_promises(json.loads(path.read_text(encoding="utf-8")), now[name]):
            yield f"{name}: {promise}"


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    if parser.parse_args(arguments).check:
        found = stale(folder)
        _say([f"stale: contracts/{path} (run `make contracts`)" for path in found])
        return 1 if found else 0
    try:
        write(folder)
    except PromiseBroken as broken:
        _say([*str(broken).splitlines(), "Publish a new version beside it. Was it never released? Delete its file."])
        return 1
    return 0


def _say(lines: list[str]) -> None:
    sys.stderr.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
