from __future__ import annotations

from dataclasses import replace

import pytest

from app.state.room import (
    MESSAGES_MAX,
    Joined,
    JoinRefused,
    LinkChanged,
    Measured,
    Opened,
    QualityChosen,
    RoomState,
    SendBegun,
    SendEnded,
    SoundRouted,
    Statistics,
)
from wire import event_base, room_events
from wire.errors import ErrorCode
from wire.ids import BroadcastId, MessageId, RoomId, UserId
from wire.tracks import TrackInfo

ROOM = RoomId("r1")
TRACKS = (
    TrackInfo(kind="video", codec="h264", layer=0, width=640, height=360, frame_rate=30),
    TrackInfo(kind="video", codec="h264", layer=1, width=1280, height=720, frame_rate=30),
    TrackInfo(kind="audio", codec="opus", sample_rate_hz=48000, channels=2),
)
LIVE = event_base.BroadcastInfo(
    broadcast_id=BroadcastId("b1"), started_at_unix_us=0, state="live", tracks=TRACKS
)


def info(broadcast: event_base.BroadcastInfo | None = LIVE) -> event_base.RoomInfo:
    owner = event_base.UserInfo(user_id=UserId("u1"), name="ann")
    return event_base.RoomInfo(room_id=ROOM, name="home", owner=owner, broadcast=broadcast)


def posted(number: int, *, room_id: RoomId = ROOM) -> event_base.DanmakuPosted:
    return event_base.DanmakuPosted(
        room_id=room_id,
        message_id=MessageId(f"m{number:06}"),
        user_id=UserId("u2"),
        name="bob",
        role="viewer",
        text=f"text {number}",
        sent_at_unix_ms=number,
    )


def joined(broadcast: event_base.BroadcastInfo | None = LIVE) -> RoomState:
    answer = room_events.RoomJoined(room=info(broadcast), role="viewer", messages=(posted(1),))
    return (
        RoomState()
        .apply(Opened(ROOM))
        .apply(Joined(answer))
        .apply(LinkChanged("connected"))
        .apply(Measured(Statistics(has_packets=True)))
    )


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (RoomState(), "empty"),
        (RoomState().apply(Opened(ROOM)), "joining"),
        (
            RoomState().apply(Opened(ROOM)).apply(JoinRefused(ErrorCode.NOT_FOUND, "gone")),
            "refused",
        ),
        (joined(None), "offline"),
        (joined(), "live"),
        (joined().apply(Measured(Statistics())), "starting"),
        (joined().apply(QualityChosen("auto", audio_only=True)), "sound"),
        (joined().apply(LinkChanged("waiting")), "cut"),
        (joined().apply(LinkChanged("waiting")).apply(LinkChanged("connecting")), "cut"),
        (joined().apply(LinkChanged("waiting")).apply(LinkChanged("connected")), "live"),
        (
            joined().apply(room_events.BroadcastAway(room_id=ROOM, broadcast_id=BroadcastId("b1"))),
            "away",
        ),
        (
            joined().apply(
                room_events.BroadcastEnded(
                    room_id=ROOM, broadcast_id=BroadcastId("b1"), reason="ended"
                )
            ),
            "ended",
        ),
    ],
)
def test_stage_shows_what_happened(state: RoomState, stage: str) -> None:
    assert state.stage == stage


def test_host_that_comes_back_is_live_again() -> None:
    away = joined().apply(room_events.BroadcastAway(room_id=ROOM, broadcast_id=BroadcastId("b1")))
    assert away.apply(room_events.BroadcastResumed(room_id=ROOM, broadcast=LIVE)).stage == "live"


def test_layers_are_offered_best_first() -> None:
    assert [track.height for track in joined().video_tracks] == [720, 360]


def test_chat_keeps_the_newest_thousand_each_once() -> None:
    state = joined()
    for number in range(2, MESSAGES_MAX + 52):
        state = state.apply(posted(number)).apply(posted(number))
    assert len(state.messages) == MESSAGES_MAX
    assert state.messages[-1].text == f"text {MESSAGES_MAX + 51}"


def test_joining_again_after_a_cut_keeps_what_was_said() -> None:
    state = joined().apply(posted(2))
    again = room_events.RoomJoined(room=info(), role="viewer", messages=(posted(2), posted(3)))
    texts = [message.text for message in state.apply(Joined(again)).messages]
    assert texts == ["text 1", "text 2", "text 3"]


def test_another_rooms_events_change_nothing() -> None:
    state = joined()
    assert state.apply(posted(9, room_id=RoomId("r2"))) is state


def test_refused_text_is_known_until_the_next_try() -> None:
    state = joined().apply(SendBegun("hello"))
    assert not state.can_send
    refused = state.apply(SendEnded(ErrorCode.RATE_LIMITED, "slow down", 5000))
    assert refused.can_send
    assert refused.send_refusal is not None
    assert refused.apply(SendBegun("hello")).send_refusal is None


def test_guests_cannot_write() -> None:
    assert not replace(joined(), role="guest").can_send


def test_opening_another_room_keeps_volume_and_delay() -> None:
    state = replace(joined(), volume=0.4, delay_ms=900).apply(Opened(RoomId("r2")))
    assert (state.volume, state.delay_ms, state.messages) == (0.4, 900, ())


@pytest.mark.parametrize(
    ("routed", "missing", "replaced"),
    [
        (SoundRouted("chosen", "Headset"), "", ""),
        (SoundRouted("default", "Headset", "gone"), "", "Headset"),
        (SoundRouted("silent", "Headset", "no device"), "no device", ""),
        (SoundRouted("silent"), "no output", ""),
    ],
)
def test_sound_when_its_output_changes_then_the_page_knows_where_it_goes(
    routed: SoundRouted, missing: str, replaced: str
) -> None:
    before = RoomState(sound_missing="before", sound_replaced="before")
    after = before.apply(routed)
    assert (after.sound_missing, after.sound_replaced) == (missing, replaced)
