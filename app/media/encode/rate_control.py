"""How many bits a second the pictures may take, from how the uplink fares. Pure: time is given.

After OBS's dynamic bitrate: pictures that wait longer than QUEUED_MS_MAX mean that the link is too
narrow; the rate then becomes what the relay was measured to take, less the sound, and less what is
needed to empty the queue soon. While all is calm it rises by a tenth of the user's rate every
STEP_S, never above that rate. Sound is not touched.

Two things are added to OBS's rule, both because the kernel, a modem or a bottleneck further on may
hold far more than our own queue: packets that arrive late at the relay count as queued too, and a
rise that failed soon is tried again only after a longer wait.

A computer without a core to spare makes packets late on any link (`starvation`): then fewer bits
help nobody, and the rate stays.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Final, Literal

QUEUED_MS_MAX: Final = 200.0
"""OBS's trigger, of what waits in our own queue."""
LATE_MS_MAX: Final = 300.0
"""More than at the best, from the socket to the relay. Radio links jitter by 200 ms for nothing."""
LATE_MS_BAD: Final = 600.0
"""One such look is enough."""
CALM_QUEUED_MS: Final = 100.0
CALM_LATE_MS: Final = 200.0
STEP_S: Final = 4.0
STEP_S_MAX: Final = 12.0
"""After rises that failed. Ten steps and this wait stay within the minute that is promised."""
STEP_SHARE: Final = 0.1
"""Of the user's rate."""
HOLD_S: Final = 0.5
"""Between two cuts: two acknowledgements. The first cut may have gone by a measurement that began
when the link was still wide."""
USED_SHARE: Final = 0.9
"""Of the measured rate: pictures do not come in even sizes."""
DRAIN_S: Final = 3.0
"""How soon the queue is to be empty."""
FULL_RATES_MIN: Final = 3
FULL_RATES_KEPT: Final = 8
STOOD_STILL_S: Final = 1.0
"""Not asked for so long: this program stood still, and what waits says nothing of the link."""

RateReason = Literal["start", "uplink_narrow", "uplink_drained", "uplink_calm", "cap_changed"]


@dataclass(frozen=True, slots=True)
class Uplink:
    """One look at the uplink."""

    queued_ms: float
    """The span of pictures that wait in our own queue."""
    queued_bytes: int
    late_ms: float = 0.0
    """How much longer than at the best the newest acknowledged packet took from our socket on."""
    received_bps: float | None = None
    """What the relay took lately, sound included; None while unknown."""
    heard: int = 0
    """Counts the relay's acknowledgements: each is judged once."""
    is_starved: bool = False
    """Whether this computer is why things are late, and not the link."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The pictures' rate from now on, and why."""

    at_s: float
    bit_rate_bps: int
    reason: RateReason
    steady_bps: int
    """What the rate will be when the queue is empty again; else the same."""
    queued_ms: float = 0.0
    """What was seen."""
    late_ms: float = 0.0
    received_bps: float | None = None


class RateController:
    """One broadcast's. `observe` about ten times a second; each change is a Decision."""

    def __init__(self, *, cap_bps: int, least_bps: int, audio_bps: int) -> None:
        """`cap_bps` is what the user chose for all pictures together, `least_bps` what they take
        at the worst."""
        self.cap_bps = cap_bps
        self.bit_rate_bps = cap_bps
        self.reason: RateReason = "start"
        self._least_bps = min(least_bps, cap_bps)
        self._audio_bps = audio_bps
        self._link_bps: float | None = None
        """What the narrow link was measured to carry; None while it is not narrow."""
        self._full_rates: list[float] = []
        """What the relay took while the narrow link was full, one for each acknowledgement."""
        self._observed_at_s: float | None = None
        self._heard = 0
        self._queued_seen = self._late_seen = 0
        """Looks in a row that were bad: one alone may be our own thread that was late."""
        self._cut_at_s = self._rose_at_s = -1e9
        self._calm_since_s: float | None = None
        self._step_s = STEP_S
        self.starved = 0
        """Looks that were bad and not the link's fault."""

    @property
    def is_narrowed(self) -> bool:
        """Whether the uplink is why the rate is below the user's."""
        return self.bit_rate_bps < self.cap_bps

    def change_cap(self, now_s: float, cap_bps: int, least_bps: int) -> Decision | None:
        """Other layers are to be sent than before."""
        was_narrowed = self.is_narrowed
        self.cap_bps, self._least_bps = cap_bps, min(least_bps, cap_bps)
        wanted = min(self.bit_rate_bps, cap_bps) if was_narrowed else cap_bps
        return self._change(now_s, wanted, "cap_changed", None)

    def forget(self) -> None:
        """The link was cut: what was seen of the old one says nothing of the new one."""
        self._observed_at_s = self._calm_since_s = self._link_bps = None
        self._full_rates.clear()
        self._queued_seen = self._late_seen = 0

    def observe(self, now_s: float, uplink: Uplink) -> Decision | None:
        if self._observed_at_s is None or now_s - self._observed_at_s > STOOD_STILL_S:
            self.forget()
            self._observed_at_s, self._heard = now_s, uplink.heard
            return None
        self._observed_at_s = now_s
        is_calm = uplink.queued_ms < CALM_QUEUED_MS and uplink.late_ms < CALM_LATE_MS
        self._count(uplink, is_calm=is_calm)
        is_narrow = self._queued_seen >= 2 or self._late_seen >= 2
        if not is_calm:
            self._calm_since_s = None
        elif self._calm_since_s is None:
            self._calm_since_s = now_s
        if is_narrow and uplink.is_starved:
            self.starved += 1
            return None
        if is_narrow:
            return self._cut(now_s, uplink)
        if is_calm:
            return self._rise(now_s, uplink)
        return None

    def _count(self, uplink: Uplink, *, is_calm: bool) -> None:
        self._queued_seen = self._queued_seen + 1 if uplink.queued_ms > QUEUED_MS_MAX else 0
        if uplink.heard != self._heard:
            self._heard = uplink.heard
            self._late_seen = self._late_seen + 1 if uplink.late_ms > LATE_MS_MAX else 0
            if uplink.late_ms > LATE_MS_BAD:
                self._late_seen += 1
            if self._link_bps is not None and not is_calm and uplink.received_bps is not None:
                self._full_rates.append(uplink.received_bps)

    def _cut(self, now_s: float, uplink: Uplink) -> Decision | None:
        if now_s - self._cut_at_s < HOLD_S:
            return None
        measured_bps = self._measured_bps(uplink)
        steady = measured_bps * USED_SHARE - self._audio_bps
        waiting_bits = uplink.queued_bytes * 8 + uplink.late_ms / 1000 * measured_bps
        wanted = steady - waiting_bits / DRAIN_S
        if wanted >= self.bit_rate_bps:
            return None  # the relay takes more than is made: the queue empties by itself
        if self._link_bps is None and self._rose_at_s > self._cut_at_s:
            self._step_s = min(self._step_s * 2, STEP_S_MAX)
        self._link_bps = measured_bps
        self._cut_at_s = now_s
        return self._change(
            now_s, int(wanted), "uplink_narrow", uplink, min(int(steady), self.bit_rate_bps)
        )

    def _measured_bps(self, uplink: Uplink) -> float:
        """Of a full link the median: one acknowledgement covers too little to be exact, and some
        are of before the link was full, or after it."""
        if len(self._full_rates) >= FULL_RATES_MIN:
            return statistics.median(self._full_rates[-FULL_RATES_KEPT:])
        if uplink.received_bps is not None:
            return uplink.received_bps
        return (self.bit_rate_bps + self._audio_bps) / 2

    def _rise(self, now_s: float, uplink: Uplink) -> Decision | None:
        if not self.is_narrowed:
            self._link_bps, self._step_s = None, STEP_S
            return None
        if self._link_bps is not None:
            # Cut deeper than the link asks for, to empty the queue: that is done now.
            is_known = len(self._full_rates) >= FULL_RATES_MIN
            link_bps = self._measured_bps(uplink) if is_known else self._link_bps
            steady = min(self.cap_bps, int(link_bps * USED_SHARE) - self._audio_bps)
            self._link_bps = None
            self._full_rates.clear()
            self._calm_since_s = now_s
            return self._change(now_s, max(self.bit_rate_bps, steady), "uplink_drained", uplink)
        since_s = max(self._calm_since_s or now_s, self._rose_at_s)
        if now_s - since_s < self._step_s:
            return None
        if self._rose_at_s > self._cut_at_s:
            self._step_s = STEP_S  # the rise before this one held
        self._rose_at_s = now_s
        wanted = min(self.cap_bps, self.bit_rate_bps + int(self.cap_bps * STEP_SHARE))
        return self._change(now_s, wanted, "uplink_calm", uplink)

    def _change(
        self,
        now_s: float,
        bit_rate_bps: int,
        reason: RateReason,
        uplink: Uplink | None,
        steady_bps: int = 0,
    ) -> Decision | None:
        bit_rate_bps = max(bit_rate_bps, self._least_bps)
        if bit_rate_bps == self.bit_rate_bps:
            return None
        self.bit_rate_bps, self.reason = bit_rate_bps, reason
        steady_bps = max(bit_rate_bps, steady_bps)
        if uplink is None:
            return Decision(now_s, bit_rate_bps, reason, steady_bps)
        return Decision(
            round(now_s, 2),
            bit_rate_bps,
            reason,
            steady_bps,
            uplink.queued_ms,
            uplink.late_ms,
            uplink.received_bps,
        )
