"""One decoder child: started, asked, and killed when it does not answer.

`ask` and `close` belong to one thread; `kill`, `tick` and `is_running` to any. A child that is
overdue is killed from outside, so that a blocked `ask` ends with DecoderLost: reading with a
timeout is not to be had from pipes on every system. Time is counted in ticks of the watcher, not by
a clock: while this program stands still itself (a computer that sleeps) no child becomes overdue.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import Final

from app.media.playback import decoder_messages as messages
from app.media.playback.shared_area import SharedArea
from app.settings import DECODER_COMMAND

START_S_MAX: Final = 10.0
ANSWER_S_MAX: Final = 0.7
"""The largest picture takes 0.15 s here. It is not the end: what was lost is decoded again."""
REAP_S_MAX: Final = 2.0
_MODULE: Final = "app.media.playback.decoder_child"
_NAMES_PASSED: Final = frozenset(
    {
        "PATH",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "SYSTEMROOT",
        "WINDIR",
        "TEMP",
        "TMP",
        "TMPDIR",
        "LANG",
    }
)
_PREFIXES_PASSED: Final = ("PYTHON", "LC_", "_PYI", "_MEI")


class DecoderLost(Exception):
    """The child died, was killed because it did not answer, or said nonsense."""


class DecoderProcess:
    """Raises OSError where no child can be started. Ready or not, it may be asked at once."""

    def __init__(self) -> None:
        self._area = SharedArea(messages.AREA_BYTES)
        self._owes_s_max: float | None = None
        """How long it may take over the answer that is waited for."""
        self._asked = 0
        self._ticked = 0
        """Which of the questions `_waited_s` is about."""
        self._waited_s = 0.0
        self._is_ready = False
        descriptor = self._area.descriptor
        try:
            self._process = subprocess.Popen(  # our own program, a fixed command
                [*_command(), self._area.place],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=_environment(),
                pass_fds=() if descriptor is None else (descriptor,),
                start_new_session=sys.platform != "win32",
                creationflags=_WINDOWS_FLAGS,
            )
        except OSError:
            self._area.close()
            raise
        self._area.keep_here()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def content(self) -> memoryview:
        """Where the pictures of the last answer are, until the next request."""
        return self._area.view[messages.CONTENT_AT :]

    def ask(
        self,
        payload: bytes,
        request: messages.Request,
        *,
        answer_s_max: float = ANSWER_S_MAX,
    ) -> tuple[bool, bytes]:
        """Whether it could be decoded, and the records of what is in `content`, to be parsed.

        Raises DecoderLost.
        """
        self.post(payload, request)
        return self.collect(request, answer_s_max=answer_s_max)

    def post(self, payload: bytes, request: messages.Request) -> None:
        """Ask without waiting for the answer; `collect` each in turn. Raises DecoderLost."""
        try:
            self.await_ready()
            self._area.view[request.at : request.at + len(payload)] = payload
            self._send(messages.pack_request(request))
        except (OSError, ValueError, messages.MessageInvalid) as error:
            raise DecoderLost(str(error)) from None
        finally:
            self._owes_s_max = None

    def collect(self, request: messages.Request, *, answer_s_max: float) -> tuple[bool, bytes]:
        """The answer to the oldest `post`, as `ask` gives it. Raises DecoderLost."""
        try:
            self._begin_wait(answer_s_max)
            answer = messages.parse_head(self._receive(messages.HEAD_BYTES))
            size = answer.record_count * messages.record_bytes(request.codec)
            return answer.is_ok, self._receive(size)
        except (OSError, ValueError, messages.MessageInvalid) as error:
            raise DecoderLost(str(error)) from None
        finally:
            self._owes_s_max = None

    def tick(self, interval_s: float) -> None:
        """So much time went by. Kills a child that owes an answer for too long. One thread."""
        owes_s_max, asked = self._owes_s_max, self._asked
        if owes_s_max is None or asked != self._ticked:
            self._ticked, self._waited_s = asked, 0.0
            return
        self._waited_s += interval_s
        if self._waited_s >= owes_s_max:
            self.kill()

    def kill(self) -> None:
        """Any thread."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill it, and let go of all that it took here."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(REAP_S_MAX)
        self._area.close()

    def await_ready(self) -> None:
        """Until it has loaded all that it needs. Raises OSError or MessageInvalid."""
        if not self._is_ready:
            self._begin_wait(START_S_MAX)
            if self._receive(len(messages.READY)) != messages.READY:
                raise messages.MessageInvalid("it did not say that it is ready")
            self._is_ready = True

    def _begin_wait(self, owes_s_max: float) -> None:
        self._asked += 1
        self._owes_s_max = owes_s_max

    def _send(self, data: bytes) -> None:
        stdin = self._process.stdin
        if stdin is None or stdin.write(data) != len(data):
            raise OSError("its input is closed")

    def _receive(self, size: int) -> bytes:
        """Exactly so many bytes."""
        stdout = self._process.stdout
        data = b""
        while len(data) < size:
            piece = stdout.read(size - len(data)) if stdout is not None else b""
            if not piece:
                raise OSError("it has ended")
            data += piece
        return data


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, DECODER_COMMAND]
    return [sys.executable, "-m", _MODULE]


def _environment() -> dict[str, str]:
    """What an interpreter needs to start; whatever else there is may be a secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _NAMES_PASSED or name.upper().startswith(_PREFIXES_PASSED)
    }


_WINDOWS_FLAGS: Final = int(getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)) | int(
    getattr(subprocess, "CREATE_NO_WINDOW", 0)
)
