"""The cards of a poll and a draw: a winner is told."""

"""The cards of a poll and a draw: whoever may ends them, with two clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.state.rounds import Rounds
from app.ui.room.rounds_panel import RoundsPanel
from tests.unit.app.state.test_room import ROOM
from wire import commands, events
from wire.ids import DrawId, PollId, RoomId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RESULT = events.DrawClosed(
    room_id=RoomId("r1"),
    draw_id=DrawId("d1"),
    prize="a mug",
    commitment="c" * 64,
    seed="5" * 64,
    entries=7,
    entries_sha256="0" * 64,
    winners_max=1,
    winners=(events.UserInfo(user_id=UserId("u1"), name="Ana"),),
)


def test_result_when_one_has_won_then_the_card_says_so_to_that_one_alone(qtbot: QtBot) -> None:
    panel = RoundsPanel()
    qtbot.addWidget(panel)
    joined = events.RoomJoined(
        room=events.RoomInfo(
            room_id=RoomId("r1"), name="r", owner=events.UserInfo(user_id=UserId("o"), name="O")
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


POLL = events.PollInfo(
    poll_id=PollId("p1"), question="?", choices=("a", "b"), votes=(1, 2), ends_in_ms=60_000
)
DRAW = events.DrawInfo(
    draw_id=DrawId("d1"),
    prize="a mug",
    winners_max=1,
    commitment="0" * 64,
    entries=3,
    ends_in_ms=60_000,
)


@pytest.fixture
def panel(qtbot: QtBot) -> RoundsPanel:
    panel = RoundsPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_open_rounds_when_a_viewer_looks_then_they_cannot_be_ended(panel: RoundsPanel) -> None:
    panel.render_rounds(Rounds(poll=POLL, draw=DRAW), may_play=True)
    assert panel.poll.away.isHidden()
    assert panel.draw.away.isHidden()


def test_open_rounds_when_a_keeper_clicks_twice_then_they_end(panel: RoundsPanel) -> None:
    wanted: list[object] = []
    panel.wanted.connect(wanted.append)
    panel.render_rounds(Rounds(poll=POLL, draw=DRAW), may_play=True, closes_in=ROOM)
    assert (panel.poll.away.text(), panel.draw.away.text()) == ("End the poll", "Draw now")
    panel.draw.away.click()
    assert (panel.draw.away.text(), wanted) == ("Sure?", [])
    panel.poll.away.click()
    assert panel.draw.away.text() == "Draw now", "one question at a time"
    panel.poll.away.click()
    panel.draw.away.click()
    panel.draw.away.click()
    assert wanted == [
        commands.ClosePoll(id=0, room_id=ROOM, poll_id=POLL.poll_id),
        commands.CloseDraw(id=0, room_id=ROOM, draw_id=DRAW.draw_id),
    ]


def test_rounds_when_over_then_the_same_button_puts_them_away(panel: RoundsPanel) -> None:
    rounds = Rounds(poll=POLL, is_poll_over=True)
    panel.render_rounds(rounds, may_play=True, closes_in=ROOM)
    assert panel.poll.away.text() == "Put away"
    panel.poll.away.click()
    assert panel.poll.isHidden()


def test_short_rounds_when_shown_then_the_choices_stand_in_one_line(qtbot: QtBot) -> None:
    panel = RoundsPanel(is_short=True)
    qtbot.addWidget(panel)
    panel.show()
    panel.render_rounds(Rounds(poll=POLL, draw=DRAW), may_play=False, closes_in=ROOM)
    assert panel.choices == []
    assert panel.enter.isHidden()
    assert panel.poll.below.text().startswith("a 33 %  ·  b 67 %  ·  Votes: 3")
