"""The cards of a poll and a draw: whoever may ends them, with two clicks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from app.state.rounds import Rounds
from app.ui.room.rounds_panel import OVER_S, RoundsPanel
from tests.unit.app.state.test_room import ROOM
from wire import event_base, round_commands, round_events
from wire.ids import DrawId, PollId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

POLL = round_events.PollInfo(
    poll_id=PollId("p1"), question="?", choices=("a", "b"), votes=(1, 2), ends_in_ms=60_000
)
DRAW = round_events.DrawInfo(
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
        round_commands.ClosePoll(id=0, room_id=ROOM, poll_id=POLL.poll_id),
        round_commands.CloseDraw(id=0, room_id=ROOM, draw_id=DRAW.draw_id),
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
    assert panel.tally.text() == "a 33 % · b 67 %"
    assert panel.poll.below.text().startswith("Votes: 3  ·  ")


def test_rounds_when_over_for_a_while_then_give_their_place_to_the_chat(
    panel: RoundsPanel,
) -> None:
    rounds = Rounds(poll=POLL, is_poll_over=True)
    panel.render_rounds(rounds, may_play=True)
    assert not panel.poll.isHidden()
    panel._put_over_away(time.monotonic() + OVER_S + 1)
    panel.retranslate()
    assert panel.poll.isHidden()


def test_draw_when_one_has_won_then_stays_until_it_is_put_away(panel: RoundsPanel) -> None:
    result = round_events.DrawClosed(
        room_id=ROOM,
        draw_id=DRAW.draw_id,
        prize=DRAW.prize,
        commitment=DRAW.commitment,
        seed="0" * 64,
        entries=1,
        entries_sha256="0" * 64,
        winners_max=1,
        winners=(event_base.UserInfo(user_id=UserId("me"), name="Me"),),
    )
    rounds = Rounds(draw=DRAW, result=result)
    panel.render_rounds(rounds, may_play=True, own_user_id="me")
    panel._put_over_away(time.monotonic() + OVER_S + 1)
    panel.retranslate()
    assert not panel.draw.isHidden()
    panel.draw.away.click()
    assert panel.draw.isHidden()
