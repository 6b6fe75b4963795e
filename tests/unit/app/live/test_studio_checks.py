"""The pre-flight list: what the sound's line says of the microphones."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from app.errors import RelayUnreachable
from app.live.studio_checks import run_checks
from app.state.studio import StudioState
from app.state.studio_scene import StudioItem
from app.state.studio_sound import Channel, SoundFault
from wire import command_base, event_base

_Answer = TypeVar("_Answer", bound=event_base.Answer)

MICROPHONE = Channel("m", "USB Headset", is_microphone=True, peak_db=-20.0)
MUSIC = Channel("f", "song.mp3", peak_db=-20.0)


class NoRelay:
    async def request(self, _command: command_base.Command, _answer: type[_Answer]) -> _Answer:
        raise RelayUnreachable("not connected")


async def sound_of(*channels: Channel) -> tuple[str, tuple[SoundFault, ...]]:
    state = StudioState(channels=channels, items=(StudioItem("c", "camera", ""),))
    checked = await run_checks(NoRelay(), state)
    assert [name for name, _ in checked.checks] == ["picture", "sound", "encoder", "uplink"]
    assert dict(checked.checks)["picture"] == "ok"
    assert dict(checked.checks)["uplink"] == "bad"
    return dict(checked.checks)["sound"], checked.sound_faults


async def test_sound_when_a_microphone_is_heard_then_it_is_well() -> None:
    assert await sound_of(MICROPHONE) == ("ok", ())


async def test_sound_when_the_only_microphone_is_muted_then_it_is_named() -> None:
    muted = replace(MICROPHONE, is_muted=True, peak_db=-90.0)
    assert await sound_of(muted) == ("bad", (SoundFault("muted", "USB Headset"),))


async def test_sound_when_music_is_heard_then_a_muted_microphone_is_told_and_not_a_fault() -> None:
    muted = replace(MICROPHONE, is_muted=True, peak_db=-90.0)
    assert await sound_of(muted, MUSIC) == ("ok", (SoundFault("muted", "USB Headset"),))


async def test_sound_when_a_microphone_is_unplugged_then_music_does_not_hide_it() -> None:
    gone = replace(MICROPHONE, signal="no_signal", peak_db=-90.0)
    assert await sound_of(gone, MUSIC) == ("bad", (SoundFault("unplugged", "USB Headset"),))
