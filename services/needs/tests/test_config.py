"""The centre's mailboxes, as an operator writes them down."""

import pytest

from services.needs.config import mailboxes

BOXES = mailboxes("Info@Example.org, sportello@example.org=orso")


def test_a_mailbox_is_known_by_its_address_whatever_is_after_a_plus() -> None:
    found = [BOXES.of(address) for address in ("INFO@example.org", "sportello+x+y@example.org", "info@example.com", "")]
    assert found == ["info@example.org", "sportello@example.org", None, None]


def test_who_has_no_mailbox_answers_from_the_centres() -> None:
    found = [BOXES.of_partner(partner) for partner in ("orso", "altri", None)]
    assert found == ["sportello@example.org", "info@example.org", "info@example.org"]


@pytest.mark.parametrize("text", ["info", "a+b@example.org", f"{'a' * 25}@example.org", "@"])
def test_what_is_no_mailbox_to_answer_from_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mailboxes(text)
