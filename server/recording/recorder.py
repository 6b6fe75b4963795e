"""Sends what is live to the process that writes, one recording a room.

A tap on the media plane: it is called for every packet, copies those of the best layer and the
sound into a pipe, and never waits. While the pipe holds more than `WAITING_BYTES_MAX`, pictures are
left out up to the next keyframe: a recording has a gap then, and no viewer notices.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from server.recording.fragmenter import Shape
from server.recording.index import FileIndex
from server.recording.pipe import (
    Begun,
    Closed,
    Failed,
    OpenFile,
    Operation,
    RecoverFile,
    Wrote,
    pack_packet_head,
    pack_request,
    pack_words,
)
from server.recording.rules import SILENCE_S
from server.recording.writer_process import WriterProcess
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.recording.pipe import Report
    from server.relay.packet import RelayedPacket
    from wire.event_base import Event
    from wire.ids import BroadcastId, ReplayId, RoomId
    from wire.tracks import TrackInfo

_log = structlog.get_logger(__name__)

WAITING_BYTES_MAX: Final = 16 * 1024 * 1024
"""Of all recordings together: some seconds of ten rooms."""
WAITING_BYTES_LOW: Final = 4 * 1024 * 1024
LAYER_SILENT_S: Final = 3.0
"""A layer from which nothing comes for so long is left for another."""
MEND_TIMEOUT_S: Final = 30.0


@dataclass(eq=False)
class LiveRecording:
    """What is being recorded of one broadcast."""

    number: int
    replay_id: ReplayId
    room_id: RoomId
    broadcast_id: BroadcastId
    path: Path
    shape: Shape
    started_at_unix_ms: int
    touched_at_s: float
    best_layer: int = 0
    layer: int | None = None
    """What is written; None while nothing has been."""
    needs_key: bool = True
    base_pts_us: int | None = None
    is_begun: bool = False
    """The file is there."""
    last_pts_us: int = 0
    index: FileIndex = field(default_factory=lambda: FileIndex.begin(0))
    is_listed: bool = False
    """Its row is there."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set then, or when nobody tries to write it any more."""
    title: str | None = None
    """What the room was last called in it, once it is listed."""
    early: list[tuple[Event, int]] = field(default_factory=list)
    """What happened before that, each with the broadcast's time."""
    left_out: int = 0
    """Packets that the disk was too slow for."""

    def extent(self) -> tuple[int, int]:
        """Bytes and milliseconds that play."""
        index = self.index
        return (index.size if index.fragments else 0, index.ends_at_us // 1_000)

    def at_ms(self, pts_us: int) -> int:
        return max(0, pts_us - (self.base_pts_us or 0)) // 1_000

    def now_us(self, now_s: float) -> int:
        """The broadcast's time, which goes on while the publisher is away."""
        silent_s = now_s - self.touched_at_s
        return self.last_pts_us + (int(silent_s * 1_000_000) if silent_s > SILENCE_S else 0)


class Listener(Protocol):
    """Who is told what becomes of recordings."""

    def on_begun(self, live: LiveRecording) -> None: ...

    def on_closed(self, live: LiveRecording) -> None:
        """Whole, with its index; `live.index` says how much there is."""

    def on_failed(self, live: LiveRecording, *, is_full: bool) -> None:
        """It is not written to any more; what was whole is still there."""


class Recorder:
    """Event loop's thread only."""

    def __init__(self, *, mono_s: Callable[[], float], listener: Listener) -> None:
        self._mono_s = mono_s
        self._listener = listener
        self._process = WriterProcess(on_report=self._on_report, on_died=self._on_died)
        self._lives: dict[RoomId, LiveRecording] = {}
        self._numbered: dict[int, LiveRecording] = {}
        """Also those that are being closed."""
        self._mending: dict[int, asyncio.Future[Closed]] = {}
        self._next_number = 1
        self.left_out = 0
        """Packets, since the start."""

    def find(self, room_id: RoomId) -> LiveRecording | None:
        return self._lives.get(room_id)

    def find_growing(self, replay_id: str) -> LiveRecording | None:
        """One that is open, or being closed."""
        for live in self._numbered.values():
            if live.replay_id == replay_id and live.is_begun:
                return live
        return None

    def begin(  # what a recording is, in one call
        self,
        room_id: RoomId,
        *,
        broadcast_id: BroadcastId,
        replay_id: ReplayId,
        path: Path,
        tracks: tuple[TrackInfo, ...],
        started_at_unix_ms: int,
        base_pts_us: int | None = None,
    ) -> LiveRecording:
        """`base_pts_us`: the file is there and goes on."""
        shape = shape_of(tracks)
        live = LiveRecording(
            number=self._next_number,
            replay_id=replay_id,
            room_id=room_id,
            broadcast_id=broadcast_id,
            path=path,
            shape=shape,
            started_at_unix_ms=started_at_unix_ms,
            touched_at_s=self._mono_s(),
            best_layer=best_layer(tracks),
            needs_key=shape.video_codec is not None,
            base_pts_us=base_pts_us,
        )
        self._next_number += 1
        self._lives[room_id] = live
        self._numbered[live.number] = live
        wanted = OpenFile(
            str(path),
            shape.video_codec,
            shape.width,
            shape.height,
            shape.sound_channels,
            base_pts_us,
        )
        self._process.send(pack_words(Operation.OPEN, live.number, wanted))
        return live

    def go_on(self, live: LiveRecording, tracks: tuple[TrackInfo, ...]) -> None:
        """The publisher is back, or its layers changed."""
        live.best_layer = best_layer(tracks)
        live.needs_key = live.shape.video_codec is not None
        live.layer = None

    def end(self, room_id: RoomId) -> LiveRecording | None:
        """Nothing more of it comes. `on_closed` tells when the file is whole."""
        live = self._lives.pop(room_id, None)
        if live is not None:
            self._process.send(pack_request(Operation.CLOSE, live.number))
        return live

    async def mend(self, path: Path) -> Closed:
        """A file that nobody closed. Raises TimeoutError: the next start tries again."""
        number, self._next_number = self._next_number, self._next_number + 1
        done: asyncio.Future[Closed] = asyncio.get_running_loop().create_future()
        self._mending[number] = done
        self._process.send(pack_words(Operation.RECOVER, number, RecoverFile(str(path))))
        try:
            return await asyncio.wait_for(done, MEND_TIMEOUT_S)
        except TimeoutError:
            _log.warning("a recording was not mended in time", file=path.name)
            raise
        finally:
            self._mending.pop(number, None)

    def tick(self) -> None:
        """Once a second."""
        if self._numbered:
            self._process.send(pack_request(Operation.TICK, 0))

    async def close(self) -> None:
        """Every file is closed; `on_closed` is called for each."""
        for room_id in tuple(self._lives):
            self.end(room_id)
        await self._process.stop()
        self._leave_mending()

    def tap(self, room_id: RoomId, packet: RelayedPacket) -> None:
        live = self._lives.get(room_id)
        if live is None:
            return
        header = packet.header
        now_s = self._mono_s()
        if header.kind is Kind.VIDEO:
            if header.layer != live.layer and not self._takes_layer(live, packet, now_s):
                return
            if live.needs_key:
                if not packet.is_keyframe or self._process.has_waiting_more_than(WAITING_BYTES_LOW):
                    return
                live.needs_key = False
            live.touched_at_s = now_s
        elif header.kind is not Kind.AUDIO:
            return
        if self._process.has_waiting_more_than(WAITING_BYTES_MAX):
            live.needs_key = live.shape.video_codec is not None
            live.left_out += 1
            self.left_out += 1
            return
        if live.shape.video_codec is None:
            live.touched_at_s = now_s
        live.last_pts_us = max(live.last_pts_us, header.pts_us)
        message = packet.view_message()
        self._process.send(pack_packet_head(live.number, len(message)), message)

    def _takes_layer(self, live: LiveRecording, packet: RelayedPacket, now_s: float) -> bool:
        """Whether the recording goes on with the layer of this keyframe."""
        layer = packet.header.layer
        if not packet.is_keyframe:
            return False
        is_silent = now_s - live.touched_at_s > LAYER_SILENT_S
        is_better = layer == live.best_layer or (live.layer is not None and layer > live.layer)
        if is_better or is_silent:
            live.layer = layer
            return True
        return False

    # --- from the process ---------------------------------------------------------------------

    def _on_report(self, report: Report) -> None:
        mending = self._mending.get(report.number)
        if mending is not None and not mending.done():
            if isinstance(report, Closed):
                mending.set_result(report)
            elif isinstance(report, Failed):
                mending.set_result(Closed(report.number, 0, 0))
            return
        live = self._numbered.get(report.number)
        if live is None:
            return
        match report:
            case Begun():
                live.base_pts_us = report.base_pts_us
                live.index = FileIndex(
                    report.region_at,
                    report.size,
                    report.ends_at_us,
                    report.fragments,
                    list(report.starts),
                )
                live.is_begun = True
                self._listener.on_begun(live)
            case Wrote():
                live.index.add(
                    report.size,
                    is_key=report.is_key,
                    starts_at_us=report.starts_at_us,
                    ends_at_us=report.ends_at_us,
                )
            case Failed():
                _log.warning("a recording stopped", cause=report.words, room_id=live.room_id)
                self._forget(live)
                self._listener.on_failed(live, is_full=report.is_full)
            case Closed():
                self._forget(live)
                self._listener.on_closed(live)

    def _on_died(self) -> None:
        """The process is gone with what it had not written: at most a part of a second."""
        lost, self._numbered, self._lives = tuple(self._numbered.values()), {}, {}
        if lost or self._mending:
            _log.warning("the recordings' process ended", recordings=len(lost))
        self._leave_mending()
        for live in lost:
            self._listener.on_failed(live, is_full=False)

    def _leave_mending(self) -> None:
        for mending in self._mending.values():
            if not mending.done():
                mending.set_exception(TimeoutError("the process that mended it has ended"))

    def _forget(self, live: LiveRecording) -> None:
        self._numbered.pop(live.number, None)
        if self._lives.get(live.room_id) is live:
            del self._lives[live.room_id]


def shape_of(tracks: tuple[TrackInfo, ...]) -> Shape:
    """Of the best layer and the sound."""
    videos = [track for track in tracks if track.kind == "video"]
    sounds = [track for track in tracks if track.kind == "audio"]
    best = max(videos, key=lambda track: track.layer, default=None)
    return Shape(
        best.codec if best is not None else None,
        best.width if best is not None else 0,
        best.height if best is not None else 0,
        sound_channels=min(sounds[0].channels, 2) or 2 if sounds else None,
    )


def fits(shape: Shape, other: Shape) -> bool:
    """Whether one file can hold both: sizes may change within it, codecs may not."""
    return (shape.video_codec, shape.sound_channels) == (other.video_codec, other.sound_channels)


def best_layer(tracks: tuple[TrackInfo, ...]) -> int:
    return max((track.layer for track in tracks if track.kind == "video"), default=0)
