"""What another program encodes, into a room: one broadcast for as long as that program sends.

    waiting --a stream, its shape known--> live --goodbye--> waiting
                                           live --lost--> held --the stream is back--> live
                                                          held --HOLD_S--> waiting

Streams without B-frames pass as they are; the others, and all where several qualities are asked
for, are decoded and encoded here. Each broadcast has taps of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.errors import LivehouseError
from app.live.passing import Passing
from app.live.publishing import Publishing
from app.media.ingest.reencoding import ArrivingMedia

if TYPE_CHECKING:
    from app.live.publishing import PacketTap
    from app.media.ingest.arrivals import ArrivedPicture, ArrivedSound, StreamShape
    from app.settings import PublishSettings

HOLD_S: Final = 30.0
"""How long a broadcast waits for an encoder whose connection was lost."""

AUTO: Final = "auto"
_SIZES: Final = ("1080p", "720p", "540p", "480p", "360p")

IngestState = Literal["waiting", "live", "held"]


class Broadcast(Protocol):
    """What Publishing and Passing have in common."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def reconnect_now(self) -> None: ...

    @property
    def is_live(self) -> bool: ...

    @property
    def link_state(self) -> str: ...

    def statistics(self) -> dict[str, object]: ...

    def line(self) -> str: ...


class Intake(Protocol):
    """Where arrivals go."""

    def push(self, item: ArrivedPicture | ArrivedSound) -> None: ...

    def release(self) -> None: ...


class Ingesting:
    """The broadcasts of one incoming address, one after another. All calls on one asyncio loop,
    but for the intake, which belongs to the reader's thread."""

    def __init__(
        self,
        settings: PublishSettings,
        *,
        layers: str = AUTO,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        on_state: Callable[[IngestState], None] = lambda _state: None,
        request_ticket: Callable[[], Awaitable[str]] | None = None,
        make_taps: Callable[[], Sequence[PacketTap]] = tuple,
        hold_s: float = HOLD_S,
    ) -> None:
        """`layers`: `auto` copies where it can and else encodes the size that fits; names of sizes
        (`720p,360p`) always encode."""
        self._settings = settings
        self._layers = layers
        self._random = random
        self._on_notice = on_notice
        self._on_state = on_state
        self._request_ticket = request_ticket
        self._make_taps = make_taps
        self._hold_s = hold_s
        self._broadcast: Broadcast | None = None
        self._running: asyncio.Task[None] | None = None
        self._shape: StreamShape | None = None
        self._intake: Intake | None = None
        self._holding: asyncio.TimerHandle | None = None
        self._is_given_up = False
        """The broadcast ends: whoever comes back now begins another."""
        self._failure: LivehouseError | None = None
        self._failed = asyncio.Event()
        self._last: dict[str, object] = {}
        self.began = asyncio.Event()
        """Set with the first stream."""
        self.broadcasts = 0
        self.copied = 0
        """How many of them passed as they were."""
        self.on_reordered: Callable[[StreamShape], None] = lambda _shape: None
        """Called when B-frames turn up in a stream that is passed on: begin again with this."""
        self.state: IngestState = "waiting"

    @property
    def broadcast(self) -> Broadcast | None:
        return self._broadcast

    def statistics(self) -> dict[str, object]:
        """Of the broadcast that runs, else of the last, and how many there were."""
        broadcast = self._last if self._broadcast is None else self._broadcast.statistics()
        told = {"state": self.state, "broadcasts": self.broadcasts, "copied": self.copied}
        return {**told, **broadcast}

    def line(self) -> str:
        """How it goes, for people."""
        words = "" if self._broadcast is None else f"  {self._broadcast.line()}"
        return f"{self.state}{words}"

    async def wait_failure(self) -> None:
        """Until the relay refuses for good: raises that."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def begin(self, shape: StreamShape) -> Intake | None:
        """A stream is here: go on with the broadcast that was held for it, or begin one."""
        self._cancel_hold()
        self.began.set()
        if self._intake is not None and shape == self._shape and not self._is_given_up:
            self._intake.release()
        else:
            await self.end()
            self._open(shape)
        self._enter("live")
        return self._intake

    def hold(self) -> None:
        """The stream broke off: wait for it."""
        if self._broadcast is None or self._holding is not None:
            return
        self._enter("held")
        loop = asyncio.get_running_loop()
        self._holding = loop.call_later(self._hold_s, self._give_up)

    async def end(self) -> None:
        """The stream said goodbye, or all is over: end the broadcast in order."""
        self._cancel_hold()
        running = self._running
        if self._broadcast is not None:
            self._broadcast.stop()
        if running is not None:
            await asyncio.wait({running})
        self._forget()

    def _open(self, shape: StreamShape) -> None:
        self._shape = shape
        self._is_given_up = False
        self.broadcasts += 1
        wants_copy = self._layers == AUTO and not shape.is_reordered
        broadcast = self._make_copy(shape) if wants_copy else self._make_encoded(shape)
        self._broadcast = broadcast
        self._running = asyncio.get_running_loop().create_task(self._run(broadcast))

    def _make_copy(self, shape: StreamShape) -> Broadcast:
        passing = Passing(
            self._settings,
            shape,
            random=self._random,
            on_notice=self._on_notice,
            request_ticket=self._request_ticket,
            taps=self._make_taps(),
        )
        loop = asyncio.get_running_loop()

        def tell_reordered() -> None:
            loop.call_soon_threadsafe(self._tell_reordered)

        passing.pipeline.on_reordered = tell_reordered
        self._intake = passing.pipeline
        self.copied += 1
        self._on_notice(f"{_words(shape)}: passed on as it is")
        return passing

    def _make_encoded(self, shape: StreamShape) -> Broadcast:
        media = ArrivingMedia(shape, name="the encoder")
        layers = _size_that_fits(shape.height) if self._layers == AUTO else self._layers
        publishing = Publishing(
            replace(
                self._settings,
                source="testcard",
                audio="tone" if shape.has_sound else "none",
                layers=layers,
            ),
            random=self._random,
            on_notice=self._on_notice,
            open_sources=media.open_feeds,
            request_ticket=self._request_ticket,
            taps=self._make_taps(),
        )
        self._intake = media
        why = " because of its B-frames" if shape.is_reordered else ""
        self._on_notice(f"{_words(shape)}: encoded again as {layers}{why}")
        return publishing

    async def _run(self, broadcast: Broadcast) -> None:
        try:
            await broadcast.run()
        except LivehouseError as error:
            self._failure = error
            self._failed.set()
        finally:
            if self._broadcast is broadcast:
                self._cancel_hold()
                self._forget()

    def _forget(self) -> None:
        if self._broadcast is not None:
            self._last = self._broadcast.statistics()
        self._broadcast = self._running = self._shape = self._intake = None
        self._enter("waiting")

    def _tell_reordered(self) -> None:
        if self._shape is not None:
            self._on_notice("the stream has B-frames after all")
            self.on_reordered(replace(self._shape, is_reordered=True))

    def _give_up(self) -> None:
        self._holding = None
        if self._broadcast is not None:
            self._is_given_up = True
            self._on_notice(f"nothing came back within {self._hold_s:g} s: the broadcast ends")
            self._broadcast.stop()

    def _cancel_hold(self) -> None:
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None

    def _enter(self, state: IngestState) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)


def _size_that_fits(height: int) -> str:
    """The largest size that does not make the picture larger."""
    return next((name for name in _SIZES if int(name[:-1]) <= height), _SIZES[-1])


def _words(shape: StreamShape) -> str:
    sound = "with sound" if shape.has_sound else "without sound"
    return f"{shape.codec} {shape.width}x{shape.height} at {float(shape.frame_rate):g} fps, {sound}"
