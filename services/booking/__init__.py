"""Booking (ARLO): group orientation sessions, their seats and waiting lists."""
