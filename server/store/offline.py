"""One look at a database from outside the relay; the relay may run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from server.errors import StoreError
from server.store import engine as engines
from server.store.migrate import read_revision
from server.store.migrations import HEAD

T = TypeVar("T")


def look(database_url: str, work: Callable[[Session], T]) -> T:
    """Run `work` on one consistent state. Raises StoreError.

    The schema must be this program's: nothing is migrated here.
    """
    parsed = engines.parse_url(database_url)
    path = engines.sqlite_path(parsed)
    if path is not None and not path.is_file():
        raise StoreError(f"there is no database {path}")
    engine = engines.create_writer(parsed) if path is None else engines.create_reader(path)
    try:
        schema = read_revision(engine)
        if schema != HEAD:
            raise StoreError(f"the schema is {schema}, this program's is {HEAD}: migrate first")
        with Session(engine) as session:
            return work(session)
    except SQLAlchemyError as error:
        words = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        raise StoreError(f"the database cannot be read: {words}") from None
    finally:
        engine.dispose()
