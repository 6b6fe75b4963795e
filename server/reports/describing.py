"""Rows of reports as the wire shows them: to keepers, and to whoever made the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wire import inbox_events as events
from wire.event_base import UserInfo
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.reports.queries import Reasons
    from server.reports.rules import Keeper
    from server.reports.tables import Report, ReportEntry
    from wire.inbox_commands import ReportReason
    from wire.inbox_events import ReportKind, ReportState


def describe_case(
    row: Report,
    reasons: Reasons,
    names: Mapping[UserId, UserInfo],
    now_unix_ms: int,
) -> events.ReportBrief:
    claimed_by = row.claimed_by if row.claimed_until_unix_ms > now_unix_ms else None
    return events.ReportBrief(
        report_id=row.id,
        kind=cast("ReportKind", row.kind),
        room_id=RoomId(row.room_id),
        room_name=row.room_name,
        accused=_user(row.accused_id, names),
        text=row.text,
        count=row.reporters,
        weight=row.weight,
        reasons=reasons,
        first_at_unix_ms=row.first_at_unix_ms,
        last_at_unix_ms=row.last_at_unix_ms,
        state=cast("ReportState", row.state),
        claimed_by=_user(claimed_by, names) if claimed_by else None,
        claimed_until_unix_ms=row.claimed_until_unix_ms if claimed_by else 0,
        decided_by=_user(row.decided_by, names) if row.decided_by else None,
        decided_at_unix_ms=row.decided_at_unix_ms,
        verdict=row.verdict,
    )


def describe_entry(
    entry: ReportEntry, names: Mapping[UserId, UserInfo], keeper: Keeper
) -> events.ReportEntry:
    return events.ReportEntry(
        reporter=_user(entry.reporter_id, names) if keeper.is_admin else None,
        reason=cast("ReportReason", entry.reason),
        text=entry.text,
        weight=entry.weight,
        at_unix_ms=entry.at_unix_ms,
    )


def describe_own(
    entry: ReportEntry, row: Report, names: Mapping[UserId, UserInfo], *, is_unread: bool
) -> events.OwnReport:
    return events.OwnReport(
        report_id=row.id,
        kind=cast("ReportKind", row.kind),
        room_name=row.room_name,
        accused_name=_user(row.accused_id, names).name,
        text=row.text,
        reason=cast("ReportReason", entry.reason),
        at_unix_ms=entry.at_unix_ms,
        state=cast("ReportState", row.state),
        verdict=row.verdict,
        is_unread=is_unread,
    )


def _user(user_id: str, names: Mapping[UserId, UserInfo]) -> UserInfo:
    """Without a name where the account is gone."""
    known = names.get(UserId(user_id))
    return known or UserInfo(user_id=UserId(user_id), name="")
