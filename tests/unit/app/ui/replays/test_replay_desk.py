"""A recording that is opened: what is heard of it before it is known here counts too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from app.media.replay.replay_status import ReplayStatus
from tests.unit.app.ui.replays.replay_states import recording

if TYPE_CHECKING:
    import pytest

    from app.ui.desktop import Desktop


class Player:
    """Has failed already."""

    status = ReplayStatus("failed", reason="the relay answered 401")

    def position_us(self) -> int:
        return 20_000_000

    def set_volume(self, _volume: float) -> None:
        pass

    choose_speed = set_volume


class Visit:
    def __init__(self) -> None:
        self.player = Player()
        self.replay = recording(str)


def test_open_when_the_player_failed_before_it_was_known_then_opened_again(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = still_desktop.replays.view.desk
    again: list[tuple[str, int]] = []
    monkeypatch.setattr(desk, "_reopen_soon", lambda *where: again.append(where))
    monkeypatch.setattr(desk, "_on_tick", lambda: None)
    monkeypatch.setattr(still_desktop.replays.view.happenings, "_gifts", {"known": None})
    desk._on_opened(desk._number, cast("Any", Visit()))
    assert again == [("v0", 20_000)]
    desk._timer.stop()
    desk._visit = None
