"""Programs of the staff: the API of a site, asked with access keys."""

from dataclasses import dataclass
from typing import Any

from bus.times import now
from contracts.secret import access_key, digest
from gateway.tests.desk.conftest import Staff
from services.staff import keys, usecases


@dataclass
class Program:
    """Somebody's program. ``ask`` answers the response."""

    client: Any
    key: str

    def ask(self, method: str, path: str, body: Any = None, *, twice: str = "one", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": twice}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers, query_string=query)


def program(
    staff: Staff, role: str = "operator", partner: str | None = "orso", email: str = "anna@example.org"
) -> Program:
    """The program of a new member."""
    staff.add(email, role, partner)
    key = access_key(email.encode().ljust(20))
    with staff.database.transaction() as tx:
        owner = usecases.held(tx, email)
        keys.add_key(tx, now(), "operator:test", account_id=owner.id, name="Agenda", digest=digest(key))
    return Program(staff.app.test_client(), key)
