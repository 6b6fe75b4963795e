"""The broadcast in four graphs side by side: bit rate, pictures a second, round trip, left out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.studio.graph import Graph

if TYPE_CHECKING:
    from app.state.studio import StudioState


class FiguresStrip(QWidget):
    """Renders the last minute."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate = Graph(least_top=1000.0)
        self._fps = Graph(least_top=30.0)
        self._trip = Graph(least_top=50.0)
        self._drops = Graph(least_top=5.0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for graph in (self._rate, self._fps, self._trip, self._drops):
            row.addWidget(graph, 1)
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        now, past = state.figures, state.history
        self._rate.set_values(
            [figures.bit_rate_kbps for figures in past], f"{now.bit_rate_kbps:,.0f} kbit/s"
        )
        self._rate.set_limits([figures.allowed_kbps for figures in past], self._limit_words(state))
        self._fps.set_values([figures.fps for figures in past], f"{now.fps:.1f}")
        self._trip.set_values(
            [figures.round_trip_ms for figures in past], f"{now.round_trip_ms:.0f} ms"
        )
        # What was left out in each half second: a total only ever rises.
        totals = [figures.dropped for figures in past]
        steps = [float(max(0, b - a)) for a, b in pairwise(totals)]
        self._drops.set_values(steps, str(now.dropped))

    def _limit_words(self, state: StudioState) -> str:
        """What the line and its marks mean, for a tooltip and for those who do not see them."""
        now, past = state.figures, state.history
        if not any(figures.is_lowered for figures in (*past, now)):
            return ""
        lowered = sum(b.allowed_kbps < a.allowed_kbps for a, b in pairwise(past))
        words = self.tr("lowered for the uplink, times a minute: {0}").format(lowered)
        return f"{words}, {now.allowed_kbps:,.0f} / {now.cap_kbps:,.0f} kbit/s"

    def retranslate(self) -> None:
        self._rate.set_name(self.tr("Rate"))
        self._fps.set_name(self.tr("Pictures/s"))
        self._trip.set_name(self.tr("Round trip"))
        self._drops.set_name(self.tr("Left out"))
