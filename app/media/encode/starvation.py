"""Whether the computer or the uplink is why packets are late: pure, time is given.

Both look alike from the relay's acknowledgements. Two things tell them apart. A program that gets
no core is woken late: `look` is called every so often, and counts by how much later it is. And a
narrow link leaves its mark in the kernel, which holds what was sent and in the end takes no more,
whether programs run or not; where its queue is empty, the link took all that it was given.
"""

from __future__ import annotations

from collections import deque
from typing import Final

LATE_SHARE_MAX: Final = 0.25
"""Of a second, by which looks came late. Undisturbed it is 0.02, on a narrow link 0.17 at the most;
where the computer was why packets were late, 0.3 and more."""
WINDOW_S: Final = 1.0
HELD_MS_MIN: Final = 150.0
"""So much of the stream in the kernel is a link that is slower than the stream. Without a core the
other side's kernel still acknowledges within 130 ms."""
KEPT_S: Final = 3.0
"""What was late stays to be seen for a moment after the computer has got its breath back."""


class StarvationWatch:
    """One broadcast's. `look` every `look_s`."""

    def __init__(self, look_s: float) -> None:
        self._look_s = look_s
        self._looked_s: float | None = None
        self._late: deque[tuple[float, float]] = deque()
        """The looks of the window, and by how much each was late, in seconds."""
        self._starved_at_s = float("-inf")
        self._was_holding = False

    def forget(self) -> None:
        """Another link begins: nobody looked for a while, and that was meant; nor is what the old
        one was blamed for the new one's."""
        self._looked_s = None
        self._late.clear()
        self._starved_at_s = float("-inf")
        self._was_holding = False

    def look(
        self,
        now_s: float,
        *,
        refused_bytes: int,
        unacknowledged_bytes: int | None,
        stream_bps: int,
    ) -> bool:
        """Whether the computer is to blame for what is late now. `refused_bytes` are those that the
        kernel did not take, `unacknowledged_bytes` those that it took and the relay's has not."""
        if self._looked_s is not None:
            self._late.append((now_s, max(0.0, now_s - self._looked_s - self._look_s)))
        self._looked_s = now_s
        while self._late and self._late[0][0] <= now_s - WINDOW_S:
            self._late.popleft()
        held_ms = (unacknowledged_bytes or 0) * 8000 / stream_bps
        is_holding = refused_bytes > 0 or held_ms >= HELD_MS_MIN
        # A keyframe is held for a moment on any link: once alone is not the link's fault.
        is_link_full, self._was_holding = is_holding and self._was_holding, is_holding
        if is_link_full:
            self._starved_at_s = float("-inf")
        elif sum(late_s for _, late_s in self._late) >= LATE_SHARE_MAX * WINDOW_S:
            self._starved_at_s = now_s
        return now_s - self._starved_at_s < KEPT_S
