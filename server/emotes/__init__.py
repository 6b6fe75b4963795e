"""Emotes that a room adds to those which every room has."""
