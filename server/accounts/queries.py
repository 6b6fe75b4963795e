"""SQL on the tables of accounts: functions of a session, without decisions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from server.accounts.rules import name_taken
from server.accounts.tables import Device, LoginSession, PasswordReset, User
from server.text import fold, skeleton
from wire.event_base import UserInfo
from wire.ids import UserId

SESSIONS_PER_USER_MAX: Final = 50
DEVICES_PER_USER_MAX: Final = 20


def describe(user: User) -> UserInfo:
    """What others may know of a row."""
    return UserInfo(user_id=UserId(user.id), name=user.name, is_admin=user.is_admin)


def find_by_name(session: Session, name_folded: str) -> User | None:
    return session.exec(select(User).where(User.name_folded == name_folded)).first()


def find_by_token(session: Session, token_hash: str) -> tuple[LoginSession, User] | None:
    return session.exec(
        select(LoginSession, User)
        .join(User, col(User.id) == col(LoginSession.user_id))
        .where(LoginSession.token_hash == token_hash)
    ).first()


def find_users(session: Session, user_ids: Collection[str]) -> list[User]:
    return list(session.exec(select(User).where(col(User.id).in_(user_ids))).all())


def find_user(session: Session, name_or_id: str) -> UserInfo | None:
    row = find_by_name(session, fold(name_or_id)) or session.get(User, name_or_id)
    return describe(row) if row else None


def find_unerased(session: Session, user_ids: Collection[str]) -> list[UserInfo]:
    """Those of the users that are there, and not as a pseudonym only."""
    query = select(User).where(col(User.id).in_(user_ids), col(User.erased_at_unix_ms).is_(None))
    return [describe(row) for row in session.exec(query).all()]


def touch_session(
    session: Session, session_id: str, *, used_at_unix_ms: int, expires_at_unix_ms: int
) -> None:
    session.execute(
        update(LoginSession)
        .where(col(LoginSession.id) == session_id)
        .values(last_used_at_unix_ms=used_at_unix_ms, expires_at_unix_ms=expires_at_unix_ms)
    )


def list_sessions(session: Session, user_id: str, *, alive_at_unix_ms: int) -> list[LoginSession]:
    query = select(LoginSession).where(
        LoginSession.user_id == user_id,
        col(LoginSession.expires_at_unix_ms) > alive_at_unix_ms,
    )
    return list(session.exec(query).all())


def delete_session_of(session: Session, user_id: str, session_id: str) -> bool:
    """False where the user has no such session."""
    row = session.get(LoginSession, session_id)
    if row is None or row.user_id != user_id:
        return False
    session.delete(row)
    return True


def delete_session(session: Session, session_id: str) -> None:
    session.execute(delete(LoginSession).where(col(LoginSession.id) == session_id))


def delete_sessions_of(session: Session, user_id: str) -> None:
    session.execute(delete(LoginSession).where(col(LoginSession.user_id) == user_id))


def delete_devices_of(session: Session, user_id: str) -> None:
    session.execute(delete(Device).where(col(Device.user_id) == user_id))


def insert_user(session: Session, user: User) -> None:
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        raise name_taken() from None


def update_profile(session: Session, user: User, *, name: str | None, about: str | None) -> None:
    """Raises WireError(NAME_TAKEN)."""
    if name is not None:
        user.name, user.name_folded, user.name_skeleton = name, fold(name), skeleton(name)
    if about is not None:
        user.about = about
    try:
        session.flush()
    except IntegrityError:
        raise name_taken() from None


def is_taken(session: Session, name: str, *, except_id: str = "") -> bool:
    """Whether somebody else has a name that is or looks the same."""
    query = select(User.id).where(
        (col(User.name_folded) == fold(name)) | (col(User.name_skeleton) == skeleton(name)),
        col(User.id) != except_id,
    )
    return session.exec(query).first() is not None


def has_admin(session: Session) -> bool:
    query = select(func.count()).select_from(User).where(col(User.is_admin))
    return session.exec(query).one() > 0


def prune(session: Session, user_id: str) -> None:
    """Forget the sessions and devices that were used longest ago, beyond what a user may have."""
    old_sessions = session.exec(
        select(LoginSession.id)
        .where(LoginSession.user_id == user_id)
        .order_by(col(LoginSession.last_used_at_unix_ms).desc(), col(LoginSession.id))
        .offset(SESSIONS_PER_USER_MAX)
    ).all()
    if old_sessions:
        session.execute(delete(LoginSession).where(col(LoginSession.id).in_(old_sessions)))
    old_devices = session.exec(
        select(Device.token_hash)
        .where(Device.user_id == user_id)
        .order_by(col(Device.last_used_at_unix_ms).desc(), col(Device.token_hash))
        .offset(DEVICES_PER_USER_MAX)
    ).all()
    if old_devices:
        session.execute(delete(Device).where(col(Device.token_hash).in_(old_devices)))


# --- for admins -------------------------------------------------------------------------------


def count_users(session: Session) -> int:
    return session.exec(select(func.count()).select_from(User)).one()


def count_admins(session: Session) -> int:
    query = select(func.count()).select_from(User).where(col(User.is_admin))
    return session.exec(query).one()


def list_users(
    session: Session,
    *,
    search: str,
    admins_only: bool,
    among: Collection[str] | None,
    offset: int,
    limit: int,
) -> tuple[list[User], int]:
    """By name, and how many there are in all; `among` bounds them to some ids."""
    conditions: list[ColumnElement[bool]] = []
    if search:
        conditions.append(col(User.name_folded).contains(search, autoescape=True))
    if admins_only:
        conditions.append(col(User.is_admin).is_(True))
    if among is not None:
        conditions.append(col(User.id).in_(among))
    total = session.exec(select(func.count()).select_from(User).where(*conditions)).one()
    query = (
        select(User)
        .where(*conditions)
        .order_by(col(User.name_folded), col(User.id))
        .offset(offset)
        .limit(limit)
    )
    return list(session.exec(query).all()), total


def sessions_seen(session: Session, user_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many sessions each user has, and when the newest was used."""
    query = (
        select(LoginSession.user_id, func.count(), func.max(col(LoginSession.last_used_at_unix_ms)))
        .where(col(LoginSession.user_id).in_(user_ids))
        .group_by(col(LoginSession.user_id))
    )
    return {user_id: (count, seen) for user_id, count, seen in session.exec(query).all()}


def find_reset(session: Session, name_folded: str) -> tuple[PasswordReset, User] | None:
    return session.exec(
        select(PasswordReset, User)
        .join(User, col(User.id) == col(PasswordReset.user_id))
        .where(User.name_folded == name_folded)
    ).first()


def delete_resets_of(session: Session, user_id: str) -> None:
    session.execute(delete(PasswordReset).where(col(PasswordReset.user_id) == user_id))
