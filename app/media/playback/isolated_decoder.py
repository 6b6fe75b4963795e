"""A room's video in a child process, so that no packet can stall or end this one.

The packets since the last keyframe are kept, compressed. When the child dies (of a packet, of
`kill -9`, of memory) or does not answer in time, another one takes over, decodes them again and
goes on with the next picture: nobody waits for a keyframe. A GOP that costs a second child is given
up, and the next keyframe starts afresh.

A packet whose picture is not wanted is asked for without waiting, so that a cached GOP is decoded
in one go; each of those answers is owed as soon as any other once something is waited for.

    decode --DecoderLost--> replay of the GOP --DecoderLost--> waits for a keyframe
       ^                        | ok                              | keyframe
       +------------------------+---------------------------------+
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import numpy as np

from app.media.picture import planes_of
from app.media.playback.decoder_keeper import DecoderKeeper
from app.media.playback.decoder_messages import (
    PAYLOAD_BYTES_MAX,
    MessageInvalid,
    PictureInfo,
    Request,
    parse_pictures,
)
from app.media.playback.decoder_process import ANSWER_S_MAX, DecoderLost
from app.media.playback.spare_decoder import SPARE, SpareDecoder
from app.media.playback.video_decoder import MICROSECONDS

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

ANSWER_AGAIN_S_MAX: Final = 0.35
"""For a packet that a child did not answer already: a good one is long decoded by then."""
GOP_PACKETS_MAX: Final = 600
GOP_BYTES_MAX: Final = 16 * 1024 * 1024
"""A longer GOP is not kept: after a loss its next keyframe is waited for."""
UNDER_WAY_MAX: Final = 16
"""Questions whose answers nobody waits for yet; their packets share the memory of one."""


class _Kept(NamedTuple):
    packet: MediaPacket
    codec: str


class IsolatedDecoder:
    """`decode`, `reset`, `start` and `stop` on one thread; `interrupt` from any."""

    def __init__(self, spare: SpareDecoder = SPARE) -> None:
        self._keeper = DecoderKeeper(spare)
        self._gop: list[_Kept] = []
        self._gop_bytes = 0
        self._is_gop_whole = False
        self._losses_in_gop = 0
        self._under_way: deque[Request] = deque()
        """Asked for without waiting, oldest first."""
        self._codec = ""
        """Of the last packet."""
        self._is_waiting = True
        self._wants_reset = False
        """The child still has what came before a `reset`."""
        self.answer_s_max = ANSWER_S_MAX
        self.again_s_max = ANSWER_AGAIN_S_MAX
        self.errors = 0

    @property
    def restarts(self) -> int:
        return self._keeper.restarts

    @property
    def is_waiting(self) -> bool:
        return self._is_waiting

    @property
    def pid(self) -> int | None:
        """Of the child."""
        return self._keeper.pid

    def start(self) -> None:
        self._keeper.start()

    def stop(self) -> None:
        self._keeper.stop()

    def interrupt(self) -> None:
        self._keeper.interrupt()

    def reset(self) -> None:
        self._forget()
        self._is_waiting = self._wants_reset = True

    def decode(
        self, packet: MediaPacket, track: TrackInfo, *, is_wanted: bool = True
    ) -> list[av.VideoFrame]:
        """The pictures that this packet completes, their pts in microseconds. Never raises.

        Those that are not wanted, but needed by later ones, stay in the child.
        """
        if packet.is_keyframe:
            self._finish_gop()
            self._is_waiting = False
            self._forget()
            self._losses_in_gop = 0
        elif self._is_waiting:
            return []
        if not packet.payload or len(packet.payload) > PAYLOAD_BYTES_MAX:
            self._fail()
            return []
        kept = _Kept(packet, track.codec)
        self._codec = track.codec
        self._keep(kept)
        if not self._keeper.has_child and not self._keeper.replace():
            self._is_waiting = True
            return []
        frames: list[av.VideoFrame] = []
        try:
            if not is_wanted:
                self._post(kept)
            elif self._collect():
                frames = self._ask_of(kept, is_wanted=True, answer_s_max=self.answer_s_max)
        except DecoderLost:
            frames = self._recover()
        return frames if is_wanted else []

    def drain(self) -> list[av.VideoFrame]:
        """The stream ends here: the pictures that waited for later ones, as with B-frames. Never
        raises. The next keyframe starts afresh. A child that is lost takes them with it."""
        frames: list[av.VideoFrame] = []
        try:
            if not self._is_waiting and self._keeper.has_child and self._collect():
                request = Request(self._codec, 0, 0, is_reset=False, is_wanted=True, is_drain=True)
                frames = self._ask(b"", request, answer_s_max=self.answer_s_max)
        except DecoderLost:
            self.errors += 1
            self._under_way.clear()
        self.reset()
        return frames

    # --- within -------------------------------------------------------------------------------

    def _ask_of(self, kept: _Kept, *, is_wanted: bool, answer_s_max: float) -> list[av.VideoFrame]:
        request = self._request(kept, is_wanted=is_wanted)
        return self._ask(kept.packet.payload, request, answer_s_max=answer_s_max)

    def _ask(self, payload: bytes, request: Request, *, answer_s_max: float) -> list[av.VideoFrame]:
        is_ok, records = self._keeper.ask(payload, request, answer_s_max=answer_s_max)
        self._wants_reset = False
        if not is_ok:
            self._fail()
        try:
            return _copy(parse_pictures(records), self._keeper.content)
        except MessageInvalid as error:
            lie = DecoderLost(str(error))
            self._keeper.drop(lie)
            raise lie from None

    def _request(self, kept: _Kept, *, is_wanted: bool, at: int = 0) -> Request:
        packet = kept.packet
        return Request(
            codec=kept.codec,
            pts_us=packet.pts_us,
            length=len(packet.payload),
            is_reset=self._wants_reset,
            is_wanted=is_wanted,
            at=at,
        )

    def _post(self, kept: _Kept) -> None:
        """Ask for no picture, and do not wait. Raises DecoderLost."""
        at = sum(request.length for request in self._under_way)
        is_full = len(self._under_way) >= UNDER_WAY_MAX
        if is_full or at + len(kept.packet.payload) > PAYLOAD_BYTES_MAX:
            if not self._collect():
                return
            at = 0
        request = self._request(kept, is_wanted=False, at=at)
        self._keeper.post(kept.packet.payload, request)
        self._under_way.append(request)
        self._wants_reset = False

    def _collect(self) -> bool:
        """Wait for all that is under way. Whether it could be decoded. Raises DecoderLost."""
        is_well = True
        while self._under_way:
            is_ok, _ = self._keeper.collect(self._under_way[0], answer_s_max=self.answer_s_max)
            self._under_way.popleft()
            is_well = is_well and is_ok
        if not is_well:
            self._fail()
        return is_well

    def _finish_gop(self) -> None:
        """A keyframe comes: what became of the packets before it is of no more use."""
        try:
            self._collect()
        except DecoderLost:
            self.errors += 1
            self._under_way.clear()

    def _recover(self) -> list[av.VideoFrame]:
        """Another child, and the GOP from its start once more."""
        self._under_way.clear()
        self.errors += 1
        self._losses_in_gop += 1
        if self._losses_in_gop > 1 or not self._is_gop_whole or not self._keeper.replace():
            self.reset()
            return []
        self._wants_reset = False
        frames: list[av.VideoFrame] = []
        again = tuple(self._gop)
        try:
            for kept in again:
                is_last = kept is again[-1]
                limit_s = self.again_s_max if is_last else max(self.again_s_max, self.answer_s_max)
                frames = self._ask_of(kept, is_wanted=is_last, answer_s_max=limit_s)
        except DecoderLost:
            return self._recover()
        return frames

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
