"""Red packets that float over the stage: a click takes a share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.state.gifts import GiftsState
from app.ui.gift_art import art_icon, coins_text, square
from app.ui.plain_text import button_text
from app.ui.room.gift_words import short_name

if TYPE_CHECKING:
    from app.state.gifts import Packet

CHIPS_MAX: Final = 3
"""On the stage at once: the oldest, which end first."""
WIDTH_MAX: Final = 300
HEIGHT: Final = 40
MARGIN: Final = 16
ART_SIDE: Final = 28
TICK_MS: Final = 250
_LOOK: Final = """
QPushButton { background: #b3232b; color: #fff3d0; border: 1px solid #f7c548; border-radius: 20px;
  padding: 0 16px; min-height: 38px; font-weight: 600; text-align: left; }
QPushButton:hover { background: #c62f37; }
QPushButton:focus { border: 3px solid #8ab4ff; padding: 0 14px; min-height: 34px; }
QPushButton:disabled { background: #5c2a2d; color: #e8d8b8; }
"""


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class PacketChips(QObject):
    """Buttons on the stage, at its upper right. `grabbed` carries a packet's id."""

    grabbed = Signal(str)

    def __init__(self, stage: QWidget, now_ms: Callable[[], int] = _monotonic_ms) -> None:
        super().__init__(stage)
        self._stage = stage
        self._now_ms = now_ms
        self._state = GiftsState()
        self.chips = tuple(QPushButton(stage) for _ in range(CHIPS_MAX))
        before: QWidget = stage
        for index, chip in enumerate(self.chips):
            chip.setStyleSheet(_LOOK)
            chip.setIcon(art_icon("red_packet", ART_SIDE))
            chip.setIconSize(square(ART_SIDE))
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.clicked.connect(lambda _on=False, index=index: self._on_clicked(index))
            chip.hide()
            QWidget.setTabOrder(before, chip)
            before = chip
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show)
        stage.installEventFilter(self)

    def render_state(self, state: GiftsState) -> None:
        self._state = state
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._show()
        return super().eventFilter(watched, event)

    def _shown(self) -> tuple[Packet, ...]:
        """What is still open as far as is known; its end may be on its way."""
        now = self._now_ms()
        return tuple(
            packet
            for packet in self._state.packets
            if packet.own_share is None and packet.shares_left > 0 and packet.ends_at_mono_ms > now
        )[:CHIPS_MAX]

    def _show(self) -> None:
        packets = self._shown()
        is_guest = self._state.place is None or not self._state.place.user_id
        top = MARGIN
        for index, chip in enumerate(self.chips):
            if index >= len(packets):
                chip.hide()
                continue
            packet = packets[index]
            self._fill(chip, packet)
            chip.setEnabled(not packet.is_asked and not is_guest)
            width = min(WIDTH_MAX, self._stage.width() - 2 * MARGIN, chip.sizeHint().width())
            chip.setGeometry(self._stage.width() - width - MARGIN, top, width, HEIGHT)
            top += HEIGHT + 8
            chip.show()
        if packets and not self._timer.isActive():
            self._timer.start()
        elif not packets:
            self._timer.stop()

    def _fill(self, chip: QPushButton, packet: Packet) -> None:
        words = self.tr("{n} left").replace("{n}", f"{packet.shares_left:,}")
        seconds = -(-(packet.ends_at_mono_ms - self._now_ms()) // 1000)
        words += f" · {max(0, seconds)} s"
        elide = Qt.TextElideMode.ElideRight
        metrics = chip.fontMetrics()
        room = WIDTH_MAX - ART_SIDE - 56 - metrics.horizontalAdvance(words)
        name = metrics.elidedText(short_name(packet.giver), elide, max(40, room))
        chip.setText(f" {button_text(name)}  {words}")
        about = self.tr("Red packet from {name}, {coins}: take a share")
        about = about.replace("{coins}", coins_text(packet.coins))
        chip.setAccessibleName(about.replace("{name}", short_name(packet.giver)))

    def _on_clicked(self, index: int) -> None:
        packets = self._shown()
        if index < len(packets):
            self.grabbed.emit(packets[index].packet_id)
