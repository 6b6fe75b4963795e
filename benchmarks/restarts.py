"""A real publisher killed and started again, 20 times: how soon it is known, how soon it is back.

SIGKILL, as by a crash or the system. A viewer's socket stays open all the while; in the end there
must be one broadcast and one recording, with every picture's time after the one before.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.harness import report
from tests.e2e.programs import LivehouseProgram, RelayProgram
from tests.faults.seeds import fault_seed
from tests.support.relay_clients import subscriber
from wire import room_events

if TYPE_CHECKING:
    from tests.support.relay_clients import SubscriberClient
    from wire.media_packet import MediaPacket

AWAY_S_MAX: Final = 3.0
PICTURE_S_MAX: Final = 2.0
PATIENCE_S: Final = 60.0


@dataclass
class Restarts:
    away_s: list[float] = field(default_factory=list)
    """From the kill until the viewer is told."""
    picture_s: list[float] = field(default_factory=list)
    """From the word that the publisher is back to its first picture."""
    start_s: list[float] = field(default_factory=list)
    """From starting the program to that picture."""
    broadcasts: int = 0
    recordings: int = 0
    """Files that the relay made of it."""
    out_of_order: int = 0

    @property
    def meets(self) -> bool:
        return (
            max(self.away_s) <= AWAY_S_MAX
            and max(self.picture_s) <= PICTURE_S_MAX
            and (self.broadcasts, self.recordings, self.out_of_order) == (1, 1, 0)
        )


def main() -> int:
    options = _parse_options()
    chance = random.Random(fault_seed(options.seed))  # noqa: S311 # when to kill, not a secret
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        try:
            found = asyncio.run(_restart(Path(folder), options.kills, chance))
        except AssertionError as failure:
            report.progress(f"restarts: {failure}")
            return 1
    rows = [
        [name, f"{report.percentile(took, 0.5):.2f}", f"{max(took):.2f}", bound]
        for name, took, bound in (
            ("viewer told that the host is away, s", found.away_s, f"{AWAY_S_MAX:.0f}"),
            ("picture after its return, s", found.picture_s, f"{PICTURE_S_MAX:.0f}"),
            ("picture after the program's start, s", found.start_s, "-"),
        )
    ]
    report.say(report.make_table([f"{options.kills} kills", "p50", "max", "bound"], rows))
    report.say(
        f"\nbroadcasts {found.broadcasts}, recordings {found.recordings}, "
        f"pictures out of order {found.out_of_order}"
    )
    report.say(f"holds: {report.tell_meets(meets=found.meets)}")
    report.write_json(
        options.json,
        {
            "bench": "restarts",
            "machine": report.describe_machine(),
            **vars(found),
            "meets": found.meets,
        },
    )
    return 0 if found.meets else 1


async def _restart(folder: Path, kills: int, chance: random.Random) -> Restarts:
    found = Restarts()
    with RelayProgram(folder / "data") as relay:
        async with subscriber(relay.url, relay.room.id) as viewer:
            for number in range(kills + 1):
                program = LivehouseProgram(
                    "publish", "--relay", relay.url, "--room", relay.room.id,
                    "--source", "testcard:640x360", "--layers", "360p", "--audio", "tone",
                    publish_key=relay.room.publish_key, says_to=folder / "publish.log",
                )  # fmt: skip
                try:
                    await _live_and_die(program, viewer, number, found, chance)
                finally:
                    await asyncio.to_thread(program.kill)
                await viewer.wait_for(
                    room_events.BroadcastAway, count=number + 1, timeout_s=PATIENCE_S
                )
                report.progress(f"killed {number + 1} times")
            started = [
                one.broadcast.broadcast_id for one in viewer.of(room_events.BroadcastStarted)
            ]
            resumed = [
                one.broadcast.broadcast_id for one in viewer.of(room_events.BroadcastResumed)
            ]
            found.broadcasts = len({*started, *resumed})
            found.out_of_order = sum(
                later.pts_us <= earlier.pts_us for earlier, later in pairwise(viewer.video)
            )
    found.recordings = len(list((folder / "data" / "recordings").glob("*.mp4")))
    return found


async def _live_and_die(
    program: LivehouseProgram,
    viewer: SubscriberClient,
    number: int,
    found: Restarts,
    chance: random.Random,
) -> None:
    before = len(viewer.video)
    began_s = time.monotonic()
    program.start()
    if number == 0:
        await viewer.wait_for(room_events.BroadcastStarted, timeout_s=PATIENCE_S)
    else:
        await viewer.wait_for(room_events.BroadcastResumed, count=number, timeout_s=PATIENCE_S)
    back_s = time.monotonic()

    def fresh() -> list[MediaPacket]:
        return viewer.video[before:]

    await viewer.wait_until(fresh, "a picture", timeout_s=PATIENCE_S)
    if number > 0:
        found.picture_s.append(time.monotonic() - back_s)
        found.start_s.append(time.monotonic() - began_s)
    await asyncio.sleep(chance.uniform(0, 2))
    killed_s = time.monotonic()
    await asyncio.to_thread(program.kill)
    await viewer.wait_for(room_events.BroadcastAway, count=number + 1, timeout_s=PATIENCE_S)
    found.away_s.append(time.monotonic() - killed_s)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench restarts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
