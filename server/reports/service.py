"""Reports: taken once from each person, merged by what they are about, judged once, answered.

What tells a keeper what happened (the words, what was said before, the picture) is kept with the
first report, so that deleting a message does not delete what it is judged by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from server.ids import RandomBytes, make_id
from server.rates import TokenBuckets, rate_limited
from server.reports import queries, rules
from server.reports.describing import describe_case, describe_entry, describe_own
from server.reports.queries import Reasons, Target
from server.reports.tables import Report, ReportEntry
from server.text import check_paragraphs, is_storable
from wire import inbox_events as events
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.ids import MessageId, RoomId, UserId

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.clocks import Clocks
    from server.reports.rules import Keeper
    from server.store.store import Store
    from wire.event_base import DanmakuPosted, Event, UserInfo
    from wire.inbox_commands import ListReports, ReportDecision, SendReport
    from wire.inbox_events import ReportKind, ReportLine, ReportState


ENTRIES_SHOWN_MAX: Final = 50
"""Of one case; the others are counted."""

_Result = TypeVar("_Result")


class Users(Protocol):
    """What reports ask of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Past(Protocol):
    """What reports ask of chat."""

    async def find(self, room_id: RoomId, message_id: MessageId) -> DanmakuPosted: ...

    async def before(
        self,
        room_id: RoomId,
        *,
        user_id: UserId | None = None,
        until: MessageId | None = None,
        limit: int,
    ) -> tuple[DanmakuPosted, ...]: ...


class Rooms(Protocol):
    """What reports ask of rooms."""

    async def owner_of(self, room_id: RoomId) -> UserId: ...

    async def name_of(self, room_id: RoomId) -> str: ...


@dataclass(frozen=True)
class _Scene:
    """What is kept with a case."""

    target: Target
    room_name: str
    text: str
    lines: tuple[ReportLine, ...]
    thumbnail: bytes | None


@dataclass(frozen=True)
class OwnReports:
    reports: tuple[events.OwnReport, ...]
    total: int
    unread: int


class ReportService:
    """Event loop's thread only. The caller has checked who may report and judge in the room."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        rooms: Rooms,
        past: Past,
        find_thumbnail: Callable[[RoomId], bytes | None],
        tell_users: Callable[[Mapping[UserId, Event]], None],
        post_to_leaders: Callable[[RoomId, Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._users = users
        self._rooms = rooms
        self._past = past
        self._find_thumbnail = find_thumbnail
        self._tell_users = tell_users
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._trusted: TokenBuckets[UserId] = TokenBuckets(rules.TRUSTED_RATE)
        self._mistrusted: TokenBuckets[UserId] = TokenBuckets(rules.MISTRUSTED_RATE)

    async def send(self, reporter_id: UserId, command: SendReport) -> events.ReportTaken:
        """Raises WireError: INVALID_VALUE, NOT_FOUND, RATE_LIMITED, ..."""
        text = rules.check_report_text(command.reason, command.text)
        if command.message_id is not None and command.user_id is not None:
            raise _invalid("user_id", "a report is of a message, a user or the room")
        scene = await self._look(command)
        if scene.target.accused_id == reporter_id:
            raise _invalid("user_id", "nobody reports themselves")
        weight = await self._take_turn(reporter_id)
        now = self._clocks.unix_ms()
        new_id = make_id(self._random_bytes)

        def work(session: Session) -> tuple[Report, bool, int]:
            case = queries.find_case(session, scene.target) or _open_case(new_id, scene, now)
            session.add(case)
            session.flush()
            entry = ReportEntry(
                report_id=case.id,
                reporter_id=reporter_id,
                reason=command.reason,
                text=text,
                weight=weight,
                at_unix_ms=now,
            )
            is_new = queries.add_entry(session, case, entry)
            session.flush()
            return case, is_new, queries.count_open(session, case.room_id)

        case, is_new, waiting = await self._store.write(work)
        if is_new and case.state == "open" and case.kind != "room":
            self._tell_keepers(command.room_id, waiting)
        state = cast("ReportState", case.state)
        return events.ReportTaken(report_id=case.id, is_repeat=not is_new, state=state)

    # --- judging ------------------------------------------------------------------------------

    async def list_cases(self, keeper: Keeper, command: ListReports) -> events.ReportList:
        if command.room_id is not None and not is_storable(command.room_id):
            return events.ReportList(reports=(), total=0)

        def work(session: Session) -> tuple[list[Report], int, dict[str, Reasons]]:
            rows, total = queries.list_cases(
                session,
                command.queue,
                room_id=command.room_id,
                not_accused=None if keeper.is_admin else keeper.user_id,
                offset=command.offset,
                limit=command.limit,
            )
            return rows, total, queries.reasons_of(session, [row.id for row in rows])

        rows, total, reasons = await self._store.read(work)
        names = await self._names(rows)
        now = self._clocks.unix_ms()
        briefs = tuple(describe_case(row, reasons[row.id], names, now) for row in rows)
        return events.ReportList(reports=briefs, total=total)

    def count_open(self, session: Session) -> int:
        """Within the caller's transaction: the cases of all rooms that wait."""
        return queries.count_all_open(session)

    async def room_of(self, report_id: str) -> RoomId:
        """Whose keepers may see it. Raises WireError(NOT_FOUND)."""
        case = await self._find(report_id)
        return RoomId(case.room_id)

    async def get(self, keeper: Keeper, report_id: str) -> events.ReportDetails:
        """Raises WireError(NOT_FOUND), also where it is about the keeper."""
        case = await self._find(report_id)
        _require_judge(keeper, case)

        def work(session: Session) -> tuple[list[ReportEntry], Reasons]:
            first = queries.entries_of(session, report_id, limit=ENTRIES_SHOWN_MAX)
            return first, queries.reasons_of(session, [report_id])[report_id]

        entries, reasons = await self._store.read(work)
        names = await self._names([case], {UserId(entry.reporter_id) for entry in entries})
        return events.ReportDetails(
            report=describe_case(case, reasons, names, self._clocks.unix_ms()),
            lines=queries.read_lines(case),
            thumbnail=case.thumbnail or b"",
            entries=tuple(describe_entry(one, names, keeper) for one in entries),
        )

    async def claim(
        self, keeper: Keeper, report_id: str, *, is_claimed: bool
    ) -> events.ReportDetails:
        """For some minutes. Raises WireError(ALREADY_DONE) where somebody else is at it."""
        now = self._clocks.unix_ms()

        def work(session: Session) -> None:
            case = _access_open(session, keeper, report_id, now)
            case.claimed_by = keeper.user_id if is_claimed else None
            case.claimed_until_unix_ms = now + rules.CLAIM_S * 1000 if is_claimed else 0

        await self._write_case(report_id, work)
        return await self.get(keeper, report_id)

    async def decide(
        self, keeper: Keeper, report_id: str, decision: ReportDecision, text: str
    ) -> events.ReportDetails:
        """Once. Raises WireError(ALREADY_DONE): judged, or somebody else is at it."""
        verdict = check_paragraphs(text, characters_max=limits.VERDICT_CHARACTERS_MAX, field="text")
        now = self._clocks.unix_ms()

        def work(session: Session) -> tuple[Report, list[ReportEntry], int]:
            case = _access_open(session, keeper, report_id, now)
            case.state, case.verdict = decision, verdict
            case.decided_by, case.decided_at_unix_ms = keeper.user_id, now
            case.claimed_by, case.claimed_until_unix_ms = None, 0
            session.flush()
            queries.mark_unread(session, report_id)
            session.flush()
            entries = queries.entries_of(session, report_id)
            return case, entries, queries.count_open(session, case.room_id)

        case, entries, waiting = await self._write_case(report_id, work)
        accused = await self._users.find_users([UserId(case.accused_id)])
        self._tell_users(
            {
                UserId(entry.reporter_id): events.ReportDecided(
                    report=describe_own(entry, case, accused, is_unread=True)
                )
                for entry in entries
            }
        )
        if case.kind != "room":
            self._tell_keepers(RoomId(case.room_id), waiting)
        return await self.get(keeper, report_id)

    # --- one's own ----------------------------------------------------------------------------

    async def own(self, user_id: UserId, *, offset: int) -> OwnReports:
        rows, total, unread = await self._store.read(
            lambda session: queries.own_entries(
                session, user_id, offset=offset, limit=limits.INBOX_PAGE_MAX
            )
        )
        names = await self._users.find_users({UserId(report.accused_id) for _, report in rows})
        reports = tuple(
            describe_own(entry, report, names, is_unread=entry.is_unread) for entry, report in rows
        )
        return OwnReports(reports, total, unread)

    async def mark_read(self, user_id: UserId) -> None:
        await self._store.write(lambda session: queries.mark_read(session, user_id))

    # --- within -------------------------------------------------------------------------------

    async def _look(self, command: SendReport) -> _Scene:
        room_id = command.room_id
        text, until = "", None
        kind: ReportKind = "room"
        target_id: str = room_id
        accused_id = await self._rooms.owner_of(room_id)
        if command.message_id is not None:
            message = await self._past.find(room_id, command.message_id)
            kind, target_id, until = "message", message.message_id, message.message_id
            accused_id, text = message.user_id, message.text
        elif command.user_id is not None:
            is_known = is_storable(command.user_id) and await self._users.find_users(
                [command.user_id]
            )
            if not is_known:
                raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
            kind, target_id, accused_id = "user", command.user_id, command.user_id
        lines = rules.gather_lines(
            await self._past.before(room_id, until=until, limit=rules.LINES_ROOM),
            await self._past.before(
                room_id, user_id=accused_id, until=until, limit=rules.LINES_AUTHOR
            ),
        )
        jpeg = self._find_thumbnail(room_id)
        if jpeg is not None and len(jpeg) > limits.REPORT_THUMBNAIL_BYTES_MAX:
            jpeg = None
        target = Target(kind, target_id, room_id, accused_id)
        return _Scene(target, await self._rooms.name_of(room_id), text, lines, jpeg)

    async def _take_turn(self, reporter_id: UserId) -> int:
        """What the report weighs. Raises WireError(RATE_LIMITED)."""
        record = await self._store.read(lambda session: queries.read_record(session, reporter_id))
        weight = rules.weigh(upheld=record.upheld, dismissed=record.dismissed)
        is_mistrusted = weight < rules.WEIGHT_MISTRUSTED
        buckets = self._mistrusted if is_mistrusted else self._trusted
        wait_s = buckets.take(reporter_id, self._clocks.mono_s())
        if wait_s:
            raise rate_limited(wait_s, "you have reported a lot; wait")
        return weight

    def _tell_keepers(self, room_id: RoomId, waiting: int) -> None:
        self._post_to_leaders(room_id, events.ReportsChanged(room_id=room_id, open=waiting))

    async def _find(self, report_id: str) -> Report:
        case = None
        if is_storable(report_id):
            case = await self._store.read(lambda session: session.get(Report, report_id))
        if case is None:
            raise _no_such_report()
        return case

    async def _write_case(self, report_id: str, work: Callable[[Session], _Result]) -> _Result:
        if not is_storable(report_id):
            raise _no_such_report()
        return await self._store.write(work)

    async def _names(
        self, rows: Collection[Report], others: Collection[UserId] = ()
    ) -> dict[UserId, UserInfo]:
        wanted = set(others)
        for row in rows:
            for user_id in (row.accused_id, row.claimed_by, row.decided_by):
                if user_id is not None:
                    wanted.add(UserId(user_id))
        return await self._users.find_users(wanted)


def _open_case(report_id: str, scene: _Scene, now_unix_ms: int) -> Report:
    target = scene.target
    return Report(
        id=report_id,
        kind=target.kind,
        target_id=target.target_id,
        room_id=target.room_id,
        room_name=scene.room_name,
        accused_id=target.accused_id,
        text=scene.text,
        lines=queries.pack_lines(scene.lines),
        thumbnail=scene.thumbnail,
        first_at_unix_ms=now_unix_ms,
        last_at_unix_ms=now_unix_ms,
    )


def _access_open(session: Session, keeper: Keeper, report_id: str, now_unix_ms: int) -> Report:
    """Raises WireError: NOT_FOUND, ALREADY_DONE."""
    case = session.get(Report, report_id)
    if case is None:
        raise _no_such_report()
    _require_judge(keeper, case)
    if case.state != "open":
        raise WireError(ErrorCode.ALREADY_DONE, "this report is judged already")
    if rules.is_claimed_by_other(keeper, case.claimed_by, case.claimed_until_unix_ms, now_unix_ms):
        raise WireError(
            ErrorCode.ALREADY_DONE, "somebody else is at this report", field="report_id"
        )
    return case


def _require_judge(keeper: Keeper, case: Report) -> None:
    kind = cast("ReportKind", case.kind)
    if not rules.may_judge(keeper, kind, UserId(case.accused_id)):
        raise _no_such_report()


def _no_such_report() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such report", field="report_id")


def _invalid(field: str, words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field=field)
