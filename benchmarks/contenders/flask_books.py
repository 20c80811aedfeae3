"""A bare booking application, Flask and SQLAlchemy: lock the session's row, count, insert, commit. The ceiling.

No mail, no events, no waiting list, no idempotency keys, no check of what comes in. Its database is
``BARE_DATABASE_URI``; gunicorn serves it.
"""

import os
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid_utils
from flask import Flask, request
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    create_engine,
    func,
    insert,
    select,
)

THREADS = 20

metadata = MetaData()
sessions = Table(
    "sessions", metadata, Column("id", Uuid, primary_key=True), Column("capacity", Integer, nullable=False)
)
reservations = Table(
    "reservations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
)
Index("reservations_by_session", reservations.c.session_id)

# Built once: building a statement costs SQLAlchemy more than running it.
_SESSION = bindparam("session", type_=Uuid())
_LOCK = select(sessions.c.capacity).where(sessions.c.id == _SESSION).with_for_update()
_COUNT = select(func.count()).select_from(reservations).where(reservations.c.session_id == _SESSION)
_INSERT = insert(reservations)


def create_app() -> Flask:
    app = Flask(__name__)
    engine = create_engine(os.environ["BARE_DATABASE_URI"], pool_size=THREADS, max_overflow=0)

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.post("/api/v1/sessions/<uuid:session_id>/reservations")
    def reserve(session_id: UUID) -> Any:
        person = request.get_json()
        with engine.begin() as connection:
            capacity = connection.execute(_LOCK, {"session": session_id}).scalar_one()
            if connection.execute(_COUNT, {"session": session_id}).scalar_one() >= capacity:
                return {"code": "session_full"}, 409
            row = {"id": uuid_utils.uuid7(), "session_id": session_id}
            connection.execute(_INSERT, {**row, "name": person["name"], "email": person["email"]})
        return {"id": str(row["id"]), "state": "confirmed"}, 201

    return app
