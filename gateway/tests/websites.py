"""Websites for tests. Building one takes longer than most tests of it do, so each is built once and used again."""

from functools import lru_cache

from flask import Flask

from bus.client import Client
from bus.embedded import EmbeddedBus
from bus.node import Node
from gateway.app import create_app, equip
from gateway.config import Settings


def website(client: Client, settings: Settings) -> Flask:
    """A website with these settings that remembers nothing, until the next is asked for with the same settings."""
    app = _built(settings)
    equip(app, client)
    return app


@lru_cache(maxsize=20)
def _built(settings: Settings) -> Flask:
    return create_app(settings, Node("nobody", EmbeddedBus()).client)
