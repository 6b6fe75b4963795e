"""Where accounts come from: devices and addresses, hashed; and who may be one who is banned."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from server.audit.service import AUTOMATIC, NewAct
from server.detection import queries
from server.detection.rules import in_code
from server.detection.tables import Trust
from server.detection.watch import Ties
from server.ids import digest
from server.sanctions.standings import Place
from server.text import is_storable
from wire.detection_events import ReturnFlagged, Signal
from wire.errors import WireError
from wire.ids import RoomId, UserId
from wire.permissions import Action

if TYPE_CHECKING:
    from server.audit.service import AuditService, RecordedAct, Undoing
    from server.clocks import Clocks
    from server.detection.watch import Watch
    from server.sanctions.standings import Standings
    from server.store.session import Session
    from server.store.store import Store
    from wire.detection_events import SignalName
    from wire.event_base import Event, UserInfo

PENDING_MAX: Final = 5_000
"""Accounts whose marks are not on disk yet; beyond it the oldest are let go."""
YOUNG_MS: Final = 7 * 86_400_000
"""An older account shares an address by chance, as housemates do."""
ADDRESSES_KEPT_MS: Final = 28 * 86_400_000
DEVICES_KEPT_MS: Final = 180 * 86_400_000
SWEEP_ROWS: Final = 2_000
_DEVICE: Final = "d:"
_ADDRESS: Final = "a:"

_log = structlog.get_logger(__name__)


class Users(Protocol):
    """What is asked of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...

    async def made_at(self, user_id: UserId) -> int: ...


class Identities:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        watch: Watch,
        users: Users,
        standings: Standings,
        audit: AuditService,
        hash_address: Callable[[str], tuple[str, ...]],
        post_to_leaders: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        """`hash_address`: all that an address may stand as, today's first."""
        self._store = store
        self._watch = watch
        self._users = users
        self._standings = standings
        self._audit = audit
        self._hash_address = hash_address
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._pending: OrderedDict[UserId, set[str]] = OrderedDict()
        self._writing: OrderedDict[UserId, set[str]] = OrderedDict()
        audit.undo_with("flag_return", Action.KEEP_ORDER, self._undo_flag)

    def note_login(self, user_id: UserId, *, device_tokens: Collection[str], address: str) -> None:
        """Stored a little later."""
        tokens = [token for token in device_tokens if token and is_storable(token)]
        devices = frozenset(_DEVICE + digest(token) for token in tokens)
        hashed = _ADDRESS + self._hash_address(address)[0]
        self._watch.note_login(user_id, devices=devices, address=hashed)
        self._pending.setdefault(user_id, set()).update(devices, {hashed})
        if len(self._pending) > PENDING_MAX:
            self._pending.popitem(last=False)

    async def write(self) -> None:
        """Store what came since the last time. Never raises WireError."""
        pending, now = self._pending, self._clocks.unix_ms()
        if not pending:
            return
        self._pending, self._writing = OrderedDict(), pending

        def work(session: Session) -> None:
            for user_id, marks in pending.items():
                queries.put_marks(session, user_id, marks, now)

        try:
            await self._store.write(work)
        except WireError as error:
            _log.warning("marks of devices were not stored", code=error.code)
        self._writing = OrderedDict()

    async def sweep(self) -> None:
        """Forget what is too old."""
        now = self._clocks.unix_ms()
        for prefix, kept_ms in ((_ADDRESS, ADDRESSES_KEPT_MS), (_DEVICE, DEVICES_KEPT_MS)):
            deleted, before = SWEEP_ROWS, now - kept_ms
            while deleted == SWEEP_ROWS:
                deleted = await self._store.write(
                    lambda session: queries.delete_marks_before(
                        session,
                        prefix,  # noqa: B023 # awaited at once
                        before,  # noqa: B023 # awaited at once
                        SWEEP_ROWS,
                    )
                )

    def forget(self, user_id: UserId) -> None:
        """Somebody is erased."""
        self._pending.pop(user_id, None)
        self._watch.forget(user_id)

    async def find_ties(self, room_id: RoomId, user_id: UserId) -> Ties:
        """Flag who may be one who is banned in the room, or in the house."""
        unstored = self._pending.get(user_id, set()) | self._writing.get(user_id, set())

        def read(session: Session) -> tuple[list[tuple[str, str]], bool]:
            marks = unstored.union(queries.marks_of(session, user_id))
            return (
                queries.sharing(session, user_id, marks) if marks else [],
                queries.is_trusted(session, user_id, room_id),
            )

        sharing, is_trusted = await self._store.read(read)
        if is_trusted:
            return Ties()
        banned = [(UserId(one), mark) for one, mark in sharing if self._is_banned(one, room_id)]
        by_device = next((one for one, mark in banned if mark.startswith(_DEVICE)), None)
        by_address = banned[0][0] if banned else None
        if by_device is None and by_address is not None:
            age_ms = self._clocks.unix_ms() - await self._users.made_at(user_id)
            by_address = by_address if age_ms < YOUNG_MS else None
        ties = Ties(by_device is not None, by_address is not None)
        other_id = by_device or by_address
        if other_id is not None:
            await self._flag(room_id, user_id, other_id, ties)
        return ties

    def _is_banned(self, user_id: str, room_id: RoomId) -> bool:
        return any(
            self._standings.find(UserId(user_id), Place(scope, "ban")) is not None
            for scope in (room_id, None)
        )

    async def _flag(self, room_id: RoomId, user_id: UserId, other_id: UserId, ties: Ties) -> None:
        found = await self._users.find_users([user_id, other_id])
        if len(found) != 2:  # both of them
            return
        name: SignalName = "banned_device" if ties.has_device else "banned_address"
        reasons = (Signal(name=name),)
        words = in_code(reasons, name=found[other_id].name)

        def work(session: Session) -> RecordedAct:
            return self._audit.add(
                session,
                NewAct(
                    by=AUTOMATIC,
                    action="flag_return",
                    room_id=room_id,
                    user_id=user_id,
                    target_kind="user",
                    target_id=other_id,
                    reason=words,
                    undo={"user_id": user_id},
                ),
            )

        try:
            act = await self._store.write(work)
        except WireError as error:
            _log.warning("a flag is not in the book", code=error.code)
        else:
            await self._audit.tell(act)
        self._post_to_leaders(
            room_id,
            ReturnFlagged(
                room_id=room_id,
                user=found[user_id],
                banned=found[other_id],
                reasons=reasons,
                is_held=ties.has_device,
            ),
        )

    async def _undo_flag(self, undoing: Undoing) -> None:
        room_id, user_id = undoing.room_id, undoing.user_id
        if room_id is None or user_id is None:
            return

        def work(session: Session) -> None:
            undoing.mark(session)
            if not queries.is_trusted(session, user_id, room_id):
                session.add(Trust(user_id=user_id, room_id=room_id))

        await self._store.write(work)
        self._watch.trust(room_id, user_id)
