"""The output that the user has chosen: switched while it plays, and watched over.

    the chosen device  --gone-->  the system's default  --gone too-->  silence, in step
                       <--back--                        <--back--

One ring outlives them all, so that what feeds it notices nothing but an output that does not run
for a moment. A thread of its own opens, closes and looks: nothing here blocks who plays or asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.media.playback.audio_output import AudioOutput, DeviceAudioOutput, NullAudioOutput
from app.media.playback.audio_ring import AudioRing
from app.media.sound_devices import list_devices

if TYPE_CHECKING:
    from collections.abc import Sequence

WATCH_INTERVAL_S: Final = 0.5
RETRY_INTERVAL_US: Final = 2_000_000
"""How often a missing device is looked for."""
RETRY_INTERVAL_US_MAX: Final = 30_000_000
"""A device that is listed but does not open is tried ever more rarely, up to this."""
JOIN_TIMEOUT_S: Final = 3.0

OutputKind = Literal["chosen", "default", "silent"]


@dataclass(frozen=True, slots=True)
class OutputState:
    """Where the sound goes."""

    kind: OutputKind
    """Whether it is what was chosen, the default in its place, or nothing."""
    wanted: str = ""
    """The name that was chosen; empty for the system's default."""
    reason: str = ""


class WatchedOutput(AudioOutput, Protocol):
    """An AudioOutput that knows when it is of no use any more."""

    def is_lost(self, now_us: int) -> bool: ...


OpenOutput = Callable[[str, AudioRing], WatchedOutput]
"""Opens a device by name, "" for the default. Raises RuntimeError."""


class ChosenOutput:
    """An AudioOutput that always plays, if only into silence. `on_change` is called on its own
    thread with each OutputState, the first one too."""

    def __init__(
        self,
        device: str,
        *,
        monotonic_us: Callable[[], int],
        on_change: Callable[[OutputState], None],
        open_output: OpenOutput | None = None,
        list_names: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        self.ring = AudioRing()
        self._monotonic_us = monotonic_us
        self._on_change = on_change
        self._open_output = open_output or self._open_device
        self._list_names = list_names or _list_names
        self._wanted = device
        self._opened_for: str | None = None
        """What was wanted when the present output was opened."""
        self._inner: AudioOutput | None = None
        self._watched: WatchedOutput | None = None
        """The same, where it is a device."""
        self._state: OutputState | None = None
        self._retry_us = 0
        self._retry_interval_us = RETRY_INTERVAL_US
        self._wake = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="audio-output", daemon=True)

    @property
    def fill_wanted_us(self) -> int:
        inner = self._inner
        return inner.fill_wanted_us if inner is not None else 0

    @property
    def latency_us(self) -> int:
        inner = self._inner
        return inner.latency_us if inner is not None else 0

    def is_running(self, now_us: int) -> bool:
        inner = self._inner
        return inner is not None and inner.is_running(now_us)

    def choose(self, device: str) -> None:
        """Any thread; returns at once. The same name again is another try at once."""
        self._wanted = device
        self._opened_for = None
        self._wake.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True
        self._wake.set()
        self._thread.join(JOIN_TIMEOUT_S)

    def step(self, now_us: int) -> None:
        """One look at how things are; called by the thread."""
        is_new = self._inner is None or self._opened_for != self._wanted
        if is_new or self._is_lost(now_us) or self._is_worth_a_try(now_us):
            self._open(self._wanted, now_us)

    def _run(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            self.step(self._monotonic_us())
            self._wake.wait(WATCH_INTERVAL_S)
        self._close()

    def _is_lost(self, now_us: int) -> bool:
        return self._watched is not None and self._watched.is_lost(now_us)

    def _is_worth_a_try(self, now_us: int) -> bool:
        """Whether what is missing may be back."""
        state = self._state
        if state is None or state.kind == "chosen" or now_us < self._retry_us:
            return False
        self._retry_us = now_us + self._retry_interval_us
        return state.kind == "silent" or state.wanted in self._list_names()

    def _open(self, wanted: str, now_us: int) -> None:
        """The chosen device, else the default, else silence, which goes on until one is open."""
        if wanted != self._opened_for:
            self._retry_interval_us = RETRY_INTERVAL_US
        if self._watched is not None:
            self._close()
        self._opened_for = wanted
        reason = ""
        for name in (wanted, "") if wanted else ("",):
            try:
                self._use(self._open_output(name, self.ring))
            except RuntimeError as error:
                reason = reason or str(error)
                continue
            self._tell("chosen" if name == wanted else "default", wanted, reason, now_us)
            return
        if self._inner is None:
            self._inner = NullAudioOutput(monotonic_us=self._monotonic_us, ring=self.ring)
            self._inner.start()
        self._tell("silent", wanted, reason, now_us)

    def _use(self, output: WatchedOutput) -> None:
        self._close()
        output.start()
        self._inner = self._watched = output

    def _close(self) -> None:
        inner, self._inner, self._watched = self._inner, None, None
        if inner is not None:
            inner.stop()

    def _tell(self, kind: OutputKind, wanted: str, reason: str, now_us: int) -> None:
        before, self._state = self._state, OutputState(kind, wanted, reason)
        is_again = before is not None and (before.kind, before.wanted) == (kind, wanted)
        if kind == "chosen":
            self._retry_interval_us = RETRY_INTERVAL_US
        elif is_again:
            self._retry_interval_us = min(2 * self._retry_interval_us, RETRY_INTERVAL_US_MAX)
        self._retry_us = now_us + self._retry_interval_us
        if not is_again:
            self._on_change(self._state)

    def _open_device(self, name: str, ring: AudioRing) -> WatchedOutput:
        return DeviceAudioOutput(name, monotonic_us=self._monotonic_us, ring=ring)


def _list_names() -> list[str]:
    return [device.name for device in list_devices("output")]
