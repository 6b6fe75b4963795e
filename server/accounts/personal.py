"""What accounts keep of a user.

The row of an erased user stays as a pseudonym, without name, words or password: the ledger and
other people's rows point at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.accounts.queries import delete_devices_of, delete_resets_of, delete_sessions_of
from server.accounts.tables import Device, LoginSession, User
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep
from server.text import fold, skeleton

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "profile",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                User.id, User.name, User.about, User.is_admin, User.created_at_unix_ms
            ).where(User.id == user_id),
        ),
        Section(
            "sessions",
            select(
                LoginSession.device,
                LoginSession.created_at_unix_ms,
                LoginSession.last_used_at_unix_ms,
                LoginSession.expires_at_unix_ms,
            ).where(LoginSession.user_id == user_id),
        ),
        Section("devices", select(Device.last_used_at_unix_ms).where(Device.user_id == user_id)),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    delete_sessions_of(session, erasing.user_id)
    delete_devices_of(session, erasing.user_id)
    delete_resets_of(session, erasing.user_id)
    user = session.get(User, erasing.user_id)
    if user is None:
        return
    user.name = erasing.pseudonym
    user.name_folded, user.name_skeleton = fold(user.name), skeleton(user.name)
    user.about, user.password_hash, user.is_admin = "", None, False
    user.created_at_unix_ms = 0
    user.erased_at_unix_ms = erasing.at_unix_ms


def _sweep_sessions(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(LoginSession.id)
        .where(col(LoginSession.expires_at_unix_ms) < before_unix_ms)
        .limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(LoginSession).where(col(LoginSession.id).in_(old)))
    return len(old)


def _sweep_devices(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(Device.token_hash)
        .where(col(Device.last_used_at_unix_ms) < before_unix_ms)
        .limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Device).where(col(Device.token_hash).in_(old)))
    return len(old)


PART: Final = Part(
    erased=frozenset({"sessions.user_id", "devices.user_id", "password_resets.user_id"}),
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("sessions", _sweep_sessions), Sweep("sessions", _sweep_devices)),
)
