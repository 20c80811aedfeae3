"""What the tests of the command line share."""

from pathlib import Path

import pytest

from bottega import data_folder, parts
from tests.databases import Templates


@pytest.fixture
def data(templates: Templates, tmp_path: Path) -> Path:
    """The folder of an embedded platform that has run before."""
    environ = data_folder.environment(tmp_path, 8000, {})
    for name in parts.WITH_DATABASE:
        file = Path(environ[f"{name.upper()}_DATABASE_URI"].removeprefix("sqlite:///"))
        templates.copy(parts.SERVICES[name].migrations, file)
    return tmp_path
