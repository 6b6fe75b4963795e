"""Title, category, privacy; the pre-flight list before, the graphs while live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain_text import PlainLabel
from app.ui.studio.sparkline import Sparkline
from app.ui.studio.words import check_name, check_remedy
from wire.limits import ROOM_CATEGORY_CHARACTERS_MAX, ROOM_TITLE_CHARACTERS_MAX

if TYPE_CHECKING:
    from app.state.studio import StudioState

_CHECKS: Final = ("picture", "sound", "encoder", "uplink")


class BroadcastPanel(QWidget):
    """Renders the state; what is typed stays here until it is saved."""

    saved = Signal(str, str, str)
    """Title, category, privacy."""
    reconnect_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named = ("", "")
        self._title = QLineEdit()
        self._title.setMaxLength(ROOM_TITLE_CHARACTERS_MAX)
        self._category = QLineEdit()
        self._category.setMaxLength(ROOM_CATEGORY_CHARACTERS_MAX)
        self._privacy = QComboBox()
        self._privacy.addItem("", "public")
        self._privacy.addItem("", "invite")
        self._privacy.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._labels = [PlainLabel() for _ in range(3)]
        self._save = QPushButton()
        form = QFormLayout()
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        fields = (self._title, self._category, self._privacy)
        for label, field in zip(self._labels, fields, strict=True):
            form.addRow(label, field)
        self._checks = {name: PlainLabel() for name in _CHECKS}
        for label in self._checks.values():
            label.setWordWrap(True)
        self._rate, self._fps, self._trip, self._drops = (Sparkline() for _ in range(4))
        self._graphs = (self._rate, self._fps, self._trip, self._drops)
        self._reconnect = QPushButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self._save)
        for label in self._checks.values():
            column.addWidget(label)
        for graph in self._graphs:
            column.addWidget(graph)
        column.addWidget(self._reconnect)
        column.addStretch(1)
        self._save.clicked.connect(self._on_save)
        self._reconnect.clicked.connect(self.reconnect_wanted)
        self._form_widgets = (*self._labels, *fields, self._save)
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        if (state.title, state.category) != self._named:
            self._named = state.title, state.category
            self._title.setText(state.title)
            self._category.setText(state.category)
        is_live = state.is_on_air
        for widget in self._form_widgets:
            widget.setVisible(not is_live)
        found = dict(state.checks)
        for name, label in self._checks.items():
            label.setVisible(not is_live and name in found)
            works = found.get(name) == "ok"
            mark, words = ("✓", check_name(name)) if works else ("!", check_remedy(name))
            label.setText(f"{mark}  {words}")
            kind = "good" if works else "warn"
            if label.property("kind") != kind:
                label.setProperty("kind", kind)
                label.style().polish(label)
        for graph in self._graphs:
            graph.setVisible(is_live)
        self._reconnect.setVisible(state.phase == "waiting")
        if is_live:
            self._render_graphs(state)

    def retranslate(self) -> None:
        names = (self.tr("Title"), self.tr("Category"), self.tr("Who may watch"))
        for label, field, words in zip(
            self._labels, (self._title, self._category, self._privacy), names, strict=True
        ):
            label.setText(words)
            field.setAccessibleName(words)
        self._title.setPlaceholderText(self.tr("What is on?"))
        self._privacy.setItemText(0, self.tr("Everybody"))
        self._privacy.setItemText(1, self.tr("With an invitation"))
        self._save.setText(self.tr("Save"))
        self._reconnect.setText(self.tr("Reconnect now"))
        self._rate.set_name(self.tr("Bit rate"))
        self._fps.set_name(self.tr("Pictures a second"))
        self._trip.set_name(self.tr("Round trip"))
        self._drops.set_name(self.tr("Left out"))

    def _render_graphs(self, state: StudioState) -> None:
        now, past = state.figures, state.history
        self._rate.set_values(
            [figures.bit_rate_kbps for figures in past], f"{now.bit_rate_kbps:,.0f} kbit/s"
        )
        self._fps.set_values([figures.fps for figures in past], f"{now.fps:.1f}")
        self._trip.set_values(
            [figures.round_trip_ms for figures in past], f"{now.round_trip_ms:.0f} ms"
        )
        self._drops.set_values([float(figures.dropped) for figures in past], str(now.dropped))

    def _on_save(self) -> None:
        privacy = str(self._privacy.currentData())
        self.saved.emit(self._title.text().strip(), self._category.text().strip(), privacy)
