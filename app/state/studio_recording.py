"""The broadcast as a file on this computer: what Studio shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RecordingPhase = Literal["off", "armed", "on"]
"""armed: wanted, and begins with the broadcast."""
RecordingFault = Literal["", "disk_full", "folder", "failed"]


@dataclass(frozen=True, slots=True)
class LocalRecording:
    phase: RecordingPhase = "off"
    path: str = ""
    """Of the file that is being written, or of the last one."""
    seconds: float = 0.0
    bytes: int = 0
    fault: RecordingFault = ""
    """Why it stopped, or could not begin; empty once it is switched on again."""
    detail: str = ""
    """The system's own words for it."""


@dataclass(frozen=True, slots=True)
class RecordingMeasured:
    recording: LocalRecording
