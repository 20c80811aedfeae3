"""The rules of the house hold: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOMAINS = sorted(ROOT.glob("services/*/domain.py"))
LAYERED = ["bus", "bottega", "contracts", "gateway", "services"]


def _imports(path: Path) -> set[str]:
    """The full names of the modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_nobody_imports_what_is_not_for_them() -> None:
    """The contracts under [tool.importlinter] in pyproject.toml."""
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.parent.name)
def test_a_domain_imports_only_its_errors_and_the_standard_library(path: Path) -> None:
    own_errors = f"services.{path.parent.name}.errors"
    foreign = {name for name in _imports(path) if name.split(".")[0] not in sys.stdlib_module_names}
    assert foreign <= {own_errors}


def test_there_is_a_domain_to_check() -> None:
    assert DOMAINS


@pytest.mark.parametrize("package", LAYERED)
def test_no_import_is_relative(package: str) -> None:
    """The import path is the file path, so that a search finds every use of a module."""
    relative = {
        (path.name, name)
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
        for name in _imports(path)
        if name.startswith(".")
    }
    assert relative == set()
