"""What a viewer chose is there at the next start, and is written once the hand rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.danmaku.choices import DanmakuSettings
from app.state import preferences
from app.state.preferences import Preferences
from app.ui.room.viewer_choices import ViewerChoices, read_danmaku

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from pytestqt.qtbot import QtBot


def test_slider_when_it_is_drawn_then_only_its_last_place_is_saved(
    qtbot: QtBot, qapp: QObject
) -> None:
    choices = ViewerChoices(qapp)
    saved: list[tuple[str, object]] = []
    choices.saved.connect(lambda name, value: saved.append((name, value)))
    for step in range(10):
        choices.put(preferences.VOLUME, step / 10)
    assert saved == []
    qtbot.waitUntil(lambda: bool(saved))
    assert saved == [("volume", 0.9)]
    choices.save()
    assert saved == [("volume", 0.9)]


def test_page_when_it_is_left_then_what_waits_is_saved_at_once(qapp: QObject) -> None:
    choices = ViewerChoices(qapp)
    chosen = Preferences()

    def keep(name: str, value: object) -> None:
        nonlocal chosen
        chosen = chosen.put(name, value)

    choices.saved.connect(keep)
    wanted = DanmakuSettings(is_on=False, area=0.5, opacity=0.4, font=32.0, speed=1.5)
    choices.put_danmaku(wanted)
    choices.save()
    assert read_danmaku(chosen) == wanted


def test_danmaku_when_nothing_was_chosen_then_begin_as_they_are_made() -> None:
    assert read_danmaku(Preferences()) == DanmakuSettings()
