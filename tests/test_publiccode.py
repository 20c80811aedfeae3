"""publiccode.yml keeps to the standard's version 0.4, and says the same as pyproject.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
# The keys that the standard makes mandatory (yml.publiccode.tools, "The Standard").
MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "releaseDate",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
LANGUAGES = ("it", "en")


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def test_nothing_mandatory_is_missing(publiccode: dict[str, Any]) -> None:
    assert publiccode.keys() >= MANDATORY


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_have_the_lengths_that_the_catalogue_takes(publiccode: dict[str, Any], language: str) -> None:
    description = publiccode["description"][language]
    assert len(description["genericName"]) <= 35
    assert len(description["shortDescription"]) <= 150
    assert 500 <= len(description["longDescription"]) <= 10_000
    assert all(len(feature) <= 100 for feature in description["features"])


def test_the_licence_is_that_of_the_project(publiccode: dict[str, Any], project: dict[str, Any]) -> None:
    assert publiccode["legal"]["license"] == project["license"] == "EUPL-1.2"


def test_the_version_is_that_of_the_project(publiccode: dict[str, Any], project: dict[str, Any]) -> None:
    assert publiccode["softwareVersion"] == project["version"]


def test_a_community_can_be_reached(publiccode: dict[str, Any]) -> None:
    assert publiccode["maintenance"]["type"] == "community"
    assert publiccode["maintenance"]["contacts"][0]["name"]


def test_the_italian_section_names_its_version(publiccode: dict[str, Any]) -> None:
    assert publiccode["it"]["countryExtensionVersion"] == "1.0"
