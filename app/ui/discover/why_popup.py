"""Why one room is recommended: the reason on its card, and what is believed that speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.recommending import percent
from app.ui.cause_words import list_words
from app.ui.discover.reason_words import describe_watched, explain_reason
from app.ui.feature_words import feature_name
from app.ui.plain_text import PlainLabel, join_sentences, one_line
from app.ui.room_title import room_title

if TYPE_CHECKING:
    from app.state.recommending import Why
    from wire.event_base import RoomInfo

WIDTH: Final = 400
_NAME_MAX: Final = 40


class WhyPopup(QFrame):
    """Pops up below a card's button; closed by Esc or a click elsewhere."""

    all_wanted = Signal()
    """All that is believed."""
    hide_wanted = Signal(str)
    """The room's id: its streamer is not interesting."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedWidth(WIDTH)
        self._room: RoomInfo | None = None
        self._why: Why | None = None
        self._has_account = False
        self._heading = PlainLabel(self)
        self._heading.setObjectName("h3")
        self._heading.setWordWrap(True)
        self._lines = tuple(PlainLabel(self) for _ in range(5))
        self.all_button, self.hide_button = QPushButton(self), QPushButton(self)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._heading)
        for number, label in enumerate(self._lines):
            label.setWordWrap(True)
            if number:
                label.setObjectName("soft")
            column.addWidget(label)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.all_button)
        row.addWidget(self.hide_button)
        row.addStretch(1)
        column.addLayout(row)
        self.all_button.clicked.connect(self._on_all)
        self.hide_button.clicked.connect(self._on_hide)
        self.retranslate()
        self.hide()

    @property
    def room_id(self) -> str:
        return self._room.room_id if self._room is not None else ""

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Why is this shown?"))
        self.all_button.setText(self.tr("All that is believed"))
        self.hide_button.setText(self.tr("Not interested"))
        for button in (self.all_button, self.hide_button):
            button.setAccessibleName(button.text())
        self._render()

    def pop_up_at(self, corner: QPoint, room: RoomInfo, *, has_account: bool) -> None:
        """The card's reason at once; what is believed follows."""
        self._room, self._why, self._has_account = room, None, has_account
        self.retranslate()
        screen = self.screen().availableGeometry()
        left = min(corner.x(), screen.right() - WIDTH)
        top = min(corner.y() + 4, screen.bottom() - self.height())
        self.move(max(screen.left(), left), max(screen.top(), top))
        self.show()
        self._render()  # fonts are known from here on
        (self.all_button if has_account else self).setFocus()

    def show_why(self, room_id: str, why: Why) -> None:
        if self.room_id == room_id:
            self._why = why
            self._render()

    def _render(self) -> None:
        room = self._room
        if room is None or room.reason is None:
            return
        name = room_title(room)
        self._heading.setText(self.tr("Why is “{0}” shown?").replace("{0}", name))
        lines = [explain_reason(room.reason), *self._describe_belief(room)]
        for label, words in zip(self._lines, [*lines, "", "", "", ""], strict=False):
            label.setText(words)
            label.setVisible(bool(words))
        self.all_button.setVisible(self._has_account)
        self.hide_button.setVisible(self._has_account)
        self._column.invalidate()
        self.setFixedHeight(self._column.totalHeightForWidth(WIDTH))

    def _describe_belief(self, room: RoomInfo) -> list[str]:
        if not self._has_account:
            return [self.tr("Nothing is known of guests: all of them see the same list.")]
        why = self._why
        if why is None:
            return []
        if not why.is_recorded:
            return [self.tr("Nothing that you watch is recorded, as you wished.")]
        lines = []
        if why.parts:
            counted = list_words(
                f"{feature_name(name)} {percent(share)} %" for name, share in why.parts
            )
            lines.append(self.tr("What counted most: {0}").replace("{0}", counted))
        if why.streamer is not None:
            words = self.tr("{0}: {1} % of your taste.").replace(
                "{1}", str(percent(why.streamer.share))
            )
            seen = describe_watched(why.streamer)
            words = words.replace("{0}", one_line(room.owner.name, _NAME_MAX))
            lines.append(join_sentences(words, seen))
        if why.category is not None:
            words = self.tr("The category {0}: {1} % of your taste.")
            lines.append(
                words.replace("{1}", str(percent(why.category.share))).replace(
                    "{0}", one_line(room.category, _NAME_MAX)
                )
            )
        words = self.tr("Your own taste makes {0} % of the order; the rest is what all like.")
        lines.append(words.replace("{0}", str(percent(why.personal_share))))
        return lines

    def _on_all(self) -> None:
        self.hide()
        self.all_wanted.emit()

    def _on_hide(self) -> None:
        self.hide()
        self.hide_wanted.emit(self.room_id)
