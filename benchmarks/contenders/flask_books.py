"""A bare booking application, Flask and SQLAlchemy: lock the session's row, count, insert, commit. The ceiling.

No mail, no events, no waiting list, no idempotency keys, no check of what comes in. Its database is
``BARE_DATABASE_URI``; gunicorn serves it.
"""

import os
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, request
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

THREADS = 20


class Base(DeclarativeBase):
    pass


class Meeting(Base):
    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    capacity: Mapped[int]


class Reservation(Base):
    __tablename__ = "reservations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    name: Mapped[str]
    email: Mapped[str]


def create_app() -> Flask:
    app = Flask(__name__)
    engine = create_engine(os.environ["BARE_DATABASE_URI"], pool_size=THREADS, max_overflow=0)

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.post("/api/v1/sessions/<uuid:session_id>/reservations")
    def reserve(session_id: UUID) -> Any:
        person = request.get_json()
        with Session(engine) as database:
            meeting = database.get_one(Meeting, session_id, with_for_update=True)
            taken = select(func.count()).select_from(Reservation).where(Reservation.session_id == session_id)
            if database.scalars(taken).one() >= meeting.capacity:
                return {"code": "session_full"}, 409
            new = uuid4()
            database.add(Reservation(id=new, session_id=session_id, name=person["name"], email=person["email"]))
            database.commit()
            return {"id": str(new), "state": "confirmed"}, 201

    return app
