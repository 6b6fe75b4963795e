"""One user, as an admin sees them: role, sessions, rooms, purse, and what can be done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.live import admin, order
from app.ui.admin.forms import FormDialog
from app.ui.admin.sanction_form import SanctionForm
from app.ui.admin.side_card import SideCard
from app.ui.elided_label import ElidedLabel
from app.ui.me.last_seen import describe_last_seen
from app.ui.me.statement_list import describe_movement
from app.ui.plain_text import PlainLabel, one_line
from app.ui.question import Question
from app.ui.theme.kinds import set_kind
from wire import limits
from wire.ids import UserId

if TYPE_CHECKING:
    from app.ui.admin.panel import Panel
    from wire.admin_events import PasswordResetMade, UserPage
    from wire.coin_events import Movement, Movements
    from wire.event_base import SessionInfo
    from wire.order_commands import SanctionKind

WIDTH: Final = 312
_REFUNDABLE: Final = frozenset({"gift", "admin_grant"})
_COPY_CHARACTERS_MAX: Final = 128


class UserDetails(SideCard):
    """`done` (coroutine, words[, what then]) for the panel's `do`."""

    done = Signal(object, str, object)

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel, WIDTH)
        self._panel = panel
        self._page: UserPage | None = None
        self._moved: Movements | None = None
        self.add_buttons(
            {
                "grant": self._on_grant,
                "reset": self._on_reset,
                "admin": self._on_admin,
                "logout": self._on_log_out,
                "sanction": self._on_sanction,
            }
        )
        for key in ("sanction", "logout"):
            set_kind(self.buttons[key], "danger")
        self._sessions, self._rooms = _Section(self), _Section(self)
        self._statement = _Section(self)
        for section in (self._sessions, self._rooms, self._statement):
            self.content.addWidget(section)
        self.content.addStretch(1)
        self._render()

    def show_user(self, page: UserPage, movements: Movements) -> None:
        if (page, movements) != (self._page, self._moved):
            self._page, self._moved = page, movements
            self._render()

    def forget(self) -> None:
        self._page = self._moved = None
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._render()
        super().changeEvent(event)

    # --- what is seen -------------------------------------------------------------------------

    def _render(self) -> None:
        page = self._page
        self.show_buttons(are_shown=page is not None)
        for section in (self._sessions, self._rooms, self._statement):
            section.setVisible(page is not None)
        if page is None:
            self.title.setText(self.tr("Nobody is chosen"))
            self.words.setText(self.tr("Choose a user to see devices, rooms and purse."))
            return
        user = page.user
        self.title.setText(one_line(user.user.name))
        self.words.setText("\n".join(self._describe(page)))
        texts = {
            "grant": self.tr("Give coins…"),
            "reset": self.tr("New password…"),
            "sanction": self.tr("Mute or ban…"),
            "admin": self.tr("Admin no longer…") if user.user.is_admin else self.tr("Make admin…"),
            "logout": self.tr("Log out everywhere…"),
        }
        self.name_buttons(texts)
        self.buttons["logout"].setEnabled(bool(page.sessions))
        self._render_lists(page)

    def _render_lists(self, page: UserPage) -> None:
        self._sessions.begin(self.tr("Devices"))
        for session in page.sessions:
            self._add_session(session)
        self._rooms.begin(self.tr("Rooms"))
        for room in page.rooms:
            self._rooms.add(one_line(room.title or room.name), one_line(room.name))
        self._statement.begin(self.tr("Purse, the last movements"))
        for movement in self._moved.movements if self._moved is not None else ():
            self._add_movement(movement)
        for section in (self._sessions, self._rooms, self._statement):
            section.end(self.tr("None"))

    def _describe(self, page: UserPage) -> list[str]:
        user = page.user
        lines = [one_line(page.about)] if page.about else []
        since = QDateTime.fromMSecsSinceEpoch(user.created_at_unix_ms).toString("yyyy-MM-dd")
        lines.append(self.tr("Here since %1").replace("%1", since))
        coins = self.tr("Coins: %1 · beans: %2")
        lines.append(coins.replace("%1", f"{user.coins:,}").replace("%2", f"{page.beans:,}"))
        spent = self.tr("Spent today: %1 · in 30 days: %2")
        lines.append(
            spent.replace("%1", f"{page.spent_day_coins:,}").replace(
                "%2", f"{page.spent_month_coins:,}"
            )
        )
        return lines

    def _add_session(self, session: SessionInfo) -> None:
        name = one_line(session.device) or self.tr("A device without a name")
        now_ms = QDateTime.currentMSecsSinceEpoch()
        seen = describe_last_seen(session.last_seen_at_unix_ms, now_ms)
        if session.is_this:
            self._sessions.add(name, self.tr("This device"))
            return
        button = self._sessions.add(name, seen, self.tr("Log out"))
        button.setAccessibleName(self.tr("Log out %1").replace("%1", name))
        session_id, user_id = session.session_id, self._user_id()
        button.clicked.connect(
            lambda: self.done.emit(
                admin.end_sessions(self._panel.desk.house, user_id, session_id),
                self.tr("That device is logged out."),
                None,
            )
        )

    def _add_movement(self, movement: Movement) -> None:
        sign = "+" if movement.amount >= 0 else "−"
        at = QDateTime.fromMSecsSinceEpoch(movement.at_unix_ms).toString("MM-dd HH:mm")
        words = f"{sign}{abs(movement.amount):,} · {describe_movement(movement)}"
        if movement.kind not in _REFUNDABLE:
            self._statement.add(words, at)
            return
        button = self._statement.add(words, at, self.tr("Give back"))
        button.setAccessibleName(self.tr("Give back: %1").replace("%1", one_line(words, 80)))
        transfer_id = movement.transfer_id
        button.clicked.connect(
            lambda: self.done.emit(
                admin.refund(self._panel.desk.house, transfer_id),
                self.tr("The coins went back."),
                None,
            )
        )

    # --- what is done -------------------------------------------------------------------------

    def _user_id(self) -> UserId:
        return self._page.user.user.user_id if self._page is not None else UserId("")

    def _on_grant(self) -> None:
        user_id, house = self._user_id(), self._panel.desk.house
        form = FormDialog(self, self.tr("Give coins"), yes=self.tr("Give"))
        coins = form.add_number(self.tr("Coins"), 100, 1_000_000)
        note = form.add_line(
            self.tr("What for: it stands on the statement"),
            limits.NOTE_CHARACTERS_MAX,
            is_needed=False,
        )
        key = uuid.uuid4().hex
        form.sent.connect(
            lambda: self.done.emit(
                admin.grant_coins(house, user_id, coins=coins.value(), note=note.text(), key=key),
                self.tr("The coins are given."),
                None,
            )
        )
        form.open()

    def _on_reset(self) -> None:
        user_id, house = self._user_id(), self._panel.desk.house
        self._ask(
            self.tr(
                "Make a secret for a new password? You hand it over yourself; it works once and "
                "for a day. The old password stays good until then."
            ),
            self.tr("Make it"),
            lambda: self.done.emit(admin.make_password_reset(house, user_id), "", self._show_reset),
        )

    def _show_reset(self, made: PasswordResetMade) -> None:
        form = FormDialog(
            self,
            self.tr("The secret for a new password"),
            yes=self.tr("Copy it"),
            words=self.tr(
                "It is shown this once. With it the user logs in on the page Me: "
                "“I have a secret for a new password”."
            ),
        )
        line = form.add_line(self.tr("Secret"), _COPY_CHARACTERS_MAX, text=made.secret)
        line.setReadOnly(True)
        form.sent.connect(lambda: QGuiApplication.clipboard().setText(made.secret))
        form.open()

    def _on_sanction(self) -> None:
        if self._page is None:
            return
        user_id, house = self._user_id(), self._panel.desk.house
        form = SanctionForm(self, self._page.user.user.name)

        def impose(kind: SanctionKind, duration_s: int | None, reason: str) -> None:
            imposed = order.impose_sanction(
                house, user_id, kind=kind, duration_s=duration_s, reason=reason
            )
            self.done.emit(imposed, self.tr("It is imposed."), None)

        form.wanted.connect(lambda kind, span, why, _is_in_room: impose(kind, span, why))
        form.open()

    def _on_admin(self) -> None:
        if self._page is None:
            return
        user_id, house = self._user_id(), self._panel.desk.house
        is_admin = self._page.user.user.is_admin
        words = (
            self.tr("Take the role of an admin away? This page closes for them at once.")
            if is_admin
            else self.tr(
                "Make this user an admin? Admins see and change everything in this house, "
                "other admins too."
            )
        )
        yes = self.tr("Take it away") if is_admin else self.tr("Make admin")
        self._ask(
            words,
            yes,
            lambda: self.done.emit(
                admin.set_admin(house, user_id, granted=not is_admin),
                self.tr("The role is changed."),
                None,
            ),
        )

    def _on_log_out(self) -> None:
        user_id, house = self._user_id(), self._panel.desk.house
        self._ask(
            self.tr("Log this user out on all devices? What they stream ends."),
            self.tr("Log out"),
            lambda: self.done.emit(
                admin.end_sessions(house, user_id), self.tr("All devices are logged out."), None
            ),
        )

    def _ask(self, words: str, yes: str, then: Callable[[], object]) -> None:
        question = Question(self, words, yes=yes, no=self.tr("Cancel"))
        question.accepted.connect(then)
        question.open()


class _Section(QWidget):
    """A heading and lines of two texts, some with a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._heading = PlainLabel(self)
        self._heading.setObjectName("h3")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._heading)
        layout.addLayout(self._lines)

    def begin(self, heading: str) -> None:
        """Take the lines of before away."""
        self._heading.setText(heading)
        while (item := self._lines.takeAt(0)) is not None:
            line = item.widget()
            if line is not None:
                line.hide()
                line.deleteLater()

    def end(self, none: str) -> None:
        """Say so where there is none."""
        if not self._lines.count():
            label = PlainLabel(self)
            label.setObjectName("soft")
            label.setText(none)
            self._lines.addWidget(label)

    def add(self, words: str, more: str, action: str = "") -> QPushButton:
        """The button is shown where it has a text."""
        line = QWidget(self)
        first, second = ElidedLabel(), ElidedLabel()
        first.show_line(words)
        second.show_line(more)
        second.setObjectName("soft")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(first)
        texts.addWidget(second)
        button = QPushButton(action, line)
        button.setVisible(bool(action))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(button)
        self._lines.addWidget(line)
        line.show()
        return button
