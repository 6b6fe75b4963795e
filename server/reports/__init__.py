"""Viewers report what breaks a room's order; those who keep it judge, and the reporters hear."""
