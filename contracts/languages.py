"""The languages that people are spoken to in, by ISO 639-1; the first is the one where nothing is known."""

LANGUAGES = ("it", "en")
