"""Relay to client: what became of reports and of feedback."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, Data, Event, UserInfo
from wire.ids import MessageId, RoomId, SanctionId, UserId
from wire.inbox_commands import FeedbackCategory, FeedbackStatus, ReportReason
from wire.order_events import SanctionInfo

ReportKind = Literal["message", "user", "room"]
ReportState = Literal["open", "dismissed", "acted"]


# --- values -------------------------------------------------------------------------------------


class ReportBrief(Data, frozen=True, kw_only=True):
    """One case: all reports of one target."""

    report_id: str
    kind: ReportKind
    room_id: RoomId
    room_name: str
    accused: UserInfo
    """The author of a message, the owner of a room."""
    text: str = ""
    """Of the message that was reported, as it was then."""
    count: int
    """Who reported it, each once."""
    weight: int
    """In hundredths of a reporter: those whose reports were dismissed before count for less."""
    reasons: tuple[ReportReason, ...] = ()
    """The most frequent first."""
    first_at_unix_ms: int
    last_at_unix_ms: int
    state: ReportState = "open"
    claimed_by: UserInfo | None = None
    claimed_until_unix_ms: int = 0
    decided_by: UserInfo | None = None
    decided_at_unix_ms: int = 0
    verdict: str = ""


class ReportLine(Data, frozen=True, kw_only=True):
    """A message around the one that was reported, kept though it may be deleted since."""

    message_id: MessageId
    user_id: UserId
    name: str
    text: str
    sent_at_unix_ms: int


class ReportEntry(Data, frozen=True, kw_only=True):
    """What one person said."""

    reporter: UserInfo | None = None
    """For admins alone: who reports is not told to a room."""
    reason: ReportReason
    text: str = ""
    weight: int
    at_unix_ms: int


class OwnReport(Data, frozen=True, kw_only=True):
    """A report as its author sees it."""

    report_id: str
    kind: ReportKind
    room_name: str
    accused_name: str
    text: str = ""
    reason: ReportReason
    at_unix_ms: int
    state: ReportState = "open"
    verdict: str = ""
    is_unread: bool = False


class OwnFeedback(Data, frozen=True, kw_only=True):
    feedback_id: str
    category: FeedbackCategory
    text: str
    has_screenshot: bool = False
    has_diagnostics: bool = False
    sanction_id: SanctionId | None = None
    sent_at_unix_ms: int
    status: FeedbackStatus = "new"
    answer: str = ""
    answered_at_unix_ms: int = 0
    is_granted: bool = False
    is_unread: bool = False


class FeedbackBrief(Data, frozen=True, kw_only=True):
    """A line of the admins' list."""

    feedback_id: str
    user: UserInfo
    category: FeedbackCategory
    text: str
    """Its beginning."""
    sent_at_unix_ms: int
    status: FeedbackStatus
    has_screenshot: bool = False


# --- answers ------------------------------------------------------------------------------------


class ReportTaken(Answer, frozen=True, kw_only=True):
    report_id: str
    is_repeat: bool = False
    """One has reported this before; it counts once."""
    state: ReportState = "open"
    """A message that was judged already is not judged again."""


class ReportList(Answer, frozen=True, kw_only=True):
    reports: tuple[ReportBrief, ...]
    """Open: the weightiest first. Decided: the newest first."""
    total: int


class ReportDetails(Answer, frozen=True, kw_only=True):
    report: ReportBrief
    lines: tuple[ReportLine, ...] = ()
    """Oldest first."""
    thumbnail: bytes = b""
    """The room's JPEG at the time of the first report; empty where there was none."""
    entries: tuple[ReportEntry, ...] = ()


class Inbox(Answer, frozen=True, kw_only=True):
    feedback: tuple[OwnFeedback, ...] = ()
    feedback_total: int = 0
    reports: tuple[OwnReport, ...] = ()
    reports_total: int = 0
    unread: int = 0
    """Answers and verdicts that have not been seen."""


class FeedbackTaken(Answer, frozen=True, kw_only=True):
    feedback: OwnFeedback


class FeedbackList(Answer, frozen=True, kw_only=True):
    items: tuple[FeedbackBrief, ...]
    """The newest first."""
    total: int


class FeedbackDetails(Answer, frozen=True, kw_only=True):
    user: UserInfo
    feedback: OwnFeedback
    diagnostics: str = ""
    screenshot: bytes = b""
    """JPEG or PNG; empty where none was sent."""
    answered_by: UserInfo | None = None
    sanction: SanctionInfo | None = None
    """What an appeal is against, as it stands now."""


class Appeals(Answer, frozen=True, kw_only=True):
    """For somebody who cannot log in."""

    sanctions: tuple[SanctionInfo, ...]
    """What stands against them."""
    feedback: tuple[OwnFeedback, ...] = ()
    """Their appeals, newest first."""


# --- events -------------------------------------------------------------------------------------


class ReportsChanged(Event, frozen=True, kw_only=True):
    """To those who keep a room: its queue is another."""

    room_id: RoomId
    open: int
    """Cases that wait, those about the keeper included."""


class ReportDecided(Event, frozen=True, kw_only=True):
    """To whoever reported it."""

    report: OwnReport


class FeedbackAnswered(Event, frozen=True, kw_only=True):
    """To whoever sent it: it was answered or closed."""

    feedback: OwnFeedback
