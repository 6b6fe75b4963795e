"""Going back while a room is live, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.media.replay.replay_status import ReplayStatus
from app.ui.replays import rewind_desk
from tests.unit.app.ui.replays.replay_states import recording

if TYPE_CHECKING:
    import pytest

    from app.ui.desktop import Desktop


def test_rewind_when_the_recording_may_be_read_no_more_then_back_in_the_room(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(rewind_desk, "tell", lambda _widget, words, _kind: told.append(words))
    desk = still_desktop.rewind
    monkeypatch.setattr(type(desk.view.desk), "is_open", property(lambda _self: True))
    desk.is_on = True
    desk.view.desk.replay = msgspec.structs.replace(recording(str), state="recording")
    desk.view.desk.status = ReplayStatus("failed", reason="the relay answered 401")
    desk.view.desk.status_changed.emit()
    assert not desk.is_on
    assert told == ["The recording cannot be read any more. You are back in the room."]
