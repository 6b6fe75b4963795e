"""The export dialog comes from the player and from a card's menu, and knows where the player is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.media.clipping.recording import Marks
from app.ui.replays.export_dialog import ExportDialog
from tests.unit.app.ui.replays.replay_states import open_player, recording

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop


def same(words: str) -> str:
    return words


def dialogs(desktop: Desktop) -> list[ExportDialog]:
    return desktop.window.findChildren(ExportDialog)


def test_clip_when_wanted_while_it_plays_then_marks_come_from_the_player(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    open_player(still_desktop, same, can_manage=False)
    view = still_desktop.replays.view
    assert view.clip.isVisible()
    qtbot.mouseClick(view.clip, Qt.MouseButton.LeftButton)
    (dialog,) = dialogs(still_desktop)
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.from_here.click()
    assert dialog.marks() == Marks(9_000, None)
    dialog.last_button.click()
    assert dialog.marks() == Marks(0, 9_000)
    dialog.close()


def test_export_when_chosen_from_a_cards_menu_then_it_is_of_that_recording(
    still_desktop: Desktop,
) -> None:
    open_player(still_desktop, same)
    keep = still_desktop.replays.keep
    keep.fill(recording(same, 3))
    (action,) = [one for one in keep.menu.actions() if one.text() == "Clip or export"]
    action.trigger()
    (dialog,) = dialogs(still_desktop)
    dialog.last_button.click()  # another recording plays: of this one it is the end
    assert dialog.marks() == Marks(3_695_000, None)
    dialog.close()


def test_clip_when_gone_back_in_a_live_room_then_it_stands_where_chapters_are_elsewhere(
    still_desktop: Desktop,
) -> None:
    view = still_desktop.rewind.view
    assert view.controls.isAncestorOf(view.clip)
    assert view.controls.chapters.isHidden()
    assert still_desktop.window.minimumSizeHint().width() <= 1024
