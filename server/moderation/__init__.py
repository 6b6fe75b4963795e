"""Automatic moderation: what a text says once its disguises are taken off, and what follows."""
