"""Notices when the GUI thread does not answer, how long, and where it stood meanwhile.

A thread posts a beat to the GUI thread and waits for its answer; the delay is what a click would
have waited. Beats leave one at a time, the next one `BEAT_INTERVAL_S` after an answer, so a stall
is told at most that much too short and never too long: a late watcher posts late.

While a beat waits the watcher looks again and again at where the GUI thread is. With the time that
the thread worked, and that it had no core, this tells its own doing from waiting for a lock and
from a busy machine.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.media.playback.statistics import StreamingPercentiles

STALL_MS: Final = 50.0
"""Three frames at 60 Hz: what a hand on the mouse begins to feel."""
BEAT_INTERVAL_S: Final = 0.005
LOOK_AFTER_S: Final = 0.02
LOOK_INTERVAL_S: Final = 0.005
LOOKS_MAX: Final = 2_000
"""Ten seconds of looking at one stall."""
STACK_LINES_MAX: Final = 16
WORST_KEPT: Final = 10
JOIN_TIMEOUT_S: Final = 2.0
_BEAT: Final = QEvent.Type(QEvent.registerEventType())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """One time that the GUI thread did not answer for longer than the bound."""

    length_ms: float
    worked_ms: float
    """The thread's own processor time within: much less than `length_ms` means that it waited."""
    starved_ms: float | None
    """The time within that it was ready and had no core: another program's doing. Linux tells."""
    stack: tuple[str, ...]
    """Where it was seen most, `file:line function`, the innermost last. Empty if it was not."""

    def line(self) -> str:
        """For a log."""
        place = self.stack[-1] if self.stack else "a place that was not seen"
        return f"the window stood still for {self.length_ms:.0f} ms ({self.why()}) at {place}"

    def why(self) -> str:
        """Who had the time."""
        words = f"worked {self.worked_ms:.0f} ms"
        if self.starved_ms is not None:
            words += f", had no core for {self.starved_ms:.0f} ms"
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class StallFigures:
    """What a stretch of watching came to."""

    beats: int
    p99_ms: float
    max_ms: float
    stalls: int
    """Delays over the bound."""
    worked_ms_max: float
    """The most that the thread itself worked while a beat waited: what no other program did."""
    worst: tuple[Stall, ...]
    """The longest stalls, the longest first; at most WORST_KEPT."""


class _Pulse(QObject):
    """Answers on the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.answered_at_s = time.perf_counter()
        self.worked_s = time.thread_time()

    def event(self, event: QEvent) -> bool:
        if event.type() == _BEAT:
            self.answered_at_s, self.worked_s = time.perf_counter(), time.thread_time()
            self.answered.set()
            return True
        return super().event(event)


class _RunQueue:
    """How long a thread has been ready to run without a core, so far."""

    def __init__(self, native_id: int) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):  # no Linux, or a kernel that does not count
            self._file = os.open(f"/proc/self/task/{native_id}/schedstat", os.O_RDONLY)

    def waited_ms(self) -> float | None:
        if self._file is None:
            return None
        return int(os.pread(self._file, 128, 0).split()[1]) / 1e6

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class StallWatch:
    """Made, started and stopped on the GUI thread; `take` may be called from any thread.

    `on_stall` is called on the watcher's thread.
    """

    def __init__(
        self,
        *,
        stall_ms: float = STALL_MS,
        on_stall: Callable[[Stall], object] = lambda _stall: None,
    ) -> None:
        self._stall_ms = stall_ms
        self._on_stall = on_stall
        self._watched_thread = threading.get_ident()
        self._run_queue = _RunQueue(threading.get_native_id())
        self._pulse = _Pulse()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._delays_ms = StreamingPercentiles()
        self._stalls = 0
        self._worked_ms_max = 0.0
        self._worst: list[Stall] = []
        self._thread = threading.Thread(target=self._run, name="stall-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Bounded. Also of one that was never started."""
        self._stopping.set()
        self._pulse.answered.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_TIMEOUT_S)
        else:
            self._run_queue.close()
        QCoreApplication.removePostedEvents(self._pulse)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def take(self) -> StallFigures:
        """The figures since the last `take`, and begin anew."""
        with self._lock:
            delays, self._delays_ms = self._delays_ms, StreamingPercentiles()
            stalls, self._stalls = self._stalls, 0
            worked_ms, self._worked_ms_max = self._worked_ms_max, 0.0
            worst, self._worst = self._worst, []
        return StallFigures(
            beats=delays.count,
            p99_ms=delays.percentile(0.99),
            max_ms=delays.maximum,
            stalls=stalls,
            worked_ms_max=worked_ms,
            worst=tuple(worst),
        )

    def _run(self) -> None:
        pulse = self._pulse
        while not self._stopping.wait(BEAT_INTERVAL_S):
            worked_before_s, starved_before_ms = pulse.worked_s, self._run_queue.waited_ms()
            pulse.answered.clear()
            posted_at_s = time.perf_counter()
            QCoreApplication.postEvent(pulse, QEvent(_BEAT))
            seen = self._look_until_answered()
            if self._stopping.is_set():
                break
            length_ms = (pulse.answered_at_s - posted_at_s) * 1000
            starved_ms = self._run_queue.waited_ms()
            if starved_ms is not None and starved_before_ms is not None:
                starved_ms = min(length_ms, starved_ms - starved_before_ms)
            stall = Stall(
                length_ms=length_ms,
                worked_ms=min(length_ms, (pulse.worked_s - worked_before_s) * 1000),
                starved_ms=starved_ms,
                stack=seen.most_common(1)[0][0] if seen else (),
            )
            self._note(stall)
        self._run_queue.close()

    def _look_until_answered(self) -> Counter[tuple[str, ...]]:
        """The stacks that were seen while the beat waited, none where it hardly did."""
        seen: Counter[tuple[str, ...]] = Counter()
        if self._pulse.answered.wait(LOOK_AFTER_S):
            return seen
        for look in itertools.count():
            if look < LOOKS_MAX:
                seen[_find_stack(self._watched_thread)] += 1
            if self._pulse.answered.wait(LOOK_INTERVAL_S):
                return seen
        raise AssertionError  # a count has no end

    def _note(self, delay: Stall) -> None:
        is_stall = delay.length_ms > self._stall_ms
        with self._lock:
            self._delays_ms.add(delay.length_ms)
            self._worked_ms_max = max(self._worked_ms_max, delay.worked_ms)
            if is_stall:
                self._stalls += 1
                self._worst.append(delay)
                self._worst.sort(key=lambda stall: -stall.length_ms)
                del self._worst[WORST_KEPT:]
        if is_stall:
            with contextlib.suppress(OSError):  # the listener may write to a pipe that is gone
                self._on_stall(delay)


def _find_stack(thread_id: int) -> tuple[str, ...]:
    """Where a thread is, the innermost call last."""
    was_collecting = gc.isenabled()
    # Python 3.11 holds the lock of all threads here: a collection of garbage within, which
    # may hand on the interpreter, and a thread that begins elsewhere wait for each other for good.
    gc.disable()
    try:
        frame = sys._current_frames().get(thread_id)  # noqa: SLF001 # the only way to see it
    finally:
        if was_collecting:
            gc.enable()
    if frame is None:
        return ()
    # `lookup_lines=False`: reading source files here would lengthen what is measured.
    calls = traceback.StackSummary.extract(
        traceback.walk_stack(frame), limit=STACK_LINES_MAX, lookup_lines=False
    )
    return tuple(
        f"{'/'.join(call.filename.split('/')[-3:])}:{call.lineno} {call.name}"
        for call in reversed(calls)
    )
