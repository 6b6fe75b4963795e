"""Tables of accounts. Only `AccountService` reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    """`text.fold` of the name: how it is looked up."""
    name_skeleton: str = Field(unique=True)
    """`text.skeleton` of the name: no two names that look alike."""
    password_hash: str | None = None
    """Argon2id; None for the relay's own account, which nobody can log in to."""
    is_admin: bool = False
    about: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the user says of itself, in one line."""
    created_at_unix_ms: int = Field(sa_type=BigInteger)
    erased_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Set on what is left of an erased user: an id, and a name that says nothing."""


class LoginSession(SQLModel, table=True):
    __tablename__ = "sessions"

    id: str = Field(primary_key=True)
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    token_hash: str = Field(unique=True)
    device: str = ""
    created_at_unix_ms: int = Field(sa_type=BigInteger)
    last_used_at_unix_ms: int = Field(sa_type=BigInteger)
    expires_at_unix_ms: int = Field(sa_type=BigInteger)


class Device(SQLModel, table=True):
    """A device that a user has logged in on: it still gets in while guessers are locked out."""

    __tablename__ = "devices"

    token_hash: str = Field(primary_key=True)
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    last_used_at_unix_ms: int = Field(sa_type=BigInteger)


class PasswordReset(SQLModel, table=True):
    """An admin's secret with which a user chooses a new password, once."""

    __tablename__ = "password_resets"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    secret_hash: str
    expires_at_unix_ms: int = Field(sa_type=BigInteger)
