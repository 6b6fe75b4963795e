"""The dialog that saves a recording: what it offers, what it writes, and that it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.danmaku.bilibili_xml import parse_xml
from app.live.loop_thread import LoopThread
from app.media.clipping.recording import Marks
from app.ui.door import Door
from app.ui.replays.export_dialog import ExportDialog, name_file
from app.ui.replays.text_painter import stage_font
from tests.unit.app.live.replay_parts import PagedRelay, a_replay, said
from tests.unit.app.media.clipping.recordings import read_pictures, read_times, write_recording

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from wire import command_base

ENTRIES = (said(0, "hello 你好", mode=5, size="large"), said(500, "again"), said(900, ":heart:"))
WAIT_MS = 30_000


class StuckRelay(PagedRelay):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__(ENTRIES)
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        self.is_asked.set()
        assert self.may_answer.wait(30)
        return await super().request(command, answer)


Make = Callable[..., ExportDialog]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    loop, door, parent = LoopThread(), Door(), QWidget()
    loop.start()
    qtbot.addWidget(parent)

    def make_dialog(relay: PagedRelay | None = None, at_ms: int = 2500) -> ExportDialog:
        dialog = ExportDialog(
            parent,
            a_replay(),
            write_recording(tmp_path),
            control=relay or PagedRelay(ENTRIES),
            loop=loop,
            door=door,
            position_ms=lambda: at_ms,
        )
        dialog.show()
        return dialog

    yield make_dialog
    door.close()
    assert loop.stop()


def test_marks_when_taken_from_the_player_then_they_are_where_it_is(
    make: Make, qtbot: QtBot
) -> None:
    dialog = make()
    assert dialog.marks() == Marks(0, None)
    qtbot.mouseClick(dialog.from_here, Qt.MouseButton.LeftButton)
    assert dialog.marks() == Marks(2500, None)
    dialog.to_line.setText("0:00:03.250")
    assert dialog.marks() == Marks(2500, 3250)
    qtbot.mouseClick(dialog.last_button, Qt.MouseButton.LeftButton)
    assert dialog.marks() == Marks(0, 2500)
    qtbot.mouseClick(dialog.all_button, Qt.MouseButton.LeftButton)
    assert dialog.marks() == Marks(0, None)


@pytest.mark.parametrize("words", ["", "x", "0:00:09", "0:00:00"])
def test_marks_when_they_make_no_piece_then_nothing_can_be_saved(make: Make, words: str) -> None:
    dialog = make()
    dialog.to_line.setText("0:00:03")
    dialog.from_line.setText("0:00:03" if words == "0:00:00" else words)
    assert not dialog.save_button.isEnabled()
    dialog.kind.setCurrentIndex(1)
    assert dialog.save_button.isEnabled()


def test_clip_when_saved_with_danmaku_then_they_are_in_its_pictures(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = make()
    dialog.mark(200, 1000)
    dialog.danmaku.setChecked(True)
    path = tmp_path / "clip.mp4"
    dialog.save_to(path)
    qtbot.waitUntil(lambda: dialog.words.text() != "", timeout=WAIT_MS)
    assert dialog.words.text() == "Saved: clip.mp4"
    assert len(read_times(path)[0]) == 20
    plain = read_pictures(tmp_path / "recording.mp4")[5]
    assert (abs(read_pictures(path)[0].astype(int) - plain)[:32, 80:240] > 60).sum() > 50
    assert dialog.save_button.isEnabled()


def test_danmaku_when_saved_then_the_lines_are_counted(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = make()
    dialog.kind.setCurrentIndex(1)
    dialog.save_to(tmp_path / "out.xml")
    qtbot.waitUntil(lambda: dialog.words.text() != "", timeout=WAIT_MS)
    assert dialog.words.text() == "Saved: out.xml (lines: 3)"
    read = parse_xml((tmp_path / "out.xml").read_bytes())
    assert [saying.text for saying in read.sayings] == ["hello 你好", "again", ":heart:"]


def test_export_when_cancelled_then_it_is_said_and_nothing_is_left(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    relay = StuckRelay()
    dialog = make(relay)
    dialog.kind.setCurrentIndex(1)
    dialog.save_to(tmp_path / "out.xml")
    assert relay.is_asked.wait(30)
    assert not dialog.save_button.isEnabled()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    relay.may_answer.set()
    qtbot.waitUntil(lambda: dialog.words.text() != "", timeout=WAIT_MS)
    assert dialog.words.text() == "Cancelled: nothing was saved."
    assert not (tmp_path / "out.xml").exists()


def test_dialog_when_closed_while_it_exports_then_nothing_comes_after_it(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    relay = StuckRelay()
    dialog = make(relay)
    dialog.kind.setCurrentIndex(1)
    dialog.save_to(tmp_path / "out.xml")
    running = dialog._running
    assert running is not None
    assert relay.is_asked.wait(30)
    with qtbot.waitSignal(dialog.destroyed, timeout=WAIT_MS):
        dialog.close()
    relay.may_answer.set()
    qtbot.waitUntil(running.done, timeout=WAIT_MS)
    assert not (tmp_path / "out.xml").exists()


def test_export_when_it_fails_then_the_reason_is_said(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = make()
    dialog.kind.setCurrentIndex(3)
    dialog.save_to(tmp_path / "nowhere" / "out.csv")
    qtbot.waitUntil(lambda: dialog.words.text() != "", timeout=WAIT_MS)
    assert dialog.words.text() == "That folder is gone. Choose another."
    assert dialog.words.property("kind") == "bad"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("An evening", "An evening"),
        ("a/b\\c:d", "a-b-c-d"),
        (" .. ", "livehouse"),
        ("", "livehouse"),
    ],
)
def test_name_when_made_from_a_title_then_every_system_takes_it(title: str, name: str) -> None:
    assert name_file(title) == name


def test_font_when_named_for_subtitles_then_its_line_is_higher_than_its_letters(
    qtbot: QtBot,
) -> None:
    font = stage_font()
    assert font.family
    assert 1.0 < font.line_share < 2.0
