"""Packets into a file of Matroska or fragmented MP4, as they came: nothing is encoded again.

The file starts at the first keyframe. Decoder setup (avcC, hvcC) is made by FFmpeg from that
keyframe's parameter sets. Time in the file is the broadcast's, so that a cut leaves a hole of its
own length; what the relay sends again after a cut (its cached GOP) is not written twice. Another
broadcast follows right behind what was written.

One thread writes. Limit and drop rule: `QUEUE_PACKETS_MAX`; when the disk is too slow for that,
pictures are left out up to the next keyframe, and sound as long as the queue is full.

Fragmented MP4 is written a second at a time and needs no proper end: after a crash all but the last
second plays.
"""

from __future__ import annotations

import errno
import io
import threading
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import av
from av.error import FFmpegError, InvalidDataError

from app.media.errors import MediaError
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from wire.tracks import TrackInfo

QUEUE_PACKETS_MAX: Final = 2000
MICROSECONDS: Final = Fraction(1, 1_000_000)
_DEMUXERS: Final = {"h264": "h264", "h265": "hevc", "av1": "obu"}
FileForm = Literal["matroska", "mp4"]
_OPTIONS: Final[dict[FileForm, dict[str, str]]] = {
    "matroska": {},
    "mp4": {
        "movflags": "frag_keyframe+empty_moov+default_base_moof",
        "frag_duration": "1000000",
        "flush_packets": "1",
    },
}
_VIDEO_TICKS: Final[dict[FileForm, Fraction]] = {
    "matroska": Fraction(1, 1000),
    "mp4": Fraction(1, 90_000),
}
_HOLE_US_MAX: Final = 3_600_000_000
_STEP_US: Final = 20_000


class RecordingFailed(MediaError):
    """The file cannot be written."""

    code = "recording_failed"


class _BroadcastBegins:
    """In the queue: what comes after it counts from another origin."""


class Recorder:
    """`push` from any thread; `open` and `close` from its owner's."""

    def __init__(self, path: Path, form: FileForm = "matroska") -> None:
        self._path = path
        self._form: FileForm = form
        self._queue: deque[MediaPacket | _BroadcastBegins] = deque()
        self._tracks: tuple[TrackInfo, ...] = ()
        self._changed = threading.Condition()
        self._is_closing = False
        self._has_overflowed = False
        self._container: Any = None
        self._streams: dict[Kind, Any] = {}
        self._last_us: dict[Kind, int] = {}
        self._shift_us = 0
        self._is_other_broadcast = False
        """Another one began, and nothing of it was written yet."""
        self._layer: int | None = None
        self._codec = ""
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self.packets = 0
        self.packets_dropped = 0
        self.failure = ""
        """Why it stopped writing; empty while all is well."""
        self.is_disk_full = False
        self.bytes = 0
        """Of packets."""

    def open(self) -> None:
        """Raises RecordingFailed where the file cannot be made."""
        try:
            self._path.open("wb").close()  # FFmpeg opens it only when the first packet is here
            self._container = av.open(
                str(self._path), "w", format=self._form, options=_OPTIONS[self._form]
            )
        except (OSError, FFmpegError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise RecordingFailed(f"cannot write {self._path}: {words}") from None
        self._thread.start()

    def set_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        with self._changed:
            self._tracks = tracks

    def begin_broadcast(self) -> None:
        """Packets from now on belong to another broadcast than those before."""
        with self._changed:
            self._queue.append(_BroadcastBegins())
            self._changed.notify()

    def push(self, packet: MediaPacket) -> None:
        with self._changed:
            if len(self._queue) >= QUEUE_PACKETS_MAX:
                self._has_overflowed = True
                self.packets_dropped += 1
                return
            if self._has_overflowed and packet.kind is Kind.VIDEO:
                if not packet.is_keyframe:
                    self.packets_dropped += 1
                    return
                self._has_overflowed = False
            self._queue.append(packet)
            self._changed.notify()

    def close(self) -> None:
        """Write what waits and end the file."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            while (packet := self._await_packet()) is not None:
                try:
                    self._write(packet)
                except (InvalidDataError, IndexError):
                    self.packets_dropped += 1  # what a stranger sends must not end the file
        except (OSError, FFmpegError, ValueError) as error:
            self._fail("stopped", error)
        finally:
            self._finish()

    def _finish(self) -> None:
        try:
            if self._streams:
                self._container.close()
        except (OSError, FFmpegError) as error:
            if not self.failure:
                self._fail("did not end well", error)

    def _fail(self, what: str, error: Exception) -> None:
        self.is_disk_full = getattr(error, "errno", None) == errno.ENOSPC
        self.failure = f"recording to {self._path} {what}: {error}"

    def _await_packet(self) -> MediaPacket | None:
        while True:
            with self._changed:
                while not self._queue and not self._is_closing:
                    self._changed.wait()
                if not self._queue:
                    return None
                entry = self._queue.popleft()
            if isinstance(entry, MediaPacket):
                return entry
            self._is_other_broadcast = bool(self._streams)

    def _write(self, packet: MediaPacket) -> None:
        if not self._streams and not self._begin(packet):
            return
        stream = self._streams.get(packet.kind)
        if stream is None:
            return
        # Time first: a keyframe that is left out must not change the layer.
        at_us = self._time_of(packet)
        if at_us is None or not self._is_wanted(packet):
            return
        encoded = av.Packet(packet.payload)
        encoded.pts = encoded.dts = at_us
        encoded.time_base = MICROSECONDS
        encoded.stream = stream
        encoded.is_keyframe = packet.is_keyframe or packet.kind is Kind.AUDIO
        self._last_us[packet.kind] = at_us
        self._container.mux(encoded)
        self.packets += 1
        self.bytes += len(packet.payload)

    def _is_wanted(self, packet: MediaPacket) -> bool:
        """One layer at a time, changed at a keyframe."""
        if packet.kind is not Kind.VIDEO:
            return True
        if packet.is_keyframe and self._codec_of(packet.layer) != self._codec:
            self._layer = None  # a file has one codec; another broadcast's pictures are left out
            return False
        if packet.layer == self._layer:
            return True
        if packet.is_keyframe:
            self._layer = packet.layer
        return packet.is_keyframe

    def _time_of(self, packet: MediaPacket) -> int | None:
        """Microseconds in the file; None for what was written already or cannot be placed."""
        newest_us = max(self._last_us.values(), default=-1)
        at_us = packet.pts_us - self._shift_us
        if self._is_other_broadcast:
            if not self._is_anchor(packet):
                return None
            self._is_other_broadcast = False
            is_elsewhere = True
        else:
            is_elsewhere = abs(at_us - newest_us) > _HOLE_US_MAX
        if is_elsewhere:
            at_us = newest_us + _STEP_US
            self._shift_us = packet.pts_us - at_us
        return at_us if at_us > self._last_us.get(packet.kind, -1) else None

    def _is_anchor(self, packet: MediaPacket) -> bool:
        """Whether another broadcast's time may be counted from here."""
        with self._changed:
            has_pictures = any(track.kind == "video" for track in self._tracks)
        if has_pictures and Kind.VIDEO in self._streams:
            return packet.kind is Kind.VIDEO and packet.is_keyframe
        return packet.kind is Kind.AUDIO

    def _begin(self, packet: MediaPacket) -> bool:
        """Make the streams once the first packet that can start a file is here."""
        with self._changed:
            tracks = self._tracks
        kinds = {track.kind for track in tracks}
        if "video" in kinds:
            self._codec = self._codec_of(packet.layer)
            if packet.kind is not Kind.VIDEO or not packet.is_keyframe or not self._codec:
                return False
            self._streams[Kind.VIDEO] = self._add_video(packet)
            self._layer = packet.layer
        elif packet.kind is not Kind.AUDIO:
            return False
        if "audio" in kinds:
            self._streams[Kind.AUDIO] = self._add_audio()
        self._shift_us = packet.pts_us
        return bool(self._streams)

    def _codec_of(self, layer: int) -> str:
        """Empty for a layer that was not announced."""
        with self._changed:
            codecs = [t.codec for t in self._tracks if t.kind == "video" and t.layer == layer]
        return codecs[0] if codecs else ""

    def _add_video(self, packet: MediaPacket) -> Any:
        with av.open(io.BytesIO(packet.payload), format=_DEMUXERS[self._codec]) as source:
            template = source.streams.video[0]
            stream = self._container.add_stream_from_template(template, opaque=True)
        stream.time_base = _VIDEO_TICKS[self._form]
        return stream

    def _add_audio(self) -> Any:
        # The encoder itself is never used: it brings the OpusHead with the right pre-skip.
        return self._container.add_stream("libopus", rate=48_000, layout="stereo")
