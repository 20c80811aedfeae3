"""A website that is used again in tests is as a new one."""

from bus.embedded import EmbeddedBus
from bus.node import Node
from gateway.app import create_app, equip
from gateway.config import Settings

FIXED = {"settings", "static_files", "provider", "problem"}


def test_only_what_never_changes_is_kept_when_a_website_is_equipped_anew() -> None:
    client = Node("gateway", EmbeddedBus()).client
    app = create_app(Settings(secret_key=bytes(32)), client)
    before = dict(app.extensions)
    equip(app, Node("gateway", EmbeddedBus()).client)
    kept = {name for name, part in app.extensions.items() if name.startswith("bottega.") and part is before[name]}
    assert kept == {f"bottega.{name}" for name in FIXED}
