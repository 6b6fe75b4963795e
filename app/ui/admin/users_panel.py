"""Everybody who has an account, and one of them in detail."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.live import admin
from app.state.account import measure_age
from app.ui.admin.panel import Panel
from app.ui.admin.side_card import lay_beside
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.admin.user_details import UserDetails
from app.ui.plain_text import PlainLabel
from wire import limits
from wire.ids import UserId

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.admin_commands import HouseUserKind
    from wire.admin_events import HouseUser, HouseUsers, UserPage
    from wire.coin_events import Movements

SEARCH_DELAY_MS: Final = 250
_KINDS: Final[tuple[HouseUserKind, ...]] = ("all", "online", "admins")


class UsersPanel(Panel):
    refresh_ms = 8_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._users: tuple[HouseUser, ...] = ()
        self._total = 0
        self._next = ""
        self._pages = 1
        self.search = QLineEdit(self)
        self.search.setMaxLength(limits.SEARCH_CHARACTERS_MAX)
        self.search.setClearButtonEnabled(True)
        self.kind = QComboBox(self)
        for kind in _KINDS:
            self.kind.addItem("", kind)
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self.table = SortTable(
            (
                Column(is_wide=True),
                Column(),
                Column(is_number=True, is_minor=True),
                Column(is_number=True),
            ),
            self,
        )
        self.more = QPushButton(self)
        self.details = UserDetails(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_DELAY_MS)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.kind)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.more)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(filters)
        left.addWidget(self.table, 1)
        left.addLayout(foot)
        lay_beside(self, left, self.details)
        self._typing.timeout.connect(self._on_filter)
        self.search.textChanged.connect(self._typing.start)
        self.kind.currentIndexChanged.connect(self._on_filter)
        self.table.row_chosen.connect(self._on_chosen)
        self.more.clicked.connect(self._on_more)
        self.details.done.connect(self.do)
        self.retranslate()

    def title(self) -> str:
        return self.tr("Users")

    def question(self) -> Coroutine[Any, Any, tuple[HouseUsers, tuple[HouseUser, ...]]]:
        search, kind = self.search.text().strip(), self.kind.currentData()
        pages, chosen = self._pages, self.table.chosen_id

        async def ask() -> tuple[HouseUsers, tuple[HouseUser, ...]]:
            page = await admin.list_users(self.desk.house, search=search, kind=kind)
            users = page.users
            for _ in range(pages - 1):
                if not page.next_cursor:
                    break
                page = await admin.list_users(
                    self.desk.house, search=search, kind=kind, cursor=page.next_cursor
                )
                users += page.users
            return page, users

        self._ask_for(chosen)
        return ask()

    def load(self, answer: tuple[HouseUsers, tuple[HouseUser, ...]]) -> None:
        page, users = answer
        self.show_users(users, page.total, page.next_cursor)

    def show_users(self, users: tuple[HouseUser, ...], total: int, next_cursor: str = "") -> None:
        self._users, self._total, self._next = users, total, next_cursor
        now_ms = QDateTime.currentMSecsSinceEpoch()
        self.table.show_rows([self._make_row(one, now_ms) for one in users])
        words = self.tr("%1 of %2 users shown")
        self._count.setText(words.replace("%1", f"{len(users):,}").replace("%2", f"{total:,}"))
        self.more.setVisible(bool(next_cursor))

    def show_user(self, page: UserPage, movements: Movements) -> None:
        """In detail."""
        self.details.show_user(page, movements)

    def retranslate(self) -> None:
        super().retranslate()
        self.search.setPlaceholderText(self.tr("Search by name"))
        self.search.setAccessibleName(self.tr("Search users"))
        self.kind.setAccessibleName(self.tr("Which users"))
        for index, words in enumerate((self.tr("All users"), self.tr("Online"), self.tr("Admins"))):
            self.kind.setItemText(index, words)
        self.table.setAccessibleName(self.tr("Users"))
        self.table.set_titles(
            (self.tr("Name"), self.tr("Last seen"), self.tr("Rooms"), self.tr("Coins"))
        )
        self.more.setText(self.tr("Show more"))
        self.more.setAccessibleName(self.more.text())
        self.show_users(self._users, self._total, self._next)

    # --- within -------------------------------------------------------------------------------

    def _make_row(self, one: HouseUser, now_ms: int) -> Row:
        name = one.user.name
        if one.user.is_admin:
            role = self.tr("Admin")
            name = f"{name} · {role}"
        if one.is_online:
            seen = Cell(self.tr("Online"), -1.0, "good")
        elif one.last_seen_at_unix_ms:
            words = _seen_words(one.last_seen_at_unix_ms, now_ms)
            seen = Cell(words, float(now_ms - one.last_seen_at_unix_ms))
        else:
            seen = Cell("–", float(now_ms))
        return Row(
            one.user.user_id,
            (
                Cell(name),
                seen,
                Cell(f"{one.rooms:,}", one.rooms),
                Cell(f"{one.coins:,}", one.coins),
            ),
        )

    def _on_filter(self) -> None:
        self._pages = 1
        self.refresh()

    def _on_more(self) -> None:
        self._pages += 1
        self.refresh()

    def _on_chosen(self, user_id: str) -> None:
        if not user_id:
            self.details.forget()
        self._ask_for(user_id)

    def _ask_for(self, user_id: str) -> None:
        """The details of who is chosen; an answer that comes late is passed over."""
        if not user_id:
            return

        def show(answer: tuple[UserPage, Movements]) -> None:
            if self.table.chosen_id == user_id:
                self.show_user(*answer)

        self.desk.ask(admin.load_user(self.desk.house, UserId(user_id)), show, self.show_failure)


def _seen_words(seen_unix_ms: int, now_unix_ms: int) -> str:
    """Short: the column's head says what it is."""
    translate = QCoreApplication.translate
    age = measure_age(seen_unix_ms, now_unix_ms)
    words = {
        "now": translate("LastSeen", "just now"),
        "minutes": translate("LastSeen", "%1 min ago"),
        "hours": translate("LastSeen", "%1 h ago"),
        "days": translate("LastSeen", "%1 d ago"),
    }
    return words[age.unit].replace("%1", str(age.count))
