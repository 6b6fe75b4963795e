"""What a piece of database work is given and asks: for signatures outside services."""

from sqlalchemy.sql.selectable import GenerativeSelect
from sqlmodel import Session

__all__ = ["GenerativeSelect", "Session"]
