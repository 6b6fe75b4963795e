from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from app.media.capture.source import VideoFrame
from app.media.clock import MediaClock
from app.media.encode.layer_encoder import FRAMES_QUEUED_MAX, LayerEncoder
from app.media.encode.layer_plan import LayerRun
from app.media.encode.layers import LayerSpec
from app.media.encode.video_encoder import EncodedPicture, EncoderSettings
from app.media.errors import EncoderFailed
from app.media.events import EncoderLost, EncoderReplaced, PipelineEvent
from tests.unit.app.media.encode.fake_encoders import EncoderBench, FakeEncoder

if TYPE_CHECKING:
    from app.media.encode.probing import OpenEncoder
    from wire.media_packet import MediaPacket

SPEC = LayerSpec(1, "180p", 320, 180, 500_000)
SETTINGS = EncoderSettings("h264", 320, 180, Fraction(30), 500_000)


class Sink:
    def __init__(self) -> None:
        self.packets: list[MediaPacket] = []
        self.events: list[PipelineEvent] = []
        self.changed = threading.Condition()
        self.finished = threading.Event()

    def on_packet(self, packet: MediaPacket) -> None:
        with self.changed:
            self.packets.append(packet)
            self.changed.notify_all()

    def wait_for(self, packets: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.packets) >= packets, 10)


@contextmanager
def running(
    sink: Sink,
    open_encoder: OpenEncoder,
    candidates: tuple[str, ...] = ("a", "b", "c"),
    monotonic_s: Callable[[], float] | None = None,
) -> Iterator[LayerEncoder]:
    options = {} if monotonic_s is None else {"monotonic_s": monotonic_s}
    layer = LayerEncoder(
        SPEC,
        SETTINGS,
        candidates,
        clock=MediaClock(),
        on_packet=sink.on_packet,
        on_event=sink.events.append,
        on_finished=sink.finished.set,
        open_encoder=open_encoder,
        **options,
    )
    layer.start()
    try:
        yield layer
    finally:
        layer.stop()


def picture(number: int) -> VideoFrame:
    return VideoFrame(av.VideoFrame(320, 180, "yuv420p"), number * 33_333)


def push(layer: LayerEncoder, sink: Sink, numbers: range) -> None:
    """One by one, so that none waits and none is dropped."""
    for number in numbers:
        layer.push(picture(number), is_keyframe=number == 0)
        sink.wait_for(number + 1)


def test_layer_when_the_encoder_dies_then_the_next_goes_on_with_a_keyframe() -> None:
    bench, sink = EncoderBench(dying=frozenset({"a"})), Sink()
    with running(sink, bench.open) as layer:
        push(layer, sink, range(12))
    assert [packet.sequence for packet in sink.packets] == list(range(12))
    assert [packet.pts_us for packet in sink.packets] == [n * 33_333 for n in range(12)]
    assert [n for n, packet in enumerate(sink.packets) if packet.is_keyframe] == [0, 5]
    assert sink.events == [EncoderReplaced(1, "a", "b", "the driver is gone")]
    assert layer.encoder_name == "b"


def test_layer_when_the_encoder_falls_silent_then_it_is_replaced_after_a_second() -> None:
    bench, sink, now = EncoderBench(silent=frozenset({"a"})), Sink(), [0.0]
    with running(sink, bench.open, monotonic_s=lambda: now[0]) as layer:
        push(layer, sink, range(5))
        for number in range(5, 60):
            now[0] += 1 / 30
            layer.push(picture(number), is_keyframe=False)
            if sink.events:
                break
            threading.Event().wait(0.005)
        sink.wait_for(6)
    assert isinstance(sink.events[0], EncoderReplaced)
    assert sink.packets[5].is_keyframe
    assert [packet.sequence for packet in sink.packets] == list(range(len(sink.packets)))


def test_layer_when_the_rate_was_changed_before_a_death_then_the_next_encoder_has_it() -> None:
    bench, sink = EncoderBench(dying=frozenset({"a"})), Sink()
    with running(sink, bench.open) as layer:
        layer.set_bit_rate(250_000)
        push(layer, sink, range(8))
    assert layer.bit_rate_bps == 250_000
    assert bench.opened[-1].bit_rate_bps == 250_000


def test_layer_when_every_encoder_dies_for_good_then_an_event_says_so_and_nothing_crashes() -> None:
    bench, sink = EncoderBench(dying=frozenset({"a", "b"}), lives=2), Sink()
    with running(sink, bench.open, ("a", "b")) as layer:
        for number in range(40):
            layer.push(picture(number), is_keyframe=False)
            threading.Event().wait(0.002)
            if any(isinstance(event, EncoderLost) for event in sink.events):
                break
        assert any(isinstance(event, EncoderLost) for event in sink.events)
        assert layer.encoder_name == ""


def test_layer_when_no_encoder_opens_then_fails_at_once() -> None:
    bench, sink = EncoderBench(broken=frozenset({"a"})), Sink()
    with (
        pytest.raises(EncoderFailed, match="no h264 encoder works"),
        running(sink, bench.open, ("a",)),
    ):
        pass


class Gate(FakeEncoder):
    """An encoder that waits until the test lets it go on."""

    opened = threading.Event()
    entered = threading.Event()

    def encode(
        self, image: av.VideoFrame, *, pts_us: int, force_keyframe: bool
    ) -> list[EncodedPicture]:
        self.entered.set()
        assert self.opened.wait(10)
        return super().encode(image, pts_us=pts_us, force_keyframe=force_keyframe)


def test_layer_when_the_encoder_is_too_slow_then_raw_pictures_go_but_never_a_keyframe() -> None:
    bench, sink = EncoderBench(), Sink()
    Gate.opened.set()
    with running(sink, lambda name, settings: Gate(name, bench)) as layer:
        Gate.opened.clear()
        Gate.entered.clear()
        layer.push(picture(0), is_keyframe=True)
        assert Gate.entered.wait(10)
        last = FRAMES_QUEUED_MAX + 5
        for number in range(1, last + 1):
            layer.push(picture(number), is_keyframe=number == 2)
        Gate.opened.set()
        sink.wait_for(3)
    kept = [(packet.pts_us // 33_333, packet.is_keyframe) for packet in sink.packets]
    assert kept == [(0, True), (2, True), (last, False)]
    assert layer.frames_dropped == last - 2


def test_layer_when_the_machine_hiccups_then_no_picture_is_lost() -> None:
    bench, sink = EncoderBench(), Sink()
    Gate.opened.set()
    with running(sink, lambda name, settings: Gate(name, bench)) as layer:
        Gate.opened.clear()
        Gate.entered.clear()
        layer.push(picture(0), is_keyframe=True)
        assert Gate.entered.wait(10)
        for number in range(1, FRAMES_QUEUED_MAX + 1):
            layer.push(picture(number), is_keyframe=False)
        Gate.opened.set()
        sink.wait_for(FRAMES_QUEUED_MAX + 1)
    assert layer.frames_dropped == 0


def test_finish_when_pictures_wait_then_they_are_encoded_first() -> None:
    bench, sink = EncoderBench(), Sink()
    with running(sink, bench.open) as layer:
        for number in range(4):
            layer.push(picture(number), is_keyframe=number == 0)
        layer.finish()
        assert sink.finished.wait(10)
        assert len(sink.packets) == 4


def test_request_keyframe_when_asked_then_the_next_picture_is_one() -> None:
    bench, sink = EncoderBench(), Sink()
    with running(sink, bench.open) as layer:
        push(layer, sink, range(3))
        layer.request_keyframe()
        push(layer, sink, range(3, 6))
    assert [packet.is_keyframe for packet in sink.packets] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]


def test_layer_when_the_rate_is_changed_then_it_holds_at_once_and_for_keyframes_at_the_next() -> (
    None
):
    bench, sink = EncoderBench(), Sink()
    with running(sink, bench.open) as layer:
        push(layer, sink, range(2))
        layer.set_bit_rate(250_000)
        push(layer, sink, range(2, 4))
        used = [encoder for encoder in bench.opened if encoder.encoded > 1]
        assert [encoder.bit_rate_bps for encoder in used] == [250_000]
        layer.push(picture(4), is_keyframe=True)
        sink.wait_for(5)
    newest = bench.opened[-1]
    assert newest.settings is not None
    assert newest.settings.bit_rate_bps == 250_000
    assert newest.encoded == 1
    assert sink.events == []
    assert [packet.sequence for packet in sink.packets] == list(range(5))


def test_layer_when_it_gets_another_run_then_its_size_changes_at_the_next_keyframe() -> None:
    bench, sink = EncoderBench(), Sink()
    with running(sink, bench.open) as layer:
        push(layer, sink, range(2))
        layer.push(picture(2), is_keyframe=False, run=LayerRun(1, 160, 90, 100_000, 2))
        sink.wait_for(3)
        assert layer.size == (320, 180)
        layer.push(picture(3), is_keyframe=True)
        sink.wait_for(4)
        assert layer.size == (160, 90)
        assert layer.frame_rate == 15
    assert bench.opened[-1].settings == EncoderSettings("h264", 160, 90, Fraction(15), 100_000)
    assert [packet.is_keyframe for packet in sink.packets] == [True, False, False, True]


def test_layer_when_parked_then_its_encoder_is_closed_and_a_run_opens_it_again() -> None:
    bench, sink = EncoderBench(), Sink()
    with running(sink, bench.open) as layer:
        push(layer, sink, range(3))
        closed = len(bench.closed)
        layer.park()
        deadline = threading.Event()
        while len(bench.closed) == closed:
            assert not deadline.wait(0.01)
        assert layer.encoder_name == ""
        layer.push(picture(40), is_keyframe=True, run=LayerRun(1, 320, 180, 500_000))
        sink.wait_for(4)
        assert layer.encoder_name == "a"
    assert [packet.sequence for packet in sink.packets] == [0, 1, 2, 3]
    assert sink.packets[3].is_keyframe
    assert layer.frames_dropped == 0
    assert sink.events == []


def test_layer_when_the_encoder_cannot_be_opened_again_then_the_next_one_goes_on() -> None:
    bench, sink = EncoderBench(), Sink()

    def open_encoder(name: str, settings: EncoderSettings) -> FakeEncoder:
        if name == "a" and settings.width == 160:
            raise EncoderFailed("not in this size")
        return bench.open(name, settings)

    with running(sink, open_encoder) as layer:
        push(layer, sink, range(2))
        layer.push(picture(2), is_keyframe=True, run=LayerRun(1, 160, 90, 100_000))
        sink.wait_for(3)
        assert layer.encoder_name == "b"
    (event,) = sink.events
    assert isinstance(event, EncoderReplaced)
    assert (event.old, event.new) == ("a", "b")
