"""What recordings keep of a user: what they said and gave while a room was recorded.

The pictures are the streamer's, and go with the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.privacy.parts import Part, Section, Sweep
from server.recording.tables import Replay, ReplayEntry

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "replay_entries",
            select(ReplayEntry.replay_id, ReplayEntry.at_ms, ReplayEntry.kind, ReplayEntry.body)
            .where(ReplayEntry.user_id == user_id)
            .order_by(col(ReplayEntry.replay_id), col(ReplayEntry.number)),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    """Also what somebody else did where the user is named in it: who won a draw."""
    session.execute(delete(ReplayEntry).where(col(ReplayEntry.user_id) == erasing.user_id))
    session.execute(
        delete(ReplayEntry).where(
            col(ReplayEntry.user_id).is_(None),
            col(ReplayEntry.body).contains(erasing.user_id, autoescape=True),
        )
    )


def _sweep(session: Session, before_unix_ms: int) -> int:
    """What was said in one old recording; the recording itself stays."""
    old = session.exec(
        select(Replay.id)
        .join(ReplayEntry, col(ReplayEntry.replay_id) == Replay.id)
        .where(Replay.started_at_unix_ms < before_unix_ms)
        .limit(1)
    ).first()
    if old is None:
        return 0
    session.execute(delete(ReplayEntry).where(col(ReplayEntry.replay_id) == old))
    return 1


PART: Final = Part(
    erased=frozenset({"replay_entries.user_id"}),
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("messages", _sweep),),
)
