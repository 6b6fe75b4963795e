"""Packets become fragments of an MP4: the same for a recording and for a live stream. Pure.

A fragment is closed when the packet comes that begins the next: a keyframe, or one that is
`PART_US` later. Only then is known how long its last picture stands. Times are the packets' own, so
picture and sound are as far apart as they were live, through gaps and cuts.

Pictures may come in another order than they are shown in (B-frames of a foreign encoder). Packets
carry only when a picture is shown: it is decoded before that, and before all that come after it
are, and the difference is told for each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from server.recording import boxes, codecs
from server.recording.boxes import (
    SOUND_TIMESCALE,
    SOUND_TRACK,
    VIDEO_TIMESCALE,
    VIDEO_TRACK,
    Sample,
)
from wire.media_packet import Flags, Header, Kind

PART_US: Final = 500_000
"""What a killed recording may lose; the promise is one second."""
PART_BYTES_MAX: Final = 8 * 1024 * 1024
_FRAME_US: Final = 33_333
"""How long a last picture stands where nothing tells."""


@dataclass(frozen=True)
class Shape:
    """What the tracks of one file are; None: there is no such track."""

    video_codec: str | None
    width: int = 0
    height: int = 0
    sound_channels: int | None = None


class Fragment(NamedTuple):
    """`is_key`: whoever begins here needs nothing from before."""

    data: bytes
    is_key: bool
    starts_at_us: int
    """From the beginning of the file."""
    ends_at_us: int


class _Pending(NamedTuple):
    pts: int
    data: bytes
    is_key: bool
    duration: int


@dataclass
class _Track:
    """Samples of the fragment that is open. Times in the track's own scale."""

    track_id: int
    timescale: int
    samples: list[_Pending] = field(default_factory=list)
    held: _Pending | None = None
    decoded_until: int = 0
    """Where the fragment before ended: time never goes back."""

    def hold_last(self, pts: int) -> int | None:
        """Leave the newest sample to the next fragment, which begins at `pts`. Returns its time.

        Sound then begins before the keyframe that it belongs to, and a player that seeks to that
        need not look for its sound in the fragment before.
        """
        if len(self.samples) < 2 or self.samples[-1].pts > pts:
            return None
        self.held = self.samples.pop()
        return self.held.pts

    def take(self, next_pts: int | None) -> tuple[int, int, list[Sample]] | None:
        """Close: what is pending, as `boxes.fragment` wants it. None where there is nothing."""
        pending, self.samples = self.samples, [self.held] if self.held is not None else []
        self.held = None
        if not pending:
            return None
        decoded = _decode_times([one.pts for one in pending], self.decoded_until)
        starts_at, last = decoded[0], decoded[-1]
        usual = pending[-1].duration or ((last - starts_at) // max(len(pending) - 1, 1))
        in_order = all(one.pts <= after.pts for one, after in pairwise(pending))
        knows_next = next_pts is not None and next_pts > last and in_order
        ends_at = next_pts if knows_next and next_pts is not None else last + max(usual, 1)
        times = [*decoded, ends_at]
        samples = [_make_sample(one, times[at], times[at + 1]) for at, one in enumerate(pending)]
        self.decoded_until = ends_at
        return self.track_id, starts_at, samples


def _decode_times(shown: list[int], not_before: int) -> list[int]:
    """When each sample is decoded: before it and all after it are shown, and in their order."""
    times, now = [], max(shown) + 1
    for pts in reversed(shown):
        now = min(pts, now - 1)
        times.append(now)
    decoded, floor = [], not_before
    for time in reversed(times):
        decoded.append(max(time, floor))
        floor = decoded[-1] + 1
    return decoded


def _make_sample(one: _Pending, decoded_at: int, ends_at: int) -> Sample:
    """Where time leaps over more than the field holds, the next fragment says where it begins."""
    duration = min(ends_at - decoded_at, 2**32 - 1)
    return Sample(one.data, duration, _clip(one.pts - decoded_at), one.is_key)


def _clip(offset: int) -> int:
    return max(-(2**31), min(offset, 2**31 - 1))


class Fragmenter:
    """One file or stream. Begins with the first keyframe that carries its setup."""

    def __init__(
        self, shape: Shape, *, base_pts_us: int | None = None, first_number: int = 1
    ) -> None:
        """With `base_pts_us` it goes on with what was begun: then there is no `head`."""
        self.shape = shape
        self.base_pts_us = base_pts_us
        """The pts at which the file begins; None while it has not."""
        self.head = b""
        """What stands before the first fragment; empty until the first keyframe."""
        self._number = first_number
        self._has_setup = base_pts_us is not None
        self._video = _Track(VIDEO_TRACK, VIDEO_TIMESCALE)
        self._sound = _Track(SOUND_TRACK, SOUND_TIMESCALE)
        self._needs_key = shape.video_codec is not None
        self._started_at_us: int | None = None
        self._starts_with_key = False
        self._bytes = 0

    def start_at(self, ends_at_us: int) -> None:
        """Go on behind what is there."""
        self._video.decoded_until = ends_at_us * VIDEO_TIMESCALE // 1_000_000
        self._sound.decoded_until = ends_at_us * SOUND_TIMESCALE // 1_000_000

    def push(self, header: Header, payload: bytes) -> Fragment | None:
        """Take a packet. Returns the fragment that it closes."""
        if header.kind is Kind.VIDEO and self.shape.video_codec is not None:
            return self._push_video(header, payload, self.shape.video_codec)
        if header.kind is Kind.AUDIO and self.shape.sound_channels is not None and payload:
            return self._push_sound(header, payload)
        return None

    def flush(
        self, next_pts_us: int | None = None, *, is_before_key: bool = False
    ) -> Fragment | None:
        """Close what is open; `next_pts_us`: when the next picture is shown, where it is known."""
        started, self._started_at_us = self._started_at_us, None
        self._bytes = 0
        next_pts = self._ticks(next_pts_us, VIDEO_TIMESCALE) if next_pts_us is not None else None
        next_sound = None
        if is_before_key and next_pts_us is not None:
            next_sound = self._sound.hold_last(self._ticks(next_pts_us, SOUND_TIMESCALE))
        closed = (self._video.take(next_pts), self._sound.take(next_sound))
        tracks = [track for track in closed if track is not None]
        if not tracks or started is None:
            return None
        data = boxes.fragment(self._number, tracks)
        self._number += 1
        ends_at_us = max(
            self._video.decoded_until * 1_000_000 // VIDEO_TIMESCALE if closed[0] else 0,
            self._sound.decoded_until * 1_000_000 // SOUND_TIMESCALE if closed[1] else 0,
        )
        return Fragment(data, self._starts_with_key, started, ends_at_us)

    def _push_video(self, header: Header, payload: bytes, codec: str) -> Fragment | None:
        is_key = bool(header.flags & Flags.KEYFRAME)
        if self._needs_key and not is_key:
            return None
        if not self._has_setup:
            entry = codecs.find_video_entry(codec, payload, self.shape.width, self.shape.height)
            if entry is None:
                return None
            self._begin(header.pts_us, entry)
        self._needs_key = False
        data = codecs.to_sample(codec, payload)
        if not data:
            return None
        closed = self._close_if_due(header.pts_us, is_new=is_key)
        if self._started_at_us is None:
            self._open(header.pts_us, is_key=is_key)
        pts = self._ticks(header.pts_us, VIDEO_TIMESCALE)
        frame = _FRAME_US * VIDEO_TIMESCALE // 1_000_000 if not self._video.samples else 0
        self._video.samples.append(_Pending(pts, data, is_key, frame))
        self._bytes += len(data)
        return closed

    def _push_sound(self, header: Header, payload: bytes) -> Fragment | None:
        if self.base_pts_us is None:
            if self.shape.video_codec is not None:
                return None
            self._begin(header.pts_us, None)
        assert self.base_pts_us is not None  # noqa: S101 # begun above
        if header.pts_us < self.base_pts_us:
            return None
        has_picture = self.shape.video_codec is not None
        # Sound alone closes a fragment late: a picture closes it better, knowing its own length.
        closed = self._close_if_due(
            header.pts_us - (PART_US if has_picture else 0), is_new=False, next_pts_us=None
        )
        if self._started_at_us is None:
            self._open(header.pts_us, is_key=not has_picture)
        pts = self._ticks(header.pts_us, SOUND_TIMESCALE)
        duration = codecs.opus_duration_us(payload) * SOUND_TIMESCALE // 1_000_000
        self._sound.samples.append(_Pending(pts, payload, True, duration))
        self._bytes += len(payload)
        return closed

    def _close_if_due(
        self, pts_us: int, *, is_new: bool, next_pts_us: int | None = -1
    ) -> Fragment | None:
        if self._started_at_us is None or self.base_pts_us is None:
            return None
        is_due = pts_us - self.base_pts_us - self._started_at_us >= PART_US
        if not (is_new or is_due or self._bytes >= PART_BYTES_MAX):
            return None
        return self.flush(pts_us if next_pts_us == -1 else next_pts_us, is_before_key=is_new)

    def _begin(self, pts_us: int, video_entry: bytes | None) -> None:
        shape = self.shape
        tracks, ids = [], []
        if video_entry is not None:
            tracks.append(boxes.video_track(VIDEO_TRACK, video_entry, shape.width, shape.height))
            ids.append(VIDEO_TRACK)
        if shape.sound_channels is not None:
            entry = codecs.opus_entry(shape.sound_channels)
            tracks.append(boxes.sound_track(SOUND_TRACK, entry))
            ids.append(SOUND_TRACK)
        self.base_pts_us = pts_us
        self.head = boxes.file_type() + boxes.movie(*tracks, track_ids=tuple(ids))
        self._has_setup = True

    def _open(self, pts_us: int, *, is_key: bool) -> None:
        self._started_at_us = max(0, pts_us - (self.base_pts_us or 0))
        self._starts_with_key = is_key

    def _ticks(self, pts_us: int, timescale: int) -> int:
        return max(0, pts_us - (self.base_pts_us or 0)) * timescale // 1_000_000
