"""Statements of privacy: its own table, and what the parts' sections give."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, cast

from sqlmodel import func, select

from server.privacy.tables import PrivacyChoice

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from sqlalchemy import Executable

    from server.privacy.parts import Erasing, Part, Section
    from server.store.session import Session

ROWS_AT_ONCE: Final = 500


def put_agreement(session: Session, user_id: str, version: int, at_unix_ms: int) -> None:
    session.add(
        PrivacyChoice(user_id=user_id, agreed_version=version, agreed_at_unix_ms=at_unix_ms)
    )


def find_choice(session: Session, user_id: str) -> PrivacyChoice:
    """What there is, or what stands for nothing."""
    return session.get(PrivacyChoice, user_id) or PrivacyChoice(user_id=user_id)


def set_recorded(session: Session, user_id: str, *, is_recorded: bool) -> None:
    row = find_choice(session, user_id)
    row.is_recorded = is_recorded
    session.add(row)


def count_rows(session: Session, sections: Iterable[Section]) -> dict[str, int]:
    return {
        section.name: session.execute(
            select(func.count()).select_from(section.query.order_by(None).subquery())
        ).scalar_one()
        for section in sections
    }


def read_rows(session: Session, section: Section) -> Generator[Mapping[str, object]]:
    """Row by row, never all in memory."""
    query = cast("Executable", section.query)  # its base class says no more than what it adds
    found = session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    with contextlib.closing(found):
        for row in found:
            yield dict(row._mapping)  # noqa: SLF001 # public, whatever its name looks like


def sections_of(parts: Iterable[Part], user_id: str) -> tuple[Section, ...]:
    return tuple(section for part in parts for section in part.sections(user_id))


def erase(session: Session, parts: Iterable[Part], erasing: Erasing) -> None:
    for part in parts:
        part.erase(session, erasing)
    session.flush()
