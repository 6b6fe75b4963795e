"""Viewers that stop reading, and those beside them who must not notice."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.raw_sockets import StillViewer
from tests.support.relay_clients import publisher, subscribers
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, check_payloads, sequences
from wire import media_events
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.relay_clients import PublisherClient, SubscriberClient
    from tests.support.relay_process import RelayProcess

FRAME_S = 1 / 30
BUDGET_MB = 2.0
EVICTED_S_MAX = 20.0
MEMORY_MB_MAX = 20.0
STUCK = 500
EVICTED = "livehouse_drops_total{viewer_evicted}"


async def _assert_lost_nothing(
    viewers: list[SubscriberClient], media: SyntheticMedia, first_picture: int = 0
) -> None:
    for viewer in viewers:
        await viewer.wait_for_sequence(Kind.VIDEO, media.frames - 1)
        await viewer.wait_for_sequence(Kind.AUDIO, media.sounds - 1)
        assert sequences(viewer.packets, Kind.VIDEO) == list(range(first_picture, media.frames))
        sounds = sequences(viewer.packets, Kind.AUDIO)
        assert sounds == list(range(sounds[0], media.sounds))
        assert not viewer.of(media_events.SubscriberLagged)
        check_payloads(viewer.packets)


async def test_viewer_when_it_reads_again_then_is_told_and_starts_at_a_keyframe(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with AsyncExitStack() as stack:
        good = await subscribers(stack, relay.url, room_id, 9)
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, publish_key=publish_key)
        )
        still = stack.enter_context(StillViewer(relay.port, room_id))
        # Over two seconds wait: past the budget, which drops the picture to the next keyframe.
        await source.stream(media, 100, frame_interval_s=FRAME_S)
        reading = asyncio.get_running_loop().create_task(still.read_to_end(timeout_s=1))
        await source.stream(media, 100, frame_interval_s=FRAME_S)
        await _assert_lost_nothing(good, media)
        await reading

        lags = [m for m in still.received if isinstance(m, media_events.SubscriberLagged)]
        assert len(lags) == 1
        assert lags[0].video_dropped > 0
        assert lags[0].lagged_ms > 0
        packets = [m for m in still.received if isinstance(m, MediaPacket)]
        check_payloads(packets)
        pictures = [p for p in packets if p.kind is Kind.VIDEO]
        jumps = [
            (before, after)
            for before, after in itertools.pairwise(pictures)
            if after.sequence != before.sequence + 1
        ]
        assert jumps, "something was dropped"
        assert all(after.is_keyframe for _, after in jumps)
        missing = sum(after.sequence - before.sequence - 1 for before, after in jumps)
        assert missing == lags[0].video_dropped
        assert pictures[-1].sequence == media.frames - 1, "it is at the live edge again"
        sounds = sequences(packets, Kind.AUDIO)
        assert sounds == sorted(sounds)
        assert len(set(sounds)) == len(sounds)


@pytest.mark.slow
async def test_viewer_when_it_never_reads_then_is_gone_in_20_s_within_its_budget(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    # Ten times the usual rate: what a viewer without a bound would hold is plain to see.
    media = SyntheticMedia(keyframe_bytes=400_000, frame_bytes=80_000, gop_frames=30)
    async with AsyncExitStack() as stack:
        good = await subscribers(stack, relay.url, room_id, 9)
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, publish_key=publish_key)
        )
        await source.stream(media, 60, frame_interval_s=FRAME_S)
        before_mb = relay.rss_mb()
        evicted_before = (await asyncio.to_thread(relay.metrics))[EVICTED]
        stack.enter_context(StillViewer(relay.port, room_id))
        began_s = time.monotonic()
        grown_mb = 0.0
        while True:
            await source.stream(media, 15, frame_interval_s=FRAME_S)
            grown_mb = max(grown_mb, relay.rss_mb() - before_mb)
            figures = await asyncio.to_thread(relay.metrics)
            if figures[EVICTED] > evicted_before:
                break
            assert time.monotonic() - began_s < EVICTED_S_MAX
        sent_mb = (time.monotonic() - began_s) * 2.7
        sys.stdout.write(
            f"evicted after {time.monotonic() - began_s:.1f} s; at most {grown_mb:+.1f} MB, "
            f"while {sent_mb:.0f} MB were sent to each\n"
        )
        assert grown_mb < 2 * BUDGET_MB + 4
        await _assert_lost_nothing(good, media)
        assert figures["livehouse_subscribers"] == 9


@pytest.mark.slow
async def test_memory_when_500_stuck_viewers_are_gone_then_returns_and_nobody_else_lost_anything(
    tmp_path: Path,
) -> None:
    limits = {"subscriber_stuck_s_max": 1.5}
    with running_relay(tmp_path / "data", limits=limits) as relay:
        media = SyntheticMedia()
        async with AsyncExitStack() as stack:
            good = await subscribers(stack, relay.url, relay.room_id, 9)
            source = await stack.enter_async_context(
                publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key)
            )
            await source.stream(media, 90, frame_interval_s=FRAME_S)
            for _ in range(3):
                await asyncio.to_thread(relay.metrics)
            before_mb = relay.rss_mb()
            with ExitStack() as crowd:
                live = asyncio.get_running_loop().create_task(_stream_on(source, media))
                await asyncio.to_thread(_come, crowd, relay, STUCK)
                most_mb = relay.rss_mb()
                gone_at_s = await _wait_until_evicted(relay, STUCK)
                live.cancel()
                await asyncio.wait([live])
            await source.stream(media, 30, frame_interval_s=FRAME_S)
            await _assert_lost_nothing(good, media)
            while (grown_mb := relay.rss_mb() - before_mb) > MEMORY_MB_MAX:
                assert time.monotonic() - gone_at_s < 10, f"the relay kept {grown_mb:.0f} MB"
                await source.stream(media, 15, frame_interval_s=FRAME_S)
            sys.stdout.write(
                f"{STUCK} stuck viewers: {most_mb - before_mb:+.1f} MB, then {grown_mb:+.1f} MB\n"
            )


async def _stream_on(source: PublisherClient, media: SyntheticMedia) -> None:
    while True:
        await source.stream(media, 1, frame_interval_s=FRAME_S)


async def _wait_until_evicted(relay: RelayProcess, count: int) -> float:
    """When all of them were gone, monotonic."""
    began_s = time.monotonic()
    while (await asyncio.to_thread(relay.metrics))[EVICTED] < count:
        assert time.monotonic() - began_s < EVICTED_S_MAX
        await asyncio.sleep(0.2)
    return time.monotonic()


def _come(crowd: ExitStack, relay: RelayProcess, count: int) -> None:
    """Blocking handshakes, off the loop that feeds and reads the others."""
    for _ in range(count):
        crowd.enter_context(StillViewer(relay.port, relay.room_id))
