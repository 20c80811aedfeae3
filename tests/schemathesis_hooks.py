"""What schemathesis must know that no OpenAPI document can say; loaded by it, as tests/test_api.py starts it."""

import unicodedata
import uuid
from typing import Any

import schemathesis


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        _give_a_key_of_its_own(case)
        _leave_out_what_is_no_character(case)


def _give_a_key_of_its_own(case: Any) -> None:
    """With another body the same key is refused, as it must be."""
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


def _leave_out_what_is_no_character(case: Any) -> None:
    """For the marks of the pattern of names, schemathesis makes code points that Unicode has not assigned, too."""
    if isinstance(case.body, dict) and isinstance(case.body.get("name"), str):
        name = case.body["name"]
        case.body["name"] = "".join(sign for sign in name if unicodedata.category(sign) != "Cn")
