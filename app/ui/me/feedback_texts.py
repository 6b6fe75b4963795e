"""Words for feedback, reports and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.ui.cause_words import describe_cause
from app.ui.plain_text import one_line
from wire.inbox_events import OwnFeedback

if TYPE_CHECKING:
    from app.state.inbox import Item
    from wire.inbox_commands import FeedbackCategory, FeedbackStatus
    from wire.inbox_events import OwnReport, ReportState
    from wire.order_events import SanctionInfo

NAME_CHARACTERS_MAX: Final = 40
REASON_CHARACTERS_MAX: Final = 200


def describe_category(category: FeedbackCategory) -> str:
    translate = QCoreApplication.translate
    return {
        "problem": translate("Feedback", "Problem"),
        "idea": translate("Feedback", "Idea"),
        "question": translate("Feedback", "Question"),
        "appeal": translate("Feedback", "Appeal"),
        "other": translate("Feedback", "Something else"),
    }[category]


def describe_status(status: FeedbackStatus) -> str:
    translate = QCoreApplication.translate
    return {
        "new": translate("Feedback", "Sent"),
        "read": translate("Feedback", "Read"),
        "answered": translate("Feedback", "Answered"),
        "closed": translate("Feedback", "Closed"),
    }[status]


def describe_verdict(state: ReportState) -> str:
    translate = QCoreApplication.translate
    return {
        "open": translate("Feedback", "Waits"),
        "dismissed": translate("Feedback", "No breach found"),
        "acted": translate("Feedback", "Something was done"),
    }[state]


def describe_title(item: Item) -> str:
    if isinstance(item, OwnFeedback):
        return describe_category(item.category)
    return _describe_report(item)


def describe_state(item: Item) -> tuple[str, str]:
    """Words for the badge, and its kind."""
    if isinstance(item, OwnFeedback):
        if item.is_granted:
            return QCoreApplication.translate("Feedback", "Granted"), "good"
        is_done = item.status in {"answered", "closed"}
        return describe_status(item.status), "good" if is_done else ""
    return describe_verdict(item.state), "good" if item.state == "acted" else ""


def describe_sanction(sanction: SanctionInfo) -> str:
    """What it is, where and why."""
    translate = QCoreApplication.translate
    in_house = {
        "mute": translate("Feedback", "You may not write in this house."),
        "kick": translate("Feedback", "You were sent out of this house."),
        "ban": translate("Feedback", "You are banned from this house."),
    }
    in_room = {
        "mute": translate("Feedback", "You may not write in a room."),
        "kick": translate("Feedback", "You were sent out of a room."),
        "ban": translate("Feedback", "You are banned from a room."),
    }
    words = (in_house if sanction.room_id is None else in_room)[sanction.kind]
    reason = describe_cause(sanction.reason)
    if not reason:
        return words
    because = translate("Feedback", "Reason: {reason}").replace("{reason}", reason)
    space = "" if words.endswith("\u3002") else " "  # Chinese sentences have none between them
    return f"{words}{space}{because}"


def describe_time(unix_ms: int) -> str:
    at = QDateTime.fromMSecsSinceEpoch(unix_ms)
    return QLocale.system().toString(at, "yyyy-MM-dd HH:mm")


def _describe_report(report: OwnReport) -> str:
    translate = QCoreApplication.translate
    words = {
        "message": translate("Feedback", "Report of a message of {name}"),
        "user": translate("Feedback", "Report of {name}"),
        "room": translate("Feedback", "Report of the room {name}"),
    }[report.kind]
    name = report.room_name if report.kind == "room" else report.accused_name
    return words.replace("{name}", one_line(name, NAME_CHARACTERS_MAX) or "–")
