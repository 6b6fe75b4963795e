"""Publish the schedule of `packet_schedule` to a relay, on time, until stdin is closed.

A process of its own, so that its CPU time is not the relay's. The publish key comes in the
environment. JSON lines on stdout: `{"event": "publishing"}` once the relay has accepted, and at the
end `{"event": "published", "packets": N, "late_ms": {"p99": x, "max": y}}`: lateness against the
schedule, which shows whether the publisher itself was starved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.harness.packet_schedule import (
    BIT_RATE_BPS,
    LENGTH_S,
    VIDEO_PER_S,
    make_schedule,
    restamp,
)
from benchmarks.harness.report import percentile, say
from wire import PUBLISH_PATH, SUBPROTOCOL, commands, events, media_commands, media_events
from wire.ids import RoomId
from wire.tracks import TrackInfo

PUBLISH_KEY_VARIABLE = "LIVEHOUSE_PUBLISH_KEY"
TRACKS = (
    TrackInfo(
        kind="video",
        codec="h264",
        width=1280,
        height=720,
        frame_rate=VIDEO_PER_S,
        bit_rate_bps=BIT_RATE_BPS,
    ),
    TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2),
)


async def publish(url: str, room_id: str, publish_key: str) -> list[float]:
    """Milliseconds by which each packet was late."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(
        target=_wait_for_stdin, args=(loop, stopped), name="stdin", daemon=True
    ).start()
    async with connect(
        url + PUBLISH_PATH,
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item] # a NewType of websockets
        compression=None,
    ) as socket:
        await socket.send(
            commands.pack(
                media_commands.Publish(
                    room_id=RoomId(room_id), tracks=TRACKS, publish_key=publish_key
                )
            )
        )
        answer = events.parse_publisher(await socket.recv())
        if not isinstance(answer, media_events.PublishAccepted):
            sys.exit(f"not accepted: {answer}")
        say(json.dumps({"event": "publishing"}))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_read_feedback(socket))
            late_ms = await _send_packets(socket, stopped)
            await socket.send(commands.pack(media_commands.EndPublishing()))
            await socket.close()
    return late_ms


async def _send_packets(socket: ClientConnection, stopped: asyncio.Event) -> list[float]:
    schedule = make_schedule()
    late_ms: list[float] = []
    began_mono_s = time.monotonic()
    turn = 0
    while True:
        for each in schedule.packets:
            due_mono_s = began_mono_s + turn * LENGTH_S + each.due_us / 1e6
            if (ahead_s := due_mono_s - time.monotonic()) > 0:
                await asyncio.sleep(ahead_s)
            if stopped.is_set():
                return late_ms
            await socket.send(restamp(each, turn, time.time_ns() // 1_000))
            late_ms.append((time.monotonic() - due_mono_s) * 1000)
        turn += 1


async def _read_feedback(socket: ClientConnection) -> None:
    try:
        async for _ in socket:
            pass
    except ConnectionClosed:
        return


def _wait_for_stdin(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    sys.stdin.read()
    loop.call_soon_threadsafe(stopped.set)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--relay", required=True)
    parser.add_argument("--room", required=True, help="its id")
    options = parser.parse_args()
    late_ms = asyncio.run(publish(options.relay, options.room, os.environ[PUBLISH_KEY_VARIABLE]))
    report = {"p99": round(percentile(late_ms, 0.99), 2), "max": round(max(late_ms), 2)}
    say(json.dumps({"event": "published", "packets": len(late_ms), "late_ms": report}))


if __name__ == "__main__":
    main()
