"""Recordings: their list, and one that is played with everything that was said."""
