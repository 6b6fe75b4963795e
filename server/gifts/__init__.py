"""Gifts and red packets: what a user does with coins in a room."""
