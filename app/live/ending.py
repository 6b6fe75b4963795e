"""How a broadcast ends, whether it is encoded here or passed on: what was made is sent, the taps
end, and what went wrong is raised."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from app.errors import LivehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class Tap(Protocol):
        """What this asks of a `PacketTap`."""

        async def end(self) -> None: ...


FLUSH_TIMEOUT_S: Final = 3.0


async def run_to_end(
    link: asyncio.Task[None],
    endings: Sequence[asyncio.Task[Any]],
    *,
    beside: Sequence[asyncio.Task[Any]] = (),
    stop_media: Callable[[], None],
    stop_sending: Callable[[], None],
    taps: Sequence[Tap],
    is_stopping: Callable[[], bool],
) -> None:
    """Until the link, or one of `endings`, is over. All tasks are ended here, `beside` with them.

    `stop_media` blocks, and is called once more at the very end; `stop_sending` makes the link end
    once it has sent what waits. Raises what any task raised, but no LivehouseError after a `stop`
    that was wanted: the link may break while it says goodbye.
    """
    tasks = (link, *endings, *beside)
    try:
        await asyncio.wait({link, *endings}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(stop_media)
        stop_sending()
        if not link.done():
            await asyncio.wait({link}, timeout=FLUSH_TIMEOUT_S)
    finally:
        for task in tasks:
            task.cancel()
        try:
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            # Also when cancelled once more, here or in the line above: threads must end.
            await asyncio.shield(end_media(stop_media, taps))
    for outcome in outcomes:
        if isinstance(outcome, LivehouseError) and not is_stopping():
            raise outcome
        if isinstance(outcome, Exception) and not isinstance(outcome, LivehouseError):
            raise outcome


async def end_media(stop_media: Callable[[], None], taps: Sequence[Tap]) -> None:
    """`stop_media` blocks."""
    await asyncio.to_thread(stop_media)
    await asyncio.gather(*(tap.end() for tap in taps))
