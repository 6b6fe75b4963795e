"""Where the broadcast goes besides the room, and the room's own port for OBS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain_text import PlainLabel, button_text, set_tooltip
from app.ui.studio.stream_words import describe_stream_in, describe_target
from app.ui.theme.icons import icon, set_lead_icon
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from app.state.pushing import StreamIn, TargetStatus
    from app.state.studio import StudioState

COPIED_MS: Final = 2000
ICON_SIDE: Final = 18


class StreamsPanel(QWidget):
    """Renders `state.targets` and `state.stream_in`."""

    edit_wanted = Signal(str)
    """A target's id; empty for a new one."""
    enabled = Signal(str, bool)
    retry_wanted = Signal(str)
    port_wanted = Signal(bool)
    key_renew_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _TargetRow] = {}
        self._out_head, self._in_head = PlainLabel(), PlainLabel()
        for head in (self._out_head, self._in_head):
            head.setObjectName("h3")
        self._out_hint, self._in_hint = PlainLabel(), PlainLabel()
        for hint in (self._out_hint, self._in_hint):
            hint.setWordWrap(True)
            hint.setProperty("soft", True)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.add_button = QPushButton()
        set_lead_icon(self.add_button, "plus")
        self.port_button = QPushButton()
        set_lead_icon(self.port_button, "broadcast")
        self._renew = QPushButton()
        set_lead_icon(self._renew, "refresh")
        self._server, self._key = _CopyLine(is_secret=False), _CopyLine(is_secret=True)
        self._place = QWidget()
        place = QGridLayout(self._place)
        place.setContentsMargins(0, 0, 0, 0)
        place.setSpacing(8)
        for row, line in enumerate((self._server, self._key)):
            place.addWidget(line.label, 2 * row, 0, 1, 2)
            place.addWidget(line.edit, 2 * row + 1, 0)
            place.addWidget(line.button, 2 * row + 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._out_head)
        column.addWidget(self._out_hint)
        column.addLayout(self._list)
        column.addWidget(self.add_button)
        column.addSpacing(8)
        column.addWidget(self._in_head)
        column.addWidget(self._in_hint)
        column.addWidget(self._place)
        column.addWidget(self._renew)
        column.addWidget(self.port_button)
        column.addStretch(1)
        self._is_open = False
        self.add_button.clicked.connect(lambda: self.edit_wanted.emit(""))
        self.port_button.clicked.connect(lambda: self.port_wanted.emit(not self._is_open))
        self._renew.clicked.connect(self.key_renew_wanted)
        self._shown: tuple[tuple[TargetStatus, ...], StreamIn, bool] | None = None
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        shown = state.targets, state.stream_in, state.is_on_air
        if shown != self._shown:
            self._shown = shown
            self._render_targets(state.targets)
            self._render_port(state.stream_in, is_on_air=state.is_on_air)

    def retranslate(self) -> None:
        self._out_head.setText(self.tr("Also stream to"))
        self._out_hint.setText(self.tr("Services that get the same picture and sound by RTMP."))
        self.add_button.setText(self.tr("Add a service"))
        self._in_head.setText(self.tr("Stream from OBS"))
        self._renew.setText(self.tr("Make a new key"))
        self._server.retranslate(self.tr("Server"), self.tr("Copy the server"))
        self._key.retranslate(self.tr("Stream key"), self.tr("Copy the stream key"))
        for row in self._rows.values():
            row.retranslate()
        shown, self._shown = self._shown, None
        if shown is not None:
            self._render_targets(shown[0])
            self._render_port(shown[1], is_on_air=shown[2])
            self._shown = shown

    def _render_targets(self, targets: tuple[TargetStatus, ...]) -> None:
        for target_id in self._rows.keys() - {target.target_id for target in targets}:
            row = self._rows.pop(target_id)
            self._list.removeWidget(row)
            row.deleteLater()
        for target in targets:
            row_now = self._rows.get(target.target_id)
            if row_now is None:
                row_now = self._rows[target.target_id] = self._make_row(target.target_id)
                self._list.addWidget(row_now)
                self._take_into_tab_order(row_now)
            row_now.render_status(target)

    def _make_row(self, target_id: str) -> _TargetRow:
        row = _TargetRow()
        row.box.clicked.connect(lambda checked: self.enabled.emit(target_id, checked))
        row.edit.clicked.connect(lambda: self.edit_wanted.emit(target_id))
        row.retry.clicked.connect(lambda: self.retry_wanted.emit(target_id))
        return row

    def _take_into_tab_order(self, row: _TargetRow) -> None:
        """What is made later would come last: it belongs before the button below it."""
        add = self.add_button
        before: QWidget = add.previousInFocusChain() or add
        while before.focusPolicy() == Qt.FocusPolicy.NoFocus and before is not add:
            before = before.previousInFocusChain() or add
        for widget in (row.box, row.retry, row.edit):
            self.setTabOrder(before, widget)
            before = widget

    def _render_port(self, stream_in: StreamIn, *, is_on_air: bool) -> None:
        self._is_open = stream_in.state != "off"
        words, kind = describe_stream_in(stream_in)
        self._in_hint.setText(words)
        set_kind(self._in_hint, kind)
        self._place.setVisible(self._is_open)
        self._renew.setVisible(stream_in.state == "waiting")
        self._server.edit.setText(stream_in.server)
        self._key.edit.setText(stream_in.key)
        self.port_button.setEnabled(self._is_open or not is_on_air)
        is_live = stream_in.state in {"live", "held"}
        if not self._is_open:
            self.port_button.setText(self.tr("Wait for OBS"))
        elif is_live:
            self.port_button.setText(self.tr("End the broadcast from OBS"))
        else:
            self.port_button.setText(self.tr("Stop waiting"))
        set_kind(self.port_button, "danger" if is_live else "")


class _TargetRow(QWidget):
    """On or off, what it is called, how it fares, and a way to change it."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.box = QCheckBox()
        self._state = PlainLabel()
        self._state.setWordWrap(True)
        self.retry, self.edit = _tool("refresh"), _tool("settings")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.box, 1)
        head.addWidget(self.retry)
        head.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._state)

    def render_status(self, status: TargetStatus) -> None:
        if status.name != self._name:
            self._name = status.name
            words = self.box.fontMetrics().elidedText(
                button_text(status.name), Qt.TextElideMode.ElideRight, 190
            )
            self.box.setText(words)
            set_tooltip(self.box, status.name)
            self.retranslate()
        self.box.setChecked(status.is_enabled)
        words, kind = describe_target(status)
        self._state.setText(words)
        set_kind(self._state, kind)
        self.retry.setVisible(status.state in {"waiting", "refused"})

    def retranslate(self) -> None:
        self.box.setAccessibleName(self.tr("Stream to {0}").format(self._name))
        for button, words in (
            (self.retry, self.tr("Try {0} now")),
            (self.edit, self.tr("Change {0}")),
        ):
            named = words.format(self._name)
            button.setAccessibleName(named)
            set_tooltip(button, named)


class _CopyLine:
    """A text that is there to be copied; a secret one is masked."""

    def __init__(self, *, is_secret: bool) -> None:
        self.label = PlainLabel()
        self.edit = QLineEdit()
        self.edit.setReadOnly(True)
        if is_secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = QToolButton()
        self.button.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.button.clicked.connect(self._on_copy)
        self._rest = QTimer(self.button)
        self._rest.setSingleShot(True)
        self._rest.setInterval(COPIED_MS)
        self._rest.timeout.connect(self._show_icon)
        self._show_icon()

    def retranslate(self, name: str, copy: str) -> None:
        self.label.setText(name)
        self.edit.setAccessibleName(name)
        self.button.setAccessibleName(copy)
        set_tooltip(self.button, copy)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.edit.text())
        self.button.setIcon(icon("send"))
        self._rest.start()

    def _show_icon(self) -> None:
        self.button.setIcon(icon("copy"))


def _tool(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
    return button
