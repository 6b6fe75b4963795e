"""Fragments of packets whose times are wild."""

from __future__ import annotations

from server.recording.boxes import read_fragment
from server.recording.fragmenter import Fragmenter, Shape
from wire.media_packet import Flags, Header, Kind

_KEY = b"\0\0\1\x67\x42\0\x1e\x8d\0\0\1\x68\xce\x3c\0\0\1\x65\x88"
_DAY_US = 24 * 3600 * 1_000_000


def _picture(pts_us: int) -> Header:
    return Header(Kind.VIDEO, 0, Flags.KEYFRAME, 0, pts_us, 0)


def _sound(pts_us: int) -> Header:
    return Header(Kind.AUDIO, 0, Flags(0), 0, pts_us, 0)


def test_fragment_when_time_leaps_by_days_then_is_whole_and_the_next_begins_there() -> None:
    fragmenter = Fragmenter(Shape("h264", 640, 360, sound_channels=2))
    fragments = []
    for at in range(3):
        pts_us = at * 5 * _DAY_US
        for header, payload in (
            (_picture(pts_us), _KEY),
            (_sound(pts_us), b"\xfc1"),
            (_sound(pts_us + 20_000), b"\xfc2"),
        ):
            fragment = fragmenter.push(header, payload)
            if fragment is not None:
                fragments.append(fragment)
    last = fragmenter.flush()
    assert last is not None
    fragments.append(last)

    begins = [
        min(
            span.starts_at_us
            for span in read_fragment(one.data[: int.from_bytes(one.data[:4], "big")])
            if span.track_id == 1
        )
        for one in fragments
    ]

    assert begins == [0, 5 * _DAY_US, 10 * _DAY_US]
