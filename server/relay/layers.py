"""Which layer a subscriber gets. Pure: time is an argument.

Down at once: a link that lost pictures moves to the best layer that fits what its socket
drained, else one layer down; when even the lowest does not fit, to sound alone. A viewer whose
decoder cannot keep up goes down as well. Up one layer at a time, after CALM_S without trouble, and
twice as late after each climb that failed soon. What a link was seen to carry is believed for
TRUST_S: a layer that needs more is not tried before.

A layer that the user chose stays through lags until it cannot (PIN_LAGS within PIN_WINDOW_S); from
then on it is only the highest that is tried. Data saving bounds "auto" alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from wire.media_commands import LayerChoice, Report
    from wire.tracks import TrackInfo

CALM_S: Final = 10.0
CALM_S_MAX: Final = 160.0
FAILED_CLIMB_S: Final = 8.0
"""A lag this soon after a climb means that the climb was the cause."""
SETTLE_S: Final = 6.0
"""So long after a step down a lag may still be of what was sent before it."""
TRUST_S: Final = 60.0
TRUST_S_FAR: Final = 120.0
"""Where a layer needs more than twice of it."""
STANDING_BPS: Final = 32_000
"""A link that drained less stood still: that says nothing of what it carries."""
PIN_LAGS: Final = 3
PIN_WINDOW_S: Final = 30.0
LOWEST_LAGS: Final = 2
LOWEST_LAGS_UNMEASURED: Final = 3
LOWEST_WINDOW_S: Final = 15.0
"""So many lags within it on the lowest layer, and only sound is left."""
HEADROOM: Final = 1.1
"""What a link has to carry beyond what a layer takes; the lowest has none: better a tight picture
than none."""
ROUGHLY: Final = 1.2
DATA_SAVER_BPS: Final = 1_000_000
STALLS_MAX: Final = 2
REPORTS_WINDOW_S: Final = 10.0
BUSY_SHARE: Final = 0.9
"""Of a picture's time that decoding it may take."""
DROPPED_SHARE: Final = 0.25
BUSY_FRAMES_MIN: Final = 8
"""Fewer between two reports say nothing."""
BUSY_REPORTS: Final = 3
"""So many in a row: one slow second is nothing."""

SOUND: Final = -1
"""In what is measured for each layer."""

Ladder = Mapping[int, int]
"""The layers that are, each with the bits a second that it takes with the sound; 0: unknown."""

MoveReason = Literal["chosen", "viewer_slow", "viewer_busy", "recovered", "data_saver"]


class Move(NamedTuple):
    layer: int | None
    """None: sound alone."""
    reason: MoveReason


def nearest_layer(layers: Collection[int], wish: int) -> int:
    """The layer that exists and is nearest below the wish, else the lowest."""
    below = [layer for layer in layers if layer <= wish]
    return max(below) if below else min(layers)


def make_ladder(tracks: Collection[TrackInfo], measured_bps: Mapping[int, float]) -> Ladder:
    """What each layer takes with the sound: what was announced, or what came where that is more.

    What came as sound is measured as SOUND.
    """
    sound_bps = round(measured_bps.get(SOUND, 0))
    for track in tracks:
        if track.kind == "audio":
            sound_bps = max(sound_bps, track.bit_rate_bps)
    return {
        track.layer: max(track.bit_rate_bps, round(measured_bps.get(track.layer, 0))) + sound_bps
        for track in tracks
        if track.kind == "video"
    }


def best_fit(ladder: Ladder, bps: float) -> int:
    """The highest layer that a link of so many bits a second carries, or the lowest."""
    fitting = [layer for layer in ladder if _need_bps(ladder, layer) <= bps]
    return max(fitting) if fitting else min(ladder)


def saving_layer(ladder: Ladder) -> int:
    """The highest layer for someone who saves data."""
    fitting = [layer for layer, bps in ladder.items() if 0 < bps <= DATA_SAVER_BPS]
    return max(fitting) if fitting else min(ladder)


@dataclass
class LayerChooser:
    """The choice of one subscriber. `current` is what it is sent; None while nothing is live."""

    wish: LayerChoice = "auto"
    saves_data: bool = False
    current: int | None = None
    is_sound_only: bool = False
    """By the link's doing: the user wants pictures."""
    has_lost_pin: bool = False
    """The layer that the user chose could not be held."""
    _calm_since_s: float = 0.0
    _climbed_at_s: float = -1e9
    _stepped_down_at_s: float = -1e9
    _calm_s: float = CALM_S
    _carried_bps: float = 0.0
    _carried_at_s: float = -1e9
    _lags_s: list[float] = field(default_factory=list)
    _reports: list[tuple[float, Report]] = field(default_factory=list)
    _busy_reports: int = 0

    def start(self, ladder: Ladder, now_s: float) -> int:
        """The layer to begin with: the wish, or the best that the link is known to carry."""
        self._calm_since_s = now_s
        self.is_sound_only = False
        self._lags_s.clear()
        layer = self._ceiling(ladder)
        if (self.wish == "auto" or self.has_lost_pin) and self._knows_link(now_s):
            layer = min(layer, best_fit(ladder, self._carried_bps))
        self.current = layer
        return layer

    def choose(
        self, wish: LayerChoice, ladder: Ladder, now_s: float, *, saves_data: bool = False
    ) -> Move | None:
        """The user chose. None when nothing changes."""
        began_saving = saves_data and not self.saves_data
        self.wish, self.saves_data = wish, saves_data
        self.has_lost_pin = False
        self._lags_s.clear()
        self._calm_since_s = now_s
        if not ladder or self.current is None:
            return None
        if wish == "auto":
            target = min(self.current, self._ceiling(ladder))
            reason: MoveReason = "data_saver" if began_saving else "chosen"
            return None if target == self.current else Move(target, reason)
        self._carried_at_s = -1e9  # the user wants it tried
        target = nearest_layer(ladder, wish)
        if target == self.current and not self.is_sound_only:
            return None
        self.is_sound_only = False
        return Move(target, "chosen")

    # --- trouble --------------------------------------------------------------------------------

    def on_lag(self, ladder: Ladder, now_s: float, drained_bps: float | None = None) -> Move | None:
        """The link lost pictures while it drained so much. None where it stays."""
        self._note_trouble(now_s)
        self._lags_s.append(now_s)
        if drained_bps is not None and drained_bps >= STANDING_BPS:
            self._carried_bps, self._carried_at_s = drained_bps, now_s
        if self.current is None or self.is_sound_only or not ladder:
            return None
        if self.wish != "auto" and not self.has_lost_pin:
            if self._count_lags(now_s, PIN_WINDOW_S) < PIN_LAGS:
                return None
            self.has_lost_pin = True
        if self._is_backlog(ladder, now_s, drained_bps):
            return None
        below = [layer for layer in ladder if layer < self.current]
        if below:
            target = max(below)
            if self._knows_link(now_s):
                # A second or two tells it roughly: a layer is passed over where it is far too much.
                roughly = [n for n in ladder if ladder[n] <= self._carried_bps * ROUGHLY]
                target = min(target, max(roughly, default=min(ladder)))
            return self._step_down(target, now_s, "viewer_slow")
        return self._leave_pictures(ladder, now_s, drained_bps)

    def on_report(
        self, ladder: Ladder, now_s: float, report: Report, *, frame_rate: float
    ) -> Move | None:
        """The viewer told how it fares: its stalls and its decoder count too."""
        before = self._reports[-1][1] if self._reports else None
        self._reports.append((now_s, report))
        while now_s - self._reports[0][0] > REPORTS_WINDOW_S:
            self._reports.pop(0)
        is_busy = before is not None and _is_busy(before, report, frame_rate)
        self._busy_reports = self._busy_reports + 1 if is_busy else 0
        if self.current is None or self.is_sound_only or not ladder:
            return None
        stalls = report.stalls - self._reports[0][1].stalls
        if stalls < STALLS_MAX and self._busy_reports < BUSY_REPORTS:
            return None
        reason: MoveReason = "viewer_slow" if stalls >= STALLS_MAX else "viewer_busy"
        self._note_trouble(now_s)
        self._reports.clear()
        self._busy_reports = 0
        if self.wish != "auto" and not self.has_lost_pin:
            return None  # the user sees it stutter, and wants it
        below = [layer for layer in ladder if layer < self.current]
        return self._step_down(max(below), now_s, reason) if below else None

    def excuse(self) -> None:
        """What the viewer told was the publisher's link, and says nothing of its own."""
        self._reports.clear()
        self._busy_reports = 0

    # --- calm -----------------------------------------------------------------------------------

    def on_calm(self, ladder: Ladder, now_s: float) -> Move | None:
        """Asked now and then while the link flows: the next layer to try, or None."""
        if self.current is None or not ladder or now_s - self._calm_since_s < self._calm_s:
            return None
        if self.is_sound_only:
            target = min(ladder)
        else:
            ceiling = self._ceiling(ladder)
            above = [layer for layer in ladder if self.current < layer <= ceiling]
            if not above:
                return None
            target = min(above)
        if self._is_known_too_much(_need_bps(ladder, target), now_s):
            return None
        self._calm_since_s = self._climbed_at_s = now_s
        self.is_sound_only = False
        if target == self._ceiling(ladder):
            self.has_lost_pin = False
        return Move(target, "recovered")

    # --- within ---------------------------------------------------------------------------------

    def _ceiling(self, ladder: Ladder) -> int:
        if self.wish != "auto":
            return nearest_layer(ladder, self.wish)
        return saving_layer(ladder) if self.saves_data else max(ladder)

    def _knows_link(self, now_s: float) -> bool:
        return now_s - self._carried_at_s < TRUST_S

    def _is_known_too_much(self, need_bps: float, now_s: float) -> bool:
        is_far = need_bps > 2 * self._carried_bps
        trust_s = TRUST_S_FAR if is_far else TRUST_S
        return need_bps > self._carried_bps and now_s - self._carried_at_s < trust_s

    def _note_trouble(self, now_s: float) -> None:
        self._calm_since_s = now_s
        if now_s - self._climbed_at_s < FAILED_CLIMB_S:
            self._calm_s = min(self._calm_s * 2, CALM_S_MAX)
            self._climbed_at_s = -1e9  # one climb fails once

    def _count_lags(self, now_s: float, window_s: float) -> int:
        while self._lags_s and now_s - self._lags_s[0] > PIN_WINDOW_S:
            self._lags_s.pop(0)
        return sum(now_s - lag_s <= window_s for lag_s in self._lags_s)

    def _is_backlog(self, ladder: Ladder, now_s: float, drained_bps: float | None) -> bool:
        """The layer fits; what lags is still what was sent before the step down to it."""
        if self.current is None or now_s - self._stepped_down_at_s > SETTLE_S:
            return False
        return drained_bps is not None and drained_bps >= _need_bps(ladder, self.current)

    def _step_down(self, layer: int, now_s: float, reason: MoveReason) -> Move:
        self._stepped_down_at_s = now_s
        self._lags_s.clear()
        return Move(layer, reason)

    def _leave_pictures(
        self, ladder: Ladder, now_s: float, drained_bps: float | None
    ) -> Move | None:
        if drained_bps is not None and drained_bps < STANDING_BPS:
            return None
        lags = self._count_lags(now_s, LOWEST_WINDOW_S)
        if drained_bps is None:
            is_enough = lags >= LOWEST_LAGS_UNMEASURED
        else:
            is_enough = lags >= LOWEST_LAGS and drained_bps < _need_bps(ladder, min(ladder))
        if not is_enough:
            return None
        self.is_sound_only = True
        self._stepped_down_at_s = now_s
        self._lags_s.clear()
        return Move(None, "viewer_slow")


def _need_bps(ladder: Ladder, layer: int) -> float:
    return ladder[layer] if layer == min(ladder) else ladder[layer] * HEADROOM


def _is_busy(before: Report, report: Report, frame_rate: float) -> bool:
    """The decoder takes nearly all of a picture's time, or pictures fall by the way."""
    if frame_rate > 0 and report.decode_ms * frame_rate / 1000 > BUSY_SHARE:
        return True
    dropped = report.frames_dropped - before.frames_dropped
    shown = report.frames - before.frames
    return dropped + shown >= BUSY_FRAMES_MIN and dropped > DROPPED_SHARE * (dropped + shown)
