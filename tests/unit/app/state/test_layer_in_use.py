"""Which quality plays, and what holds it back."""

import pytest

from app.state.layer_in_use import Cause, LayerInUse
from app.state.room import QualityChosen
from tests.unit.app.state.test_room import LIVE, ROOM, TRACKS, joined
from wire import media_events, room_events
from wire.media_commands import LayerChoice

VIDEO = TRACKS[:2]
SLOW = media_events.LayerSelected(layer=0, reason="viewer_slow")
BACK = media_events.LayerSelected(layer=1, reason="recovered")
SOUND = media_events.LayerSelected(layer=0, audio_only=True, reason="viewer_slow")


@pytest.mark.parametrize(
    ("told", "wish", "saves_data", "cause"),
    [
        ([], "auto", False, ""),
        ([SLOW], "auto", False, "connection"),
        ([SLOW], 1, False, "connection"),
        ([SLOW], 0, False, ""),
        ([SLOW, BACK], "auto", False, ""),
        ([media_events.LayerSelected(layer=0, reason="viewer_busy")], "auto", False, "computer"),
        ([media_events.LayerSelected(layer=0, reason="data_saver")], "auto", True, "data_saver"),
        ([media_events.LayerSelected(layer=0, reason="chosen")], 0, False, ""),
        ([SOUND], "auto", False, "connection"),
        (
            [SLOW, media_events.LayerSelected(layer=0, reason="recovered")],
            "auto",
            False,
            "connection",
        ),
    ],
)
def test_cause_when_the_relay_moved_the_viewer_then_is_why_it_is_not_the_best(
    told: list[media_events.LayerSelected], wish: LayerChoice, saves_data: bool, cause: Cause
) -> None:
    in_use = LayerInUse(layer=1)
    for event in told:
        in_use = in_use.apply(event)
    assert in_use.explain(wish, VIDEO, saves_data=saves_data) == cause


def test_layer_when_subscribed_then_is_what_the_relay_says() -> None:
    subscribed = media_events.Subscribed(room_id=ROOM, broadcast=LIVE, layer=1, relay_unix_us=0)
    assert joined().apply(subscribed).in_use == LayerInUse(1)
    waiting = media_events.Subscribed(room_id=ROOM, broadcast=None, layer="auto", relay_unix_us=0)
    assert joined().apply(waiting).in_use == LayerInUse()


def test_stage_when_the_link_carries_only_sound_then_says_so_until_a_picture_is_back() -> None:
    state = joined().apply(SOUND)
    assert state.stage == "sound"
    assert not state.is_audio_only, "that is the user's wish"
    assert state.apply(BACK).stage == "live"
    assert state.apply(room_events.BroadcastResumed(room_id=ROOM, broadcast=LIVE)).stage == "live"


def test_sound_when_the_user_chose_it_then_nothing_holds_the_picture_back() -> None:
    chosen = media_events.LayerSelected(layer=0, audio_only=True, reason="chosen")
    state = joined().apply(QualityChosen("auto", audio_only=True)).apply(chosen)
    assert not state.in_use.is_sound_only


def test_broadcast_when_another_begins_then_nothing_is_known_of_it() -> None:
    state = joined().apply(SLOW).apply(room_events.BroadcastStarted(room_id=ROOM, broadcast=LIVE))
    assert state.in_use == LayerInUse()
