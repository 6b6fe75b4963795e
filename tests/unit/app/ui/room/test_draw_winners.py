"""The card of a draw that is over: a winner is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.state.rounds import Rounds
from app.ui.room.rounds_panel import RoundsPanel
from wire import event_base, room_events, round_events
from wire.ids import DrawId, RoomId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RESULT = round_events.DrawClosed(
    room_id=RoomId("r1"),
    draw_id=DrawId("d1"),
    prize="a mug",
    commitment="c" * 64,
    seed="5" * 64,
    entries=7,
    entries_sha256="0" * 64,
    winners_max=1,
    winners=(event_base.UserInfo(user_id=UserId("u1"), name="Ana"),),
)


def test_result_when_one_has_won_then_the_card_says_so_to_that_one_alone(qtbot: QtBot) -> None:
    panel = RoundsPanel()
    qtbot.addWidget(panel)
    joined = room_events.RoomJoined(
        room=event_base.RoomInfo(
            room_id=RoomId("r1"), name="r", owner=event_base.UserInfo(user_id=UserId("o"), name="O")
        ),
        role="viewer",
        draw_result=RESULT,
    )
    rounds = Rounds().join(joined)
    panel.render_rounds(rounds, may_play=True, own_user_id="u2")
    assert panel._winners.text() == "Winners: Ana"
    assert "7 in" in panel.draw.below.text()
    panel.render_rounds(Rounds(), may_play=True, own_user_id="u1")
    panel.render_rounds(rounds, may_play=True, own_user_id="u1")
    assert panel._winners.text().splitlines() == ["🎉 You have won!", "Winners: Ana"]
    assert panel._winners.property("kind") == "won"
