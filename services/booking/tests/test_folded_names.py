"""The migration that folds the names from before: in batches, and as booking folds them now."""

from importlib import import_module

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from services.booking.people import folded
from services.booking.tables import reservations
from services.booking.tests.desk import Desk

migration = import_module("services.booking.migrations.versions.0017_folded_names")
NAMES = ("Nguyễn Văn An", "D'Angelo Łucja", "नेहा शर्मा", "محمد", "Zoë Ünal")


def test_names_from_before_are_folded_and_those_that_are_off_are_left(desk: Desk) -> None:
    session = desk.publish(capacity=20)
    off = desk.book(session, "omar")
    for number, name in enumerate(NAMES):
        desk.book(session, f"p{number}", name=name)
    desk.cancel(off["id"])
    with desk.database.transaction() as tx:
        tx.connection.execute(update(reservations).values(folded_name=None))
        migration.fold_names(tx.connection, 2)
        found = tx.connection.execute(select(reservations.c.name, reservations.c.folded_name)).all()
    assert {name: fold for name, fold in found if name} == {name: folded(name) for name in NAMES}
    assert (None, None) in {tuple(row) for row in found}


@given(st.text())
def test_the_migration_folds_as_booking_does(name: str) -> None:
    assert migration.folded(name) == folded(name)
