"""The strips of Studio's mixer, and which microphone is at fault before going live. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

HEARD_DB_MIN: Final = -60.0
"""A quiet room is louder than this in any microphone."""

FaultKind = Literal["none", "unplugged", "muted", "held", "silent"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A strip of the mixer."""

    key: str
    label: str
    is_microphone: bool = False
    address: str = ""
    """What opens it; empty for the sound of a source in the scene."""
    gain_db: float = 0.0
    is_muted: bool = False
    is_noise_suppressed: bool = False
    peak_db: float = -90.0
    rms_db: float = -90.0
    signal: str = "running"
    """As a source's: "no_signal" while the device is gone and silence goes out for it."""


@dataclass(frozen=True, slots=True)
class SoundFault:
    """A microphone that viewers would not hear."""

    kind: FaultKind
    """`none`: there is no microphone, and nothing else sounds."""
    label: str = ""
    """Its name; empty with `none`."""


def is_heard(channels: Sequence[Channel]) -> bool:
    """Whether anything sounds."""
    return any(channel.peak_db > HEARD_DB_MIN for channel in channels)


def find_sound_faults(channels: Sequence[Channel], *, is_held: bool) -> tuple[SoundFault, ...]:
    """One for each microphone that gives nothing, in the order of the mixer."""
    microphones = [channel for channel in channels if channel.is_microphone]
    if not microphones and not is_heard(channels):
        return (SoundFault("none"),)
    faults = [(channel.label, _find_fault(channel, is_held=is_held)) for channel in microphones]
    return tuple(SoundFault(kind, label) for label, kind in faults if kind is not None)


def _find_fault(channel: Channel, *, is_held: bool) -> FaultKind | None:
    """The first reason on the way from the device to the mix."""
    if channel.signal == "no_signal":
        return "unplugged"
    if channel.is_muted:
        return "muted"
    if is_held:
        return "held"
    return None if channel.peak_db > HEARD_DB_MIN else "silent"
