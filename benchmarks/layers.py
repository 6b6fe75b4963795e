"""Three viewers of a broadcast in three sizes: 300 kbit/s, 1 Mbit/s, and a link without a bound.

The real relay in a process of its own; a clip (or a moving test card) in H.264 at 720p, 480p and
240p with sound; each viewer behind a proxy with a short queue. For each: which layer it got and for
how long, how late packets came once it had settled, the longest time without sound and without a
picture, and what a decoder says that is strict about errors. Every packet is decoded afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import av

from benchmarks.harness import report
from benchmarks.harness.layered_clip import FRAME_RATE, SIZES, LayeredClip, make_clip
from tests.faults.tcp_proxy import Direction, fault_proxy
from tests.support.relay_clients import SubscriberClient, opened, publisher
from tests.support.relay_process import RelayProcess, running_relay
from wire import SUBSCRIBE_PATH, media_commands, media_events
from wire.media_packet import Kind, MediaPacket

CLIP: Final = Path(__file__).parents[2] / "shared" / "media" / "bigbuckbunny.mp4"
TOP: Final = SIZES[-1].layer
SETTLED_S: Final = 15.0
LATE_MS_MAX: Final = 3_000.0
VIEWERS: Final[tuple[tuple[str, int | None, int], ...]] = (
    ("300 kbit/s", 300_000, 0),
    ("1 Mbit/s", 1_000_000, 1),
    ("no bound", None, TOP),
)


class TimedSubscriber(SubscriberClient):
    """Knows when each message came."""

    def __init__(self, *args: Any) -> None:
        self.came_us: list[int] = []
        super().__init__(*args)

    def on_message(self, message: str | bytes) -> None:
        super().on_message(message)
        self.came_us.append(time.time_ns() // 1000)


@dataclass(frozen=True)
class Watched:
    """What one viewer got."""

    link: str
    fits: int
    seconds_on: dict[str, float]
    """Of pictures, by the height of the layer."""
    last_layer: int
    moves: list[str]
    late_ms_p50: float
    late_ms_p99: float
    """Of sound and pictures, once settled."""
    longest_without_sound_ms: float
    longest_without_picture_ms: float
    pictures: int
    lost: int
    """Pictures missing between two of one layer."""
    switches_off_keyframes: int
    decoder_errors: int
    decoded: int

    def meets(self) -> bool:
        is_whole = self.switches_off_keyframes == 0 and self.decoder_errors == 0
        is_live = self.late_ms_p99 <= LATE_MS_MAX and self.last_layer <= self.fits
        if self.fits == TOP:
            is_top = set(self.seconds_on) == {f"{SIZES[-1].height}p"}
            return is_whole and is_live and is_top and self.lost == 0
        return is_whole and is_live


def main() -> int:
    options = _parse_options()
    file = CLIP if CLIP.is_file() else None
    report.progress("layers: encoding the clip" if file else "layers: encoding a test card")
    clip = make_clip(file)
    with (
        tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder,
        running_relay(Path(folder) / "data") as relay,
    ):
        watched = asyncio.run(_run(relay, clip, options.seconds))
    _show(watched)
    report.write_json(
        options.json,
        {
            "bench": "layers",
            "machine": report.describe_machine(),
            "parameters": {"seconds": options.seconds, "clip": "film" if file else "test card"},
            "viewers": [{**asdict(one), "meets": one.meets()} for one in watched],
        },
    )
    return 0


async def _run(relay: RelayProcess, clip: LayeredClip, seconds: float) -> list[Watched]:
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(
            publisher(relay.url, relay.room_id, clip, publish_key=relay.publish_key)  # type: ignore[arg-type]  # it asks for tracks alone
        )
        viewers = [await _come(stack, relay, bits_per_s) for _name, bits_per_s, _fits in VIEWERS]
        report.progress(f"layers: watching for {seconds:.0f} s")
        loop = asyncio.get_running_loop()
        began_s, began_us = loop.time(), time.time_ns() // 1000
        for due_s, packets in clip.packets():
            if due_s > seconds:
                break
            await asyncio.sleep(max(0.0, began_s + due_s - loop.time()))
            now_us = time.time_ns() // 1000
            await source.send([one._replace(captured_at_unix_us=now_us) for one in packets])
        await asyncio.sleep(1.0)  # what is still on its way; late is late all the same
        return [
            _look_at(viewer, name, fits, began_us)
            for viewer, (name, _bits_per_s, fits) in zip(viewers, VIEWERS, strict=True)
        ]


async def _come(
    stack: AsyncExitStack, relay: RelayProcess, bits_per_s: int | None
) -> TimedSubscriber:
    url = relay.url
    if bits_per_s is not None:
        proxy = await stack.enter_async_context(
            fault_proxy(
                relay.port,
                down=Direction(bandwidth_bps=bits_per_s),
                receive_buffer_bytes=8_192,
                piece_bytes=bits_per_s // 400,  # 20 ms
                read_ahead_bytes=4_096,
            )
        )
        url = proxy.url
    socket = await stack.enter_async_context(opened(url, SUBSCRIBE_PATH))
    viewer = TimedSubscriber(socket)
    stack.push_async_callback(viewer.close)
    await viewer.say(media_commands.Subscribe(room_id=relay.room_id))  # type: ignore[arg-type]  # plain text here
    await viewer.wait_for(media_events.Subscribed)
    return viewer


def _look_at(viewer: TimedSubscriber, link: str, fits: int, began_us: int) -> Watched:
    came = list(zip(viewer.came_us, viewer.received, strict=True))
    packets = [(at_us, one) for at_us, one in came if isinstance(one, MediaPacket)]
    settled = [
        (at_us - one.captured_at_unix_us) / 1000
        for at_us, one in packets
        if at_us - began_us > SETTLED_S * 1_000_000
    ]
    video = [one for _, one in packets if one.kind is Kind.VIDEO]
    on = Counter(one.layer for one in video)
    heights = {size.layer: f"{size.height}p" for size in SIZES}
    lost = off = 0
    for before, after in itertools.pairwise(video):
        if before.layer == after.layer:
            lost += after.sequence - before.sequence - 1
        if (before.layer, before.sequence + 1) != (after.layer, after.sequence):
            off += not after.is_keyframe
    decoded, errors = _decode(video)
    return Watched(
        link=link,
        fits=fits,
        seconds_on={heights[layer]: on[layer] / FRAME_RATE for layer in sorted(on)},
        last_layer=video[-1].layer,
        moves=[
            f"{(at_us - began_us) / 1_000_000:.1f} s: "
            + ("sound" if one.audio_only else heights[one.layer])
            + f", {one.reason}"
            for at_us, one in came
            if isinstance(one, media_events.LayerSelected)
        ],
        late_ms_p50=report.percentile(settled, 0.5),
        late_ms_p99=report.percentile(settled, 0.99),
        longest_without_sound_ms=_longest_gap_ms(packets, Kind.AUDIO),
        longest_without_picture_ms=_longest_gap_ms(packets, Kind.VIDEO),
        pictures=len(video),
        lost=lost,
        switches_off_keyframes=off,
        decoder_errors=errors,
        decoded=decoded,
    )


def _longest_gap_ms(packets: list[tuple[int, MediaPacket]], kind: Kind) -> float:
    times = [at_us for at_us, one in packets if one.kind is kind]
    return max((b - a for a, b in itertools.pairwise(times)), default=0) / 1000


def _decode(video: list[MediaPacket]) -> tuple[int, int]:
    """Pictures that came out, and errors. A new layer is a new decoder, as in the app."""
    decoded = errors = 0
    layer: int | None = None
    decoder: Any = None
    for packet in video:
        if packet.layer != layer:
            decoded += len(decoder.decode(None)) if decoder is not None else 0
            layer, decoder = packet.layer, av.CodecContext.create("h264", "r")
            decoder.options = {"err_detect": "explode"}
        try:
            pictures = decoder.decode(av.Packet(packet.payload))
        except av.error.FFmpegError:
            errors += 1
            continue
        decoded += len(pictures)
        errors += sum(picture.is_corrupt for picture in pictures)
    decoded += len(decoder.decode(None)) if decoder is not None else 0
    return decoded, errors


def _show(watched: list[Watched]) -> None:
    rows = [
        [
            one.link,
            " ".join(f"{name} {seconds:.0f}" for name, seconds in one.seconds_on.items()),
            f"{one.late_ms_p50:.0f}",
            f"{one.late_ms_p99:.0f}",
            f"{one.longest_without_sound_ms:.0f}",
            f"{one.longest_without_picture_ms:.0f}",
            str(one.lost),
            str(one.switches_off_keyframes),
            f"{one.decoder_errors} of {one.decoded}",
            report.tell_meets(meets=one.meets()),
        ]
        for one in watched
    ]
    header = [
        "link",
        "seconds on each",
        "late p50 ms",
        "p99 ms",
        "no sound ms",
        "no picture ms",
        "lost",
        "off keyframes",
        "decoder errors",
        "meets",
    ]
    report.say(report.make_table(header, rows))
    for one in watched:
        report.say(f"{one.link}: {'; '.join(one.moves) or 'never moved'}")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench layers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    if options.seconds <= SETTLED_S:
        parser.error(f"watching takes more than {SETTLED_S:.0f} s")
    return options


if __name__ == "__main__":
    sys.exit(main())
