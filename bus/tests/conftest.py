"""The fixtures of the bus's tests are in fixtures.py, as the tests of faults use them too."""

from bus.tests.fixtures import (
    database,
    impatient,
    new_uri,
    postgres_database,
    postgres_uris,
    remote_rig,
    rig,
    wire,
)

__all__ = ["database", "impatient", "new_uri", "postgres_database", "postgres_uris", "remote_rig", "rig", "wire"]
