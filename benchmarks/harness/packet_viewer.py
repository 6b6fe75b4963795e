"""A viewer that only counts: which pictures of the broadcast never came, by their own times.

Told by lines on stdin like `gui_program`: `take` gives the counts since the last one, `layer`
chooses another. A picture is lost where the next one's pts is further than one interval: that is
true whatever the layers and however busy the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from typing import Any

from app.net.address import parse_relay_address
from app.net.subscribe_client import SubscribeClient
from benchmarks.harness.gui_figures import LostPictures
from benchmarks.harness.report import say
from wire import events, media_commands
from wire.ids import RoomId
from wire.media_packet import Flags, Kind, MediaPacket


class Counter:
    """On one loop."""

    def __init__(self) -> None:
        self.pictures = LostPictures()
        self.discontinuities = 0
        """Of pictures: the link was lost."""
        self.sound_jumps = 0
        self.broadcast_ids: set[str] = set()

    def on_packet(self, packet: MediaPacket, _now_us: int) -> None:
        jumps = bool(packet.flags & Flags.DISCONTINUITY)
        if packet.kind is Kind.VIDEO:
            self.discontinuities += jumps
            self.pictures.add(packet.pts_us)
        else:
            self.sound_jumps += jumps

    def on_event(self, event: events.SubscriberEvent) -> None:
        broadcast = getattr(event, "broadcast", None)
        if broadcast is not None:
            self.broadcast_ids.add(broadcast.broadcast_id)

    def take(self) -> dict[str, Any]:
        frames, lost = self.pictures.take()
        discontinuities, self.discontinuities = self.discontinuities, 0
        sound_jumps, self.sound_jumps = self.sound_jumps, 0
        return {
            "frames": frames,
            "lost": lost,
            "discontinuities": discontinuities,
            "sound_jumps": sound_jumps,
            "broadcasts": len(self.broadcast_ids),
        }


async def count(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    counter = Counter()
    client = SubscribeClient(
        parse_relay_address(options.relay, pin=None),
        on_packet=counter.on_packet,
        on_event=counter.on_event,
        make_report=lambda: media_commands.Report(
            buffer_ms=0, latency_ms=0, frames=0, frames_dropped=0, stalls=0, decode_ms=0
        ),
    )
    lines: asyncio.Queue[str] = asyncio.Queue(maxsize=100)

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(client.stop)

    threading.Thread(target=read, name="commands", daemon=True).start()
    obeying = loop.create_task(_obey(lines, counter, client))
    try:
        await client.run_session(
            room_id=RoomId(options.room), on_subscribed=lambda: say('{"event": "ready"}')
        )
    finally:
        obeying.cancel()


async def _obey(lines: asyncio.Queue[str], counter: Counter, client: SubscribeClient) -> None:
    while True:
        message = json.loads(await lines.get())
        answer: dict[str, Any] = {"event": message["do"]}
        if message["do"] == "take":
            answer.update(counter.take())
        elif message["do"] == "layer":
            await client.select_layer(message["layer"], audio_only=False)
        say(json.dumps(answer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--relay", required=True)
    parser.add_argument("--room", required=True, help="its id")
    asyncio.run(count(parser.parse_args()))


if __name__ == "__main__":
    main()
