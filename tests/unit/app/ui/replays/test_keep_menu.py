"""What the keeper of a recording may do with it: each entry of the menu, chosen by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtWidgets import QWidget

from app.ui.replays.keep_menu import KeepMenu
from wire import event_base
from wire.ids import ReplayId, RoomId, UserId
from wire.replay_commands import EditReplay
from wire.replay_events import ReplayInfo

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

REPLAY = ReplayInfo(
    replay_id=ReplayId("v1"),
    room_id=RoomId("r1"),
    room_title="stage",
    title="Evening",
    streamer=event_base.UserInfo(user_id=UserId("u1"), name="Ann"),
    started_at_unix_ms=0,
    duration_ms=1000,
    density=(1,),
    density_step_ms=1000,
    can_manage=True,
)


@pytest.fixture
def keeper(qtbot: QtBot) -> KeepMenu:
    page = QWidget()
    qtbot.addWidget(page)
    return KeepMenu(page)


def find(keeper: KeepMenu, beginning: str) -> QAction:
    menus = (keeper.menu, *(one.menu() for one in keeper.menu.actions() if one.menu()))
    actions = [action for menu in menus for action in menu.actions()]
    return next(one for one in actions if one.text().startswith(beginning))


@pytest.mark.parametrize("is_kept", [False, True])
def test_recording_when_it_is_to_be_kept_or_not_any_more_then_the_relay_is_asked(
    keeper: KeepMenu, is_kept: bool
) -> None:
    wanted: list[EditReplay] = []
    keeper.edit_wanted.connect(wanted.append)
    keeper.fill(msgspec.structs.replace(REPLAY, kept=is_kept))
    keep = find(keeper, "Keep it when the disk fills")
    assert keep.isChecked() is is_kept
    keep.trigger()
    assert wanted == [EditReplay(id=0, replay_id=REPLAY.replay_id, kept=not is_kept)]


def test_recording_when_another_circle_may_watch_then_the_relay_is_asked(keeper: KeepMenu) -> None:
    wanted: list[EditReplay] = []
    keeper.edit_wanted.connect(wanted.append)
    keeper.fill(REPLAY)
    find(keeper, "Public").trigger()
    assert wanted == [EditReplay(id=0, replay_id=REPLAY.replay_id, visibility="public")]


def test_recording_when_it_is_still_written_then_cannot_be_deleted(keeper: KeepMenu) -> None:
    keeper.fill(REPLAY)
    assert find(keeper, "Delete").isEnabled()
    keeper.fill(msgspec.structs.replace(REPLAY, state="recording"))
    assert not find(keeper, "Delete").isEnabled()
