"""Join a live room again and again as the app does, each time in another phase of the GOP.

A program that runs already, as the window does: interpreter start and imports are not measured, but
every join has its own connections, decoders and clock. One JSON line for each join on stdout:
`{"event": "joined", "first_packet_ms": x, "first_picture_ms": y, "first_live_picture_ms": z}`,
from the first connection attempt; null is what had not come after `--seconds`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time

from app.live.watching import Watching
from app.media.playback.spare_decoder import SPARE
from app.settings import WatchSettings
from benchmarks.harness.packet_schedule import GOP_S
from benchmarks.harness.report import say

FIGURES = ("first_packet_ms", "first_picture_ms", "first_live_picture_ms")


async def join_again_and_again(options: argparse.Namespace) -> None:
    SPARE.prepare()  # as the window does
    chance = random.Random(options.seed)  # noqa: S311 # phases must repeat, and keep no secret
    for _ in range(options.joins):
        await asyncio.sleep(chance.uniform(0, GOP_S))
        watching = Watching(
            WatchSettings(
                relay=options.relay,
                room=options.room,
                delay_ms=options.delay_ms,
                seconds=options.seconds,
            ),
            random=chance.random,
            unix_us=lambda: time.time_ns() // 1_000,
            on_notice=lambda _words: None,
        )
        await watching.run()
        statistics = watching.statistics()
        figures = {name: statistics[name] for name in FIGURES}
        say(json.dumps({"event": "joined", **figures}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--relay", required=True)
    parser.add_argument("--room", required=True)
    parser.add_argument("--joins", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--delay-ms", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asyncio.run(join_again_and_again(parser.parse_args()))


if __name__ == "__main__":
    main()
