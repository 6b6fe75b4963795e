"""Whoever wants to hear of something, until they say that they do not any more."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Generic, TypeVar

_News = TypeVar("_News")


class Listeners(Generic[_News]):
    """Told in the order of their coming. One thread."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[_News], None]] = []

    def add(self, listener: Callable[[_News], None]) -> Callable[[], None]:
        """Returns how to end it; ending twice is no error."""
        self._listeners.append(listener)

        def drop() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return drop

    def tell(self, news: _News) -> None:
        for listener in tuple(self._listeners):
            listener(news)
