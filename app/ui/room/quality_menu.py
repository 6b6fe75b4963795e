"""The menu of qualities: which one plays and why, which is wished, and whether data is saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.ui.plain_text import button_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.state.room import RoomState
    from wire.media_commands import LayerChoice


class QualityMenu(QMenu):
    """Renders a RoomState; says what the user wants."""

    chosen = Signal(object, bool, bool)
    """LayerChoice, whether sound only, whether data is saved."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: RoomState | None = None

    def render_state(self, state: RoomState) -> None:
        """The whole menu anew, where something of it changed."""
        if self._state is not None and _part_of(state) == _part_of(self._state):
            return
        self._state = state
        self._fill(state)

    def retranslate(self) -> None:
        if self._state is not None:
            self._fill(self._state)

    def _fill(self, state: RoomState) -> None:
        self.clear()
        words = describe_in_use(state)
        if words:
            now = self.addAction(button_text(words))
            now.setEnabled(False)
            self.addSeparator()
        group = QActionGroup(self)
        choices: list[tuple[str, LayerChoice, bool]] = [(self.tr("Auto"), "auto", False)]
        choices += [(f"{track.height}p", track.layer, False) for track in state.video_tracks]
        choices.append((self.tr("Sound only"), "auto", True))
        for text, layer, audio_only in choices:
            action = QAction(button_text(text), self)
            action.setCheckable(True)
            action.setChecked(
                audio_only == state.is_audio_only and (audio_only or layer == state.layer_wish)
            )
            action.triggered.connect(partial(self._choose, layer, audio_only))
            group.addAction(action)
            self.addAction(action)
        self.addSeparator()
        saver = QAction(self.tr("Save data"), self)
        saver.setCheckable(True)
        saver.setChecked(state.saves_data)
        saver.triggered.connect(self._on_saver)
        self.addAction(saver)

    def _choose(self, layer: LayerChoice, audio_only: bool, _checked: object = None) -> None:  # noqa: FBT001 # bound by partial
        saves_data = self._state is not None and self._state.saves_data
        self.chosen.emit(layer, audio_only, saves_data)

    def _on_saver(self, is_on: bool) -> None:  # noqa: FBT001 # a slot
        if self._state is not None:
            self.chosen.emit(self._state.layer_wish, self._state.is_audio_only, is_on)


def name_chosen(state: RoomState) -> str:
    """What the button says: short, for the bar is full."""
    translate = QCoreApplication.translate
    if state.is_audio_only or state.in_use.is_sound_only:
        return translate("QualityMenu", "Sound")
    if state.layer_wish == "auto":
        return translate("QualityMenu", "Auto")
    # A chosen quality that the connection does not carry would be a lie.
    layer = state.layer_wish if state.in_use.layer is None else state.in_use.layer
    height = _height(state, layer)
    return f"{height}p" if height else translate("QualityMenu", "Auto")


def describe_in_use(state: RoomState) -> str:
    """The quality that plays and why it is not a better one; empty where none plays."""
    translate = QCoreApplication.translate
    if state.is_audio_only or state.stage not in {"live", "sound"}:
        return ""
    cause = state.in_use.explain(state.layer_wish, state.video_tracks, saves_data=state.saves_data)
    if state.in_use.is_sound_only:
        return translate("QualityMenu", "Now sound only: your connection")
    height = _height(state, state.in_use.layer)
    if not height:
        return ""
    words = {
        "": translate("QualityMenu", "Now %1"),
        "connection": translate("QualityMenu", "Now %1: your connection"),
        "computer": translate("QualityMenu", "Now %1: your computer is busy"),
        "data_saver": translate("QualityMenu", "Now %1: you save data"),
    }[cause]
    return words.replace("%1", f"{height}p")


def describe_lost_choice(before: RoomState, state: RoomState) -> str:
    """Told once: the quality that the user chose cannot be held. Empty at all other times."""
    if state.layer_wish == "auto" or state.in_use.held_back_by != "connection":
        return ""
    if before.in_use.held_back_by == "connection" or before.room_id != state.room_id:
        return ""
    wished, height = _height(state, state.layer_wish), _height(state, state.in_use.layer)
    if not wished or not height or wished == height:
        return ""
    words = QCoreApplication.translate(
        "QualityMenu", "Your connection does not carry %1. You see %2 until it does."
    )
    return words.replace("%1", f"{wished}p").replace("%2", f"{height}p")


def _height(state: RoomState, layer: object) -> int:
    return next((track.height for track in state.video_tracks if track.layer == layer), 0)


def _part_of(state: RoomState) -> tuple[object, ...]:
    return (
        state.layer_wish,
        state.is_audio_only,
        state.saves_data,
        state.video_tracks,
        state.in_use,
        state.stage,
    )
