"""Collects what a broadcast or a visit to a room leaves behind.

Pipelines, encoders and decoders refer to each other in circles. Until Python collects them they
hold tens of megabytes and a dozen threads of their libraries' each; by itself it does so when a
quarter of all objects is new, which can be dozens of broadcasts later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

SWEEP_AFTER_S: Final = 2.0
"""Whoever still ends something has let it go by then."""


def sweep_later(loop: asyncio.AbstractEventLoop, collect: Callable[[], object]) -> None:
    """`collect` is called on the loop: `gc.collect`, or what has the window's thread do it."""
    loop.call_later(SWEEP_AFTER_S, collect)
