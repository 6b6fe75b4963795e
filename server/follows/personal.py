"""What follows keep of a user: whom it follows, and by whom it is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_
from sqlmodel import col, select

from server.follows.tables import Follow
from server.privacy.parts import Part, Section

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "follows",
            select(Follow.followed_id, Follow.since_unix_ms).where(Follow.follower_id == user_id),
        ),
        Section("followers", select(Follow.since_unix_ms).where(Follow.followed_id == user_id)),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(
        delete(Follow).where(
            or_(
                col(Follow.follower_id) == erasing.user_id,
                col(Follow.followed_id) == erasing.user_id,
            )
        )
    )


PART: Final = Part(
    erased=frozenset({"follows.follower_id", "follows.followed_id"}),
    sections=_sections,
    erase=_erase,
)
