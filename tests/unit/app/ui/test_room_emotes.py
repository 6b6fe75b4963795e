"""A room's own emotes in the window: decoded with care, text until they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from app.danmaku.emotes import Run
from app.ui.emote_files import decode_emote, make_emote
from app.ui.room_emotes import RoomEmotes
from tests.emote_pictures import SIGNATURE, chunk, header, make_png
from wire.emotes import find_fault, make_emote_id
from wire.emotes_events import EmoteInfo
from wire.limits import EMOTE_BYTES_MAX, EMOTES_ROOM_MAX

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

RED = make_png(8, 8)
WAVE = EmoteInfo(name="wave", emote_id=make_emote_id(RED))


@pytest.fixture
def emotes(qtbot: QtBot) -> RoomEmotes:  # there must be an application
    return RoomEmotes()


def test_emote_when_its_picture_is_missing_then_text_and_asked_for_once(
    emotes: RoomEmotes,
) -> None:
    asked: list[str] = []
    emotes.wanted.connect(asked.append)
    emotes.set_list([WAVE])
    assert emotes.split("nothing here") == (Run("nothing here"),)
    assert asked == []
    for _ in range(3):
        assert emotes.split("hi :wave:") == (Run("hi :wave:"),)
    assert asked == [WAVE.emote_id]
    emotes.may_ask_again(WAVE.emote_id)
    emotes.split("hi :wave:")
    assert asked == 2 * [WAVE.emote_id]


def test_emote_when_its_picture_came_then_drawn_and_the_views_told(
    emotes: RoomEmotes, qtbot: QtBot
) -> None:
    emotes.set_list([WAVE])
    with qtbot.waitSignal(emotes.changed):
        emotes.put(WAVE.emote_id, RED)
    runs = (Run("hi "), Run("wave", is_emote=True), Run("heart", is_emote=True))
    assert emotes.split("hi :wave::heart:") == runs
    assert emotes.split(":unknown:") == (Run(":unknown:"),)
    color = emotes.pixmap("wave", 20, 1.0).toImage().pixelColor(10, 10)
    assert (color.red(), color.green(), color.alpha()) == (255, 64, 255)


def test_emote_when_removed_from_the_room_then_text_again_and_forgotten(
    emotes: RoomEmotes,
) -> None:
    emotes.set_list([WAVE])
    emotes.put(WAVE.emote_id, RED)
    emotes.set_list([])
    assert emotes.split(":wave:") == (Run(":wave:"),)
    emotes.put(WAVE.emote_id, RED)  # comes late
    emotes.set_list([WAVE])
    assert not emotes.has("wave")


def test_list_when_longer_than_a_room_may_have_or_with_names_of_all_then_cut(
    emotes: RoomEmotes,
) -> None:
    many = [EmoteInfo(name=f"e{n}", emote_id=f"{n}") for n in range(3 * EMOTES_ROOM_MAX)]
    emotes.set_list([EmoteInfo(name="heart", emote_id="x"), *many])
    assert "heart" not in emotes.own
    assert len(emotes.own) < EMOTES_ROOM_MAX


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        RED[:-20],
        SIGNATURE + header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT", b"x") + chunk(b"IEND"),
        SIGNATURE + header(200, 200) + chunk(b"IDAT", b"no deflate") + chunk(b"IEND"),
    ],
)
def test_picture_when_hostile_then_never_drawn(emotes: RoomEmotes, picture: bytes) -> None:
    info = EmoteInfo(name="bad", emote_id="b")
    emotes.set_list([info])
    emotes.put("b", picture)
    assert emotes.split(":bad:") == (Run(":bad:"),)


def test_decode_when_a_good_png_then_of_its_size(qtbot: QtBot) -> None:  # as above
    image = decode_emote(make_png(200, 30))
    assert image is not None
    assert image.size() == QSize(200, 30)


@pytest.mark.parametrize("size", [(600, 300), (20, 10), (1, 4000)])
def test_make_when_a_picture_file_then_a_small_png_that_the_relay_takes(
    tmp_path: Path, emotes: RoomEmotes, size: tuple[int, int]
) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    painter = QPainter(image)
    for n in range(0, size[0], 3):
        painter.fillRect(QRectF(n, n % size[1], 2, 5), QColor(n % 255, 255 - n % 200, n % 90))
    painter.end()
    image.setText("Author", "somebody")
    path = tmp_path / "photo.jpg" if min(size) > 5 else tmp_path / "photo.png"
    image.save(str(path))
    picture = make_emote(path)
    assert picture is not None
    assert find_fault(picture) is None
    assert len(picture) <= EMOTE_BYTES_MAX
    assert b"somebody" not in picture
    made = decode_emote(picture)
    assert made is not None
    assert max(made.width(), made.height()) <= min(128, max(size))
    assert emotes.own == ()


def test_make_when_the_file_is_no_picture_then_nothing(tmp_path: Path, emotes: RoomEmotes) -> None:
    path = tmp_path / "text.png"
    path.write_bytes(b"hello")
    assert make_emote(path) is None
    assert make_emote(tmp_path / "missing.png") is None
    assert emotes.own == ()
