"""The pre-flight list: four proofs in a small grid, and what to do about the first that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.studio.studio_head import set_kind
from app.ui.studio.words import check_name, check_remedy

if TYPE_CHECKING:
    from app.state.studio import CheckState, StudioState

CHECKS: Final = ("picture", "sound", "encoder", "uplink")


class Preflight(QWidget):
    """Renders `state.checks`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[str, CheckState], ...] | None = None
        self._labels = {name: PlainLabel() for name in CHECKS}
        self._remedy = PlainLabel()
        self._remedy.setWordWrap(True)
        self._remedy.setProperty("soft", True)
        grid = QGridLayout()
        grid.setSpacing(4)
        for index, label in enumerate(self._labels.values()):
            grid.addWidget(label, index // 2, index % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(grid)
        column.addWidget(self._remedy)

    def render_state(self, state: StudioState) -> None:
        if state.checks != self._shown:
            self._shown = state.checks
            self._render(dict(state.checks))

    def retranslate(self) -> None:
        if self._shown is not None:
            self._render(dict(self._shown))

    def _render(self, found: dict[str, CheckState]) -> None:
        failed = ""
        for name, label in self._labels.items():
            state = found.get(name, "unknown")
            mark, kind = {"ok": ("✓", "good"), "bad": ("!", "warn")}.get(state, ("…", ""))
            label.setText(f"{mark}  {check_name(name)}")
            set_tooltip(label, check_remedy(name) if state == "bad" else "")
            set_kind(label, kind)
            failed = failed or (check_remedy(name) if state == "bad" else "")
        self._remedy.setText(failed)
        self._remedy.setVisible(bool(failed))
