"""What the relay's acknowledgements say of the uplink: its rate and its delay. Pure: time is given.

The delay is from the moment when a packet was given to our socket to the relay's clock when it
acknowledged it. The two clocks differ by something constant, so only the excess over the smallest
delay seen lately means anything; that excess is what waits in kernels, modems and on the way.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.media_events import PublishFeedback

SENT_KEPT: Final = 4_000
"""Packets; more than a minute of pictures and sound."""
BEST_KEPT_S: Final = 30.0
"""The smallest delay of this long and as long again is the measure: routes change."""
SPAN_S_MIN: Final = 0.3
"""Acknowledgements closer than this were held up on the way; the rate is taken over more."""

PAUSE_S_MAX: Final = 0.1
"""Where nothing was to be sent for longer after a packet, the relay may have had it all that time:
so much of a pause counts as its way. Twelve pictures a second without sound are closer."""

CLOCK_SET_S: Final = 2.0
"""The clocks moved against each other by more between two acknowledgements: one was set."""


class UplinkMeter:
    """One connection's."""

    def __init__(self) -> None:
        self.heard = 0
        self.late_ms = 0.0
        self.received_bps: float | None = None
        self._sent: deque[tuple[int, float, bool]] = deque(maxlen=SENT_KEPT)
        """pts and the moment of sending, both rising, and whether nothing waited before."""
        self._is_idle = False
        self._counted: tuple[float, int] | None = None
        """The relay's clock and its count of bytes."""
        self._best_s = self._best_before_s = float("inf")
        self._best_since_s = float("-inf")
        self._offset_s: float | None = None
        """The relay's clock before ours, at the last acknowledgement."""

    def on_sent(self, pts_us: int, now_s: float) -> None:
        if not self._sent or pts_us > self._sent[-1][0]:
            self._sent.append((pts_us, now_s, self._is_idle))
        self._is_idle = False

    def on_idle(self) -> None:
        """All that was made is with the socket, which took it."""
        self._is_idle = True

    def on_feedback(self, feedback: PublishFeedback, now_s: float) -> None:
        """`now_s` is of the clock that `on_sent` was told."""
        relay_s = feedback.relay_unix_us / 1e6
        self.heard += 1
        offset_s = relay_s - now_s
        if self._offset_s is not None and abs(offset_s - self._offset_s) > CLOCK_SET_S:
            self._best_s = self._best_before_s = float("inf")
            self._counted = None
        self._offset_s = offset_s
        self._measure_rate(relay_s, feedback.bytes)
        self._measure_delay(relay_s, feedback.last_pts_us, now_s)

    def _measure_rate(self, relay_s: float, received: int) -> None:
        if self._counted is None:
            self._counted = relay_s, received
            return
        span_s = relay_s - self._counted[0]
        if span_s < 0:
            self._counted = relay_s, received  # the relay's clock was set back
        elif span_s >= SPAN_S_MIN:
            self.received_bps = (received - self._counted[1]) * 8 / span_s
            self._counted = relay_s, received

    def _measure_delay(self, relay_s: float, last_pts_us: int, now_s: float) -> None:
        while len(self._sent) > 1 and self._sent[1][0] <= last_pts_us:
            self._sent.popleft()
        if not self._sent or self._sent[0][0] > last_pts_us:
            return
        delay_s = relay_s - self._sent[0][1]
        if abs(relay_s - self._best_since_s) > BEST_KEPT_S:
            self._best_before_s, self._best_s = self._best_s, delay_s
            self._best_since_s = relay_s
        self._best_s = min(self._best_s, delay_s)
        way_s = delay_s - self._paused_s(now_s)
        self.late_ms = max(0.0, way_s - min(self._best_s, self._best_before_s)) * 1000

    def _paused_s(self, now_s: float) -> float:
        """How much of the time since the newest acknowledged packet says nothing of its way."""
        if len(self._sent) > 1:
            _, next_s, is_after_pause = self._sent[1]
        else:
            next_s, is_after_pause = now_s, self._is_idle
        pause_s = next_s - self._sent[0][1] - PAUSE_S_MAX
        return max(0.0, pause_s) if is_after_pause else 0.0
