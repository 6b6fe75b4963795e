from __future__ import annotations

import io

import av
import pytest

from server.thumbnails.painter import ANSWER, REQUEST, paint, serve
from server.thumbnails.rules import CODEC_NUMBERS
from tests.unit.server.thumbnails.keyframes import make_keyframe

H264 = CODEC_NUMBERS["h264"]


def decode(jpeg: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(jpeg), format="image2pipe", options={"c:v": "mjpeg"}) as container:
        return next(container.decode(video=0))


@pytest.mark.parametrize(
    ("size", "wanted"), [((1280, 720), (480, 270)), ((720, 1280), (150, 270)), ((64, 48), (64, 48))]
)
def test_keyframe_becomes_a_small_picture_in_its_own_shape(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    picture = decode(paint(H264, make_keyframe(*size)))
    assert (picture.width, picture.height) == wanted
    grey = picture.to_ndarray(format="gray")
    assert grey[:, : wanted[0] // 4].max() < 20
    assert grey[:, -wanted[0] // 4 :].min() > 235


@pytest.mark.parametrize("garbage", [b"", b"\x00\x00\x00\x01\x65" + b"\xff" * 500, bytes(100_000)])
def test_garbage_gives_no_picture_and_no_error(garbage: bytes) -> None:
    assert paint(H264, garbage) == b""
    assert paint(99, garbage) == b""


def test_requests_are_answered_in_order_until_the_stream_ends() -> None:
    keyframe = make_keyframe(320, 180)
    requests = io.BytesIO(
        REQUEST.pack(H264, 3) + b"bad" + REQUEST.pack(H264, len(keyframe)) + keyframe + b"\x01"
    )
    answers = io.BytesIO()

    serve(requests, answers)

    data = answers.getvalue()
    assert data[:4] == ANSWER.pack(0)
    assert ANSWER.unpack(data[4:8])[0] == len(data) - 8 > 0
