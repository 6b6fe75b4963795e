"""A relay killed under its sockets and started again: when they are back, and what it cost."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from benchmarks.harness.chat_accounts import make_accounts
from benchmarks.harness.processes import BenchProcess, ProcessFailed

if TYPE_CHECKING:
    from tests.support.relay_process import RelayProcess

SHARE: Final = 0.99
COMING_S_MAX: Final = 120.0
BACK_S_MAX: Final = 90.0
"""Longer than the promise, so that a miss has a figure."""
ASK_EVERY_S: Final = 0.1


@dataclass(frozen=True)
class StampedeRound:
    sockets: int
    back: int
    """Sockets that stood again in the end."""
    down_s: float
    """From the kill to the moment in which the relay served again."""
    back_s: float | None
    """From the kill until 99 % stood again; None: never."""
    all_back_s: float | None
    stall_ms_max: float
    """The longest that the new relay's loop stood still while they came."""
    password_hashes: int
    """Of the new relay."""
    cpu_s: float
    """Of the new relay, from its start until all were back."""
    without_core_s: float | None
    """How long its loop's thread was ready meanwhile and had no core; None: not told here."""


def run_round(relay: RelayProcess, sockets: int) -> StampedeRound:
    """`relay` has not been started and its folder is empty. Raises ProcessFailed."""
    people = sockets // 2
    make_accounts(relay.data_dir, people)
    relay.start()
    try:
        command = [sys.executable, "-m", "benchmarks.harness.stampede_clients"]
        command += ["--url", relay.url, "--room", relay.room_id, "--people", str(people)]
        with BenchProcess("the crowd", command) as crowd:
            _wait_for(crowd, people * 2, COMING_S_MAX)
            killed_at_s = time.monotonic()
            relay.kill()
            relay.start()
            down_s = time.monotonic() - killed_at_s
            wanted = round(people * 2 * SHARE)
            back_s = _try_for(crowd, wanted, killed_at_s)
            all_back_s = _try_for(crowd, people * 2, killed_at_s)
            figures = relay.metrics()
            return StampedeRound(
                sockets=people * 2,
                back=_standing(crowd),
                down_s=down_s,
                back_s=back_s,
                all_back_s=all_back_s,
                stall_ms_max=figures["livehouse_event_loop_lag_max_seconds"] * 1000,
                password_hashes=round(figures["livehouse_password_hashes_total"]),
                cpu_s=_cpu_s(relay.pid),
                without_core_s=_without_core_s(relay.pid),
            )
    finally:
        relay.kill()


def _cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _without_core_s(pid: int) -> float | None:
    """Linux tells it for each thread; the first one runs the loop."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        return None
    return int(text.split()[1]) / 1e9


def _standing(crowd: BenchProcess) -> int:
    crowd.tell()
    return int(crowd.read_json()["standing"])


def _wait_for(crowd: BenchProcess, wanted: int, s_max: float) -> None:
    until_s = time.monotonic() + s_max
    while (standing := _standing(crowd)) < wanted:
        if time.monotonic() > until_s:
            raise ProcessFailed(f"{standing} of {wanted} sockets stood after {s_max:.0f} s")
        time.sleep(ASK_EVERY_S)


def _try_for(crowd: BenchProcess, wanted: int, since_s: float) -> float | None:
    while _standing(crowd) < wanted:
        if time.monotonic() - since_s > BACK_S_MAX:
            return None
        time.sleep(ASK_EVERY_S)
    return time.monotonic() - since_s
