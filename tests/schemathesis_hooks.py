"""What schemathesis must know that no OpenAPI document can say; loaded by it, as tests/test_api.py starts it."""

import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import schemathesis

ROOM = "https://meet.example.org/colloquio"  # this platform makes none


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        _give_a_key_of_its_own(case)
        _leave_out_what_is_no_character(case)
        _publish_what_can_be(case)
        _give_a_number_that_can_be(case)
        _name_a_member_as_can_be(case)
        _say_it_in_plain_words(case)
        _name_a_calendar_as_none_is(case)


def _give_a_key_of_its_own(case: Any) -> None:
    """With another body the same key is refused, as it must be."""
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


def _leave_out_what_is_no_character(case: Any) -> None:
    """For the marks of the pattern of names, schemathesis makes code points that Unicode has not assigned, too."""
    if isinstance(case.body, dict) and isinstance(case.body.get("name"), str):
        name = case.body["name"]
        case.body["name"] = "".join(sign for sign in name if unicodedata.category(sign) != "Cn")


def _give_a_number_that_can_be(case: Any) -> None:
    """Which signs are a telephone number, a library knows and no schema says."""
    if isinstance(case.body, dict) and case.body.get("phone"):
        case.body["phone"] = "333 123 4567"


def _name_a_member_as_can_be(case: Any) -> None:
    """Which roles go with a partner, no schema says."""
    if isinstance(case.body, dict) and "role" in case.body:
        case.body["partner"] = "orso" if case.body["role"] in {"operator", "viewer"} else None
        if "name" in case.body:
            case.body["name"] = "Anna Bruno"


def _say_it_in_plain_words(case: Any) -> None:
    """Which signs are none that hide or turn the rest, no schema says in short."""
    if isinstance(case.body, dict) and "words" in case.body:
        case.body["words"] = "Ho capito da dove cominciare.\nGrazie."


def _name_a_calendar_as_none_is(case: Any) -> None:
    """Its address has a host, and is not fetched: nothing answers there. And this platform makes no rooms."""
    if isinstance(case.body, dict):
        can_be: dict[str, Any] = {"url": "https://127.0.0.1:9/orso.ics", "own_rooms": False}
        case.body |= {name: value for name, value in can_be.items() if name in case.body}
        if case.body.keys() >= {"url", "partner"}:
            case.body |= {"name": f"c{uuid.uuid4().hex}", "room_url": ROOM}


def _publish_what_can_be(case: Any) -> None:
    """A session is to come, of a partner that there is, in a room that can be; booking says more than a schema can."""
    if isinstance(case.body, dict) and isinstance(case.body.get("stories"), list):
        told = {"title": "Come sono diventata falegname", "url": "https://video.example.org/falegname"}
        case.body["stories"] = [{**story, **told} for story in case.body["stories"]]
    if isinstance(case.body, dict) and case.body.keys() & {"starts_at", "room_url", "title", "description"}:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        can_be: dict[str, Any] = {
            "partner": "orso",
            "starts_at": tomorrow.isoformat(),
            "room_url": ROOM,
            "rule": None,
            "without": [],
        }
        words = dict.fromkeys(("title", "description"), "Il primo colloquio")
        case.body |= {name: value for name, value in {**can_be, **words}.items() if name in case.body}
        if "partner" in case.body:
            case.body["room_url"] = ROOM
