"""The fixtures of the bus's tests are in fixtures.py, as the tests of faults use them too."""

from bus.tests.fixtures import (
    database,
    embedded_rig,
    impatient,
    new_uri,
    postgres_database,
    postgres_uris,
    remote_rig,
    remote_wire,
    rig,
    shared_wire,
    wire,
)

__all__ = [
    "database",
    "embedded_rig",
    "impatient",
    "new_uri",
    "postgres_database",
    "postgres_uris",
    "remote_rig",
    "remote_wire",
    "rig",
    "shared_wire",
    "wire",
]
