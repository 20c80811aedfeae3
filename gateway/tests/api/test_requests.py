"""What happens when booking does not answer in time: 202, and a link that says what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bus.tables import outbox
from bus.times import now
from gateway.tests.api.conftest import Site
from services.booking import usecases
from tests.waiting import wait_until


@contextmanager
def booking_is_busy(site: Site) -> Iterator[None]:
    """Booking's database is held by somebody else: a command waits for it longer than the gateway waits."""
    site.bus.patience = 0.1
    with site.database.transaction():
        yield
    site.bus.patience = None


def became(site: Site, taken: Any, status: str) -> Any:
    def asked() -> Any:
        answer = site.client.get(taken.headers["Location"])
        return answer if answer.json["status"] == status else None

    return wait_until(asked, f"the request to be {status}")


def test_a_request_taken_in_is_carried_out_when_booking_is_back(site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        taken = site.book(session_id)
    assert (taken.status_code, taken.json["status"]) == (202, "pending")
    assert taken.json["status_url"] == taken.headers["Location"]
    done = became(site, taken, "done").json
    assert done["reservation"]["state"] == "confirmed"
    assert site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"] == 1


def test_the_same_key_gives_the_same_link_and_later_the_reservation(site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        first, again = site.book(session_id), site.book(session_id)
    assert first.json == again.json
    done = became(site, first, "done").json
    assert site.book(session_id).json == done["reservation"]


def test_the_link_tells_nothing_of_the_key_that_the_client_chose(site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        taken = site.book(session_id, key="a-key-that-is-easy-to-guess")
    assert "guess" not in taken.json["id"]


def test_a_request_that_was_refused_later_says_why(site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        taken = site.book(session_id, consent=False)
    refused = became(site, taken, "refused").json
    assert refused["problem"]["code"] == "consent_missing"
    assert refused["reservation"] is None


def test_who_is_refused_later_is_written_to_once(site: Site) -> None:
    session_id = site.publish()
    with site.database.transaction() as tx:
        usecases.cancel_session(tx, now(), session_id=UUID(session_id))
    with booking_is_busy(site):
        taken = site.book(session_id)
    assert became(site, taken, "refused").json["problem"]["code"] == "session_closed"
    site.bus.finish()
    assert told(site) == ["notify.remember_contact", "notify.tell_refusal"]


def told(site: Site) -> list[str]:
    """The commands to notify in booking's outbox."""
    with site.database.reading() as tx:
        return list(tx.connection.execute(select(outbox.c.routing_key).where(outbox.c.is_command)).scalars())


def test_a_request_is_still_pending_while_booking_cannot_be_asked(site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        taken = site.book(session_id)
    became(site, taken, "done")
    del site.bus._nodes["booking"]
    assert site.client.get(taken.headers["Location"]).json["status"] == "pending"


def test_a_link_that_we_did_not_give_leads_nowhere(site: Site) -> None:
    made_up = f"/api/v1/requests/{'0' * 64}.{'A' * 43}"
    assert site.client.get(made_up).status_code == 404


def test_giving_a_seat_back_is_taken_in_too(site: Site) -> None:
    made = site.book(site.publish())
    token = site.token(made.json["id"])
    with booking_is_busy(site):
        taken = site.client.delete(made.headers["Location"], headers=token)
    assert taken.status_code == 202
    assert became(site, taken, "done").json["reservation"]["state"] == "cancelled"
