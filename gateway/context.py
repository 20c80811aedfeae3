"""What a view needs from the application that serves it, typed: the bus client and the settings."""

from typing import cast

from flask import Flask, current_app

from bus.client import Client
from gateway.config import Settings

_CLIENT = "bottega.client"
_SETTINGS = "bottega.settings"


def configure(app: Flask, settings: Settings) -> None:
    app.extensions[_SETTINGS] = settings


def equip(app: Flask, client: Client) -> None:
    app.extensions[_CLIENT] = client


def bus_client() -> Client:
    return cast("Client", current_app.extensions[_CLIENT])


def settings() -> Settings:
    return cast("Settings", current_app.extensions[_SETTINGS])
