"""What one has sent to a house's keepers and what they answered. Frozen; changed by its methods."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from app.state.crash_text import clean, one_line
from wire.ids import MessageId, UserId
from wire.inbox_events import OwnFeedback, OwnReport
from wire.limits import DIAGNOSTICS_CHARACTERS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.state.keeping import Target
    from wire.ids import RoomId, SanctionId
    from wire.inbox_commands import FeedbackCategory, ReportReason
    from wire.inbox_events import Inbox, ReportKind
    from wire.order_events import SanctionInfo

ITEMS_MAX: Final = 500
"""Kept in the list."""

REASONS: Final[tuple[ReportReason, ...]] = (
    "spam",
    "harassment",
    "hate",
    "sexual",
    "violence",
    "fraud",
    "privacy",
    "other",
)
CATEGORIES: Final[tuple[FeedbackCategory, ...]] = ("problem", "idea", "question", "other")
"""An appeal is begun from what it is against."""

_ADDRESS_PART: Final = re.compile(
    r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4})(?::\d+)?"
)
_PATH: Final = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\s\\/'\"<>|:]+){2,}[\\/]?|~[\\/][^\s'\"]*")
_FILE: Final = re.compile(
    r"(?i)(?<![\w-])[\w-]+\.(?:mp4|mkv|mov|flv|ts|jpe?g|png|db|json|ini|txt)\b"
)

Item = OwnFeedback | OwnReport
_Item = TypeVar("_Item", bound=Item)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTarget:
    """What is to be reported: a message, a user, or (with neither) the room."""

    room_id: RoomId
    name: str
    """Of the author, the user or the room, to be shown."""
    text: str = ""
    """Of the message."""
    message_id: MessageId | None = None
    user_id: UserId | None = None

    @property
    def kind(self) -> ReportKind:
        if self.message_id is not None:
            return "message"
        return "user" if self.user_id is not None else "room"


def report_of(room_id: RoomId, target: Target) -> ReportTarget:
    """Of a message, or of its writer where there is no message."""
    return ReportTarget(
        room_id=room_id,
        name=target.name,
        text=target.text,
        message_id=MessageId(target.message_id) if target.message_id else None,
        user_id=UserId(target.user_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDraft:
    """As it is to be sent."""

    category: FeedbackCategory
    text: str
    diagnostics: str = ""
    screenshot: bytes | None = None
    sanction_id: SanctionId | None = None


@dataclass(frozen=True, slots=True)
class InboxState:
    """What the relay has told so far."""

    feedback: tuple[OwnFeedback, ...] = ()
    feedback_total: int = 0
    reports: tuple[OwnReport, ...] = ()
    reports_total: int = 0
    strays: int = 0
    """Items that came as news before the page on which they are."""
    unread: int = 0
    is_known: bool = False
    """Whether the relay has answered at all."""
    sanctions: tuple[SanctionInfo, ...] = ()
    """What stands against the user."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Both, what has news first and then the newest."""
        return tuple(
            sorted(
                (*self.feedback, *self.reports),
                key=lambda one: (not one.is_unread, -changed_at_unix_ms(one)),
            )
        )

    @property
    def has_more(self) -> bool:
        seen = len(self.feedback) + len(self.reports)
        return seen < self.feedback_total + self.reports_total and seen < ITEMS_MAX

    @property
    def next_offset(self) -> int:
        """For what comes after both pages; they have one offset. Rather what is there already than
        with a gap."""
        lists = ((self.feedback, self.feedback_total), (self.reports, self.reports_total))
        seen = min((len(have) for have, total in lists if len(have) < total), default=0)
        return max(0, seen - self.strays)

    def with_page(self, page: Inbox, *, offset: int = 0) -> InboxState:
        """The newest page begins anew; an older one goes below, without doubles, and not where
        what lies between would be missing."""
        if offset > self.next_offset:
            return self
        return InboxState(
            feedback=_merge(self.feedback if offset else (), page.feedback),
            feedback_total=page.feedback_total,
            reports=_merge(self.reports if offset else (), page.reports),
            reports_total=page.reports_total,
            strays=self.strays if offset else 0,
            unread=page.unread,
            is_known=True,
            sanctions=self.sanctions,
        )

    def with_sanctions(self, sanctions: tuple[SanctionInfo, ...]) -> InboxState:
        return replace(self, sanctions=sanctions)

    def may_appeal(self, sanction_id: str) -> bool:
        """Once at a time, against each."""
        return not any(
            one.sanction_id == sanction_id and one.status in {"new", "read"}
            for one in self.feedback
        )

    def sent(self, feedback: OwnFeedback) -> InboxState:
        is_new = all(one.feedback_id != feedback.feedback_id for one in self.feedback)
        return replace(
            self,
            feedback=_put(self.feedback, feedback),
            feedback_total=self.feedback_total + is_new,
        )

    def answered(self, item: Item) -> InboxState:
        """News of something that one has sent."""
        known = next((one for one in self.items if _key(one) == _key(item)), None)
        more = int(item.is_unread and not (known is not None and known.is_unread))
        changed = replace(self, unread=self.unread + more, strays=self.strays + (known is None))
        # The totals count it already: it is older than what is shown, not new.
        if isinstance(item, OwnFeedback):
            feedback = _put(self.feedback, item)
            total = max(self.feedback_total, len(feedback))
            return replace(changed, feedback=feedback, feedback_total=total)
        reports = _put(self.reports, item)
        return replace(
            changed, reports=reports, reports_total=max(self.reports_total, len(reports))
        )

    def seen(self) -> InboxState:
        """The badge goes; what was new stays marked until the next look."""
        return replace(self, unread=0)


def changed_at_unix_ms(item: Item) -> int:
    if isinstance(item, OwnReport):
        return item.at_unix_ms
    return max(item.sent_at_unix_ms, item.answered_at_unix_ms)


def describe_diagnostics(facts: Mapping[str, str], errors: Sequence[str], *, home: str) -> str:
    """What goes with feedback: no addresses, no names of files, no secrets. Shown before."""
    lines = [f"{name}: {one_line(value)}" for name, value in facts.items() if value]
    if errors:
        lines += ["last errors:", *(f"  {one_line(error)}" for error in errors)]
    text = clean("\n".join(lines), home=home)
    for pattern in (_PATH, _FILE, _ADDRESS_PART):
        text = pattern.sub("***", text)
    kept = "".join(c for c in text if c == "\n" or c.isprintable())
    return kept[:DIAGNOSTICS_CHARACTERS_MAX].strip()


def _key(item: Item) -> tuple[str, str]:
    if isinstance(item, OwnFeedback):
        return "feedback", item.feedback_id
    return "report", item.report_id


def _merge(before: tuple[_Item, ...], page: tuple[_Item, ...]) -> tuple[_Item, ...]:
    known = {_key(one) for one in before}
    return (*before, *(one for one in page if _key(one) not in known))[:ITEMS_MAX]


def _put(before: tuple[_Item, ...], item: _Item) -> tuple[_Item, ...]:
    if any(_key(one) == _key(item) for one in before):
        return tuple(item if _key(one) == _key(item) else one for one in before)
    return (item, *before)[:ITEMS_MAX]
