"""A room's video in a child process, so that no packet can stall or end this one.

The packets since the last keyframe are kept, compressed. When the child dies (of a packet, of
`kill -9`, of memory) or does not answer in time, another one takes over, decodes them again and
goes on with the next picture: nobody waits for a keyframe. A GOP that costs a second child is given
up, and the next keyframe starts afresh.

    decode --DecoderLost--> replay of the GOP --DecoderLost--> waits for a keyframe
       ^                        | ok                              | keyframe
       +------------------------+---------------------------------+
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import numpy as np

from app.media.picture import planes_of
from app.media.playback.decoder_messages import PAYLOAD_BYTES_MAX, PictureInfo, Request
from app.media.playback.decoder_process import ANSWER_S_MAX, DecoderLost, DecoderProcess
from app.media.playback.restart_budget import RestartBudget
from app.media.playback.spare_decoder import SPARE, SpareDecoder
from app.media.playback.video_decoder import MICROSECONDS

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

WATCH_INTERVAL_S: Final = 0.1
ANSWER_AGAIN_S_MAX: Final = 0.35
"""For a packet that a child did not answer already: a good one is long decoded by then."""
GOP_PACKETS_MAX: Final = 600
GOP_BYTES_MAX: Final = 16 * 1024 * 1024
"""A longer GOP is not kept: after a loss its next keyframe is waited for."""
SPARE_AFTER_PACKETS: Final = 30
"""The next spare is started once this room runs, not in the moment in which it opens."""

_log: Final = logging.getLogger(__name__)


class _Kept(NamedTuple):
    packet: MediaPacket
    codec: str


class IsolatedDecoder:
    """`decode`, `reset`, `start` and `stop` on one thread; `interrupt` from any."""

    def __init__(self, spare: SpareDecoder = SPARE) -> None:
        self._spare = spare
        self._budget = RestartBudget()
        self._process: DecoderProcess | None = None
        self._gop: list[_Kept] = []
        self._gop_bytes = 0
        self._is_gop_whole = False
        self._losses_in_gop = 0
        self._is_waiting = True
        """Nothing can be decoded before the next keyframe."""
        self._wants_reset = False
        self._answered = 0
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._run_watch, name="decoder-watch", daemon=True)
        self.errors = 0
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Of the child."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        self._watch.start()
        self._replace()

    def stop(self) -> None:
        self.interrupt()
        if self._watch.is_alive():
            self._watch.join()
        self._let_go()

    def interrupt(self) -> None:
        self._stopping.set()
        process = self._process
        if process is not None:
            process.kill()

    def reset(self) -> None:
        self._forget()
        self._is_waiting = True

    def decode(self, packet: MediaPacket, track: TrackInfo) -> list[av.VideoFrame]:
        """The pictures that this packet completes, their pts in microseconds. Never raises."""
        if packet.is_keyframe:
            self._is_waiting = False
            self._forget()
            self._losses_in_gop = 0
        elif self._is_waiting:
            return []
        if not packet.payload or len(packet.payload) > PAYLOAD_BYTES_MAX:
            self._fail()
            return []
        self._keep(_Kept(packet, track.codec))
        if self._process is None and not self._replace():
            self._is_waiting = True
            return []
        try:
            return self._ask(_Kept(packet, track.codec), is_wanted=True)
        except DecoderLost as lost:
            return self._recover(lost)

    # --- within -------------------------------------------------------------------------------

    def _ask(
        self, kept: _Kept, *, is_wanted: bool, answer_s_max: float = ANSWER_S_MAX
    ) -> list[av.VideoFrame]:
        process = self._process
        if process is None:
            raise DecoderLost("there is none")
        packet = kept.packet
        request = Request(
            codec=kept.codec,
            pts_us=packet.pts_us,
            length=len(packet.payload),
            is_reset=self._wants_reset,
            is_wanted=is_wanted,
        )
        is_ok, pictures = process.ask(packet.payload, request, answer_s_max=answer_s_max)
        self._wants_reset = False
        if not is_ok:
            self._fail()
        self._answered += 1
        if self._answered == SPARE_AFTER_PACKETS:
            self._prepare_spare()
        return _copy(pictures, process.content)

    def _recover(self, lost: DecoderLost) -> list[av.VideoFrame]:
        """Another child, and the GOP from its start once more."""
        self._losses_in_gop += 1
        self._let_go()
        if self._stopping.is_set():
            return []
        _log.warning("the decoder was lost: %s", lost)
        self.errors += 1
        if self._losses_in_gop > 1 or not self._is_gop_whole or not self._replace():
            self.reset()
            return []
        frames: list[av.VideoFrame] = []
        again = tuple(self._gop)
        try:
            for kept in again:
                is_last = kept is again[-1]
                limit_s = ANSWER_AGAIN_S_MAX if is_last else ANSWER_S_MAX
                frames = self._ask(kept, is_wanted=is_last, answer_s_max=limit_s)
        except DecoderLost as lost_again:
            return self._recover(lost_again)
        return frames

    def _replace(self) -> bool:
        """Whether there is a child now."""
        if self._stopping.is_set() or not self._budget.take(time.monotonic()):
            return False
        try:
            self._process = self._spare.take()
        except OSError as error:
            _log.warning("no decoder can be started: %s", error.strerror)
            return False
        self.restarts += self._answered > 0
        self._answered = 0
        self._wants_reset = False
        if self._stopping.is_set():  # `interrupt` may have looked before it was there
            self._process.kill()
        return True

    def _prepare_spare(self) -> None:
        with contextlib.suppress(OSError):
            self._spare.prepare()

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _fail(self) -> None:
        """The stream is broken here; the child is well."""
        self.errors += 1
        self.reset()

    def _keep(self, kept: _Kept) -> None:
        if kept.packet.is_keyframe:
            self._is_gop_whole = True
        size = len(kept.packet.payload)
        if len(self._gop) >= GOP_PACKETS_MAX or self._gop_bytes + size > GOP_BYTES_MAX:
            self._is_gop_whole = False
        if self._is_gop_whole:
            self._gop.append(kept)
            self._gop_bytes += size

    def _forget(self) -> None:
        self._gop.clear()
        self._gop_bytes = 0
        self._is_gop_whole = False

    def _run_watch(self) -> None:
        while not self._stopping.wait(WATCH_INTERVAL_S):
            process = self._process
            if process is not None:
                process.kill_overdue(time.monotonic())


def _copy(pictures: tuple[PictureInfo, ...], content: memoryview) -> list[av.VideoFrame]:
    """Out of the shared memory, before the next request."""
    frames = []
    at = 0
    for one in pictures:
        frame = av.VideoFrame(one.width, one.height, "yuv420p")
        for plane, line, size in zip(
            planes_of(frame), one.line_sizes, one.plane_bytes, strict=True
        ):
            lines = np.frombuffer(content, np.uint8, size, at).reshape(-1, line)
            np.copyto(plane, lines[:, : plane.shape[1]])
            at += size
        frame.pts, frame.time_base = one.pts_us, MICROSECONDS
        frame.colorspace, frame.color_range = one.colorspace, one.color_range
        frames.append(frame)
    return frames
