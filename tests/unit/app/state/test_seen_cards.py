"""A card counts as seen after a second on the screen, once a visit, with where it stood."""

from __future__ import annotations

from app.state.seen_cards import SeenCards, ShownCard
from wire.ids import ReplayId, RoomId

A, B = (ShownCard(RoomId(name), place, "popular") for place, name in enumerate("ab"))


def test_card_when_on_the_screen_for_a_second_then_seen_once() -> None:
    state, seen = SeenCards().look(0.0, [A])
    assert seen == ()
    state, seen = state.look(0.9)
    assert seen == ()
    state, seen = state.look(1.0)
    assert seen == (A,)
    state, seen = state.look(9.0)
    assert seen == ()


def test_card_when_scrolled_past_then_not_seen_and_its_second_begins_anew() -> None:
    state, _ = SeenCards().look(0.0, [A, B])
    state, seen = state.look(0.5, [B])
    assert seen == ()
    state, seen = state.look(1.2, [A, B])
    assert seen == (B,)
    state, seen = state.look(2.0, ())
    assert seen == (), "0.8 s since it came back"


def test_card_when_it_leaves_after_a_second_then_it_was_seen() -> None:
    state, _ = SeenCards().look(0.0, [A])
    state, seen = state.look(3.0, ())
    assert seen == (A,)
    assert state.cards == ()


def test_card_when_its_place_changes_then_its_second_goes_on() -> None:
    moved = ShownCard(A.room_id, 7, "watched")
    state, _ = SeenCards().look(0.0, [A])
    state, _ = state.look(0.6, [moved])
    _, seen = state.look(1.1)
    assert seen == (moved,)


def test_card_when_of_a_recording_then_it_is_another_than_its_room_and_others_of_it() -> None:
    recorded = [ShownCard(A.room_id, 0, "recent", ReplayId(name)) for name in ("v1", "v2")]
    state, _ = SeenCards().look(0.0, [A, *recorded])
    state, seen = state.look(1.0)
    assert seen == (A, *recorded)
    _, seen = state.look(9.0)
    assert seen == ()
