"""What the examples of booking's messages are made of."""

SESSION_ID = "018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"
RESERVATION_ID = "018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22"
PERSON_ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

TIMES = {"starts_at": "2026-12-01T16:00:00+00:00", "ends_at": "2026-12-01T17:30:00+00:00"}
FACTS = {
    "reservation_id": RESERVATION_ID,
    "session_id": SESSION_ID,
    "person_id": PERSON_ID,
    "partner": "orso",
    **TIMES,
    "booked_by": None,
    "reachable": True,
}

STORIES = [{"title": "Come sono diventata falegname", "url": "https://video.example.org/falegname"}]
SESSION = {
    "id": SESSION_ID,
    "title": "Orientarsi dopo il diploma",
    "description": "Un'ora e mezza per capire che cosa viene dopo: lavoro, ITS, università, servizio civile.",
    "language": "it",
    "partner": "orso",
    "partner_name": "Cooperativa Orso",
    **TIMES,
    "capacity": 20,
    "taken": 13,
    "seats_left": 7,
    "waiting": 0,
    "bookable": True,
    "cancelled": False,
    "series_id": None,
    "stories": STORIES,
    "revision": 0,
}
RESERVATION = {
    "id": RESERVATION_ID,
    "session_id": SESSION_ID,
    "state": "confirmed",
    "position": None,
    "waiting_list": None,
}
DETAILS = {
    **RESERVATION,
    "session": SESSION,
    "join_token": "x1B7n2Qm9-VtR4pL8cKd5sWzF0hJyGuA3eE_oTiNbXc",
    "join_opens_at": "2026-12-01T15:45:00+00:00",
    "feedback_until": "2026-12-31T17:30:00+00:00",
    "revision": 0,
    "was_confirmed": True,
    "called_off": False,
    "calendar_id": RESERVATION_ID,
}
TOKEN = "q0y2c7kS3m4bX8nZ1tR5vW6uJ9pL0aQ-dE_fGhIjKlM"  # noqa: S105 (an example)
PASS = f"{PERSON_ID}.1795942800.k3mB8nZ1tR5vW6uJ9pL0aQq0y2c7kS3m4bX-dE_fGhI"
PUBLISHED = {"series_id": None, "items": [SESSION]}
