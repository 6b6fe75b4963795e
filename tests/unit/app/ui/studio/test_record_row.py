"""The switch of Studio's own recording: it asks, and shows what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.state.studio_recording import LocalRecording
from app.ui.studio.record_row import RecordRow, write_size

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_switch_when_pressed_then_it_asks_and_waits_for_what_is(qtbot: QtBot) -> None:
    row = RecordRow()
    qtbot.addWidget(row)
    asked: list[tuple[bool, str]] = []
    row.wanted.connect(lambda *what: asked.append(what))
    row.choose_folder("/films")
    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    assert asked == [(True, "/films")]
    assert not row.switch.isChecked()
    row.render_recording(LocalRecording("armed"))
    assert row.switch.isChecked()
    assert row.words.text() == "Begins with the broadcast."
    row.render_recording(LocalRecording("on", "/films/a.mp4", 65.4, 12_300_000))
    assert row.words.text() == "Recording: 1:05, 12.3 MB"
    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    assert asked[-1] == (False, "/films")
    row.render_recording(LocalRecording("off", "/films/a.mp4", 65.4, 12_300_000))
    assert row.words.text() == "Saved as a.mp4"


@pytest.mark.parametrize(
    ("fault", "start"),
    [("disk_full", "The disk is nearly full"), ("folder", "The folder"), ("failed", "The rec")],
)
def test_fault_when_there_is_one_then_it_is_said(qtbot: QtBot, fault: str, start: str) -> None:
    row = RecordRow()
    qtbot.addWidget(row)
    row.render_recording(LocalRecording("off", fault=fault, detail="why"))  # type: ignore[arg-type] # of the three
    assert row.words.text().startswith(start)
    assert row.words.property("kind") == "bad"


def test_folder_when_chosen_then_it_is_told_for_the_next_start(qtbot: QtBot) -> None:
    row = RecordRow()
    qtbot.addWidget(row)
    with qtbot.waitSignal(row.folder_chosen) as told:
        row._on_folder_chosen("/elsewhere")
    assert told.args == ["/elsewhere"]
    assert "/elsewhere" in row.folder_button.toolTip()


def test_figures_when_large_then_they_stay_short() -> None:
    assert write_size(999_000) == "1.0 MB"
    assert write_size(12_345_678_900) == "12.35 GB"
