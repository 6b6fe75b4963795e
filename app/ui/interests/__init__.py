"""Interests that somebody chose: in Discover's strip and under Me."""
