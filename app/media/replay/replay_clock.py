"""Where a replay stands: pure, time is an argument, all in microseconds.

The clock runs by itself at the chosen speed; where sound is heard, sound leads and the clock
follows it. It never runs backwards but for `jump`.
"""

from __future__ import annotations

from typing import Final

SPEED_MIN: Final = 0.5
SPEED_MAX: Final = 2.0


class ReplayClock:
    """Stands still until `run`."""

    def __init__(self) -> None:
        self.speed = 1.0
        self.is_running = False
        self._position_us = 0
        self._at_us = 0

    def position_us(self, now_us: int) -> int:
        """The moment of the recording that is due now."""
        if not self.is_running:
            return self._position_us
        return self._position_us + int(max(0, now_us - self._at_us) * self.speed)

    def run(self, now_us: int, *, is_running: bool) -> None:
        self._position_us = self.position_us(now_us)
        self._at_us = now_us
        self.is_running = is_running

    def jump(self, position_us: int, now_us: int) -> None:
        """To another moment; it runs on, or stands there."""
        self._position_us, self._at_us = position_us, now_us

    def choose_speed(self, speed: float, now_us: int) -> None:
        """Kept within what sound can be played at."""
        self._position_us = self.position_us(now_us)
        self._at_us = now_us
        self.speed = min(max(speed, SPEED_MIN), SPEED_MAX)

    def follow(self, heard_us: int, now_us: int) -> int:
        """This moment is heard now; returns where the replay stands, never before where it was."""
        self._position_us = max(heard_us, self._position_us)
        self._at_us = now_us
        return self._position_us
