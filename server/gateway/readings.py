"""The house's figures at one moment, from the counters that the relay's parts keep anyway."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from server.admin.figures import Reading
from server.admin.process import memory_bytes

if TYPE_CHECKING:
    from server.admin.sampling import Tally
    from server.clocks import Clocks
    from server.gateway.admission import Admission
    from server.relay.media_plane import MediaPlane
    from server.sanctions.standings import Standings


class Readings:
    """Event loop's thread only; costs a walk over the rooms that are live."""

    def __init__(
        self,
        *,
        plane: MediaPlane,
        admission: Admission,
        tally: Tally,
        standings: Standings,
        clocks: Clocks,
        cpu_s: Callable[[], float] = time.process_time,
    ) -> None:
        self._plane = plane
        self._admission = admission
        self._tally = tally
        self._standings = standings
        self._clocks = clocks
        self._cpu_s = cpu_s

    def read(self) -> Reading:
        plane, tally = self._plane, self._tally
        return Reading(
            at_mono_s=self._clocks.mono_s(),
            at_unix_ms=self._clocks.unix_ms(),
            viewers=plane.subscribers(),
            rooms_live=sum(1 for room in plane.rooms.values() if room.broadcast is not None),
            sockets=len(self._admission),
            bytes_in=plane.counters.bytes_received,
            bytes_out=plane.counters.bytes_forwarded,
            cpu_s=self._cpu_s(),
            memory_bytes=memory_bytes(),
            lag_s_max=tally.take_lag_max(),
            messages=tally.messages,
            coins=tally.coins,
            refusals=tally.refusals,
            sanctions=sum(1 for _ in self._standings),
        )
