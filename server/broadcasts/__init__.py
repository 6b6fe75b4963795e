"""Broadcasts: a row for each going-live, from start to end."""
