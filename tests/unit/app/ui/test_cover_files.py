"""Pictures of files become covers; what a relay sends is looked at before it is decoded."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from app.ui.cover_files import SOURCE_BYTES_MAX, decode_cover, make_cover, read_picture
from app.ui.emote_files import make_emote
from tests.cover_pictures import make_jpeg
from wire.covers import find_fault, make_cover_id
from wire.limits import COVER_BYTES_MAX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _plugins(qapp: QApplication) -> None:
    """Pictures are read by Qt's plugins."""


def noise(width: int, height: int) -> QImage:
    pixels = random.Random(1).randbytes(width * height * 4)
    return QImage(pixels, width, height, width * 4, QImage.Format.Format_RGB32).copy()


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((1920, 1080), (640, 360)),
        ((640, 360), (640, 360)),
        ((1000, 1000), (640, 360)),
        ((360, 640), (360, 202)),
        ((16, 9), (16, 9)),
        ((5000, 10), (17, 10)),
        ((1, 1), (1, 1)),
    ],
)
def test_cover_when_made_then_is_the_middle_in_its_shape_and_never_larger(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    picture = make_cover(image)
    assert picture is not None
    assert find_fault(picture) is None
    decoded = decode_cover(picture, make_cover_id(picture))
    assert decoded is not None
    width, height = decoded.size().toTuple()
    assert abs(width - wanted[0]) <= 1
    assert abs(height - wanted[1]) <= 1


def test_cover_when_the_picture_is_all_noise_then_still_fits() -> None:
    picture = make_cover(noise(1280, 720))
    assert picture is not None
    assert len(picture) <= COVER_BYTES_MAX


def test_cover_when_the_file_holds_words_then_none_of_them_go_along(tmp_path: Path) -> None:
    image = noise(64, 36)
    image.setText("Author", "Ada of 12 Street")
    image.save(str(tmp_path / "a.png"))
    read = read_picture(tmp_path / "a.png")
    assert read is not None
    picture = make_cover(read)
    assert picture is not None
    assert b"Ada" not in picture


def test_file_when_it_is_no_picture_then_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"not at all")
    assert read_picture(tmp_path / "a.png") is None
    assert read_picture(tmp_path / "none.png") is None
    assert read_picture(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX")
def test_file_when_it_is_a_pipe_then_it_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png") is None
    assert make_emote(tmp_path / "a.png") is None


def test_file_when_its_name_is_none_or_it_is_too_large_then_is_not_read(tmp_path: Path) -> None:
    for path in (tmp_path / "a\0.png", Path(), tmp_path / ("n" * 300)):
        assert read_picture(path) is None
        assert make_emote(path) is None
    noise(64, 64).save(str(tmp_path / "a.png"))
    with (tmp_path / "a.png").open("ab") as file:
        file.truncate(SOURCE_BYTES_MAX + 1)
    assert read_picture(tmp_path / "a.png") is None
    assert make_emote(tmp_path / "a.png") is None


def test_photograph_when_large_then_is_read_small(tmp_path: Path) -> None:
    QImage(4000, 3000, QImage.Format.Format_RGB32).save(str(tmp_path / "a.jpg"))
    read = read_picture(tmp_path / "a.jpg")
    assert read is not None
    assert read.size().toTuple() == (1600, 1200)


def test_picture_when_it_is_another_or_its_frame_is_all_there_is_then_is_not_shown() -> None:
    picture = make_cover(noise(64, 36))
    assert picture is not None
    assert decode_cover(picture, make_cover_id(picture)) is not None
    assert decode_cover(picture, "0" * 64) is None
    hollow = make_jpeg()
    assert find_fault(hollow) is None
    decode_cover(hollow, make_cover_id(hollow))  # whatever the decoder makes of it
    large = make_jpeg(4000, 4000)
    assert decode_cover(large, make_cover_id(large)) is None
