from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.media.flv import tags
from app.media.flv.bitstream import find_avc_config, pack_units, split_annex_b
from app.media.ingest.arrivals import ArrivedPicture, ArrivedSound, StreamShape
from app.media.ingest.worker import TAGS_QUEUED_MAX, IngestWorker
from tests.e2e.programs import wait_until
from tests.unit.app.media.encoded_pictures import PICTURES, encoded_broadcast
from wire.media_packet import Kind

WAIT_S = 30.0


class Taker:
    """An intake that keeps what comes."""

    def __init__(self) -> None:
        self.items: list[ArrivedPicture | ArrivedSound] = []

    def push(self, item: ArrivedPicture | ArrivedSound) -> None:
        self.items.append(item)


class Bench:
    def __init__(self) -> None:
        self.shapes: list[StreamShape] = []
        self.failures: list[str] = []
        self.worker = IngestWorker(on_shape=self.shapes.append, on_failure=self.failures.append)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.worker.stop()


def _video_tags() -> list[tuple[int, bytes]]:
    """Times in ms and bodies of two seconds, set-up first."""
    _, packets = encoded_broadcast()
    found: list[tuple[int, bytes]] = []
    for packet in packets():
        if packet.kind is not Kind.VIDEO:
            continue
        units = split_annex_b(packet.payload)
        if not found:
            config = find_avc_config(units)
            assert config is not None
            found.append((0, tags.pack_video_setup(config)))
        body = tags.pack_video(pack_units(units), is_keyframe=packet.is_keyframe)
        found.append((packet.pts_us // 1000, body))
        if len(found) > PICTURES:
            break
    return found


def test_push_when_pictures_come_then_the_shape_is_told_and_the_first_group_is_not_lost(
    bench: Bench,
) -> None:
    bench.worker.push_metadata({"framerate": 30.0})
    for time_ms, body in _video_tags()[:20]:
        bench.worker.push("video", time_ms, body)
    bench.worker.start()
    wait_until(lambda: bench.shapes, WAIT_S, "the shape")
    shape = bench.shapes[0]
    assert (shape.width, shape.height, float(shape.frame_rate)) == (320, 180, 30.0)
    assert not shape.is_reordered
    taker = Taker()
    bench.worker.intake = taker
    bench.worker.push("video", *_video_tags()[20])
    wait_until(lambda: len(taker.items) == 20, WAIT_S, "the whole group")
    first = taker.items[0]
    assert isinstance(first, ArrivedPicture)
    assert first.is_keyframe


def test_push_when_nobody_keeps_up_then_pictures_go_until_the_next_keyframe(bench: Bench) -> None:
    setup, *pictures = _video_tags()
    bench.worker.push("video", *setup)
    for number in range(TAGS_QUEUED_MAX + 100):
        bench.worker.push("video", number * 33, pictures[1 + number % 20][1])
    assert bench.worker.dropped == 101
    bench.worker.push("audio", 0, tags.pack_audio(b"a"))
    assert len(bench.worker._queue) == TAGS_QUEUED_MAX + 1


def test_push_when_the_codec_is_another_then_it_says_what_to_choose(bench: Bench) -> None:
    bench.worker.start()
    bench.worker.push("video", 0, b"\x12\x00\x00\x00\x00abc")
    wait_until(lambda: bench.failures, WAIT_S, "the failure")
    assert "H.264" in bench.failures[0]
