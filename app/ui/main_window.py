"""The window: a rail of pages on the left, the page beside it, toasts above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QChildEvent, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.ui.question import Question
from app.ui.rail import Rail
from app.ui.shortcuts import ShortcutsSheet
from app.ui.theme import current
from app.ui.toast import Toast, ToastKind

if TYPE_CHECKING:
    from app.ui.page import Page

PageKey = Literal["discover", "room", "studio", "replays", "me", "admin"]
PAGE_KEYS: Final[tuple[PageKey, ...]] = ("discover", "room", "studio", "replays", "me", "admin")
SIZE_MIN: Final = QSize(1024, 640)


class MainWindow(QWidget):
    """Takes pages that are made elsewhere; knows none of them."""

    page_shown = Signal(str)
    report_wanted = Signal(object)
    """A SendReport, from any dialog over the window."""
    closed = Signal()

    def __init__(self, pages: dict[PageKey, Page], first_start: Page) -> None:
        super().__init__()
        self.setWindowTitle("Livehouse")
        self.setMinimumSize(SIZE_MIN)
        self.resize(1280, 800)
        self._pages = pages
        self._first_start = first_start
        self._stack = QStackedWidget(self)
        self._rail = Rail(PAGE_KEYS, self)
        self._rail.chosen.connect(self.show_page)
        self._toast = Toast(self)
        self._shortcuts = ShortcutsSheet(self)
        for page in (first_start, *pages.values()):
            self._stack.addWidget(page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addWidget(self._stack, 1)
        self._current: Page | None = None
        self._question: Question | None = None
        self._is_closed = False
        help_key = QShortcut(QKeySequence("?"), self)
        help_key.activated.connect(self._shortcuts.toggle)
        for number, key in enumerate(PAGE_KEYS, start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda key=key: self._on_page_key(key))
        self.set_admin(is_admin=False)

    @property
    def current_key(self) -> str:
        """Empty on the first start."""
        for key, page in self._pages.items():
            if page is self._current:
                return key
        return ""

    def page(self, key: PageKey) -> Page:
        return self._pages[key]

    def show_page(self, key: str) -> None:
        """Bring a page to the front; unknown keys are passed over."""
        page = next((page for name, page in self._pages.items() if name == key), None)
        if page is not None:
            self._rail.show()
            self._rail.select(key)
            self._bring(page)
            self.page_shown.emit(key)

    def show_first_start(self) -> None:
        """The two big choices, without the rail."""
        self._rail.hide()
        self._bring(self._first_start)

    def set_admin(self, *, is_admin: bool) -> None:
        self._rail.set_visible("admin", is_visible=is_admin)

    def set_news(self, key: PageKey, count: int) -> None:
        """So many things on a page that were not seen yet."""
        self._rail.set_news(key, count)

    def set_rail_visible(self, *, is_visible: bool) -> None:
        """A room in full screen takes the whole window."""
        self._rail.setVisible(is_visible)

    def toast(
        self,
        text: str,
        kind: ToastKind = "info",
        button: str = "",
        on_button: Callable[[], None] | None = None,
    ) -> None:
        """A few words that go by themselves, perhaps with a button."""
        ground = self._current.toast_ground() if self._current is not None else None
        self._toast.say(text, kind, ground, button, on_button)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._rail.retranslate()
        super().changeEvent(event)

    def close_now(self) -> None:
        """Without a question: a signal, or the answer to it."""
        if not self._is_closed:
            self._is_closed = True
            self.close()

    def childEvent(self, event: QChildEvent) -> None:
        """Rail, toasts, dialogs: each is dressed for itself. Pages do it themselves."""
        child = event.child()
        is_polished = event.type() == QEvent.Type.ChildPolished
        if is_polished and isinstance(child, QWidget) and child is not self._stack:
            current.dress(child)
        super().childEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        words = "" if self._is_closed else self._find_closing_question()
        if words:
            event.ignore()
            self._ask_to_close(words)
            return
        self._is_closed = True
        event.accept()
        if self._question is not None:
            self._question.reject()
        if self._current is not None:
            self._current.on_hidden()
            self._current = None
        self.closed.emit()

    def _find_closing_question(self) -> str:
        questions = (page.closing_question() for page in self._pages.values())
        return next((words for words in questions if words), "")

    def _ask_to_close(self, words: str) -> None:
        if self._question is not None:  # closed twice: the question stands already
            self._question.raise_()
            return
        self._question = Question(self, words, yes=self.tr("End and close"), no=self.tr("Stay"))
        self._question.accepted.connect(self.close_now)
        self._question.finished.connect(self._on_answered)
        self._question.open()

    def _on_answered(self) -> None:
        self._question = None

    def _on_page_key(self, key: PageKey) -> None:
        if self._rail.isVisible() and self._rail.is_offered(key):
            self.show_page(key)

    def _bring(self, page: Page) -> None:
        if page is self._current:
            return
        if self._current is not None:
            self._current.on_hidden()
        self._current = page
        self._toast.stand_on(page.toast_ground())
        self._stack.setCurrentWidget(page)
        page.on_shown()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
