"""The staff's desk, under /banco: signing in, the sessions to come, publishing and changing them,
their seats and their attendance sheets; the conversations with people; and booking for somebody, which is all that a
prescriber sees of it.

Nobody who is not signed in sees anything of it, and nothing of it is kept in caches.
"""

from flask import Flask

from gateway.pages.desk import (
    accounts,
    answering,
    arrivals,
    attendance,
    audit,
    booking_for,
    calendar_terms,
    calendars,
    changing,
    frame,
    keys,
    needs,
    overbooking,
    people,
    provider,
    publishing,
    session,
    sessions,
    signing,
    stories,
    tries,
)


def register(app: Flask) -> None:
    provider.register(app)
    blueprint = frame.new_blueprint()
    for subject in (
        signing,
        provider,
        sessions,
        session,
        publishing,
        changing,
        stories,
        overbooking,
        attendance,
        calendars,
        calendar_terms,
        people,
        booking_for,
    ):
        subject.add_to(blueprint)
    for subject in (needs, answering, arrivals, keys, accounts, audit):
        subject.add_to(blueprint)
    app.register_blueprint(blueprint)


def equip(app: Flask) -> None:
    tries.equip(app)
