"""A publisher's uplink becomes narrow and wide again: the real programs through a bad network.

The publisher is `livehouse publish` behind a proxy; a viewer beside the relay notes how old the
newest picture is. What waits where comes from the publisher's own statistics.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import av
import cv2
import numpy as np

from tests.e2e.programs import LivehouseProgram, RelayProgram, running_livehouse, until
from tests.faults import tcp_proxy
from tests.faults.tcp_proxy import fault_proxy
from tests.support.relay_clients import SubscriberClient, subscriber
from wire.media_packet import Kind, MediaPacket

WIDE_BPS: Final = 5_000_000.0
NARROW_BPS: Final = 600_000.0
BUFFER_BYTES: Final = 8 * 1024
PIECES_MAX: Final = 2
"""Of each of the proxy's buffers, and how many pieces are on their way in it: all together hide
about a second of the narrow link, as a modem does. One that hides five delays pictures by five."""
CALM_MS: Final = 300.0
CALM_POINTS: Final = 4
"""So many half seconds in a row: then what waits counts as small again."""
START_TIMEOUT_S: Final = 40.0
_LOOK_S: Final = 0.02


@dataclass(frozen=True)
class Point:
    """Half a second, from the moment when the link became narrow."""

    at_s: float
    queued_ms: float
    """In the publisher, and from its socket to the relay."""
    bit_rate_bps: int
    received_bps: float
    height: int
    layers: int
    picture_age_ms: float
    """Of the newest picture that the viewer had, at its oldest."""


@dataclass
class UplinkCourse:
    points: list[Point]
    decisions: list[dict[str, Any]]
    cap_bps: int
    narrow_s: float
    """How long the link was narrow."""
    reconnects: int
    dropped: dict[str, int]
    said: str = field(repr=False)

    @property
    def followed_s(self) -> float | None:
        """Until the pictures' rate was below the narrow link's."""
        return self._first(lambda point: point.bit_rate_bps < NARROW_BPS, from_s=0)

    @property
    def queued_ms_max(self) -> float:
        return max(point.queued_ms for point in self.points if point.at_s >= 0)

    @property
    def calm_s(self) -> float | None:
        """Until little waited again, and went on to."""
        after = [point for point in self.points if point.at_s >= (self.followed_s or 0)]
        for index in range(len(after) - CALM_POINTS + 1):
            if all(point.queued_ms < CALM_MS for point in after[index : index + CALM_POINTS]):
                return after[index].at_s
        return None

    @property
    def picture_age_ms_max(self) -> float:
        return max(point.picture_age_ms for point in self.points)

    @property
    def back_s(self) -> float | None:
        """From the link's widening until all was as the user chose."""
        last = self.points[-1]
        back_s = self._first(
            lambda point: (
                point.bit_rate_bps == self.cap_bps
                and (point.height, point.layers) == (last.height, last.layers)
            ),
            from_s=self.narrow_s,
        )
        return None if back_s is None else back_s - self.narrow_s

    def _first(self, holds: Callable[[Point], bool], *, from_s: float) -> float | None:
        found = (point.at_s for point in self.points if point.at_s >= from_s and holds(point))
        return next(found, None)


async def run_uplink_course(
    folder: Path,
    *,
    source: str,
    layers: str,
    before_s: float,
    narrow_s: float,
    after_s: float,
) -> UplinkCourse:
    """`after_s` is a bound: it ends sooner where the publisher says that all is as chosen."""
    stats_file = folder / "published.json"
    async with AsyncExitStack() as stack:
        relay = stack.enter_context(RelayProgram(folder / "data"))
        stack.enter_context(patch.object(tcp_proxy, "IN_FLIGHT_MAX", PIECES_MAX))
        up = await stack.enter_async_context(
            fault_proxy(
                relay.port, receive_buffer_bytes=BUFFER_BYTES, read_ahead_bytes=BUFFER_BYTES
            )
        )
        up.up.bandwidth_bps = WIDE_BPS
        viewer = await stack.enter_async_context(subscriber(relay.url, relay.room.id))
        ages = _Ages(viewer)
        watching = asyncio.get_running_loop().create_task(ages.watch())
        stack.callback(watching.cancel)
        publisher = LivehouseProgram(
            "publish", "--relay", up.url, "--room", relay.room.id, "--source", source, "--loop",
            "--layers", layers, "--stats-json", str(stats_file),
            publish_key=relay.room.publish_key, says_to=folder / "publish.log",
        )  # fmt: skip
        async with running_livehouse(publisher):
            await until(lambda: ages.seen, START_TIMEOUT_S, "the first picture")
            await asyncio.sleep(before_s)
            narrow_us = time.time_ns() // 1000
            up.up.bandwidth_bps = NARROW_BPS
            await asyncio.sleep(narrow_s)
            wide_us = time.time_ns() // 1000
            up.up.bandwidth_bps = WIDE_BPS
            await _until_wide_again(publisher, after_s)
        said = publisher.log
    return _read(json.loads(stats_file.read_bytes()), ages, narrow_us, wide_us, said)


async def _until_wide_again(publisher: LivehouseProgram, timeout_s: float) -> None:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if "wide enough again" in publisher.log.rpartition("too narrow")[2]:
            await asyncio.sleep(3.0)  # the last layer comes with the next keyframe
            return
        await asyncio.sleep(0.2)


class _Ages:
    """When which picture was there."""

    def __init__(self, viewer: SubscriberClient) -> None:
        self._viewer = viewer
        self.seen: list[tuple[int, int]] = []
        """Arrival and capture of each picture that was newer than all before, in microseconds."""

    async def watch(self) -> None:
        looked = 0
        while True:
            await asyncio.sleep(_LOOK_S)
            now_us = time.time_ns() // 1000
            for message in self._viewer.received[looked:]:
                if isinstance(message, MediaPacket) and message.kind is Kind.VIDEO:
                    captured_us = message.captured_at_unix_us
                    if not self.seen or captured_us > self.seen[-1][1]:
                        self.seen.append((now_us, captured_us))
            looked = len(self._viewer.received)

    def oldest_ms(self, from_us: float, until_us: float) -> float:
        """How old the newest picture became, from its capture to when the next one was there."""
        pairs = zip(self.seen, self.seen[1:], strict=False)
        ages = [
            next_at_us - captured_us
            for (_, captured_us), (next_at_us, _) in pairs
            if from_us <= next_at_us < until_us
        ]
        return max(ages, default=0) / 1000


def _read(
    stats: dict[str, Any], ages: _Ages, narrow_us: int, wide_us: int, said: str
) -> UplinkCourse:
    upstream = stats["upstream"]
    began_us = upstream["began_unix_us"]
    points = []
    for one in upstream["course"]:
        at_us = began_us + one["at_s"] * 1e6
        points.append(
            Point(
                at_s=round((at_us - narrow_us) / 1e6, 2),
                queued_ms=one["queued_ms"] + one["late_ms"],
                bit_rate_bps=one["bit_rate_bps"],
                received_bps=one["received_bps"] or 0.0,
                height=one["height"],
                layers=one["layers"],
                picture_age_ms=ages.oldest_ms(at_us, at_us + 0.5e6),
            )
        )
    return UplinkCourse(
        points=points,
        decisions=upstream["decisions"],
        cap_bps=upstream["cap_bps"],
        narrow_s=(wide_us - narrow_us) / 1e6,
        reconnects=stats["reconnects"],
        dropped=stats["link"]["dropped"],
        said=said,
    )


def write_busy_clip(path: Path, *, seconds: int = 4) -> None:
    """640x360 at 25 a second, silent: soft noise that drifts, which no encoder finds easy."""
    random = np.random.default_rng(5)
    ground = random.integers(0, 256, (360, 640 + seconds * 25 * 4), dtype=np.uint8)
    ground = cv2.normalize(cv2.GaussianBlur(ground, (0, 0), 2.0), None, 16, 235, cv2.NORM_MINMAX)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "20"}
        for number in range(seconds * 25):
            luma = ground[:, number * 4 : number * 4 + 640]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), "gray")
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
