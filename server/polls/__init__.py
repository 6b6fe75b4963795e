"""Polls: a question, some choices, one vote a user until the end."""
