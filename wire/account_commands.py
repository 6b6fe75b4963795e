"""Requests about accounts: who one is, where one is logged in, whom one follows."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, Count, Label, Name, Password, Secret, UserIdField
from wire.ids import SessionId


class Register(Command, frozen=True, kw_only=True):
    """Make an account and log in. Answer: LoggedIn."""

    name: Name
    password: Password
    device: Label = ""
    code: Secret = ""
    """Where the house asks for one."""
    device_token: Secret = ""
    """Of an account that was on this device before, where there is one."""
    agreed_version: Count = 0
    """Of the words on what the relay keeps (`PrivacyTerms`) that the user has agreed to."""


class Login(Command, frozen=True, kw_only=True):
    """Answer: LoggedIn."""

    name: Name
    password: Password
    device: Label = ""
    device_token: Secret = ""
    """From an earlier LoggedIn on this device; lets the owner in while others are locked out."""


class Resume(Command, frozen=True, kw_only=True):
    """Log in with the token of an earlier LoggedIn. Answer: LoggedIn."""

    token: Secret


class Logout(Command, frozen=True, kw_only=True):
    """End this session; with `everywhere` all sessions of the user. Answer: Ok."""

    everywhere: bool = False


class ChangePassword(Command, frozen=True, kw_only=True):
    """Ends all other sessions of the user. Answer: LoggedIn with a new token."""

    old_password: Password
    new_password: Password


class ListSessions(Command, frozen=True, kw_only=True):
    """Where the user is logged in. Answer: Sessions."""


class EndSession(Command, frozen=True, kw_only=True):
    """End one of the user's own sessions; its sockets are closed. Answer: Ok."""

    session_id: Annotated[SessionId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class GetProfile(Command, frozen=True, kw_only=True):
    """What a user says of themselves. Answer: Profile."""

    user_id: UserIdField


class EditProfile(Command, frozen=True, kw_only=True):
    """Change what is given, keep what is left out. Answer: Profile."""

    name: Name | None = None
    about: Annotated[str, Meta(max_length=limits.USER_ABOUT_CHARACTERS_MAX)] | None = None


class ClaimAdmin(Command, frozen=True, kw_only=True):
    """Become the first admin with the secret that the relay printed on its console. Answer: Ok."""

    secret: Secret


class FollowUser(Command, frozen=True, kw_only=True):
    """Follow a user, or end it. Answer: Ok."""

    user_id: UserIdField
    is_following: bool
