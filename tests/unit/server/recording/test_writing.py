"""The writer in this process: what it makes is read by FFmpeg."""

from __future__ import annotations

import errno
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import msgspec
import pytest

from server.recording import writing
from server.recording.boxes import read_top_boxes
from server.recording.pipe import Begun, Closed, Failed, OpenFile, Operation, Report, Wrote
from server.recording.writing import Writer, recover
from tests.support.clip_media import ClipMedia
from tests.support.scheduling import scheduled_as_before
from wire.media_packet import Flags, Kind, MediaPacket, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Desk:
    """A writer, and what it has said."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reports: list[Report] = []
        self.writer = Writer(self.reports.append)

    def open(self, base_pts_us: int | None = None, *, codec: str | None = "h264") -> None:
        wanted = OpenFile(str(self.path), codec, 1280, 720, 2, base_pts_us)
        self.writer.do(Operation.OPEN, 1, msgspec.json.encode(wanted))

    def push(self, packets: Iterable[MediaPacket]) -> None:
        for packet in packets:
            self.writer.do(Operation.PACKET, 1, pack(packet))

    def close(self) -> Closed:
        self.writer.do(Operation.CLOSE, 1, b"")
        closed = self.reports[-1]
        assert isinstance(closed, Closed)
        return closed


def take(media: ClipMedia, seconds: float) -> list[MediaPacket]:
    end_us = media.pts_us + int(seconds * 1_000_000)
    packets = []
    while media.pts_us < end_us:
        packets.append(media.next_packet())
    return packets


def times_us(path: Path, kind: str) -> list[int]:
    with av.open(str(path)) as file:
        stream = next(one for one in file.streams if one.type == kind)
        return [
            round(packet.pts * Fraction(packet.time_base) * 1_000_000)
            for packet in file.demux(stream)
            if packet.pts is not None and packet.size
        ]


def count_pictures(path: Path) -> int:
    with av.open(str(path)) as file:
        return sum(1 for _ in file.decode(video=0))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "a.mp4")
    yield desk
    desk.writer.close_all()


@pytest.fixture
def media(clip_path: Path) -> ClipMedia:
    return ClipMedia(clip_path, first_pts_us=7_000_000)


def test_file_when_closed_then_each_packet_stands_where_it_stood_live(
    desk: Desk, media: ClipMedia
) -> None:
    packets = take(media, 5.0)
    desk.open()
    desk.push(packets)
    closed = desk.close()
    for kind, name in ((Kind.VIDEO, "video"), (Kind.AUDIO, "audio")):
        sent = [packet.pts_us - 7_000_000 for packet in packets if packet.kind is kind]
        found = times_us(desk.path, name)
        assert len(found) == len(sent)
        assert max(abs(a - b) for a, b in zip(sent, found, strict=True)) < 30
    assert count_pictures(desk.path) == len([p for p in packets if p.kind is Kind.VIDEO])
    assert closed.size == desk.path.stat().st_size
    assert abs(closed.ends_at_us - 5_000_000) < 50_000


def test_file_when_written_then_a_part_is_never_longer_than_a_second(
    desk: Desk, media: ClipMedia
) -> None:
    desk.open()
    desk.push(take(media, 4.0))
    parts = [one for one in desk.reports if isinstance(one, Wrote)]
    assert len(parts) >= 6
    assert all(part.ends_at_us - part.starts_at_us <= 1_000_000 for part in parts)


@pytest.mark.parametrize("cut", [1, 100, 3_000, 20_000])
def test_recover_when_the_last_part_is_torn_then_what_is_whole_plays(
    desk: Desk, media: ClipMedia, cut: int
) -> None:
    desk.open()
    desk.push(take(media, 3.0))
    parts = [one for one in desk.reports if isinstance(one, Wrote)]
    size = desk.path.stat().st_size
    with desk.path.open("r+b") as file:
        file.truncate(size - cut)
    # As the kernel does when a process is killed.
    file_of_writer = desk.writer._open.pop(1).file
    assert file_of_writer is not None
    file_of_writer.close()
    closed = recover(2, desk.path)
    assert closed.size == size - parts[-1].size == desk.path.stat().st_size
    assert closed.ends_at_us == parts[-2].ends_at_us
    assert count_pictures(desk.path) > 0


@pytest.mark.parametrize("content", [b"", b"nonsense" * 20, bytes(100_000)])
def test_recover_when_it_is_no_recording_then_nothing_of_it_plays(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "b.mp4"
    path.write_bytes(content)
    assert recover(2, path) == Closed(2, 0, 0)
    assert recover(3, tmp_path / "missing.mp4") == Closed(3, 0, 0)


def test_file_when_it_goes_on_after_a_cut_then_one_file_with_the_gap_as_it_was(
    desk: Desk, media: ClipMedia
) -> None:
    desk.open()
    before = take(media, 2.0)
    desk.push(before)
    desk.close()
    desk.open(base_pts_us=7_000_000)
    media.rewind(19_000_000)
    after = take(media, 2.0)
    desk.push(after)
    desk.close()
    sent = [p.pts_us - 7_000_000 for p in (*before, *after) if p.kind is Kind.VIDEO]
    found = times_us(desk.path, "video")
    assert len(found) == len(sent)
    assert max(abs(a - b) for a, b in zip(sent, found, strict=True)) < 30
    assert count_pictures(desk.path) == len(sent)


def test_file_when_another_layer_comes_then_one_file_plays_through(
    desk: Desk, media: ClipMedia
) -> None:
    desk.open()
    before = take(media, 1.0)
    desk.push(before)
    small = encode("libx264", 640, 360, 25, first_pts_us=8_000_000)
    desk.push(small)
    desk.close()
    with av.open(str(desk.path)) as file:
        sizes = [(frame.width, frame.height) for frame in file.decode(video=0)]
    assert set(sizes) == {(1280, 720), (640, 360)}
    assert sizes.count((640, 360)) == 25


@pytest.mark.parametrize(
    ("codec", "encoder"), [("h264", "libx264"), ("h265", "libx265"), ("av1", "libsvtav1")]
)
def test_file_when_of_each_codec_then_plays(desk: Desk, codec: str, encoder: str) -> None:
    desk.open(codec=codec)
    desk.push(encode(encoder, 320, 240, 40, first_pts_us=5_000_000))
    desk.close()
    assert count_pictures(desk.path) == 40
    with av.open(str(desk.path)) as file:
        assert file.streams.video[0].codec_context.name in {codec, "hevc", "libdav1d", "av1"}


def test_file_when_pictures_come_out_of_order_then_each_is_shown_at_its_time(desk: Desk) -> None:
    packets = encode("libx264", 320, 240, 60, first_pts_us=5_000_000, tune="", bf="2")
    assert any(a.pts_us > b.pts_us for a, b in pairwise(packets))
    desk.open()
    desk.push(packets)
    desk.close()
    sent = sorted(packet.pts_us - 5_000_000 for packet in packets)
    found = sorted(times_us(desk.path, "video"))
    assert max(abs(a - b) for a, b in zip(sent, found, strict=True)) < 30
    assert count_pictures(desk.path) == 60


def test_file_when_no_keyframe_has_its_setup_then_nothing_is_written(desk: Desk) -> None:
    desk.open()
    key = MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, 0, 0, 0, b"\0\0\0\1\x65nothing")
    desk.push([key])
    assert desk.close() == Closed(1, 0, 0)
    assert not desk.path.exists()


def test_file_when_nobody_publishes_then_the_tick_writes_what_is_there(
    desk: Desk, media: ClipMedia
) -> None:
    desk.open()
    desk.push(take(media, 0.3))
    assert not [one for one in desk.reports if isinstance(one, Wrote)]
    desk.writer.do(Operation.TICK, 0, b"")
    desk.writer.do(Operation.TICK, 0, b"")
    assert len([one for one in desk.reports if isinstance(one, Wrote)]) == 1


def test_writer_when_the_disk_is_full_then_says_so_and_what_is_whole_plays(
    desk: Desk, media: ClipMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    desk.push(take(media, 2.0))
    whole = desk.path.stat().st_size
    write_at = writing._write_at

    def fail(file: object, place: int, data: bytes) -> None:
        if place >= whole:
            write_at(file, place, data[:1_000])  # type: ignore[arg-type] # half of it
            raise OSError(errno.ENOSPC, "No space left on device")
        write_at(file, place, data)  # type: ignore[arg-type] # the writer's own file

    monkeypatch.setattr(writing, "_write_at", fail)
    desk.push(take(media, 1.5))
    (failed,) = [one for one in desk.reports if isinstance(one, Failed)]
    assert failed.is_full
    assert desk.path.stat().st_size == whole
    assert count_pictures(desk.path) > 35


def test_index_when_written_then_a_player_finds_all_without_walking(
    desk: Desk, media: ClipMedia
) -> None:
    desk.open()
    desk.push(take(media, 16.0))
    closed = desk.close()
    with desk.path.open("rb") as file:
        found = {one.kind: one for one in read_top_boxes(file, closed.size)}
        file.seek(found[b"sidx"].start + 8)
        body = file.read(found[b"sidx"].size - 8)
    count = int.from_bytes(body[30:32], "big")
    sizes = [int.from_bytes(body[32 + 12 * at :][:4], "big") for at in range(count)]
    assert count == 4  # the clip has a keyframe every 5.3 s
    assert found[b"free"].start + found[b"free"].size + sum(sizes) == closed.size


@pytest.mark.parametrize("at_s", [0.0, 6.0, 11.0, 15.7])
def test_index_when_a_player_seeks_then_it_begins_at_the_keyframe_before(
    desk: Desk, media: ClipMedia, at_s: float
) -> None:
    packets = take(media, 16.0)
    desk.open()
    desk.push(packets)
    desk.close()
    keys = [packet.pts_us - 7_000_000 for packet in packets if packet.is_keyframe]
    wanted_us = max(one for one in keys if one <= at_s * 1_000_000)
    with av.open(str(desk.path)) as file:
        video = file.streams.video[0]
        file.seek(int(at_s / video.time_base), stream=video)
        first = next(packet for packet in file.demux(video) if packet.pts is not None)
        found_us = round(first.pts * Fraction(first.time_base) * 1_000_000)
    assert abs(found_us - wanted_us) < 30


def test_writer_when_packets_are_nonsense_then_the_other_recordings_go_on(
    tmp_path: Path, desk: Desk, media: ClipMedia
) -> None:
    other = OpenFile(str(tmp_path / "b.mp4"), "h265", 320, 240, 2)
    desk.writer.do(Operation.OPEN, 2, msgspec.json.encode(other))
    desk.open()
    for payload in (b"", b"\0\0\1", b"\0\0\1\x40\1\0\0\1\x42\1\0\0\1\x44", bytes(range(256))):
        nonsense = MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, 0, 0, 0, payload)
        desk.writer.do(Operation.PACKET, 2, pack(nonsense))
    desk.push(take(media, 1.0))
    assert [one for one in desk.reports if isinstance(one, Begun) and one.number == 1]
    assert desk.close().size > 0


@scheduled_as_before()
def encode(  # an encoder's settings
    name: str,
    width: int,
    height: int,
    frames: int,
    *,
    first_pts_us: int,
    tune: str = "zerolatency",
    bf: str = "0",
) -> list[MediaPacket]:
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.gop_size = Fraction(1, 1_000_000), 25, 20
    encoder.thread_count = 1
    options = {
        "libx264": {"preset": "ultrafast", "tune": tune, "bf": bf},
        "libx265": {
            "preset": "ultrafast",
            "tune": tune,
            "x265-params": "log-level=none:repeat-headers=1:pools=1",
        },
        "libsvtav1": {"preset": "12", "svtav1-params": "pred-struct=1:lp=1"},
    }[name]
    encoder.options = {key: value for key, value in options.items() if value}
    packets = []
    for number in range(frames):
        frame = av.VideoFrame(width, height, "yuv420p")
        frame.pts, frame.time_base = number * 40_000, Fraction(1, 1_000_000)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [
        MediaPacket(
            Kind.VIDEO,
            0,
            Flags.KEYFRAME if packet.is_keyframe else Flags.NONE,
            number,
            first_pts_us + (packet.pts or 0),
            0,
            bytes(packet),
        )
        for number, packet in enumerate(packets)
    ]
