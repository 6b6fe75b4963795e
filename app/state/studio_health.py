"""How a broadcast fares, and who is to blame: pure, from figures that others measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

QUEUED_BAD_MS: Final = 200.0
ROUND_TRIP_BAD_MS: Final = 400.0
UNACKNOWLEDGED_BAD_MS: Final = 1_500.0
LATE_BAD_MS: Final = 300.0
COMPOSE_BAD_MS: Final = 30.0
ENCODE_BAD_MS: Final = 30.0
"""A picture lasts 33 ms."""

Culprit = Literal[
    "none", "not_live", "starting", "uplink", "encoder", "scene", "source", "relay", "sound",
    "busy", "away", "narrow", "widening", "machine",
]  # fmt: skip
"""The last three are no faults, but less than the user chose: because the uplink is narrow, or was,
or because this computer cannot encode all qualities."""
Severity = Literal["idle", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals since the broadcast began, and what is so now."""

    elapsed_s: float = 0.0
    viewers: int = 0
    fps: float = 0.0
    bit_rate_kbps: float = 0.0
    bytes_sent: int = 0
    round_trip_ms: float = 0.0
    queued_ms: float = 0.0
    late_ms: float = 0.0
    """How much longer than at the best packets take to the relay."""
    unacknowledged_ms: float = 0.0
    encode_ms: float = 0.0
    compose_ms: float = 0.0
    dropped_uplink: int = 0
    dropped_encoder: int = 0
    dropped_scene: int = 0
    audio_blocks_lost: int = 0
    sources_lost: tuple[str, ...] = ()
    reconnects: int = 0
    cap_kbps: float = 0.0
    """The user's rates of all qualities together."""
    allowed_kbps: float = 0.0
    """What the pictures may take now: less where the uplink is narrow."""
    is_widening: bool = False
    """Whether the rate was last raised."""
    height: int = 0
    """Of the best quality that is sent."""
    qualities: int = 0
    qualities_chosen: int = 0
    is_machine_short: bool = False
    """Whether qualities are left out because the encoders are too slow."""
    is_starved: bool = False
    """Whether this computer, and not the uplink, is why something is late."""

    @property
    def is_lowered(self) -> bool:
        return self.allowed_kbps < self.cap_kbps

    @property
    def dropped(self) -> int:
        return self.dropped_uplink + self.dropped_encoder + self.dropped_scene


@dataclass(frozen=True, slots=True)
class Health:
    severity: Severity = "idle"
    culprit: Culprit = "not_live"
    detail: str = ""
    """A source's name."""
    figures: tuple[tuple[str, float], ...] = ()
    """What the sentence tells, by name."""


def judge(now: Figures, before: Figures, phase: str) -> Health:
    """One culprit: the first on the way from the source to the relay's answer that is at fault.

    A slow uplink also fills queues behind it, never before it, so the first fault explains the
    others. A relay that takes packets and acknowledges them late is told from an uplink that does
    not take them, and both from a computer that is too busy to send, to read or to answer.
    """
    resting: dict[str, Health] = {
        "preview": Health(),
        "waiting": Health("bad", "away"),
        "starting": Health("idle", "starting"),
        "ending": Health("idle", "starting"),
    }
    if phase in resting:
        return resting[phase]
    if now.reconnects != before.reconnects:
        # What found no link was left out too: that says nothing of the uplink's width.
        before = replace(before, dropped_uplink=now.dropped_uplink)
    culprit = next((name for name, is_bad in _faults(now, before) if is_bad), None)
    if culprit is None:
        return _judge_quality(now)
    return Health("bad", culprit, now.sources_lost[0] if culprit == "source" else "")


def _judge_quality(now: Figures) -> Health:
    """Nothing is at fault; but is it all that the user chose?"""
    if now.is_lowered:
        culprit: Culprit = "widening" if now.is_widening else "narrow"
        told = (
            ("rate", now.allowed_kbps),
            ("cap", now.cap_kbps),
            ("height", float(now.height)),
        )
        return Health("warn", culprit, figures=told)
    if now.is_machine_short:
        counts = (("sent", float(now.qualities)), ("chosen", float(now.qualities_chosen)))
        return Health("warn", "machine", figures=counts)
    return Health("good", "none")


def _faults(now: Figures, before: Figures) -> tuple[tuple[Culprit, bool], ...]:
    is_refused = now.dropped_uplink > before.dropped_uplink or now.queued_ms > QUEUED_BAD_MS
    is_far = now.round_trip_ms > ROUND_TRIP_BAD_MS
    is_unheard = now.unacknowledged_ms > UNACKNOWLEDGED_BAD_MS
    is_late = is_refused or is_far or is_unheard or now.late_ms > LATE_BAD_MS
    return (
        ("source", bool(now.sources_lost)),
        ("busy", now.is_starved and is_late),
        ("scene", now.dropped_scene > before.dropped_scene or now.compose_ms > COMPOSE_BAD_MS),
        ("encoder", now.dropped_encoder > before.dropped_encoder or now.encode_ms > ENCODE_BAD_MS),
        ("sound", now.audio_blocks_lost > before.audio_blocks_lost),
        ("uplink", is_refused or is_far),
        ("relay", is_unheard),
    )
