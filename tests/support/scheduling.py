"""How the system schedules this process, kept as it is."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def scheduled_as_before() -> Iterator[None]:
    """SVT-AV1 makes the thread that opens it a real-time one where it may (as root): whatever else
    that thread does then takes the processors from everybody, the system included."""
    if sys.platform != "linux":
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)
