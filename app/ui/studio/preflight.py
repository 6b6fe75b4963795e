"""The pre-flight list: four proofs in a small grid, and what to do about the first that fails.

Below it stands whether several qualities are sent, and what this computer can do of them; where it
has two networks, also whether the broadcast goes up both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.studio.words import check_name, check_remedy, describe_sound_fault, qualities_fact
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.state.studio import StudioState
    from app.state.studio_events import CheckState
    from app.state.studio_qualities import Qualities
    from app.state.studio_sound import SoundFault

    _Checks = tuple[tuple[str, CheckState], ...]

CHECKS: Final = ("picture", "sound", "encoder", "uplink")


class Preflight(QWidget):
    """Renders `state.checks` and `state.qualities`."""

    several_chosen = Signal(bool)
    way_chosen = Signal(str)
    """An address of this computer for a second way up; empty for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[_Checks, tuple[SoundFault, ...], Qualities] | None = None
        self.several = QCheckBox()
        self.several.clicked.connect(self.several_chosen)
        self._machine = PlainLabel()
        self.ways = QComboBox()
        self.ways.activated.connect(lambda _index: self.way_chosen.emit(self._chosen_way()))
        self.ways.hide()
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
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.several)
        row.addWidget(self._machine)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.ways)
        column.addWidget(self._remedy)

    def show_ways(self, addresses: Sequence[str], chosen: str) -> None:
        """What a second way up could begin at; offered where there is more than one."""
        self.ways.clear()
        self.ways.addItem("", "")
        for address in addresses:
            self.ways.addItem(address, address)
        if chosen and chosen not in addresses:
            self.ways.addItem(chosen, chosen)
        self.ways.setCurrentIndex(self.ways.findData(chosen))
        self.ways.setVisible(len(addresses) > 1 or bool(chosen))
        self._name_ways()

    def _chosen_way(self) -> str:
        return str(self.ways.currentData() or "")

    def _name_ways(self) -> None:
        self.ways.setAccessibleName(self.tr("Second connection"))
        set_tooltip(
            self.ways,
            self.tr("Sends over a second network as well, as a phone's: losing one costs nothing"),
        )
        for index in range(self.ways.count()):
            address = self.ways.itemData(index)
            words = (
                self.tr("Second connection: {0}") if address else self.tr("No second connection")
            )
            self.ways.setItemText(index, words.format(address))

    def render_state(self, state: StudioState) -> None:
        shown = state.checks, state.sound_faults, state.qualities
        if shown != self._shown:
            self._shown = shown
            self._render(*shown)

    def retranslate(self) -> None:
        self.several.setText(self.tr("Several qualities"))
        self.several.setAccessibleName(self.tr("Several qualities"))
        self._name_ways()
        set_tooltip(self.several, self.tr("Each viewer gets the one that their network carries"))
        if self._shown is not None:
            self._render(*self._shown)

    def _render(
        self, checks: _Checks, faults: tuple[SoundFault, ...], qualities: Qualities
    ) -> None:
        found, failed = dict(checks), ""
        for name, label in self._labels.items():
            state = found.get(name, "unknown")
            mark, kind = {"ok": ("✓", "good"), "bad": ("!", "warn")}.get(state, ("…", ""))
            label.setText(f"{mark}  {check_name(name)}")
            remedy = self._remedy_of(name, state, faults)
            set_tooltip(label, remedy)
            set_kind(label, kind)
            failed = failed or remedy
        weak = self._render_qualities(qualities)
        failed = failed or weak
        self._remedy.setText(failed)
        self._remedy.setVisible(bool(failed))

    def _render_qualities(self, qualities: Qualities) -> str:
        """What is to be said of a computer that is too weak for all of them."""
        self.several.setChecked(qualities.is_several)
        names = qualities.machine
        self._machine.setText(" ".join(names) if names else "…")
        self._machine.setVisible(qualities.is_several)
        fact = qualities_fact(names, is_whole=qualities.is_whole) if names else ""
        set_tooltip(self._machine, fact)
        set_kind(self._machine, "" if qualities.is_whole else "warn")
        return fact if qualities.is_several and not qualities.is_whole else ""

    def _remedy_of(self, name: str, state: CheckState, faults: tuple[SoundFault, ...]) -> str:
        """A muted microphone beside other sound is said, though the check is passed."""
        if name == "sound" and faults:
            return describe_sound_fault(faults[0])
        return check_remedy(name) if state == "bad" else ""
