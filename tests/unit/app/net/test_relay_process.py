"""What the program that hosts a relay makes of its silence and its last words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import HouseUnusable, RelayUnreachable
from app.net.relay_process import _read_ready

if TYPE_CHECKING:
    from pathlib import Path

READY = b'{"ready": true, "url": "ws://127.0.0.1:7788"}\n'


class Relay:
    """Stands for the child: each step is a line on its standard output, or what it logs in a wait
    that was as long as one waits."""

    def __init__(self, log: Path, *steps: bytes | str, code: int = 0) -> None:
        self._log = log
        self._steps = list(steps)
        self._code = code
        self.stdout = SimpleNamespace(readline=self._readline)
        log.touch()

    async def wait(self) -> int:
        return self._code

    async def _readline(self) -> bytes:
        step = self._steps.pop(0)
        if isinstance(step, bytes):
            return step
        with self._log.open("a") as log:
            log.write(step)
        raise TimeoutError


async def read(relay: Relay, log: Path) -> str:
    stand_in: Any = relay
    return (await _read_ready(stand_in, log, 0)).url


async def test_relay_when_its_log_goes_on_then_it_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "relay.log"
    relay = Relay(log, "still opening\n", "still opening\n", b"a word\n", READY)
    assert await read(relay, log) == "ws://127.0.0.1:7788"


async def test_relay_when_it_says_no_more_then_it_is_given_up(tmp_path: Path) -> None:
    log = tmp_path / "relay.log"
    with pytest.raises(RelayUnreachable, match="not ready within"):
        await read(Relay(log, "still opening\n", ""), log)


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (3, HouseUnusable, "it was made by a newer Livehouse"),
        (1, RelayUnreachable, "port 7788 is in use"),
    ],
)
async def test_relay_when_it_ends_then_its_last_words_are_the_reason(
    tmp_path: Path, code: int, error: type[Exception], words: str
) -> None:
    log = tmp_path / "relay.log"
    relay = Relay(log, b"", code=code)
    log.write_text(f"livehouse-relay: an older word\nlivehouse-relay: {words}\nand a line\n")
    with pytest.raises(error, match=f"^{words}$"):
        await read(relay, log)


async def test_relay_when_it_ends_without_a_word_then_its_code_is_told(tmp_path: Path) -> None:
    log = tmp_path / "relay.log"
    with pytest.raises(RelayUnreachable, match="exit code 9"):
        await read(Relay(log, b"", code=9), log)
