"""Rounds that other programs on the machine disturbed are run again, whatever they had shown.

The rule looks at the load of others alone, never at the figures, so it cannot pick the good ones;
what was put aside is counted in the report. On a machine that stays busy the last try stands, with
its load beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from benchmarks.harness.processes import machine_busy_s, wait_s
from benchmarks.harness.report import progress

if TYPE_CHECKING:
    from collections.abc import Callable

OTHERS_LOAD_MAX: Final = 0.25
"""Cores. An idle desktop or CI machine stays under 0.1."""
TRIES: Final = 3
QUIET_SAMPLE_S: Final = 1.0
QUIET_WAIT_S_MAX: Final = 20.0


class Disturbable(Protocol):
    @property
    def others_load(self) -> float: ...


Result = TypeVar("Result", bound=Disturbable)


def run_undisturbed(run: Callable[[], Result], put_aside: list[Result]) -> Result:
    """The first round with little other load; the disturbed ones before it go to `put_aside`."""
    for _ in range(TRIES - 1):
        wait_until_quiet()
        result = run()
        if result.others_load <= OTHERS_LOAD_MAX:
            return result
        put_aside.append(result)
        progress(f"disturbed: others kept {result.others_load} cores busy; again")
    wait_until_quiet()
    return run()


def wait_until_quiet() -> None:
    """Until others leave the machine alone for a second, or patience ends."""
    waited_s = 0.0
    while waited_s < QUIET_WAIT_S_MAX:
        before_s = machine_busy_s()
        wait_s(QUIET_SAMPLE_S)
        waited_s += QUIET_SAMPLE_S
        if (machine_busy_s() - before_s) / QUIET_SAMPLE_S <= OTHERS_LOAD_MAX:
            return
