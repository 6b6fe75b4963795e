"""One track's decoder child: watched, and replaced within a budget when it is lost."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from app.media.playback.decoder_process import ANSWER_S_MAX, DecoderLost, DecoderProcess
from app.media.playback.restart_budget import RestartBudget

if TYPE_CHECKING:
    from app.media.playback.decoder_messages import Request
    from app.media.playback.spare_decoder import SpareDecoder

WATCH_INTERVAL_S: Final = 0.1
SPARE_AFTER_PACKETS: Final = 30
"""The next spare is started once this room runs, not in the moment in which it opens."""

_log: Final = logging.getLogger(__name__)


class DecoderKeeper:
    """`interrupt` and `pid` from any thread, the rest from one."""

    def __init__(self, spare: SpareDecoder) -> None:
        self._spare = spare
        self._budget = RestartBudget()
        self._process: DecoderProcess | None = None
        self._answered = 0
        """By this child."""
        self._has_lost = False
        self._stopping = threading.Event()
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
        process = self._process
        if process is not None:
            process.kill()

    def ask(
        self, payload: bytes, request: Request, *, answer_s_max: float = ANSWER_S_MAX
    ) -> tuple[bool, bytes]:
        """As `DecoderProcess.ask`. A child that is lost is gone. Raises DecoderLost."""
        process = self._process
        if process is None:
            raise DecoderLost("there is none")
        try:
            answer = process.ask(payload, request, answer_s_max=answer_s_max)
        except DecoderLost as lost:
            self.drop(lost)
            raise
        self._answered += 1
        if self._answered == SPARE_AFTER_PACKETS:
            with contextlib.suppress(OSError):
                self._spare.prepare()
        return answer

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
        self._answered = 0
        if self._stopping.is_set():  # `interrupt` may have looked before it was there
            self._process.kill()
        return True

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _run_watch(self) -> None:
        while not self._stopping.wait(WATCH_INTERVAL_S):
            process = self._process
            if process is not None:
                process.kill_overdue(time.monotonic())
