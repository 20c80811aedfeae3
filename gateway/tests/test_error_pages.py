"""What a person reads when something goes wrong: what happened, and what to do next."""

from typing import Any

import pytest
from werkzeug.exceptions import TooManyRequests

from contracts import booking
from gateway.errors import PROBLEMS
from gateway.tests.conftest import Person, Site


def test_a_page_that_is_not_there_leads_to_the_sessions(silent: Any) -> None:
    page = silent.get("/nowhere")
    assert page.status_code == 404
    assert "Vai alle sessioni" in page.text


def test_a_session_that_is_not_there_is_not_found(site: Site) -> None:
    assert site.client.get("/sessioni/00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_wrong_method_says_which_is_right(silent: Any) -> None:
    answer = silent.put("/privacy")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "<h1>" in answer.text


def test_too_much_data_is_refused_in_words(person: Person, site: Site) -> None:
    session_id = site.publish()
    person.open(f"/sessioni/{session_id}/prenota")
    answer = person.send(name="x" * 100_000)
    assert answer.status_code == 413
    assert "troppi dati" in answer.text


def test_too_many_requests_say_when_to_come_back(built_anew: Any) -> None:
    built_anew.application.add_url_rule("/flood", view_func=_too_many)
    answer = built_anew.get("/flood")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Troppe richieste" in answer.text


def _too_many() -> str:
    raise TooManyRequests(retry_after=60)


def test_a_defect_shows_a_code_and_no_details(built_anew: Any) -> None:
    built_anew.application.add_url_rule("/defect", view_func=lambda: 1 / 0)
    answer = built_anew.get("/defect", headers={"X-Correlation-Id": "the-code-to-quote"})
    assert answer.status_code == 500
    assert "the-code-to-quote" in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_a_defect_logs_where_it_was_and_neither_the_address_nor_its_words(
    built_anew: Any, prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(secret: str) -> None:
        raise KeyError(f"Giulia Ferrero {secret}")

    built_anew.application.add_url_rule(f"{prefix}/defect/<secret>", f"broken{len(prefix)}", broken)
    built_anew.get(f"{prefix}/defect/q0y2c7kS3m4b")
    logged = "".join(capfd.readouterr())
    assert ("KeyError" in logged, "test_error_pages.py" in logged) == (True, True)
    assert ("q0y2c7kS3m4b" in logged, "Giulia" in logged) == (False, False)


def test_a_list_that_was_never_known_is_honestly_unavailable(silent: Any) -> None:
    answer = silent.get("/sessioni")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "non risponde" in answer.text


def test_a_form_without_its_token_is_refused_with_a_way_on(site: Site) -> None:
    session_id = site.publish()
    answer = site.client.post(f"/sessioni/{session_id}/prenota", data={"name": "Giulia"})
    assert answer.status_code == 400
    assert "Il modulo è scaduto" in answer.text


def test_an_error_is_kept_by_no_cache(silent: Any) -> None:
    assert silent.get("/nowhere").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", sorted({code for request in booking.REQUESTS for code in request.refusals}))
def test_every_refusal_of_booking_has_words(code: str) -> None:
    assert PROBLEMS[code].status >= 400
