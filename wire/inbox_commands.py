"""Client to relay: reports of messages, users and rooms, and feedback to the relay's admins."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits
from wire.command_base import (
    Command,
    Count,
    Id,
    Key,
    Name,
    Password,
    RoomIdField,
    UserIdField,
)
from wire.ids import MessageId, SanctionId

ReportReason = Literal[
    "spam", "harassment", "hate", "sexual", "violence", "fraud", "privacy", "other"
]
"""`other` asks for words."""
ReportDecision = Literal["dismissed", "acted"]
ReportQueue = Literal["open", "decided"]
FeedbackCategory = Literal["problem", "idea", "question", "appeal", "other"]
FeedbackStatus = Literal["new", "read", "answered", "closed"]

MessageIdField = Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
SanctionIdField = Annotated[SanctionId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
ReportText = Annotated[str, Meta(max_length=limits.REPORT_TEXT_CHARACTERS_MAX)]
VerdictText = Annotated[str, Meta(max_length=limits.VERDICT_CHARACTERS_MAX)]
FeedbackText = Annotated[str, Meta(min_length=1, max_length=limits.FEEDBACK_CHARACTERS_MAX)]
AnswerText = Annotated[str, Meta(max_length=limits.FEEDBACK_CHARACTERS_MAX)]
DiagnosticsText = Annotated[str, Meta(max_length=limits.DIAGNOSTICS_CHARACTERS_MAX)]
Screenshot = Annotated[bytes, Meta(max_length=limits.SCREENSHOT_BYTES_MAX)]
PageLimit = Annotated[int, Meta(ge=1, le=limits.INBOX_PAGE_MAX)]


# --- reports ------------------------------------------------------------------------------------


class SendReport(Command, frozen=True, kw_only=True):
    """Report a message, a user, or, with neither, the room itself. Answer: ReportTaken."""

    room_id: RoomIdField
    """Where it happened."""
    message_id: MessageIdField | None = None
    user_id: UserIdField | None = None
    reason: ReportReason
    text: ReportText = ""


class ListReports(Command, frozen=True, kw_only=True):
    """The queue of a room, or of all. Answer: ReportList."""

    room_id: RoomIdField | None = None
    """None: of all rooms, for admins."""
    queue: ReportQueue = "open"
    offset: Count = 0
    limit: PageLimit = limits.INBOX_PAGE_MAX


class GetReport(Command, frozen=True, kw_only=True):
    """One case with what is kept of it. Answer: ReportDetails."""

    report_id: Id


class ClaimReport(Command, frozen=True, kw_only=True):
    """Say that one is at it, so that nobody else is; or let it go. Answer: ReportDetails."""

    report_id: Id
    is_claimed: bool = True


class DecideReport(Command, frozen=True, kw_only=True):
    """Judge a case, once. Answer: ReportDetails."""

    report_id: Id
    decision: ReportDecision
    text: VerdictText = ""
    """Words for those who reported it."""


# --- feedback -----------------------------------------------------------------------------------


class SendFeedback(Command, frozen=True, kw_only=True):
    """All of it in one message: nothing half sent has to be kept, resumed or cleaned up.

    Answer: FeedbackTaken.
    """

    idempotency_key: Key
    category: FeedbackCategory
    text: FeedbackText
    diagnostics: DiagnosticsText = ""
    """As the user has seen it."""
    screenshot: Screenshot | None = None
    """JPEG or PNG, in base64."""
    sanction_id: SanctionIdField | None = None
    """What an appeal is against."""


class AppealBan(Command, frozen=True, kw_only=True):
    """Read what stands against oneself and appeal, though one may not log in. Answer: Appeals.

    Opens no session: whoever is banned can do this and nothing else.
    """

    name: Name
    password: Password
    idempotency_key: Key
    sanction_id: SanctionIdField | None = None
    text: AnswerText = ""
    """Empty: only read."""


class GetInbox(Command, frozen=True, kw_only=True):
    """One's own feedback and the reports that one made, newest first. Answer: Inbox."""

    offset: Count = 0


class MarkInboxRead(Command, frozen=True, kw_only=True):
    """Every answer and verdict so far has been seen. Answer: Ok."""


class ListFeedback(Command, frozen=True, kw_only=True):
    """For admins. Answer: FeedbackList."""

    status: FeedbackStatus | None = None
    category: FeedbackCategory | None = None
    offset: Count = 0
    limit: PageLimit = limits.INBOX_PAGE_MAX


class GetFeedback(Command, frozen=True, kw_only=True):
    """For admins; what was new is read from then on. Answer: FeedbackDetails."""

    feedback_id: Id


class AnswerFeedback(Command, frozen=True, kw_only=True):
    """For admins. Answer: FeedbackDetails."""

    feedback_id: Id
    text: AnswerText = ""
    """Empty only where it is closed without words."""
    is_closed: bool = False
    is_granted: bool = False
    """Of an appeal: lift the sanction."""
