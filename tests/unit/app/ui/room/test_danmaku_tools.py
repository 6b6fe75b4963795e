"""The danmaku's settings, menu, blocks and box, as a viewer uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.danmaku.choices import BlockedUser, DanmakuSettings, Share
from app.state.preferences import Preferences
from app.ui.room.control_bar import ControlBar
from app.ui.room.danmaku_tools import DanmakuTools
from app.ui.room.stage import Stage
from app.ui.room.viewer_choices import ViewerChoices, read_danmaku

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    return page


@pytest.fixture
def tools(page: QWidget) -> DanmakuTools:
    stage = Stage(page)
    stage.resize(800, 500)
    stage.show()
    return DanmakuTools(page, stage, ControlBar(page), ViewerChoices(page))


def remembered(tools: DanmakuTools) -> DanmakuSettings:
    chosen = Preferences()

    def keep(name: str, value: object) -> None:
        nonlocal chosen
        chosen = chosen.put(name, value)

    tools._choices.saved.connect(keep)
    tools._choices.save()
    return read_danmaku(chosen)


def test_menu_when_a_text_is_clicked_then_copies_and_blocks(tools: DanmakuTools) -> None:
    text = tools._stage.danmaku.measure("a", "R&D <b>spoiler</b>", user_id="u1", name="An&n")
    tools._stage.danmaku.offer_text(text)
    tools.fill_menu(text)
    name, copy, words, user = tools.menu.actions()
    assert (name.text(), name.isEnabled()) == ("An&&n", False)
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "R&D <b>spoiler</b>"
    words.trigger()
    user.trigger()
    assert tools.settings.blocks.words == ("R&D <b>spoiler</b>",)
    assert tools.settings.blocks.users == (BlockedUser("u1", "An&n"),)
    assert tools._stage.danmaku.flights == ()
    assert remembered(tools) == tools.settings


def test_own_text_when_clicked_then_offers_no_block(tools: DanmakuTools) -> None:
    tools._stage.danmaku.offer_own("own", "mine", mode=1, color=0)
    tools.fill_menu(tools._stage.danmaku.flights[0].text)
    assert len(tools.menu.actions()) == 1


def test_panel_when_words_are_added_and_removed_then_the_stage_follows(
    tools: DanmakuTools, qtbot: QtBot
) -> None:
    panel = tools.panel
    panel.show_settings(tools.settings)
    assert not panel._remove.isEnabled()
    qtbot.keyClicks(panel._word, "spoiler")
    qtbot.keyClick(panel._word, Qt.Key.Key_Return)
    assert tools.settings.blocks.words == ("spoiler",)
    tools.block_user("u1", "Bob")
    panel.show_settings(tools.settings)
    panel._blocked.setCurrentIndex(1)
    panel._remove.click()
    panel._remove.click()
    assert tools.settings.blocks == DanmakuSettings().blocks


def test_panel_when_density_and_list_are_chosen_then_are_remembered(tools: DanmakuTools) -> None:
    tools.panel.show_settings(tools.settings)
    tools.panel._density.setValue(50)
    tools.panel._list.setChecked(True)
    assert (tools.settings.density, tools.settings.is_list) == (0.5, True)
    assert remembered(tools) == tools.settings


def test_box_when_drawn_with_the_mouse_then_is_kept_clear(
    tools: DanmakuTools, qtbot: QtBot
) -> None:
    tools.panel.show_settings(tools.settings)
    tools.panel._clear.click()
    editor = tools.editor
    assert editor.isVisible()
    qtbot.mousePress(editor, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    qtbot.mouseMove(editor, QPoint(400, 300))
    qtbot.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=QPoint(600, 400))
    assert not editor.isVisible()
    assert tools.settings.keep_clear == pytest.approx(Share(0.25, 0.2, 0.75, 0.8))
    assert remembered(tools).keep_clear == pytest.approx(Share(0.25, 0.2, 0.75, 0.8))
    tools.panel.show_settings(tools.settings)
    tools.panel._clear.click()
    assert tools.settings.keep_clear is None


def test_box_when_moved_with_the_keys_then_stays_on_the_stage_and_escape_leaves_it(
    tools: DanmakuTools, qtbot: QtBot
) -> None:
    editor = tools.editor
    editor.begin(Share(0.9, 0.5, 1.0, 0.6))
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    qtbot.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editor.share == pytest.approx(Share(0.9, 0.48, 1.0, 0.6))
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert tools.settings.keep_clear is None
    editor.begin(None)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert tools.settings.keep_clear == editor.share
