"""One track's decoder child: watched, and replaced within a budget when it is lost."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from app.media.playback.decoder_process import DecoderLost, DecoderProcess
from app.media.playback.restart_budget import RestartBudget

if TYPE_CHECKING:
    from app.media.playback.decoder_messages import Request
    from app.media.playback.spare_decoder import SpareDecoder

WATCH_INTERVAL_S: Final = 0.1
SPARE_AFTER_S: Final = 0.5
"""The next spares are started once this room runs, not while it opens and decodes a cached GOP."""

_log: Final = logging.getLogger(__name__)


class DecoderKeeper:
    """`interrupt` and `pid` from any thread, the rest from one."""

    def __init__(self, spare: SpareDecoder) -> None:
        self._spare = spare
        self._budget = RestartBudget()
        self._process: DecoderProcess | None = None
        self._spare_at_s: float | None = None
        """When to start the next spares; None until the first answer, and once it is done."""
        self._has_answered = False
        self._has_lost = False
        self._stopping = threading.Event()
        self._is_asked = threading.Event()
        """Something was asked since the watch last looked."""
        self._is_asking = False
        self._watch = threading.Thread(target=self._run_watch, name="decoder-watch", daemon=True)
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    @property
    def has_child(self) -> bool:
        return self._process is not None

    @property
    def content(self) -> memoryview:
        """Where the last answer's pictures or sound are, until the next request."""
        process = self._process
        return process.content if process is not None else memoryview(b"")

    def start(self) -> None:
        self._watch.start()
        self.replace()

    def stop(self) -> None:
        self.interrupt()
        if self._watch.is_alive():
            self._watch.join()
        self._let_go()

    def interrupt(self) -> None:
        """What is being asked ends with DecoderLost, and no child is started any more."""
        self._stopping.set()
        self._is_asked.set()
        process = self._process
        if process is not None:
            process.kill()

    def ask(self, payload: bytes, request: Request, *, answer_s_max: float) -> tuple[bool, bytes]:
        """As `DecoderProcess.ask`. A child that is lost is gone. Raises DecoderLost."""
        with self._asking() as process:
            answer = process.ask(payload, request, answer_s_max=answer_s_max)
        self._prepare_spare(time.monotonic())
        return answer

    def post(self, payload: bytes, request: Request) -> None:
        """The same of `DecoderProcess.post`."""
        with self._asking() as process:
            process.post(payload, request)

    def collect(self, request: Request, *, answer_s_max: float) -> tuple[bool, bytes]:
        """The same of `DecoderProcess.collect`."""
        with self._asking() as process:
            return process.collect(request, answer_s_max=answer_s_max)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[DecoderProcess]:
        process = self._process
        if process is None:
            raise DecoderLost("there is none")
        self._is_asking = True  # before the watch is woken: it may look at once
        self._is_asked.set()
        try:
            yield process
        except DecoderLost as lost:
            self.drop(lost)
            raise
        finally:
            self._is_asking = False

    def drop(self, lost: DecoderLost) -> None:
        """This child died, or lied."""
        self._has_lost = True
        self._let_go()
        if not self._stopping.is_set():
            _log.warning("a decoder was lost: %s", lost)

    def replace(self) -> bool:
        """Whether there is a child now."""
        if self._stopping.is_set() or not self._budget.take(time.monotonic()):
            return False
        try:
            self._process = self._spare.take()
        except OSError as error:
            _log.warning("no decoder can be started: %s", error.strerror)
            return False
        self.restarts += self._has_lost
        self._has_lost = False
        self._has_answered = False
        if self._stopping.is_set():  # `interrupt` may have looked before it was there
            self._process.kill()
        return True

    def _prepare_spare(self, now_s: float) -> None:
        if not self._has_answered:
            self._has_answered = True
            self._spare_at_s = now_s + SPARE_AFTER_S
        elif self._spare_at_s is not None and now_s >= self._spare_at_s:
            self._spare_at_s = None
            with contextlib.suppress(OSError):
                self._spare.prepare()

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _run_watch(self) -> None:
        """Rests while nothing is asked: a room that is not live costs nothing."""
        while not self._stopping.is_set():
            self._is_asked.wait()
            while not self._stopping.wait(WATCH_INTERVAL_S):
                process = self._process
                if process is not None:
                    process.tick(WATCH_INTERVAL_S)
                if not self._is_asking and not self._is_asked.is_set():
                    break
                self._is_asked.clear()
