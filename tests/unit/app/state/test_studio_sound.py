"""Which microphone viewers would not hear, and why."""

from __future__ import annotations

from typing import Any

import pytest

from app.state.studio import StudioState
from app.state.studio_events import ChannelAdded, ChannelChanged, Checked
from app.state.studio_sound import Channel, SoundFault, find_sound_faults, is_heard

LOUD, QUIET = -20.0, -90.0


def microphone(**changes: Any) -> Channel:
    fields: dict[str, Any] = {"is_microphone": True, "peak_db": LOUD, **changes}
    return Channel("m", "USB Headset", **fields)


@pytest.mark.parametrize(
    ("channel", "is_held", "kind"),
    [
        (microphone(), False, None),
        (microphone(peak_db=QUIET), False, "silent"),
        (microphone(peak_db=QUIET, is_muted=True), False, "muted"),
        (microphone(peak_db=QUIET), True, "held"),
        (microphone(peak_db=QUIET, is_muted=True, signal="no_signal"), True, "unplugged"),
        (microphone(signal="no_signal"), False, "unplugged"),  # its meter still falls
    ],
)
def test_faults_when_a_microphone_gives_nothing_then_the_first_reason_and_its_name(
    channel: Channel, is_held: bool, kind: str | None
) -> None:
    faults = find_sound_faults([channel], is_held=is_held)
    assert [(fault.kind, fault.label) for fault in faults] == (
        [] if kind is None else [(kind, "USB Headset")]
    )


def test_faults_when_there_is_no_microphone_then_only_silence_is_one() -> None:
    music = Channel("f", "song.mp3", peak_db=LOUD)
    assert find_sound_faults([music], is_held=False) == ()
    assert find_sound_faults([], is_held=False) == (SoundFault("none"),)
    assert is_heard([music])
    assert not is_heard([microphone(peak_db=QUIET)])


def test_channel_when_its_device_is_gone_then_the_strip_shows_it_and_keeps_the_rest() -> None:
    state = StudioState().apply(ChannelAdded(microphone(gain_db=3.0)))
    state = state.apply(ChannelChanged("m", signal="no_signal"))
    assert (state.channels[0].signal, state.channels[0].gain_db) == ("no_signal", 3.0)
    state = state.apply(Checked((("sound", "bad"),), (SoundFault("unplugged", "USB Headset"),)))
    assert state.sound_faults[0].label == "USB Headset"
