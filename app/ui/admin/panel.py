"""What every section of the admin tab is, and the way in which it asks the relay."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.errors_in_words import explain
from app.ui.plain_text import PlainLabel
from app.ui.theme.tokens import CONTROL_HEIGHT
from app.ui.toast import tell

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door

_Result = TypeVar("_Result")


def order_tabs(*widgets: QWidget) -> None:
    """Tab goes through them in this order, whenever each was made."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


class Desk:
    """Asks the house on its loop and brings the answers back. GUI thread only."""

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        self.house = house
        self._loop = loop
        self._door = door

    def ask(
        self,
        coroutine: Coroutine[Any, Any, _Result],
        on_done: Callable[[_Result], object],
        on_failed: Callable[[LivehouseError], object],
    ) -> None:
        self._door.deliver(self._loop.submit(coroutine), on_done, on_failed)


class Panel(QWidget):
    """A heading with room for buttons, and a body. Refreshes itself while it is in front.

    A failed refresh is shown in the panel itself, above what was there: a toast every two seconds
    helps nobody.
    """

    refresh_ms = 0
    """0: only when it comes to the front, and when something was done."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._is_in_front = False
        self._is_asking = False
        self._is_outdated = False
        """Another question came up while one was under way."""
        self._heading = PlainLabel(self)
        self._heading.setObjectName("h2")
        self._heading.setMinimumHeight(CONTROL_HEIGHT)
        self._failure = PlainLabel(self)
        self._failure.setProperty("kind", "bad")
        self._failure.setWordWrap(True)
        self._failure.hide()
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self._heading)
        self.head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(self.head)
        layout.addWidget(self._failure)
        layout.addLayout(self.body, 1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)

    def title(self) -> str:
        """In the user's language."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Ask for what the panel shows; `load` answers."""
        if not self._is_in_front:
            return
        if self._is_asking:
            self._is_outdated = True
            return
        question = self.question()
        if question is not None:
            self._is_asking = True
            self.desk.ask(question, self._on_loaded, self._on_not_loaded)

    def question(self) -> Coroutine[Any, Any, Any] | None:
        """What a refresh asks."""
        raise NotImplementedError

    def load(self, answer: Any) -> None:  # each panel has another
        """Show what `question` was answered."""
        raise NotImplementedError

    def start(self) -> None:
        """It came to the front."""
        self._is_in_front = True
        if self.refresh_ms:
            self._timer.start(self.refresh_ms)
        self.refresh()

    def stop(self) -> None:
        self._is_in_front = False
        self._timer.stop()

    def set_pace(self, refresh_ms: int) -> None:
        """Another time between two refreshes."""
        self.refresh_ms = refresh_ms
        if self._is_in_front:
            self._timer.start(refresh_ms)

    def do(
        self,
        coroutine: Coroutine[Any, Any, _Result],
        said: str = "",
        on_done: Callable[[_Result], object] | None = None,
        on_failed: Callable[[], object] | None = None,
    ) -> None:
        """Do something that was pressed: a toast says that it is done, or why not."""

        def done(result: _Result) -> None:
            if on_done is not None:
                on_done(result)
            if said:
                tell(self, said, "good")
            self.refresh()

        def failed(error: LivehouseError) -> None:
            if on_failed is not None:
                on_failed()
            tell(self, explain(error), "bad")
            self.refresh()

        self.desk.ask(coroutine, done, failed)

    def retranslate(self) -> None:
        self._heading.setText(self.title())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def show_failure(self, error: LivehouseError | None) -> None:
        self._failure.setVisible(error is not None)
        if error is not None:
            self._failure.setText(explain(error))

    def _on_tick(self) -> None:
        """An answer that is slow in coming is waited for, not asked for again."""
        if not self._is_asking:
            self.refresh()

    def _on_loaded(self, answer: object) -> None:
        self._is_asking = False
        self.show_failure(None)
        if self._ask_anew():
            return  # it answers what nobody wants to know any more
        self.load(answer)

    def _on_not_loaded(self, error: LivehouseError) -> None:
        self._is_asking = False
        self.show_failure(error)
        self._ask_anew()

    def _ask_anew(self) -> bool:
        is_outdated, self._is_outdated = self._is_outdated, False
        if is_outdated:
            self.refresh()
        return self._is_asking
