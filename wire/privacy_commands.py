"""Client to relay: see, take along and erase what is kept about oneself."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, Count, Password

ExportIdField = Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class GetPrivacyTerms(Command, frozen=True, kw_only=True):
    """What this relay keeps and for how long; guests ask too. Answer: PrivacyTerms."""


class GetMyData(Command, frozen=True, kw_only=True):
    """What is stored of the user, in counts. Answer: MyData."""


class SetRecording(Command, frozen=True, kw_only=True):
    """Whether what the user watches may be recorded for recommendations. Answer: Ok."""

    is_recorded: bool


class PrepareExport(Command, frozen=True, kw_only=True):
    """Begin a zip of all that is stored of the user. Answer: ExportPiece, without data."""


class ReadExport(Command, frozen=True, kw_only=True):
    """How far it is, and the bytes from `offset` on. Answer: ExportPiece.

    An export is gone when it was dropped, another was prepared, or its socket closed.
    """

    export_id: ExportIdField
    offset: Count = 0


class DropExport(Command, frozen=True, kw_only=True):
    """Give it up, or say that all of it was read. Answer: Ok."""

    export_id: ExportIdField


class EraseAccount(Command, frozen=True, kw_only=True):
    """Erase the user and all that is the user's, for good. Answer: Ok; the socket is a guest's."""

    password: Password
