"""The session that a piece of database work is given: for signatures outside services."""

from sqlmodel import Session

__all__ = ["Session"]
