from __future__ import annotations

import itertools
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.media.capture.sources import parse_source
from app.media.capture.test_card import read_blocks
from app.media.capture.test_tone import find_clicks
from app.media.clock import MediaClock
from app.media.encode.layer_plan import LayerRun, whole
from app.media.encode.layers import LayerSpec, parse_layers
from app.media.encode.video_encoder import AvVideoEncoder
from app.media.errors import EncoderFailed, LayersInvalid, MediaError, SourceNotFound
from app.media.events import PipelineEvent, SourceEnded
from app.media.picture import planes_of
from app.media.publishing import PublishPipeline
from tests.unit.app.media.encode.fake_encoders import EncoderBench
from tests.unit.app.media.media_files import (
    decode_sound,
    decode_video,
    luma,
    psnr_db,
    write_clip,
)
from wire.media_packet import Kind, MediaPacket
from wire.tracks import check_tracks

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.media.capture.sources import OpenedSources, SourceSpec
    from app.media.encode.probing import OpenEncoder
    from wire.tracks import TrackInfo

SMALL = (LayerSpec(0, "180p", 320, 180, 300_000),)


class Broadcast:
    """A pipeline whose packets are kept."""

    def __init__(
        self,
        video: str,
        audio: str = "none",
        *,
        layers: tuple[LayerSpec, ...] = SMALL,
        codec: str = "h264",
        encoder: str = "auto",
        loop: bool = False,
        first_pts_us: int = 0,
        open_encoder: OpenEncoder = AvVideoEncoder,
    ) -> None:
        self.packets: list[MediaPacket] = []
        self.events: list[PipelineEvent] = []
        self.tracks: list[tuple[int, tuple[TrackInfo, ...]]] = []
        """How many packets had left when they changed, and to what."""
        self._changed = threading.Condition()
        self.clock = MediaClock()
        self.pipeline = PublishPipeline(
            video=parse_source(video),
            audio=parse_source(audio),
            layers=layers,
            codec=codec,
            encoder=encoder,
            loop=loop,
            clock=self.clock,
            on_packet=self._on_packet,
            on_event=self.events.append,
            on_tracks=self._on_tracks,
            open_encoder=open_encoder,
        )
        self._first_pts_us = first_pts_us

    def start(self) -> None:
        check_tracks(self.pipeline.open())
        self.clock.start_at(self._first_pts_us)
        self.pipeline.start()

    def run_until(self, pts_us: int) -> None:
        """Start, wait until a picture and a sound of `pts_us` have left, stop."""
        self.start()
        try:
            kinds = {track.kind for track in self.pipeline.tracks}
            with self._changed:
                assert self._changed.wait_for(lambda: self._has_reached(pts_us, kinds), 20)
        finally:
            self.pipeline.stop()

    def _has_reached(self, pts_us: int, kinds: set[str]) -> bool:
        names = {Kind.VIDEO: "video", Kind.AUDIO: "audio"}
        reached = {names[packet.kind] for packet in self.packets if packet.pts_us >= pts_us}
        return reached == kinds

    def _on_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        with self._changed:
            self.tracks.append((len(self.packets), tracks))
            self._changed.notify_all()

    def wait_until(self, holds: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, 30)

    def _on_packet(self, packet: MediaPacket) -> None:
        with self._changed:
            self.packets.append(packet)
            self._changed.notify_all()

    def video(self, layer: int = 0) -> list[MediaPacket]:
        return [p for p in self.packets if p.kind is Kind.VIDEO and p.layer == layer]

    def audio(self) -> list[MediaPacket]:
        return [p for p in self.packets if p.kind is Kind.AUDIO]


def test_card_and_tone_when_two_layers_then_all_is_in_step() -> None:
    broadcast = Broadcast("testcard", "tone", layers=parse_layers("720p,360p"))
    broadcast.run_until(2_200_000)
    for layer, height in ((0, 360), (1, 720)):
        packets = broadcast.video(layer)
        assert [packet.sequence for packet in packets] == list(range(len(packets)))
        frames = decode_video(packets)
        assert {frame.height for frame in frames} == {height}
        readings = [read_blocks(luma(frame)) for frame in frames]
        assert [reading and reading.captured_at_unix_us for reading in readings] == [
            packet.captured_at_unix_us for packet in packets
        ]
        flashes = [
            packet.pts_us
            for packet, reading in zip(packets, readings, strict=True)
            if reading and reading.is_flash
        ]
        assert flashes[:2] == [1_000_000, 2_000_000]
    aligned = [
        [packet.pts_us for packet in broadcast.video(layer) if packet.is_keyframe]
        for layer in (0, 1)
    ]
    assert aligned[0] == aligned[1]
    assert len(aligned[0]) == 2
    sounds = broadcast.audio()
    assert set(np.diff([packet.pts_us for packet in sounds]).tolist()) == {20_000}
    clicks = find_clicks(decode_sound([packet.payload for packet in sounds]))
    clicks_us = [sounds[0].pts_us + click * 1e6 / 48_000 for click in clicks]
    assert clicks_us[:2] == pytest.approx([1_000_000, 2_000_000], abs=5_000)


def test_clip_when_published_then_it_is_the_same_picture_and_sound(clip_path: Path) -> None:
    broadcast = Broadcast(f"file:{clip_path}", "file", layers=parse_layers("720p"))
    broadcast.run_until(1_000_000)
    packets = broadcast.video()
    assert set(np.diff([packet.pts_us for packet in packets]).tolist()) == {40_000}
    with av.open(str(clip_path)) as container:
        originals = [frame for frame, _ in zip(container.decode(video=0), packets, strict=False)]
        quality = [
            psnr_db(luma(frame), planes_of(original)[0])
            for frame, original in zip(decode_video(packets), originals, strict=True)
        ]
    assert np.mean(quality) > 36
    assert np.abs(decode_sound([packet.payload for packet in broadcast.audio()])).max() > 0.001


def test_file_when_it_has_played_out_then_ended_is_set_behind_the_last_packet(
    tmp_path: Path,
) -> None:
    path = write_clip(tmp_path / "a.mp4", seconds=0.4)
    broadcast = Broadcast(f"file:{path}", "file")
    broadcast.start()
    assert broadcast.pipeline.ended.wait(10)
    assert len(broadcast.video()) == 10
    broadcast.pipeline.stop()
    assert isinstance(broadcast.events[-1], SourceEnded)


def test_pts_when_the_broadcast_is_resumed_then_they_go_on_from_the_relays() -> None:
    broadcast = Broadcast("testcard:320x180", "tone", first_pts_us=7_000_010)
    broadcast.run_until(7_200_000)
    assert min(packet.pts_us for packet in broadcast.packets) >= 7_000_010
    assert max(packet.pts_us for packet in broadcast.packets) < 8_500_000


def test_request_keyframe_when_asked_then_all_layers_have_one_at_the_same_pts() -> None:
    layers = (LayerSpec(0, "a", 320, 180, 300_000), LayerSpec(1, "b", 640, 360, 500_000))
    broadcast = Broadcast("testcard:320x180", layers=layers)
    timer = threading.Timer(0.4, broadcast.pipeline.request_keyframe)
    timer.start()
    broadcast.run_until(900_000)
    timer.join()
    aligned = [
        [packet.pts_us for packet in broadcast.video(layer) if packet.is_keyframe]
        for layer in (0, 1)
    ]
    assert aligned[0] == aligned[1]
    assert len(aligned[0]) == 2


def test_stop_when_running_then_no_thread_is_left_and_stats_remain() -> None:
    before = set(threading.enumerate())
    broadcast = Broadcast("testcard:320x180", "tone")
    broadcast.run_until(300_000)
    broadcast.pipeline.stop()
    assert set(threading.enumerate()) <= before
    stats = broadcast.pipeline.stats()
    assert stats.frames_encoded == len(broadcast.video())
    assert stats.audio_packets == len(broadcast.audio())
    assert stats.bytes == sum(len(packet.payload) for packet in broadcast.packets)
    assert stats.fps == pytest.approx(30, abs=1)
    assert stats.encode_ms_p50 > 0
    assert stats.video_source == "stopped"


def test_encoder_when_it_dies_in_mid_broadcast_then_the_broadcast_goes_on() -> None:
    bench = EncoderBench(dying=frozenset({"h264_nvenc", "h264_qsv", "h264_amf"}), lives=4)
    broadcast = Broadcast("testcard:320x180", open_encoder=bench.open)
    broadcast.run_until(700_000)
    packets = broadcast.video()
    assert [packet.sequence for packet in packets] == list(range(len(packets)))
    assert broadcast.events


@pytest.mark.parametrize(
    ("broadcast", "error"),
    [
        (lambda: Broadcast("file:/no/such/file"), SourceNotFound),
        (lambda: Broadcast("testcard", codec="vp9"), EncoderFailed),
        (lambda: Broadcast("testcard", encoder="libx265"), EncoderFailed),
        (lambda: Broadcast("testcard", layers=()), LayersInvalid),
        (lambda: Broadcast("tone"), MediaError),
    ],
)
def test_open_when_something_cannot_be_then_fails_early_with_one_line(
    broadcast: type[Broadcast], error: type[MediaError]
) -> None:
    with pytest.raises(error) as caught:
        broadcast().start()  # type: ignore[call-arg] # a lambda stands for the class
    assert "\n" not in caught.value.message


def test_stop_when_only_opened_or_not_even_that_then_closes_quietly() -> None:
    Broadcast("testcard").pipeline.stop()
    opened = Broadcast("testcard", "tone")
    opened.pipeline.open()
    opened.pipeline.stop()


TWO = (LayerSpec(0, "90p", 160, 90, 100_000), LayerSpec(1, "180p", 320, 180, 300_000))


def test_pipeline_when_layers_change_then_it_is_told_before_a_keyframe_that_all_share() -> None:
    broadcast = Broadcast("testcard:320x180", "none", layers=TWO)
    pipeline = broadcast.pipeline
    broadcast.start()
    try:
        broadcast.wait_until(lambda: len(broadcast.video(1)) > 5)
        pipeline.change_layers([LayerRun(0, 160, 90, 100_000)])
        broadcast.wait_until(lambda: len(broadcast.tracks) == 1)
        lone = len(broadcast.video(0))
        broadcast.wait_until(lambda: len(broadcast.video(0)) > lone + 5)
        upper = len(broadcast.video(1))
        assert [layer.is_active for layer in pipeline.stats().layers] == [True, False]
        pipeline.change_layers(whole(TWO))
        broadcast.wait_until(lambda: len(broadcast.tracks) == 2)
        broadcast.wait_until(lambda: len(broadcast.video(1)) > upper + 5)
    finally:
        pipeline.stop()
    assert [[track.layer for track in tracks] for _, tracks in broadcast.tracks] == [[0], [0, 1]]
    assert broadcast.events == []
    for layer in (0, 1):
        packets = broadcast.video(layer)
        assert [packet.sequence for packet in packets] == list(range(len(packets)))
        assert len(decode_video(packets)) == len(packets)
    keyframes = {packet.pts_us for packet in broadcast.video(0) if packet.is_keyframe}
    back = next(packet for packet in broadcast.video(1)[upper:] if packet.is_keyframe)
    assert back.pts_us in keyframes
    assert broadcast.packets.index(back) >= broadcast.tracks[1][0]


def test_pipeline_when_a_layer_gets_smaller_and_slower_then_each_picture_still_decodes() -> None:
    broadcast = Broadcast("testcard:320x180", "none")
    pipeline = broadcast.pipeline
    broadcast.start()
    try:
        broadcast.wait_until(lambda: len(broadcast.video()) > 5)
        pipeline.change_layers([LayerRun(0, 160, 90, 80_000, 2)])
        broadcast.wait_until(lambda: len(broadcast.tracks) == 1)
        began = len(broadcast.video())
        broadcast.wait_until(lambda: len(broadcast.video()) > began + 20)
        pipeline.change_layers([LayerRun(0, 160, 90, 60_000, 1)])
        pipeline.request_keyframe()
        broadcast.wait_until(lambda: pipeline.runs[0].frame_divisor == 1)
    finally:
        pipeline.stop()
    assert len(broadcast.tracks) == 1, "a rate alone is not told"
    packets = broadcast.video()
    frames = decode_video(packets)
    assert {(frame.width, frame.height) for frame in frames} == {(320, 180), (160, 90)}
    small = [
        packet.pts_us for packet, frame in zip(packets, frames, strict=True) if frame.width < 200
    ]
    gaps = [after - before for before, after in itertools.pairwise(small[:18])]
    # A keyframe comes when it is due: the picture before it may be nearer.
    assert sorted(gaps)[len(gaps) // 2] == pytest.approx(66_667, abs=2)
    assert frames[began + 5].width == 160


def test_pipeline_when_stopped_just_before_it_is_started_then_nothing_runs() -> None:
    broadcast = Broadcast("testcard:320x180", "tone")
    before = set(threading.enumerate())
    broadcast.pipeline.open()
    broadcast.pipeline.stop()
    broadcast.clock.start_at(0)
    broadcast.pipeline.start()
    assert set(threading.enumerate()) <= before
    assert broadcast.pipeline.stats().video_source == "stopped"


def test_pipeline_when_stopped_while_it_opens_then_what_it_opens_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline = Broadcast("testcard:320x180").pipeline
    may_open, is_opening = threading.Event(), threading.Event()
    open_sources = pipeline._open_sources

    def open_slowly(*specs: SourceSpec, **hooks: object) -> OpenedSources:
        is_opening.set()
        assert may_open.wait(30)
        return open_sources(*specs, **hooks)

    monkeypatch.setattr(pipeline, "_open_sources", open_slowly)
    opening = threading.Thread(target=pipeline.open)
    stopping = threading.Thread(target=pipeline.stop)
    opening.start()
    assert is_opening.wait(30)
    stopping.start()
    may_open.set()
    opening.join(30)
    stopping.join(30)
    assert pipeline.stats().video_source == "stopped"
    with pytest.raises(MediaError):
        pipeline.open()
