"""Green threads: call ``patch`` before anything else is imported in a process that runs services."""


def patch() -> None:
    """Make sockets, locks, threads and psycopg2 cooperative, which nameko needs."""
    import eventlet

    eventlet.monkey_patch()
    from eventlet.support import psycopg2_patcher

    psycopg2_patcher.make_psycopg_green()
