"""What reports ask the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec
from sqlalchemy import ColumnElement, and_, func, update
from sqlmodel import Session, col, select

from server.reports.rules import without_words_of
from server.reports.tables import Report, ReportEntry
from wire.inbox_events import ReportLine

if TYPE_CHECKING:
    from wire.ids import RoomId, UserId
    from wire.inbox_commands import ReportQueue, ReportReason
    from wire.inbox_events import ReportKind

Reasons = tuple["ReportReason", ...]

_lines = msgspec.json.Decoder(tuple[ReportLine, ...])


@dataclass(frozen=True)
class Target:
    kind: ReportKind
    target_id: str
    room_id: RoomId
    accused_id: UserId


@dataclass(frozen=True)
class Record:
    """How somebody's earlier reports were judged."""

    upheld: int
    dismissed: int


def read_record(session: Session, reporter_id: str) -> Record:
    query = (
        select(Report.state, func.count())
        .join(ReportEntry, col(ReportEntry.report_id) == col(Report.id))
        .where(ReportEntry.reporter_id == reporter_id)
        .group_by(col(Report.state))
    )
    counts: dict[str, int] = dict(session.exec(query).all())
    return Record(upheld=counts.get("acted", 0), dismissed=counts.get("dismissed", 0))


def find_case(session: Session, target: Target) -> Report | None:
    """The case that a report of this target belongs to.

    A message is judged once. A user or a room that was judged may be reported anew.
    """
    query = (
        select(Report)
        .where(
            Report.kind == target.kind,
            Report.target_id == target.target_id,
            Report.room_id == target.room_id,
        )
        .order_by(col(Report.first_at_unix_ms).desc(), col(Report.id).desc())
    )
    newest = session.exec(query.limit(1)).first()
    if newest is None or newest.state == "open" or target.kind == "message":
        return newest
    return None


def add_entry(session: Session, case: Report, entry: ReportEntry) -> bool:
    """False where this person has reported it before."""
    if session.get(ReportEntry, (entry.report_id, entry.reporter_id)) is not None:
        return False
    session.add(entry)
    case.reporters += 1
    case.weight += entry.weight
    case.last_at_unix_ms = max(case.last_at_unix_ms, entry.at_unix_ms)
    return True


def list_cases(
    session: Session,
    queue: ReportQueue,
    *,
    room_id: str | None,
    not_accused: str | None,
    offset: int,
    limit: int,
) -> tuple[list[Report], int]:
    """Without the pictures. `not_accused`: a room's keeper, who judges neither itself nor rooms."""
    condition = _in_queue(queue, room_id, not_accused)
    order = (
        (col(Report.weight).desc(), col(Report.first_at_unix_ms), col(Report.id))
        if queue == "open"
        else (col(Report.decided_at_unix_ms).desc(), col(Report.id))
    )
    rows = session.exec(
        select(Report).where(condition).order_by(*order).offset(offset).limit(limit)
    ).all()
    total = session.exec(select(func.count()).select_from(Report).where(condition)).one()
    return list(rows), total


def count_open(session: Session, room_id: str) -> int:
    """What a room's keepers have before them."""
    query = (
        select(func.count())
        .select_from(Report)
        .where(Report.room_id == room_id, Report.state == "open", Report.kind != "room")
    )
    return session.exec(query).one()


def count_all_open(session: Session) -> int:
    """What the house's admins have before them."""
    query = select(func.count()).select_from(Report).where(Report.state == "open")
    return session.exec(query).one()


def entries_of(session: Session, report_id: str, *, limit: int | None = None) -> list[ReportEntry]:
    """Oldest first; without a limit to answer all who reported it."""
    query = (
        select(ReportEntry)
        .where(ReportEntry.report_id == report_id)
        .order_by(col(ReportEntry.at_unix_ms), col(ReportEntry.reporter_id))
    )
    return list(session.exec(query if limit is None else query.limit(limit)).all())


def reasons_of(session: Session, report_ids: list[str]) -> dict[str, Reasons]:
    """Of each case its reasons, the most frequent first, then the earliest."""
    query = (
        select(ReportEntry.report_id, ReportEntry.reason)
        .where(col(ReportEntry.report_id).in_(report_ids))
        .group_by(col(ReportEntry.report_id), col(ReportEntry.reason))
        .order_by(func.count().desc(), func.min(ReportEntry.at_unix_ms), col(ReportEntry.reason))
    )
    found: dict[str, list[ReportReason]] = {report_id: [] for report_id in report_ids}
    for report_id, reason in session.exec(query):
        found[report_id].append(cast("ReportReason", reason))
    return {report_id: tuple(reasons) for report_id, reasons in found.items()}


def own_entries(
    session: Session, reporter_id: str, *, offset: int, limit: int
) -> tuple[list[tuple[ReportEntry, Report]], int, int]:
    """Newest first, how many there are, and how many are unread."""
    query = (
        select(ReportEntry, Report)
        .join(Report, col(ReportEntry.report_id) == col(Report.id))
        .where(ReportEntry.reporter_id == reporter_id)
        .order_by(col(ReportEntry.at_unix_ms).desc(), col(ReportEntry.report_id))
        .offset(offset)
        .limit(limit)
    )
    rows = [(entry, report) for entry, report in session.exec(query)]
    mine = col(ReportEntry.reporter_id) == reporter_id
    return rows, _count(session, mine), _count(session, and_(mine, col(ReportEntry.is_unread)))


def mark_read(session: Session, reporter_id: str) -> None:
    session.execute(
        update(ReportEntry)
        .where(col(ReportEntry.reporter_id) == reporter_id)
        .values(is_unread=False)
    )


def mark_unread(session: Session, report_id: str) -> None:
    session.execute(
        update(ReportEntry).where(col(ReportEntry.report_id) == report_id).values(is_unread=True)
    )


def pack_lines(lines: tuple[ReportLine, ...]) -> str:
    return msgspec.json.encode(lines).decode()


def read_lines(row: Report) -> tuple[ReportLine, ...]:
    return _lines.decode(row.lines)


def erase(session: Session, user_id: UserId) -> None:
    """Nothing that this person wrote, and no picture of its room, is left; the counts stay."""
    session.execute(
        update(ReportEntry).where(col(ReportEntry.reporter_id) == user_id).values(text="")
    )
    session.execute(
        update(Report)
        .where(col(Report.accused_id) == user_id)
        .values(text="", thumbnail=None, room_name="")
    )
    session.execute(update(Report).where(col(Report.decided_by) == user_id).values(verdict=""))
    rows = session.exec(
        select(Report).where(col(Report.lines).contains(user_id, autoescape=True))
    ).all()
    for row in rows:
        row.lines = pack_lines(without_words_of(user_id, read_lines(row)))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(ReportEntry).where(condition)).one()


def _in_queue(
    queue: ReportQueue, room_id: str | None, not_accused: str | None
) -> ColumnElement[bool]:
    is_open = col(Report.state) == "open"
    conditions = [is_open if queue == "open" else ~is_open]
    if room_id is not None:
        conditions.append(col(Report.room_id) == room_id)
    if not_accused is not None:
        conditions += [col(Report.kind) != "room", col(Report.accused_id) != not_accused]
    return and_(*conditions)
