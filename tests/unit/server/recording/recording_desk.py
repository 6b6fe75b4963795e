"""A room that is recorded, with a pipe that is a list and a database that fails when told to."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, select

from server.clocks import Clocks
from server.recording import listing
from server.recording import recorder as recorders
from server.recording.pipe import Begun, Closed
from server.recording.service import RecordingService
from server.recording.tables import Replay, ReplayEntry, RoomRecording
from server.rooms import tables as _rooms  # noqa: F401 # rows point into it
from server.rooms.cards import RoomCard
from server.settings import RecordingSettings
from tests.unit.server.recording.test_recorder import FakeProcess
from wire import event_base, room_events
from wire.errors import ErrorCode, WireError
from wire.ids import BroadcastId, RoomId, UserId
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    import pytest

    from server.recording.recorder import LiveRecording

ROOM = RoomId("room")
RETRY_S = 0.005
WAIT_S = 30.0


class MemoryStore:
    """Says BUSY as often as it was told to."""

    def __init__(self) -> None:
        self._engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        tables = [cast("Any", one).__table__ for one in (Replay, ReplayEntry, RoomRecording)]
        SQLModel.metadata.create_all(self._engine, tables=tables)
        self.refusals = 0
        self.refused = 0

    async def read(self, work: Callable[[Session], Any]) -> Any:
        if self.refusals:
            self.refusals, self.refused = self.refusals - 1, self.refused + 1
            raise WireError(ErrorCode.BUSY, "the relay's database is busy")
        with Session(self._engine, expire_on_commit=False) as session:
            found = work(session)
            session.commit()
            return found

    write = read

    def rows(self) -> list[Replay]:
        with Session(self._engine) as session:
            return list(session.exec(select(Replay)).all())

    def close(self) -> None:
        self._engine.dispose()


class Rooms:
    """Has one room; what `refusals` holds is raised first."""

    def __init__(self) -> None:
        self.refusals: deque[ErrorCode] = deque()

    async def card(self, room_id: RoomId) -> RoomCard:
        if self.refusals:
            raise WireError(self.refusals.popleft(), "not now")
        return RoomCard(
            room_id=room_id,
            name="Stage",
            owner_id=UserId("owner"),
            title="Tonight",
            category="",
            description="",
            cover="",
            privacy="public",
            passphrase_hash=None,
            moderator_ids=frozenset(),
        )


class Past:
    async def shown_since(
        self, _room_id: RoomId, _since: int
    ) -> tuple[event_base.DanmakuPosted, ...]:
        return ()


class RecordingDesk:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        monkeypatch.setattr(recorders, "WriterProcess", FakeProcess)
        monkeypatch.setattr(listing, "RETRY_S", RETRY_S)
        self.now_s = 100.0
        self.store, self.rooms = MemoryStore(), Rooms()
        self.posted: list[event_base.Event] = []
        self.service = RecordingService(
            cast("Any", self.store),
            settings=RecordingSettings(),
            folder=folder,
            plane=cast("Any", _Plane()),
            rooms=self.rooms,
            past=Past(),
            post=lambda _room_id, event: self.posted.append(event),
            find_cover=self._no_cover,
            clocks=Clocks(mono_s=lambda: self.now_s, unix_us=lambda: int(self.now_s * 1e6)),
            random_bytes=lambda size: bytes(range(size)),
        )
        process = self.service.recorder._process
        assert isinstance(process, FakeProcess)
        self.process: FakeProcess = process

    async def _no_cover(self, _room_id: RoomId) -> None:
        return None

    def start(self, broadcast_id: str = "b") -> LiveRecording:
        """A broadcast begins."""
        track = TrackInfo(kind="video", codec="h264", width=64, height=64, frame_rate=25)
        self.service.note(
            room_events.BroadcastStarted(
                room_id=ROOM,
                broadcast=event_base.BroadcastInfo(
                    broadcast_id=BroadcastId(broadcast_id),
                    started_at_unix_us=1,
                    state="live",
                    tracks=(track,),
                ),
            )
        )
        live = self.service.recorder.find(ROOM)
        assert live is not None
        return live

    def begin_file(self, live: LiveRecording) -> None:
        self.process.report(Begun(live.number, 0, 40, 1_000, 40_000, 1, ()))

    def end(self) -> None:
        """It is over."""
        self.service.note(
            room_events.BroadcastEnded(room_id=ROOM, broadcast_id=BroadcastId("b"), reason="ended")
        )

    def close_file(self, live: LiveRecording) -> None:
        self.process.report(Closed(live.number, 1_000, 40_000))

    async def read_kinds(self, replay_id: str) -> list[str]:
        """Of the lines of its timeline."""
        wanted = select(ReplayEntry).where(ReplayEntry.replay_id == replay_id)
        lines = await self.store.read(lambda session: list(session.exec(wanted).all()))
        return [one.kind for one in lines]

    async def until(self, holds: Callable[[], bool]) -> None:
        """For what no event tells."""
        for _ in range(int(WAIT_S / RETRY_S)):
            if holds():
                return
            await asyncio.sleep(RETRY_S)
        raise AssertionError(f"not within {WAIT_S:.0f} s")

    async def close(self) -> None:
        await self.service.close()
        self.store.close()


class _Plane:
    def __init__(self) -> None:
        self.taps: list[object] = []
        self.rooms: dict[RoomId, object] = {}


@asynccontextmanager
async def recording_desk(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> AsyncIterator[RecordingDesk]:
    desk = RecordingDesk(monkeypatch, folder)
    try:
        yield desk
    finally:
        await desk.close()
