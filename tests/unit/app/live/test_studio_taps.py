"""What gets a broadcast a second time, where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import BadInput
from app.live import studio
from app.live.studio import StudioSession
from tests.unit.app.live.test_studio_session import FakeControl
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.live.pushing import Pushing


async def test_studio_when_no_broadcast_can_be_made_then_nothing_of_it_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def enter_room() -> None:
        pass

    def fail(*_settings: object, taps: Sequence[Pushing], **_hooks: object) -> None:
        made.extend(taps)
        raise BadInput("no encoder works here")

    made: list[Pushing] = []
    monkeypatch.setattr(studio, "Publishing", fail)
    session = StudioSession(
        FakeControl(),  # type: ignore[arg-type] # no more of it is asked here
        random=lambda: 0.5,
        on_state=lambda _state: None,
        on_pixels=lambda _pixels: None,
    )
    session.room.room_id = RoomId("r1")
    session.room.enter = enter_room  # type: ignore[method-assign] # it is there at once
    with pytest.raises(BadInput):
        await session.go_live()
    assert session.state.phase == "preview"
    assert session.streams._pushing is None
    assert not made[0]._fan._sound._thread.is_alive()
