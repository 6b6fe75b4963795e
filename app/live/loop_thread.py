"""The one asyncio loop of the window: every network use case lives on it, and nothing else does.

`submit` and `call` may be used from any thread. `stop` is bounded: what does not end in time when
it is cancelled is left behind with its daemon thread, and `stop` says so.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from app.errors import LivehouseError

_Result = TypeVar("_Result")
_log: Final = logging.getLogger(__name__)

START_TIMEOUT_S: Final = 5.0
STOP_TIMEOUT_S: Final = 16.0
"""More than the relay child's own 10 s."""
CANCEL_TIMEOUT_S: Final = 4.0


class LoopThread:
    """Started once, stopped once."""

    def __init__(self, name: str = "network") -> None:
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._last: Callable[[], Coroutine[Any, Any, None]] | None = None

    def start(self) -> None:
        """Returns when the loop turns."""
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT_S):
            raise RuntimeError("the network thread did not start")

    def stop(
        self,
        *,
        last: Callable[[], Coroutine[Any, Any, None]] | None = None,
        timeout_s: float = STOP_TIMEOUT_S,
    ) -> bool:
        """Cancel everything, then run `last`, and join the thread; whether it ended in time."""
        self._last = last
        loop, ending = self._loop, self._ending
        if loop is None or ending is None or not self._thread.is_alive():
            return True
        loop.call_soon_threadsafe(ending.set)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, _Result]) -> concurrent.futures.Future[_Result]:
        """Run a coroutine on the loop. After `stop` the future is cancelled at once.

        What it raises unforeseen is logged here, whether or not anybody looks at the future.
        """
        loop = self._loop
        if loop is None or loop.is_closed() or not self._thread.is_alive():
            coroutine.close()
            ended: concurrent.futures.Future[_Result] = concurrent.futures.Future()
            ended.cancel()
            return ended
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        future.add_done_callback(_log_unforeseen)
        return future

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Call a plain function on the loop, soon. Nothing happens after `stop`."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(lambda: function(*arguments))
        except RuntimeError:  # closed between the question and the call
            return

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        self._ready.set()
        await self._ending.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=CANCEL_TIMEOUT_S)
        if self._last is not None:
            await self._last()


def _log_unforeseen(done: concurrent.futures.Future[_Result]) -> None:
    error = None if done.cancelled() else done.exception()
    if error is not None and not isinstance(error, LivehouseError):
        _log.error("work on the loop failed unexpectedly", exc_info=error)
