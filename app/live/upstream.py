"""Keeps a broadcast within what the uplink takes and what this machine can encode.

Looks at the send buffer and the relay's acknowledgements ten times a second, decides by
`rate_control`, `layer_plan` and `cpu_budget` (all pure), and tells the pipeline. Sound is never
touched, and the user's own rates are never exceeded.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.media.encode.cpu_budget import CpuBudget
from app.media.encode.layer_plan import LayerRun, cap_bps, least_bps, plan_layers
from app.media.encode.opus_encoder import BIT_RATE_BPS
from app.media.encode.rate_control import Decision, RateController, RateReason, Uplink
from app.media.encode.starvation import StarvationWatch

if TYPE_CHECKING:
    from app.media.encode.layers import LayerSpec
    from app.media.publishing import PublishPipeline
    from app.net.publish_client import PublishClient
    from app.net.uplink_stats import PublishLinkStats

LOOK_S: Final = 0.1
CPU_LOOK_S: Final = 1.0
DECISIONS_KEPT: Final = 200
LATE_QUEUE_S: Final = 0.5
"""Pictures that wait and would take the narrow link so long are not sent: the ones after them would
be late by as much."""
STARVED_TOLD_S: Final = 30.0
"""So long after the last time it counts as over, and the next one is told again."""
COURSE_S: Final = 0.5
COURSE_KEPT: Final = 1_200
"""Ten minutes."""


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """The worst of half a second."""

    at_s: float
    queued_ms: float
    late_ms: float
    bit_rate_bps: int
    """What the pictures may take."""
    received_bps: float | None
    height: int
    """Of the best layer, and how many there are."""
    layers: int


@dataclass(frozen=True, slots=True)
class UpstreamStatus:
    """What is sent now, and why it is not all that the user chose."""

    cap_bps: int
    """The user's rates together, of the layers that this machine encodes."""
    bit_rate_bps: int
    """What the pictures may take now."""
    reason: RateReason
    """Why it is that, as of the last decision."""
    link_bps: float | None
    """What the uplink took when it was last found too narrow."""
    layers: tuple[LayerRun, ...]
    layers_chosen: int
    is_cpu_short: bool
    """Whether layers are left out because encoders were too slow."""
    narrowed: int
    """How often the rate was lowered."""
    decisions: tuple[Decision, ...]
    """The last ones, their times in seconds from `began_unix_us` on."""
    course: tuple[CoursePoint, ...]
    began_unix_us: int
    is_starved: bool = False
    """Whether this computer is too busy for the broadcast to be in time; the uplink is not why."""

    @property
    def is_narrowed(self) -> bool:
        return self.bit_rate_bps < self.cap_bps


class Upstream:
    """One broadcast's; its owner calls `look` every LOOK_S, on the loop."""

    def __init__(
        self,
        pipeline: PublishPipeline,
        client: PublishClient,
        specs: Sequence[LayerSpec],
        *,
        has_sound: bool,
        follows_machine: bool,
        on_notice: Callable[[str], None],
    ) -> None:
        """The pipeline is open. Without `follows_machine` no layer goes because encoders are slow:
        the user named the layers."""
        self._pipeline = pipeline
        self._client = client
        self._on_notice = on_notice
        self._follows_machine = follows_machine
        self._specs = tuple(specs)
        self._cpu = CpuBudget(specs)
        self._frame_rate = pipeline.frame_rate
        self._runs = pipeline.runs
        self._audio_bps = BIT_RATE_BPS if has_sound else 0
        self._rate = RateController(
            cap_bps=cap_bps(specs),
            least_bps=least_bps(specs, self._frame_rate),
            audio_bps=self._audio_bps,
        )
        self._decisions: deque[Decision] = deque(maxlen=DECISIONS_KEPT)
        self._steady_bps = 0
        self._narrowed = 0
        self._link_bps: float | None = None
        self._course: deque[CoursePoint] = deque(maxlen=COURSE_KEPT)
        self._worst = (0.0, 0.0)
        self._began_s: float | None = None
        self._began_unix_us = 0
        self._cpu_looked_s = 0.0
        self._starvation = StarvationWatch(LOOK_S)
        self._is_starved = False
        self._starved_seen = 0
        self._starved_at_s = float("-inf")

    def look(self, now_s: float, *, is_connected: bool) -> None:
        if self._began_s is None:
            self._began_s = now_s
            self._began_unix_us = time.time_ns() // 1000
        now_s -= self._began_s
        if not is_connected:
            self._rate.forget()
            self._starvation.forget()
            self._is_starved = False
            return
        link = self._client.stats()
        self._note(now_s, link)
        self._is_starved = self._look_at_machine(now_s)
        decision = self._rate.observe(
            now_s,
            Uplink(
                queued_ms=link.queued_ms,
                queued_bytes=link.queued_bytes,
                late_ms=link.late_ms,
                received_bps=link.received_bps,
                heard=link.heard,
                is_starved=self._is_starved,
            ),
        )
        self._tell_starved(now_s)
        if decision is not None:
            self._take(decision)
        if self._follows_machine and now_s - self._cpu_looked_s >= CPU_LOOK_S:
            self._cpu_looked_s = now_s
            self._look_at_encoders(now_s)

    def status(self) -> UpstreamStatus:
        """Any thread."""
        return UpstreamStatus(
            cap_bps=self._rate.cap_bps,
            bit_rate_bps=self._rate.bit_rate_bps,
            reason=self._rate.reason,
            link_bps=self._link_bps,
            layers=self._runs,
            layers_chosen=len(self._specs),
            is_cpu_short=not self._cpu.is_whole,
            narrowed=self._narrowed,
            decisions=tuple(self._decisions.copy()),
            course=tuple(self._course.copy()),
            began_unix_us=self._began_unix_us,
            is_starved=self._is_starved,
        )

    def _look_at_machine(self, now_s: float) -> bool:
        fill = self._client.socket_fill()
        return self._starvation.look(
            now_s,
            refused_bytes=fill.refused_bytes,
            unacknowledged_bytes=fill.unacknowledged_bytes,
            stream_bps=self._rate.bit_rate_bps + self._audio_bps,
        )

    def _tell_starved(self, now_s: float) -> None:
        if self._rate.starved == self._starved_seen:
            return
        self._starved_seen = self._rate.starved
        if now_s - self._starved_at_s >= STARVED_TOLD_S:
            self._on_notice(
                "this computer is too busy to send in time: close other programs; fewer sources, a "
                "smaller picture or a hardware encoder help"
            )
        self._starved_at_s = now_s

    def _note(self, now_s: float, link: PublishLinkStats) -> None:
        self._worst = max(self._worst[0], link.queued_ms), max(self._worst[1], link.late_ms)
        if self._course and now_s - self._course[-1].at_s < COURSE_S:
            return
        self._course.append(
            CoursePoint(
                round(now_s, 2),
                *self._worst,
                self._rate.bit_rate_bps,
                link.received_bps,
                self._runs[-1].height,
                len(self._runs),
            )
        )
        self._worst = (0.0, 0.0)

    def _look_at_encoders(self, now_s: float) -> None:
        stats = self._pipeline.stats()
        dropped = stats.frames_dropped["encoder_slow"]
        was_whole = self._cpu.is_whole
        if not self._cpu.observe(now_s, frames=stats.frames_captured, dropped=dropped):
            return
        specs = self._cpu.specs
        if was_whole:
            self._on_notice("the encoders are too slow: fewer qualities are sent")
        elif self._cpu.is_whole:
            self._on_notice("all qualities are sent again")
        decision = self._rate.change_cap(now_s, cap_bps(specs), least_bps(specs, self._frame_rate))
        if decision is not None:
            self._take(decision)
        else:
            self._plan()

    def _take(self, decision: Decision) -> None:
        self._decisions.append(decision)
        self._steady_bps = decision.steady_bps
        if decision.reason == "uplink_narrow":
            self._narrowed += 1
            self._link_bps = decision.received_bps
        self._plan()
        if decision.reason == "uplink_narrow":
            self._shorten_queue(decision)
        self._tell(decision)

    def _shorten_queue(self, decision: Decision) -> None:
        waiting_bits = self._client.stats().queued_bytes * 8
        if decision.received_bps and waiting_bits > LATE_QUEUE_S * decision.received_bps:
            self._client.drop_pictures()
            self._pipeline.request_keyframe()

    def _plan(self) -> None:
        runs = plan_layers(
            self._rate.bit_rate_bps,
            self._cpu.specs,
            frame_rate=self._frame_rate,
            before=self._runs,
            steady_bps=self._steady_bps,
        )
        if runs != self._runs:
            self._runs = runs
            self._pipeline.change_layers(runs)

    def _tell(self, decision: Decision) -> None:
        rates = f"{decision.bit_rate_bps // 1000} of {self._rate.cap_bps // 1000} kbit/s"
        if decision.reason == "uplink_narrow":
            self._on_notice(f"the uplink is too narrow: the picture gets {rates}")
        elif not self._rate.is_narrowed and decision.reason != "cap_changed":
            self._on_notice("the uplink is wide enough again: the picture is as chosen")
