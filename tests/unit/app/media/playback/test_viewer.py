"""The whole viewer on real packets, its own threads and a real clock."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from app.media.playback.audio_decoder import AudioDecoder
from app.media.playback.audio_output import NullAudioOutput
from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.isolated_sound import IsolatedSoundDecoder
from app.media.playback.spare_decoder import SpareDecoder
from app.media.playback.video_decoder import VideoDecoder
from app.media.playback.viewer import Viewer
from tests.support.hostile_packets import Samples, hostile_packets
from tests.unit.app.media.playback.media_samples import (
    AUDIO_TRACK,
    FRAME_US,
    VIDEO_TRACK,
    make_audio,
    make_video,
)
from wire.media_packet import Flags

if TYPE_CHECKING:
    import av

    from wire.media_packet import MediaPacket


def _now_us() -> int:
    return time.monotonic_ns() // 1000


class _ReadySpare(SpareDecoder):
    """Its children have started already, so that their start is in no picture's time."""

    def __init__(self) -> None:
        super().__init__()
        self.prepare()
        for process in self._spares:
            process.await_ready()


class _Watched:
    """A viewer whose pictures are noted with their moment."""

    def __init__(self, *, delay_ms: int) -> None:
        self.shown: list[tuple[int, int]] = []
        self.changed = threading.Condition()
        self.spare = _ReadySpare()
        self.decoder = IsolatedDecoder(self.spare)
        self.sound_decoder = IsolatedSoundDecoder(self.spare)
        self.viewer = Viewer(
            delay_ms=delay_ms,
            output=NullAudioOutput(monotonic_us=_now_us),
            monotonic_us=_now_us,
            unix_us=_now_us,
            on_picture=self._on_picture,
            decoder=self.decoder,
            sound_decoder=self.sound_decoder,
        )
        self.viewer.set_tracks((VIDEO_TRACK, AUDIO_TRACK))
        self.viewer.start()

    def stop(self) -> None:
        self.viewer.stop()
        self.spare.close()

    def _on_picture(self, _frame: av.VideoFrame, pts_us: int) -> None:
        with self.changed:
            self.shown.append((pts_us, _now_us()))
            self.changed.notify_all()

    def wait_for(self, pts_us: int, *, timeout_s: float = 30.0) -> None:
        with self.changed:
            assert self.changed.wait_for(
                lambda: bool(self.shown) and self.shown[-1][0] >= pts_us, timeout_s
            ), f"shown so far: {self.shown}"


def _packets(frames: int) -> list[MediaPacket]:
    both = [*make_video(frames), *make_audio(frames * 5 // 3)]
    return sorted(both, key=lambda packet: packet.pts_us)


def _play_live(watched: _Watched, packets: list[MediaPacket], started_us: int) -> None:
    """Push each packet at its own time."""
    for packet in packets:
        time.sleep(max(0.0, (started_us + packet.pts_us - _now_us()) / 1_000_000))
        stamped = packet._replace(captured_at_unix_us=started_us + packet.pts_us)
        watched.viewer.push(stamped, _now_us())


@pytest.mark.parametrize("delay_ms", [0, 200])
def test_pictures_when_packets_come_live_then_all_are_shown_in_step(delay_ms: int) -> None:
    watched = _Watched(delay_ms=delay_ms)
    try:
        _play_live(watched, _packets(60), _now_us())
        watched.wait_for(58 * FRAME_US)
    finally:
        watched.stop()
    stats = watched.viewer.statistics()
    times = [pts_us for pts_us, _ in watched.shown]
    assert times == sorted(times)
    assert stats.frames >= 55
    assert stats.order_violations == 0
    assert stats.av_offset_ms.p99 < 40
    assert delay_ms <= stats.latency_ms.p50 < delay_ms + 120


def test_pictures_when_joining_on_a_cached_gop_then_it_is_not_played_fast() -> None:
    watched = _Watched(delay_ms=200)
    packets = _packets(75)
    cached = [packet for packet in packets if packet.pts_us < 1_500_000]
    live = [packet for packet in packets if packet.pts_us >= 1_500_000]
    try:
        joined_us = _now_us()
        for packet in cached:
            watched.viewer.push(packet, _now_us())
        _play_live(watched, live, joined_us - 1_500_000)
        watched.wait_for(2_300_000)
    finally:
        watched.stop()
    first_pts_us, first_at_us = watched.shown[0]
    assert first_at_us - joined_us < 300_000
    assert first_pts_us < 1_500_000
    assert len([pts_us for pts_us, _ in watched.shown if pts_us < 1_200_000]) <= 1
    steps = [
        (later[0] - earlier[0]) / max(1, later[1] - earlier[1])
        for earlier, later in zip(watched.shown[3:], watched.shown[13:], strict=False)
    ]
    assert max(steps, default=1.0) < 1.35, "ten pictures never pass much faster than real time"


def test_viewer_when_nothing_can_be_decoded_before_a_keyframe_then_it_asks_for_one() -> None:
    asked, shown = threading.Event(), threading.Event()
    times_asked: list[int] = []

    def on_keyframe_wanted() -> None:
        times_asked.append(_now_us())
        asked.set()

    viewer = Viewer(
        delay_ms=0,
        output=NullAudioOutput(monotonic_us=_now_us),
        monotonic_us=_now_us,
        unix_us=_now_us,
        on_picture=lambda _frame, pts_us: shown.set() if pts_us >= 30 * FRAME_US else None,
        decoder=VideoDecoder(),
        sound_decoder=AudioDecoder(),
        on_keyframe_wanted=on_keyframe_wanted,
    )
    viewer.set_tracks((VIDEO_TRACK, AUDIO_TRACK))
    packets = make_video(31, gop=30)
    viewer.start()
    try:
        for packet in packets[:5]:
            viewer.push(packet, _now_us())
        assert not times_asked
        for packet in packets[6:12]:  # one is missing: its references are gone
            viewer.push(packet, _now_us())
        assert asked.wait(30.0)
        viewer.push(packets[30], _now_us())
        assert packets[30].is_keyframe
        assert shown.wait(30.0)
    finally:
        viewer.stop()
    spans_us = [later - earlier for earlier, later in pairwise(times_asked)]
    assert all(span_us >= 990_000 for span_us in spans_us), "once a second at the most"


def test_viewer_when_the_link_stalls_then_it_goes_on_and_catches_up() -> None:
    watched = _Watched(delay_ms=100)
    packets = _packets(150)
    started_us = _now_us()
    stalled = [packet for packet in packets if 1_000_000 <= packet.pts_us < 1_600_000]
    try:
        _play_live(watched, [p for p in packets if p.pts_us < 1_000_000], started_us)
        time.sleep(max(0.0, (started_us + 1_600_000 - _now_us()) / 1_000_000))
        for packet in stalled:
            watched.viewer.push(packet, _now_us())
        _play_live(watched, [p for p in packets if p.pts_us >= 1_600_000], started_us)
        watched.wait_for(4_800_000)
    finally:
        watched.stop()
    stats = watched.viewer.statistics()
    assert stats.stalls >= 1
    assert stats.order_violations == 0
    assert stats.frames > 120


def test_viewer_when_garbage_and_wild_times_come_then_it_is_back_within_two_seconds() -> None:
    watched = _Watched(delay_ms=50)
    packets = _packets(120)
    started_us = _now_us()
    try:
        _play_live(watched, [p for p in packets if p.pts_us < 1_000_000], started_us)
        for packet in packets[:20]:
            watched.viewer.push(packet._replace(pts_us=2**62), _now_us())
        garbage = [
            packet._replace(payload=b"\x00\x00\x01garbage")
            for packet in packets
            if 1_000_000 <= packet.pts_us < 1_500_000
        ]
        _play_live(watched, garbage, started_us)
        _play_live(watched, [p for p in packets if p.pts_us >= 1_500_000], started_us)
        watched.wait_for(3_500_000)
    finally:
        watched.stop()
    back_at_us = next(at for pts_us, at in watched.shown if pts_us >= 1_500_000)
    assert back_at_us - (started_us + 1_500_000) < 2_000_000
    assert watched.viewer.statistics().packets_dropped_wild == 20


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", ["SIGKILL", "SIGSTOP"])
def test_viewer_when_its_decoder_is_killed_or_stopped_then_pictures_go_on(number: str) -> None:
    watched = _Watched(delay_ms=200)
    packets = _packets(150)
    started_us = _now_us()
    try:
        _play_live(watched, [p for p in packets if p.pts_us < 1_000_000], started_us)
        watched.wait_for(600_000)
        assert watched.decoder.pid is not None
        os.kill(watched.decoder.pid, getattr(signal, number))
        _play_live(watched, [p for p in packets if p.pts_us >= 1_000_000], started_us)
        watched.wait_for(4_900_000)
    finally:
        watched.stop()
    stats = watched.viewer.statistics()
    assert stats.decoder_restarts >= 1
    assert stats.order_violations == 0


def test_viewer_when_hostile_packets_come_then_a_good_stream_is_shown_again() -> None:
    watched = _Watched(delay_ms=50)
    good = make_video(60)
    samples = Samples()
    try:
        _play_live(watched, good[:20], _now_us())
        watched.wait_for(15 * FRAME_US)
        for number, hostile in enumerate(hostile_packets(3, 300, samples)):
            packet = good[20]._replace(
                sequence=20 + number,
                flags=Flags.KEYFRAME,
                pts_us=good[20].pts_us + number * 1000,
                payload=hostile.payload,
            )
            watched.viewer.push(packet, _now_us())
        later_us, first = good[20].pts_us + 1_000_000, 320
        back = [
            packet._replace(sequence=first + number, pts_us=later_us + packet.pts_us)
            for number, packet in enumerate(good)
        ]
        _play_live(watched, back, _now_us() - later_us)
        watched.wait_for(later_us + 55 * FRAME_US)
    finally:
        watched.stop()


def test_viewer_when_it_stops_while_nothing_came_then_all_threads_end() -> None:
    before = set(threading.enumerate())
    watched = _Watched(delay_ms=200)
    watched.stop()
    assert set(threading.enumerate()) <= before
