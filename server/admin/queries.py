"""SQL on the tables of the admin's feature, each within a session of the caller's."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from server.admin.figures import FIGURES, Sample
from server.admin.tables import HouseFigures, RelaySettingRow


def load_settings(session: Session) -> list[RelaySettingRow]:
    return list(session.exec(select(RelaySettingRow)).all())


def put_setting(session: Session, row: RelaySettingRow) -> None:
    session.merge(row)


def insert_figures(session: Session, sample: Sample, *, keep_since_unix_ms: int) -> None:
    """Store a sample, and let go what is too old."""
    session.merge(HouseFigures(**asdict(sample)))
    session.execute(delete(HouseFigures).where(col(HouseFigures.at_unix_ms) < keep_since_unix_ms))


def load_figures(session: Session, since_unix_ms: int) -> list[Sample]:
    """The oldest first."""
    rows = session.exec(
        select(HouseFigures)
        .where(col(HouseFigures.at_unix_ms) > since_unix_ms)
        .order_by(col(HouseFigures.at_unix_ms))
    ).all()
    return [Sample(row.at_unix_ms, *(getattr(row, name) for name in FIGURES)) for row in rows]


def postgresql_bytes(session: Session) -> int:
    """How large the database is, by PostgreSQL's own word."""
    found = session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return int(found)


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
