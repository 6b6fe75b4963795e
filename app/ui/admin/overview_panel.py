"""The house at a glance: twelve figures over an hour, a day or a week."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QWidget

from app.live import admin
from app.state.admin_overview import (
    FIGURES,
    REFRESH_MS,
    SPAN_MS,
    OverviewState,
    Seen,
    SpanChosen,
    describe_figure,
)
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.time_graph import TimeGraph
from app.ui.elided_label import ElidedLabel
from app.ui.theme.icons import set_lead_icon

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.admin_commands import OverviewSpan
    from wire.admin_events import Overview

COLUMNS: Final = 3
_LEAST_TOP: Final[dict[str, float]] = {
    "bytes_out_per_s": 125_000.0,
    "bytes_in_per_s": 125_000.0,
    "cpu_permille": 100.0,
    "lag_us_max": 5_000.0,
    "memory_bytes": 100_000_000.0,
}
_LEAST_TOP_ELSE: Final = 5.0
_WAITING: Final[dict[str, str]] = {"reports": "flag", "feedback": "send"}
"""What waits for an admin, and its icon."""
_SPANS: Final[tuple[OverviewSpan, ...]] = ("hour", "day", "week")


class OverviewPanel(Panel):
    """`section_wanted` has the key of what waits for the admin."""

    section_wanted = Signal(str)
    refresh_ms = REFRESH_MS["hour"]

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.state = OverviewState()
        self._summary = ElidedLabel()
        self._summary.setObjectName("soft")
        self.waiting: dict[str, QPushButton] = {}
        summary = QHBoxLayout()
        summary.setSpacing(8)
        summary.addWidget(self._summary, 1)
        for key in _WAITING:
            waits = QPushButton(self)
            waits.clicked.connect(partial(self.section_wanted.emit, key))
            self.waiting[key] = waits
            summary.addWidget(waits)
        self.spans: dict[OverviewSpan, QPushButton] = {}
        group = QButtonGroup(self)
        for span in _SPANS:
            button = QPushButton(self)
            button.setCheckable(True)
            button.setChecked(span == "hour")
            button.clicked.connect(partial(self._on_span, span))
            group.addButton(button)
            self.spans[span] = button
            self.head.addWidget(button)
        self.graphs: dict[str, TimeGraph] = {}
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, figure in enumerate(FIGURES):
            graph = TimeGraph(
                partial(describe_figure, figure),
                least_top=_LEAST_TOP.get(figure, _LEAST_TOP_ELSE),
                parent=self,
            )
            self.graphs[figure] = graph
            grid.addWidget(graph, number // COLUMNS, number % COLUMNS)
        self.body.addLayout(summary)
        self.body.addLayout(grid, 1)
        order_tabs(*self.spans.values(), *self.waiting.values())
        self.retranslate()

    def title(self) -> str:
        return self.tr("Overview")

    def question(self) -> Coroutine[Any, Any, Seen]:
        span, since = self.state.span, self.state.since_unix_ms

        async def ask() -> Seen:
            return Seen(span, await admin.load_overview(self.desk.house, span, since))

        return ask()

    def load(self, answer: Seen) -> None:
        self.render_state(self.state.apply(answer))

    def render_state(self, state: OverviewState) -> None:
        self.state = state
        for figure, graph in self.graphs.items():
            graph.set_series(state.series(figure), SPAN_MS[state.span])
        self._summary.show_line(_summarize(state.overview) if state.overview else "")
        seen = state.overview
        for key, words, count in (
            ("reports", self.tr("Reports waiting: %1"), seen.reports_open if seen else 0),
            ("feedback", self.tr("New feedback: %1"), seen.feedback_new if seen else 0),
        ):
            button = self.waiting[key]
            button.setText(words.replace("%1", f"{count:,}"))
            button.setAccessibleName(button.text())
            set_lead_icon(button, _WAITING[key], "accent_text" if count else "")

    def retranslate(self) -> None:
        super().retranslate()
        words = {
            "hour": (self.tr("1 h"), self.tr("The last hour")),
            "day": (self.tr("24 h"), self.tr("The last day")),
            "week": (self.tr("7 d"), self.tr("The last week")),
        }
        for span, button in self.spans.items():
            button.setText(words[span][0])
            button.setAccessibleName(words[span][1])
        for figure, graph in self.graphs.items():
            graph.set_names(figure_name(figure), self.tr("peak {0}"), self.tr("Nothing yet"))
        self.render_state(self.state)

    def _on_span(self, span: OverviewSpan) -> None:
        self.render_state(self.state.apply(SpanChosen(span)))
        self.set_pace(REFRESH_MS[span])
        self.refresh()


def figure_name(figure: str) -> str:
    translate = QCoreApplication.translate
    names = {
        "viewers": translate("HouseFigures", "Viewers"),
        "rooms_live": translate("HouseFigures", "Rooms live"),
        "sockets": translate("HouseFigures", "Connections"),
        "bytes_out_per_s": translate("HouseFigures", "Sent to viewers"),
        "bytes_in_per_s": translate("HouseFigures", "From streamers"),
        "messages": translate("HouseFigures", "Messages a minute"),
        "coins": translate("HouseFigures", "Coins given a minute"),
        "cpu_permille": translate("HouseFigures", "Processor, of one core"),
        "lag_us_max": translate("HouseFigures", "Loop delay"),
        "memory_bytes": translate("HouseFigures", "Memory"),
        "refusals": translate("HouseFigures", "Refused a minute"),
        "sanctions": translate("HouseFigures", "Sanctions"),
    }
    return names[figure]


def _summarize(overview: Overview) -> str:
    translate = QCoreApplication.translate
    up_s = max(0, time.time_ns() // 10**9 - overview.started_at_unix_ms // 1000)
    days, rest = divmod(up_s, 86_400)
    hours, minutes = rest // 3_600, rest // 60 % 60
    up = translate("HouseFigures", "up %1 d %2 h") if days else ""
    up = up.replace("%1", str(days)).replace("%2", str(hours))
    if not up:
        up = translate("HouseFigures", "up %1 h %2 min")
        up = up.replace("%1", str(hours)).replace("%2", str(minutes))
    users = translate("HouseFigures", "users: %1").replace("%1", f"{overview.users:,}")
    rooms = translate("HouseFigures", "rooms: %1").replace("%1", f"{overview.rooms:,}")
    parts = [up, users, rooms]
    if overview.version:
        parts.append(f"Livehouse {overview.version}")
    return "  ·  ".join(parts)
