"""The published language: every event, command and query, and what all services share of each other.

Nothing here knows how a message travels (that is ``bus``) or what a service does with it.
"""
