"""What a cover may be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.cover_pictures import BEGIN, END, JFIF, frame, make_jpeg, segment
from wire.covers import find_fault, is_cover_id, make_cover_id
from wire.limits import COVER_BYTES_MAX

GOOD = make_jpeg()
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0")


def test_picture_when_small_and_plain_then_may_be_a_cover() -> None:
    assert find_fault(GOOD) is None
    assert find_fault(make_jpeg(1, 1)) is None
    assert find_fault(make_jpeg(scan=b"\xff\xd0\1\xff\xd7\2")) is None
    pixels = np.random.default_rng(1).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    _, real = cv2.imencode(".jpg", pixels)
    assert find_fault(real.tobytes()) is None


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"", "is a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "is a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is a JPEG"),
        (GOOD + b"\0" * COVER_BYTES_MAX, "bytes"),
        (make_jpeg(641, 360), "640 x 360"),
        (make_jpeg(640, 361), "640 x 360"),
        (make_jpeg(0, 1), "640 x 360"),
        (make_jpeg(65_535, 65_535), "640 x 360"),
        (GOOD + b"<script>", "follows"),
        (GOOD + GOOD, "follows"),
        (GOOD[:-2], "cut off"),
        (BEGIN, "cut off"),
        (BEGIN + b"\xff\xdb\0\1" + END, "cut off"),
        (BEGIN + SCAN + END, "cut off"),
        (BEGIN + frame(8, 8) + frame(8, 8) + SCAN + END, "cut off"),
        (BEGIN + frame(8, 8, 0xC2) + SCAN + END, "baseline"),
        (BEGIN + frame(8, 8, 0xC9) + SCAN + END, "baseline"),
        (make_jpeg(scan=b"\1" + SCAN), "baseline"),
        (BEGIN + segment(0xE1, b"Exif\0\0GPS") + GOOD[2:], "extras"),
        (BEGIN + segment(0xFE, b"a comment") + GOOD[2:], "extras"),
        (BEGIN + segment(0xE0, JFIF + b"\1\1\xff\xff\xff") + GOOD[2:], "extras"),
        (BEGIN + segment(0xED, b"words") + GOOD[2:], "extras"),
    ],
)
def test_picture_when_anything_else_then_is_refused_with_a_word_why(
    picture: bytes, words: str
) -> None:
    fault = find_fault(picture)
    assert fault is not None
    assert words in fault


def test_picture_when_any_of_its_bytes_is_lost_or_changed_then_nothing_breaks() -> None:
    for at in range(len(GOOD)):
        find_fault(GOOD[:at])
        for value in (0, 0x7F, 0xFF):
            find_fault(GOOD[:at] + bytes((value,)) + GOOD[at + 1 :])


def test_id_when_made_then_is_one_and_nothing_else_is() -> None:
    assert is_cover_id(make_cover_id(GOOD))
    for text in ("", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 65):
        assert not is_cover_id(text)
