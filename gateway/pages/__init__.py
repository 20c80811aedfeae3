"""The pages, a module for each subject: home, sessions, calendars, booking, its receipt, managing it, the way in,
one's own page."""

from typing import Any

from flask import Flask

from bus.client import Client
from gateway import last_known
from gateway.context import settings
from gateway.pages import (
    about,
    booking,
    dates,
    desk,
    embed,
    feedback,
    feeds,
    home,
    join,
    manage,
    personal,
    receipt,
    sessions,
)


def register(app: Flask) -> None:
    for subject in (home, sessions, feeds, embed, booking, receipt, manage, feedback, dates, join, about):
        app.register_blueprint(subject.blueprint)
    personal.register(app)
    desk.register(app)

    @app.context_processor
    def centre() -> dict[str, Any]:
        return {"centre": settings()}


def equip(app: Flask, client: Client) -> None:
    last_known.equip(app, client)
    feeds.equip(app)
    desk.equip(app)
