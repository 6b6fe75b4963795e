"""Who judges what, what a reporter's word weighs, and which messages tell what happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.rates import Rate
from server.text import check_paragraphs
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.inbox_events import ReportLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wire.event_base import DanmakuPosted
    from wire.ids import UserId
    from wire.inbox_commands import ReportReason
    from wire.inbox_events import ReportKind

CLAIM_S: Final = 600
"""A keeper who has claimed a case and gone away holds it this long."""
TRUSTED_RATE: Final = Rate(burst=10, per_s=1 / 60)
MISTRUSTED_RATE: Final = Rate(burst=2, per_s=1 / 1800)
"""For those whose reports were mostly dismissed."""
WEIGHT_WHOLE: Final = 100
WEIGHT_MIN: Final = 10
WEIGHT_MISTRUSTED: Final = 30
"""Below it the slower rate holds: eight dismissed reports and none that was right."""
_BENEFIT_OF_DOUBT: Final = 3
"""As many right reports as everybody is taken to have made before."""
LINES_ROOM: Final = limits.REPORT_LINES_MAX // 2
LINES_AUTHOR: Final = limits.REPORT_LINES_MAX - LINES_ROOM


@dataclass(frozen=True)
class Keeper:
    """Somebody who may judge in the room in question."""

    user_id: UserId
    is_admin: bool


def check_report_text(reason: ReportReason, text: str) -> str:
    """Raises WireError(INVALID_VALUE): "other" without words says nothing."""
    words = check_paragraphs(text, characters_max=limits.REPORT_TEXT_CHARACTERS_MAX, field="text")
    if reason == "other" and not words:
        raise WireError(ErrorCode.INVALID_VALUE, "say in words what is wrong", field="text")
    return words


def weigh(*, upheld: int, dismissed: int) -> int:
    """What a report of somebody with this record counts, in hundredths."""
    right = upheld + _BENEFIT_OF_DOUBT
    return max(WEIGHT_MIN, round(WEIGHT_WHOLE * right / (right + dismissed)))


def may_judge(keeper: Keeper, kind: ReportKind, accused_id: UserId) -> bool:
    """A room's keepers do not judge the room, nor themselves; that is for admins."""
    return keeper.is_admin or (kind != "room" and accused_id != keeper.user_id)


def is_claimed_by_other(
    keeper: Keeper, claimed_by: str | None, claimed_until_unix_ms: int, now_unix_ms: int
) -> bool:
    return (
        claimed_by is not None
        and claimed_by != keeper.user_id
        and claimed_until_unix_ms > now_unix_ms
    )


def gather_lines(*parts: Iterable[DanmakuPosted]) -> tuple[ReportLine, ...]:
    """Each message once, oldest first."""
    messages = {message.message_id: message for part in parts for message in part}
    return tuple(
        ReportLine(
            message_id=message_id,
            user_id=messages[message_id].user_id,
            name=messages[message_id].name,
            text=messages[message_id].text,
            sent_at_unix_ms=messages[message_id].sent_at_unix_ms,
        )
        for message_id in sorted(messages)
    )


def without_words_of(user_id: UserId, lines: Iterable[ReportLine]) -> tuple[ReportLine, ...]:
    """The lines when somebody's data is erased."""
    return tuple(
        ReportLine(
            message_id=line.message_id,
            user_id=user_id,
            name="",
            text="",
            sent_at_unix_ms=line.sent_at_unix_ms,
        )
        if line.user_id == user_id
        else line
        for line in lines
    )
