"""The running broadcast to other services: one worker a target, each with its own connection,
queue, state and patience.

A target that hangs, refuses or vanishes touches neither the room nor another target: packets go
through bounded queues, all network calls are bounded in time, and names are looked up on threads
of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from app.errors import BadInput
from app.media.errors import MediaError
from app.media.flv import tags
from app.media.pushing.aac import BIT_RATE_BPS, SAMPLE_RATE_HZ
from app.media.pushing.crop import CropEncoders, crop_size
from app.media.pushing.fan import Outlet, PushFan
from app.net.reconnect import ReconnectPolicy
from app.net.rtmp import amf
from app.net.rtmp.address import parse_rtmp_address, parse_stream_key
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.target_socket import TargetSocket
from app.state.pushing import TargetState, TargetStatus, Trouble

if TYPE_CHECKING:
    import ssl

    from app.media.capture.source import VideoFrame
    from app.media.pushing.push_queue import PushItem
    from app.settings import Crop, PushTarget
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

TARGETS_MAX: Final = 6
STEADY_S: Final = 10.0
"""A connection that held for so long was a success: the next failure is retried soon."""

REFUSALS_MAX: Final = 8
"""In a row. Many services refuse while they still hold our last, dead connection; a wrong key is
refused for ever, and asking for ever gets an address blocked."""

RATE_WINDOW_S: Final = 4.0
LEAD_US: Final = 200_000
"""Where the first keyframe stands: sound that belongs before it comes a little later."""


class Pushing:
    """A tap of the broadcast. Made, changed and ended on one asyncio loop; `push` is called from
    the encoders' threads."""

    def __init__(
        self,
        targets: Iterable[PushTarget],
        *,
        random: Callable[[], float],
        on_notice: Callable[[str], None] = lambda _words: None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` replaces the system's trust for rtmps. Raises BadInput."""
        self._random = random
        self._on_notice = on_notice
        self._tls = tls
        self._fan = PushFan()
        self._crops = CropEncoders(self._fan)
        self._workers: dict[str, _Worker] = {}
        self._is_begun = False
        self.is_ended = False
        """The broadcast is over: nobody is to be connected to any more."""
        self._last: tuple[TargetStatus, ...] = ()
        self._tracks: tuple[TrackInfo, ...] = ()
        self.set_targets(targets)

    def begin(
        self,
        tracks: tuple[TrackInfo, ...],
        request_keyframe: Callable[[int], None],
        *,
        has_frames: bool = True,
    ) -> None:
        """The encoders run: connect."""
        self._tracks = tracks
        self._fan.begin()
        self._fan.use_encoder(request_keyframe)
        self._crops.begin(tracks, has_frames=has_frames)
        self._is_begun = True
        for worker in self._workers.values():
            worker.start(self._tracks)

    def push(self, packet: MediaPacket) -> None:
        self._fan.push(packet)

    def push_frame(self, frame: VideoFrame) -> None:
        self._crops.push(frame)

    async def end(self) -> None:
        """Say goodbye everywhere. Bounded."""
        self.is_ended = True
        workers = tuple(self._workers.values())
        self._last = self.statuses() or self._last
        self._workers.clear()
        await asyncio.gather(*(worker.stop() for worker in workers))
        await asyncio.to_thread(self._crops.stop)
        await asyncio.to_thread(self._fan.stop)

    def set_targets(self, targets: Iterable[PushTarget]) -> None:
        """Those that are new or changed begin, those that are gone end; the others go on
        untouched. Raises BadInput."""
        if self.is_ended:
            return
        wanted = {target.target_id: target for target in targets if target.is_enabled}
        if len(wanted) > TARGETS_MAX:
            raise BadInput(f"at most {TARGETS_MAX} targets at once")
        fresh: dict[str, _Worker] = {}
        for target_id, target in wanted.items():
            before = self._workers.get(target_id)
            if before is None or before.target != target:
                fresh[target_id] = _Worker(
                    target,
                    self._fan,
                    self._crops,
                    policy=ReconnectPolicy(random=self._random),
                    on_notice=self._on_notice,
                    tls=self._tls,
                )
        for target_id in tuple(self._workers):
            if target_id not in wanted or target_id in fresh:
                self._workers.pop(target_id).end_soon()
        self._workers.update(fresh)
        if self._is_begun:
            for worker in fresh.values():
                worker.start(self._tracks)

    def retry_now(self, target_id: str) -> None:
        """Do not wait out the delay, and ask again one that had refused."""
        worker = self._workers.get(target_id)
        if worker is not None:
            worker.retry_now(self._tracks)

    def statuses(self) -> tuple[TargetStatus, ...]:
        return tuple(worker.status() for worker in self._workers.values())

    def statistics(self) -> dict[str, object]:
        return {"targets": [msgspec.to_builtins(one) for one in self.statuses() or self._last]}

    def line(self) -> str:
        return "  ".join(
            f"{status.name}: {status.state} {status.bit_rate_bps / 1e6:.1f} Mbit/s"
            for status in self.statuses()
        )


class _Worker:
    """One target."""

    def __init__(
        self,
        target: PushTarget,
        fan: PushFan,
        crops: CropEncoders,
        *,
        policy: ReconnectPolicy,
        on_notice: Callable[[str], None],
        tls: ssl.SSLContext | None,
    ) -> None:
        self.target = target
        self._address = parse_rtmp_address(target.address)
        self._key = parse_stream_key(target.key)
        self._fan = fan
        self._crops = crops
        self._policy = policy
        self._on_notice = on_notice
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._hurry = asyncio.Event()
        self._outlet: Outlet | None = None
        self._task: asyncio.Task[None] | None = None
        self._tracks: tuple[TrackInfo, ...] = ()
        self._state: TargetState = "connecting"
        self._words = ""
        self._trouble: Trouble = ""
        self._connections = 0
        self._dropped = 0
        self._live_since_s: float | None = None
        self._sent: deque[tuple[float, int]] = deque()

    def start(self, tracks: tuple[TrackInfo, ...]) -> None:
        if self._task is not None and not self._task.done():
            return
        self._tracks = tracks
        is_modern = any(track.kind == "video" and track.codec != "h264" for track in tracks)
        if is_modern and not self.target.crop:
            self._enter("refused", "services take H.264 only", "codec")
            return
        self._task = self._loop.create_task(self._run())

    def retry_now(self, tracks: tuple[TrackInfo, ...]) -> None:
        self._hurry.set()
        self.start(tracks)

    def end_soon(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def status(self) -> TargetStatus:
        now_s = time.monotonic()
        self._forget_sent()
        rate = 8 * sum(size for _, size in self._sent) / RATE_WINDOW_S
        live_s = 0.0 if self._live_since_s is None else now_s - self._live_since_s
        outlet = self._outlet
        return TargetStatus(
            self.target.target_id,
            self.target.name,
            self._address.url,
            crop=self.target.crop,
            state=self._state,
            trouble=self._trouble,
            words=self._words,
            bit_rate_bps=round(rate) if self._state == "live" else 0,
            dropped=self._dropped + (outlet.dropped if outlet is not None else 0),
            reconnects=max(0, self._connections - 1),
            live_s=live_s,
        )

    async def _run(self) -> None:
        if self.target.crop:
            try:
                await asyncio.to_thread(self._crops.use, self.target.crop)
            except MediaError as error:
                self._enter("refused", error.message, "encoder")
                return
        refusals = 0
        while True:
            self._hurry.clear()
            self._enter("connecting")
            try:
                await self._run_connection()
            except RtmpError as error:
                steady = self._live_since_s is not None and (
                    time.monotonic() - self._live_since_s >= STEADY_S
                )
                refusals = 0 if steady else refusals + isinstance(error, RtmpRefused)
                if steady:
                    self._policy.succeeded()
                self._live_since_s = None
                if refusals >= REFUSALS_MAX:
                    self._enter("refused", error.message, error.trouble)
                    return
                self._enter("waiting", error.message, error.trouble)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._policy.next_delay_s()):
                    await self._hurry.wait()

    async def _run_connection(self) -> None:
        """Raises RtmpError at its end."""
        socket = TargetSocket(self._address, self._key)
        outlet = self._fan.add(self._on_arrival, self.target.crop)
        self._outlet = outlet
        try:
            await socket.open(self._tls)
            self._connections += 1
            self._live_since_s = time.monotonic()
            outlet.open()
            self._enter("live")
            sending = self._loop.create_task(self._send(socket, outlet))
            ending = self._loop.create_task(socket.wait_end())
            try:
                await asyncio.wait({sending, ending}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                ending.cancel()
                outcomes = await asyncio.gather(sending, ending, return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome
        finally:
            self._fan.remove(outlet)
            outlet.close()
            self._dropped += outlet.dropped
            self._outlet = None
            await socket.close()

    def _on_arrival(self) -> None:
        """Any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._arrived.set)

    async def _send(self, socket: TargetSocket, outlet: Outlet) -> None:
        sender = _TagSender(socket, _pack_metadata(self._tracks, self.target.crop))
        while True:
            self._arrived.clear()
            item = outlet.pop()
            if item is None:
                await self._arrived.wait()
                continue
            before = socket.bytes_sent
            await sender.send(item)
            self._sent.append((time.monotonic(), socket.bytes_sent - before))
            self._forget_sent()

    def _forget_sent(self) -> None:
        """What is too old for the rate; also where nobody asks for it."""
        oldest_s = time.monotonic() - RATE_WINDOW_S
        while self._sent and self._sent[0][0] < oldest_s:
            self._sent.popleft()

    def _enter(self, state: TargetState, words: str = "", trouble: Trouble = "") -> None:
        told = (self._state, self._words)
        self._state, self._words, self._trouble = state, words, trouble
        if state != "connecting" and told != (state, words):
            self._on_notice(f"{self.target.name}: {state}{f', {words}' if words else ''}")


class _TagSender:
    """Items as tags of one connection: times near 0 at first, set-up before what needs it."""

    def __init__(self, socket: TargetSocket, metadata: bytes) -> None:
        self._socket = socket
        self._metadata = metadata
        self._first_us: int | None = None
        self._setups: dict[str, bytes] = {}

    async def send(self, item: PushItem) -> None:
        if self._first_us is None:
            self._first_us = item.pts_us - LEAD_US
            await self._socket.send("data", 0, self._metadata)
        time_ms = (item.pts_us - self._first_us) // 1000
        if time_ms < 0:
            return
        if self._setups.get(item.kind) != item.setup:
            self._setups[item.kind] = item.setup
            pack_setup = tags.pack_video_setup if item.kind == "video" else tags.pack_audio_setup
            await self._socket.send(item.kind, time_ms, pack_setup(item.setup))
        if item.kind == "video":
            body = tags.pack_video(item.body, is_keyframe=item.is_keyframe)
        else:
            body = tags.pack_audio(item.body)
        await self._socket.send(item.kind, time_ms, body)


def _pack_metadata(tracks: tuple[TrackInfo, ...], crop: Crop) -> bytes:
    """What players and services show of a stream before they have looked at it."""
    videos = [track for track in tracks if track.kind == "video"]
    best = max(videos, key=lambda track: track.layer, default=None)
    fields: dict[str, amf.Value] = {"encoder": "Livehouse"}
    if best is not None:
        width, height = crop_size(crop) if crop else (best.width, best.height)
        fields |= {
            "width": float(width),
            "height": float(height),
            "framerate": best.frame_rate,
            "videodatarate": best.bit_rate_bps / 1000,
            "videocodecid": 7.0,
        }
    if any(track.kind == "audio" for track in tracks):
        fields |= {
            "audiocodecid": 10.0,
            "audiosamplerate": float(SAMPLE_RATE_HZ),
            "audiodatarate": BIT_RATE_BPS / 1000,
            "stereo": True,
        }
    return amf.pack("@setDataFrame", "onMetaData", fields)
