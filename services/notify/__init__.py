"""Notify: how a person is reached, and the messages that tell them what became of what they asked for."""
