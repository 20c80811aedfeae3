"""Green threads: call ``patch`` before anything else is imported in a process that runs services."""


def patch() -> None:
    """Make sockets, locks, threads and psycopg2 cooperative, which nameko needs."""
    import eventlet

    eventlet.monkey_patch()
    from psycopg2.extensions import set_wait_callback

    from bus import green_postgres

    set_wait_callback(green_postgres.wait)
