"""A room's cover in Studio."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from app.state.studio import StudioState
from app.state.studio_events import CoverCame, RoomNamed
from app.ui.cover_files import make_cover
from app.ui.studio.cover_row import CoverRow
from wire.covers import find_fault, make_cover_id

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def teal(width: int = 1280, height: int = 720) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    return image


@pytest.fixture
def row(qtbot: QtBot) -> CoverRow:
    made = CoverRow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def sent(row: CoverRow) -> list[bytes]:
    pictures: list[bytes] = []
    row.wanted.connect(pictures.append)
    return pictures


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(
        "app.ui.studio.cover_row.tell", lambda _widget, said, _kind: words.append(said)
    )
    return words


def test_cover_when_a_file_is_chosen_then_a_small_plain_jpeg_is_wanted(
    row: CoverRow, sent: list[bytes], tmp_path: Path
) -> None:
    teal().save(str(tmp_path / "a.png"))
    row.choose_file = lambda then: then(str(tmp_path / "a.png"))
    row.file_button.click()
    assert [find_fault(picture) for picture in sent] == [None]


def test_cover_when_the_file_is_no_picture_then_says_so(
    row: CoverRow, sent: list[bytes], told: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"words")
    row.choose_file = lambda then: then(str(tmp_path / "a.png"))
    row.file_button.click()
    assert sent == []
    assert told == ["This picture cannot be read, or it is larger than 64 MB."]


def test_cover_when_the_picture_of_now_is_taken_then_it_is_wanted(
    row: CoverRow, sent: list[bytes], told: list[str]
) -> None:
    row.current_button.click()
    assert (sent, len(told)) == ([], 1)
    row.find_picture = teal
    row.current_button.click()
    assert len(sent) == 1


def test_cover_when_the_room_has_one_then_it_is_shown_and_can_be_removed(
    row: CoverRow, qtbot: QtBot
) -> None:
    picture = make_cover(teal())
    assert picture is not None
    state = StudioState().apply(
        RoomNamed("hall", "Jazz", "", "public", 0, cover=make_cover_id(picture))
    )
    row.render_state(state)
    assert row._picture._image is None
    assert not row.remove_button.isHidden()
    shown = state.apply(CoverCame(make_cover_id(picture), picture))
    row.render_state(shown)
    assert row._picture._image is not None
    with qtbot.waitSignal(row.removed):
        row.remove_button.click()
    row.render_state(shown.apply(RoomNamed("hall", "Jazz")))
    assert row._picture._image is None
    assert row.remove_button.isHidden()


def test_cover_when_the_relay_sends_another_picture_then_nothing_is_shown(row: CoverRow) -> None:
    picture = make_cover(teal())
    assert picture is not None
    state = StudioState().apply(RoomNamed("hall", "Jazz", cover="0" * 64))
    late = state.apply(CoverCame(make_cover_id(picture), picture))
    assert late is state
    row.render_state(replace(state, cover_picture=picture))
    assert row._picture._image is None
