"""How many frames one socket may send: what the library parses, it parses on the event loop.

A frame costs some 10 us whatever it holds, and 256 KB of empty ones arrive in one piece: a flood
of pings stalled every other socket by half a second, and the pongs that it never read filled the
memory. So frames are counted, and pings and pongs apart, of which an honest peer sends one in ten
seconds.
"""

from __future__ import annotations

from typing import Final

FRAMES_BURST: Final = 4_000
FRAMES_PER_S: Final = 2_000.0
"""A publisher of four layers at 60 pictures a second sends 300."""
CONTROL_FRAMES_BURST: Final = 100
CONTROL_FRAMES_PER_S: Final = 10.0


class FrameBudget:
    """Two token buckets, counted frame by frame and looked at now and then."""

    def __init__(self, now_mono_s: float) -> None:
        self._frames = float(FRAMES_BURST)
        self._control_frames = float(CONTROL_FRAMES_BURST)
        self._looked_at_s = now_mono_s

    def count(self, *, is_control: bool) -> None:
        self._frames -= 1
        if is_control:
            self._control_frames -= 1

    def is_kept(self, now_mono_s: float) -> bool:
        """False once there were too many since the last look."""
        is_kept = self._frames >= 0 and self._control_frames >= 0
        passed_s = now_mono_s - self._looked_at_s
        self._looked_at_s = now_mono_s
        self._frames = min(FRAMES_BURST, self._frames + passed_s * FRAMES_PER_S)
        self._control_frames = min(
            CONTROL_FRAMES_BURST, self._control_frames + passed_s * CONTROL_FRAMES_PER_S
        )
        return is_kept
