"""The one way from other threads to the GUI thread.

Posted events and not signals: PySide6 6.12.0 on Python 3.11 loses a reference to True with every
`emit`, and aborts after some fifteen hundred; a stage has 30 pictures a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.errors import LivehouseError

if TYPE_CHECKING:
    import concurrent.futures

_Result = TypeVar("_Result")
_CALL: Final = QEvent.Type(QEvent.registerEventType())


class _Call(QEvent):
    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
        super().__init__(_CALL)
        self.function = function
        self.arguments = arguments


class Door(QObject):
    """Made on the GUI thread; `post` and `deliver` may be called from any thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_open = True

    def post(self, function: Callable[..., object], *arguments: object) -> None:
        """Call `function` on the GUI thread, soon and in order. Nothing after `close`."""
        if self._is_open:
            QCoreApplication.postEvent(self, _Call(function, arguments))

    def deliver(
        self,
        future: concurrent.futures.Future[_Result],
        on_result: Callable[[_Result], object],
        on_error: Callable[[LivehouseError], object],
    ) -> None:
        """Hand a future's outcome to the GUI thread; a cancelled one says nothing."""

        def finish(done: concurrent.futures.Future[_Result]) -> None:
            if done.cancelled():
                return
            error = done.exception()
            if error is None:
                self.post(on_result, done.result())
            elif isinstance(error, LivehouseError):
                self.post(on_error, error)
            else:
                # LoopThread has logged it.
                self.post(on_error, LivehouseError(f"{type(error).__name__}: {error}"))

        future.add_done_callback(finish)

    def close(self) -> None:
        """On the GUI thread: what is still posted is dropped."""
        self._is_open = False
        QCoreApplication.removePostedEvents(self)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, _Call):
            if self._is_open:
                event.function(*event.arguments)
            return True
        return super().event(event)
