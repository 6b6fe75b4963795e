"""The manager of a room's own emotes, clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from app.state.keeping import KeptRoom
from app.state.room_lead import RoomLead
from app.ui.keeping import emotes_popup
from app.ui.keeping.emotes_popup import name_of_file
from app.ui.keeping.keep_bar import KeepBar
from tests.unit.app.state.test_room import ROOM
from wire.emotes import find_fault
from wire.emotes_commands import AddEmote, RemoveEmote
from wire.emotes_events import EmoteInfo
from wire.limits import EMOTES_ROOM_MAX

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def kept(*names: str) -> KeptRoom:
    emotes = tuple(EmoteInfo(name=name, emote_id=f"id of {name}") for name in names)
    return KeptRoom(ROOM, "moderator", RoomLead(emotes=emotes))


@pytest.fixture
def bar(qtbot: QtBot) -> KeepBar:
    bar = KeepBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.render_kept(kept())
    return bar


@pytest.fixture
def wanted(bar: KeepBar) -> list[object]:
    heard: list[object] = []
    bar.wanted.connect(heard.append)
    return heard


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(emotes_popup, "tell", lambda _owner, text, _kind: words.append(text))
    return words


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    path = tmp_path / "Blob Wave!.png"
    image.save(str(path))
    return path


def click_add(qtbot: QtBot, bar: KeepBar, path: Path) -> None:
    qtbot.mouseClick(bar.emotes, Qt.MouseButton.LeftButton)
    album = bar.album
    album.choose_file = lambda on_path: on_path(str(path))
    assert album.isVisible()
    qtbot.mouseClick(album.add, Qt.MouseButton.LeftButton)


def test_add_when_a_picture_is_chosen_then_a_small_one_is_asked_for(
    qtbot: QtBot, bar: KeepBar, wanted: list[object], picture: Path
) -> None:
    click_add(qtbot, bar, picture)
    (command,) = wanted
    assert isinstance(command, AddEmote)
    assert (command.room_id, command.name) == (ROOM, "blob_wave")
    assert find_fault(command.picture) is None
    assert int.from_bytes(command.picture[16:20], "big") == 128
    assert int.from_bytes(command.picture[20:24], "big") == 96


def test_add_when_a_name_is_written_then_that(
    qtbot: QtBot, bar: KeepBar, wanted: list[object], picture: Path
) -> None:
    bar.album.name.setText(" Hello ")
    click_add(qtbot, bar, picture)
    (command,) = wanted
    assert isinstance(command, AddEmote)
    assert command.name == "hello"
    assert bar.album.name.text() == ""


@pytest.mark.parametrize("name", ["heart", "a", "no good", "名"])
def test_add_when_the_name_is_no_good_then_said_and_it_stays(
    qtbot: QtBot,
    bar: KeepBar,
    wanted: list[object],
    told: list[str],
    picture: Path,
    name: str,
) -> None:
    bar.album.name.setText(name)
    click_add(qtbot, bar, picture)
    assert wanted == []
    assert len(told) == 1
    assert bar.album.name.text() == name


def test_add_when_the_file_is_no_picture_then_said(
    qtbot: QtBot, bar: KeepBar, wanted: list[object], told: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "notes.png"
    path.write_text("words")
    click_add(qtbot, bar, path)
    assert wanted == []
    assert len(told) == 1


def test_remove_when_a_row_is_chosen_then_asked_for(
    qtbot: QtBot, bar: KeepBar, wanted: list[object]
) -> None:
    bar.render_kept(kept("bow", "wave"))
    qtbot.mouseClick(bar.emotes, Qt.MouseButton.LeftButton)
    album = bar.album
    album.list.setCurrentRow(1)
    qtbot.mouseClick(album.remove, Qt.MouseButton.LeftButton)
    assert wanted == [RemoveEmote(id=0, room_id=ROOM, name="wave")]
    bar.render_kept(kept("bow"))
    qtbot.keyClick(album.list, Qt.Key.Key_Delete)
    assert wanted[1:] == [RemoveEmote(id=0, room_id=ROOM, name="bow")]
    bar.render_kept(kept())
    assert not album.remove.isVisible()


def test_add_when_the_room_is_full_then_not_offered(bar: KeepBar) -> None:
    bar.render_kept(kept(*(f"e{number:02}" for number in range(EMOTES_ROOM_MAX))))
    assert not bar.album.add.isEnabled()
    bar.render_kept(kept("one"))
    assert bar.album.add.isEnabled()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/Cat.PNG", "cat"), ("my cat (2).jpg", "my_cat_2"), ("猫.png", ""), ("x" * 40, "x" * 24)],
)
def test_name_of_file_when_it_has_other_characters_then_without_them(path: str, name: str) -> None:
    assert name_of_file(path) == name
