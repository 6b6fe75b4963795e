"""What viewer and decoder child say to each other; a child that lies is found out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.playback import decoder_messages as messages
from app.media.playback.decoder_messages import MessageInvalid, PictureInfo, Request, SoundInfo

_GOOD = PictureInfo(33_333, 1280, 720, (1280, 640, 640), 1, 1)


@given(
    st.sampled_from(messages.CODECS),
    st.integers(0, 2**63 - 1),
    st.integers(0, messages.PAYLOAD_BYTES_MAX),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_request_when_it_is_packed_then_it_is_parsed_the_same(
    codec: str,
    pts_us: int,
    length: int,
    is_reset: bool,
    is_wanted: bool,
    is_drain: bool,
    data: st.DataObject,
) -> None:
    at = data.draw(st.integers(0, messages.PAYLOAD_BYTES_MAX - length))
    request = Request(codec, pts_us, length, is_reset, is_wanted, at, is_drain)
    assert messages.parse_request(messages.pack_request(request)) == request


def test_request_when_it_reaches_behind_the_packets_then_it_is_refused() -> None:
    request = Request("h264", 0, 2, is_reset=False, is_wanted=True)
    beyond = request._replace(at=messages.PAYLOAD_BYTES_MAX - 1)
    with pytest.raises(MessageInvalid):
        messages.parse_request(messages.pack_request(beyond))


def test_answer_when_it_is_packed_then_it_is_parsed_the_same() -> None:
    pictures = (_GOOD, _GOOD._replace(width=641, height=361, line_sizes=(672, 352, 352)))
    packed = messages.pack_answer(is_ok=True, records=pictures)
    head = messages.parse_head(packed[: messages.HEAD_BYTES])
    assert head == messages.Answer(is_ok=True, record_count=2)
    assert messages.parse_pictures(packed[messages.HEAD_BYTES :]) == pictures


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 0},
        {"height": 1},
        {"width": messages.SIDE_MAX + 1},
        {"width": 8192, "height": 8192, "line_sizes": (8192, 4096, 4096)},
        {"line_sizes": (1279, 640, 640)},
        {"line_sizes": (1280, 639, 640)},
        {"line_sizes": (2**32 - 1, 640, 640)},
        {"line_sizes": (1280, 640, 2**32 - 1)},
        {"colorspace": 200},
        {"color_range": 3},
    ],
)
def test_picture_when_the_child_lies_about_it_then_it_is_found_out(lie: dict[str, int]) -> None:
    packed = messages.pack_answer(is_ok=True, records=(_GOOD._replace(**lie),))
    with pytest.raises(MessageInvalid):
        messages.parse_pictures(packed[messages.HEAD_BYTES :])


def test_pictures_when_they_are_more_than_the_memory_holds_then_it_is_found_out() -> None:
    large = PictureInfo(0, 4096, 2304, (4096, 2048, 2048), 1, 1)
    packed = messages.pack_answer(is_ok=True, records=(large,) * 3)
    with pytest.raises(MessageInvalid):
        messages.parse_pictures(packed[messages.HEAD_BYTES :])


def test_sound_when_it_is_packed_then_it_is_parsed_the_same() -> None:
    sounds = (SoundInfo(960, 2, is_float=False), SoundInfo(5760, 1, is_float=True))
    packed = messages.pack_answer(is_ok=True, records=sounds)
    assert messages.parse_sounds(packed[messages.HEAD_BYTES :]) == sounds
    assert [one.sound_bytes for one in sounds] == [3840, 23_040]


@pytest.mark.parametrize("lie", [{"frames": 5761}, {"channels": 0}, {"channels": 3}])
def test_sound_when_the_child_lies_about_it_then_it_is_found_out(lie: dict[str, int]) -> None:
    sound = SoundInfo(960, 2, is_float=False)._replace(**lie)
    packed = messages.pack_answer(is_ok=True, records=(sound,))
    with pytest.raises(MessageInvalid):
        messages.parse_sounds(packed[messages.HEAD_BYTES :])


@given(st.binary(min_size=messages.HEAD_BYTES, max_size=messages.HEAD_BYTES))
def test_head_when_it_is_anything_then_it_is_taken_or_refused(message: bytes) -> None:
    try:
        head = messages.parse_head(message)
    except MessageInvalid:
        return
    assert head.record_count <= messages.RECORDS_MAX


@given(st.binary(max_size=messages.PICTURE_BYTES * 3))
def test_pictures_when_they_are_anything_then_those_taken_fit(message: bytes) -> None:
    whole = message[: len(message) // messages.PICTURE_BYTES * messages.PICTURE_BYTES]
    try:
        pictures = messages.parse_pictures(whole)
    except MessageInvalid:
        return
    assert sum(sum(one.plane_bytes) for one in pictures) <= messages.CONTENT_BYTES_MAX
