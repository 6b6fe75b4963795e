from __future__ import annotations

from app.state.rounds import Checked, Entered, Rounds, Voted
from tests.unit.app.state.test_room import ROOM, info
from wire import room_events, round_events
from wire.ids import DrawId, PollId

POLL = round_events.PollInfo(
    poll_id=PollId("p1"), question="?", choices=("a", "b"), votes=(0, 0), ends_in_ms=60_000
)
DRAW = round_events.DrawInfo(
    draw_id=DrawId("d1"),
    prize="a mug",
    winners_max=1,
    commitment="c" * 64,
    entries=0,
    ends_in_ms=60_000,
)
CLOSED = round_events.DrawClosed(
    room_id=ROOM,
    draw_id=DrawId("d1"),
    prize="a mug",
    commitment="0" * 64,
    seed="0" * 64,
    entries=0,
    entries_sha256="0" * 64,
    winners_max=1,
)


def test_poll_when_it_goes_on_then_votes_and_own_choice_are_kept_to_the_end() -> None:
    rounds = Rounds().apply(round_events.PollOpened(room_id=ROOM, poll=POLL))
    rounds = rounds.apply(Voted(PollId("p1"), 1))
    rounds = rounds.apply(
        round_events.PollCounted(room_id=ROOM, poll_id=PollId("p1"), votes=(2, 1))
    )
    assert rounds.poll is not None
    assert (rounds.poll.votes, rounds.poll.own_choice) == ((2, 1), 1)
    rounds = rounds.apply(round_events.PollClosed(room_id=ROOM, poll=POLL))
    assert rounds.poll is not None
    assert (rounds.is_poll_over, rounds.poll.own_choice) == (True, 1)


def test_poll_when_news_are_of_another_then_nothing_changes() -> None:
    rounds = Rounds().apply(round_events.PollOpened(room_id=ROOM, poll=POLL))
    counted = round_events.PollCounted(room_id=ROOM, poll_id=PollId("p0"), votes=(9, 9))
    assert rounds.apply(counted) is rounds
    assert rounds.apply(Voted(PollId("p0"), 0)) is rounds


def test_draw_when_over_then_the_commitment_of_the_opening_is_kept() -> None:
    rounds = Rounds().apply(round_events.DrawOpened(room_id=ROOM, draw=DRAW))
    rounds = rounds.apply(Entered(DrawId("d1"))).apply(CLOSED)
    rounds = rounds.apply(Checked(DrawId("d1"), "wrong"))
    assert rounds.draw is not None
    assert rounds.draw.commitment == "c" * 64
    assert rounds.draw.has_entered
    assert rounds.check == "wrong"


def test_join_when_one_comes_back_then_results_stay_and_what_is_open_is_new() -> None:
    over = Rounds().apply(round_events.PollOpened(room_id=ROOM, poll=POLL))
    over = over.apply(round_events.PollClosed(room_id=ROOM, poll=POLL))
    nothing = room_events.RoomJoined(room=info(), role="viewer")
    assert over.join(nothing) == over
    assert over.join(room_events.RoomJoined(room=info(), role="viewer", poll=POLL)).poll == POLL
    opened = Rounds().apply(round_events.DrawOpened(room_id=ROOM, draw=DRAW))
    assert opened.join(nothing).draw is None, "it ended while one was away"


def test_join_when_a_draw_closed_while_one_was_away_then_its_result_is_there() -> None:
    joined = room_events.RoomJoined(room=info(), role="viewer", draw_result=CLOSED)
    came_late = Rounds().join(joined)
    assert came_late.result == CLOSED
    assert came_late.needs_check
    assert came_late.draw is not None
    assert came_late.draw.commitment == CLOSED.commitment
    was_there = Rounds().apply(round_events.DrawOpened(room_id=ROOM, draw=DRAW))
    was_there = was_there.apply(Entered(DrawId("d1"))).join(joined)
    assert was_there.result == CLOSED
    assert was_there.draw is not None
    assert was_there.draw.commitment == DRAW.commitment, "held against what was promised then"
    assert was_there.draw.has_entered
    checked = was_there.apply(Checked(DrawId("d1"), "right"))
    assert checked.join(joined) == checked, "it is not checked twice"
    opened = room_events.RoomJoined(room=info(), role="viewer", draw=DRAW)
    assert checked.join(opened).result is None
