"""Rooms: who may do what in them, invites, publish keys and tickets."""
