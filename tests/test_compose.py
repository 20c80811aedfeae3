"""docker-compose.yml is valid, keeps its secrets elsewhere, and opens nothing but the gateway. No engine is needed."""

import os
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
OURS = ("booking", "notify", "staff", "needs", "gateway")
ONE_SHOT = ("broker-setup", "migrate-booking", "migrate-notify", "migrate-staff", "migrate-needs")


@cache
def _compose() -> list[str]:
    """The command: the plugin of Docker's client, or Debian's package."""
    plugin = ["docker", "compose"]
    if (
        shutil.which("docker")
        and subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode == 0
    ):
        return plugin
    return ["docker-compose"]


def _config(env_file: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [*_compose(), "--project-directory", str(ROOT), "--file", str(ROOT / "docker-compose.yml")]
    command += ["--env-file", str(env_file), *options, "config"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environ, cwd=ROOT)


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compose") / ".env"
    subprocess.run([ROOT / "ops" / "make-env", path], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def services(env_file: Path) -> dict[str, Any]:
    """What compose makes of the file with the profile dev, which make-env sets."""
    checked = _config(env_file)
    assert checked.returncode == 0, checked.stderr
    found: dict[str, Any] = yaml.safe_load(checked.stdout)["services"]
    return found


def test_every_service_of_the_platform_is_there(services: dict[str, Any]) -> None:
    assert services.keys() == {"rabbitmq", "postgres", "mail", *OURS, *ONE_SHOT}


def test_without_secrets_nothing_starts(tmp_path: Path) -> None:
    empty = tmp_path / ".env"
    empty.touch()
    refused = _config(empty)
    assert refused.returncode != 0
    assert "run make env" in refused.stderr


def test_no_secret_is_in_the_file(env_file: Path) -> None:
    written = (ROOT / "docker-compose.yml").read_text()
    secrets = [
        line.partition("=")[0] for line in env_file.read_text().splitlines() if "_KEY=" in line or "PASSWORD=" in line
    ]
    assert len(secrets) == 16
    assert all(f"${{{name}:?run make env}}" in written for name in secrets)
    assert all(f"${{{name}}}" not in written and f"${{{name}:-" not in written for name in secrets)


def test_two_installations_have_different_secrets(env_file: Path, tmp_path: Path) -> None:
    other = tmp_path / ".env"
    subprocess.run([ROOT / "ops" / "make-env", other], check=True, capture_output=True)
    of_one, of_other = (set(path.read_text().splitlines()) for path in (env_file, other))
    assert len({line for line in of_one - of_other if "=" in line}) == 16


def test_the_secrets_are_for_their_owner_alone(env_file: Path) -> None:
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_an_env_file_is_never_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / ".env"
    mine.write_text("PERSON_KEY=mine\n")
    subprocess.run([ROOT / "ops" / "make-env", mine], check=True, capture_output=True)
    assert mine.read_text() == "PERSON_KEY=mine\n"


def test_only_the_gateway_is_published(services: dict[str, Any]) -> None:
    published = {name for name, service in services.items() if service.get("ports") and not service.get("profiles")}
    assert published == {"gateway"}


def test_the_mail_catcher_is_for_development_only(services: dict[str, Any]) -> None:
    assert services["mail"]["profiles"] == ["dev"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_without_privileges(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", [*OURS, *ONE_SHOT, "rabbitmq", "postgres", "mail"])
def test_a_container_is_stopped_at_once_and_has_its_limits(services: dict[str, Any], name: str) -> None:
    assert services[name]["init"]
    assert services[name]["mem_limit"]
    assert services[name]["cpus"]


@pytest.mark.parametrize("name", OURS)
def test_several_of_a_service_can_run(services: dict[str, Any], name: str) -> None:
    assert "container_name" not in services[name]


@pytest.mark.parametrize("name", ["booking", "notify", "staff", "needs"])
def test_a_service_starts_on_a_prepared_broker_and_a_migrated_database(services: dict[str, Any], name: str) -> None:
    waits_for = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
    done = "service_completed_successfully"
    assert waits_for == {"broker-setup": done, f"migrate-{name}": done}


@pytest.mark.parametrize("name", ["booking", "notify", "staff", "needs"])
def test_a_service_gets_the_address_of_no_other_database(services: dict[str, Any], name: str) -> None:
    databases = [variable for variable in services[name]["environment"] if variable.endswith("_DATABASE_URI")]
    assert databases == [f"{name.upper()}_DATABASE_URI"]


def test_the_gateway_reaches_no_database(services: dict[str, Any]) -> None:
    assert "data" not in services["gateway"]["networks"]


@pytest.mark.parametrize("service", [*OURS, "all"])
def test_there_is_a_lock_for_each_image(service: str) -> None:
    assert (ROOT / "requirements" / f"{service}.txt").exists()
