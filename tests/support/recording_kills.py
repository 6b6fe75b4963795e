"""A broadcast of the real clip with danmaku, killed in the middle; then its recording is judged."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.support.clip_media import ClipMedia
from tests.support.relay_clients import PASSWORD, ControlClient, control, new_key, publisher
from tests.support.relay_process import RelayProcess
from wire import (
    account_commands,
    chat_events,
    event_base,
    events,
    media_events,
    replay_commands,
    room_commands,
)
from wire.media_packet import Kind

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from wire.replay_events import ReplayInfo

Victim = Literal["relay", "publisher"]
LOST_MS_MAX = 1_000
"""The promise: the file plays to within this of the kill."""
STEP_MS_MAX = 40
WAIT_S = 30.0


@dataclass
class Shown:
    """What a viewer was shown, and what was acknowledged, until the kill."""

    messages: dict[str, event_base.DanmakuPosted] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    last_pts_us: int = 0
    """Of the newest packet that the relay took."""
    first_pts_us: int = 0


@dataclass(frozen=True)
class Judgement:
    """What became of one kill."""

    victim: str
    lost_ms: int
    """How much earlier than the kill the file ends."""
    step_ms: float
    """How far picture and sound are from where they were live, against each other."""
    danmaku: int
    missing: int
    """Acknowledged messages that the replay does not have."""
    moved_ms: int
    """The largest distance of a message from its place."""
    problems: tuple[str, ...]
    """What FFmpeg says of the file."""


async def kill_in_mid_broadcast(
    data_dir: Path, clip: Path, victim: Victim, chance: random.Random, *, danmaku: int = 200
) -> Judgement:
    """One broadcast of a few seconds on a relay of its own; `danmaku` messages fall in it."""
    relay = RelayProcess(data_dir)
    await asyncio.to_thread(relay.start)
    try:
        async with control(relay.url) as owner, control(relay.url) as helper:
            await owner.register("streamer")
            helps = await helper.register("helper")
            room_id = await owner.create_room("stage")
            await owner.join(room_id)
            await helper.join(room_id)
            # One alone may not say so much in so short a time.
            granted = room_commands.SetModerator(
                id=0,
                room_id=room_id,  # type: ignore[arg-type]  # plain text here
                user_id=helps.user.user_id,
                granted=True,
            )
            await owner.ask(granted)
            speakers = (owner, helper)
            shown = await _broadcast(relay, speakers, room_id, clip, victim, chance, danmaku)
        if victim == "relay":
            relay.kill()
            await asyncio.to_thread(relay.start)
        async with control(relay.url) as owner:
            await owner.ask(account_commands.Login(id=0, name="streamer", password=PASSWORD))
            if victim == "publisher":
                room = room_commands.EndBroadcast(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
                await owner.ask(room)
            replay = await _find_replay(owner, room_id)
            timeline = await _read_timeline(owner, replay.replay_id)
    finally:
        relay.kill()
    path = data_dir / "recordings" / f"{replay.replay_id}.mp4"
    return await asyncio.to_thread(_judge, victim, path, clip, shown, timeline)


async def _broadcast(  # what a broadcast is made of
    relay: RelayProcess,
    speakers: tuple[ControlClient, ...],
    room_id: str,
    clip: Path,
    victim: Victim,
    chance: random.Random,
    danmaku: int,
) -> Shown:
    """Until the kill, which comes at some moment between 3 and 7 s."""
    owner = speakers[0]
    key = await new_key(owner, room_id)
    media, shown = ClipMedia(clip), Shown()
    end_us = int(chance.uniform(3.0, 7.0) * 1_000_000)
    async with publisher(relay.url, room_id, media, publish_key=key.publish_key) as sender:
        media.rewind(sender.accepted.next_pts_us)
        shown.first_pts_us = media.pts_us
        loop = asyncio.get_running_loop()
        began_s, said, waiting = loop.time(), 0, []
        while (at_us := media.pts_us - shown.first_pts_us) < end_us:
            await asyncio.sleep(max(0.0, began_s + at_us / 1_000_000 - loop.time()))
            packet = media.next_packet()
            await sender.send([packet])
            while said < danmaku * at_us / end_us:
                said += 1
                speaker = speakers[said % len(speakers)]
                waiting.append(await speaker.say(room_id, f"message {said}"))
                if said % 20 == 0:
                    await asyncio.sleep(0)
        # What was sent must have arrived: the kill is the relay's, not the pipe's.
        feedback = await sender.wait_for(media_events.PublishFeedback, timeout_s=WAIT_S)
        last_us = packet.pts_us
        while feedback.last_pts_us < last_us:
            del sender.received[:]
            feedback = await sender.wait_for(media_events.PublishFeedback, timeout_s=WAIT_S)
        shown.last_pts_us = last_us
        if victim == "relay":
            relay.kill()
        else:
            sender.socket.transport.abort()
        await asyncio.sleep(0)
        for one in owner.of(event_base.DanmakuPosted):
            shown.messages[one.message_id] = one
        for done in waiting:
            if done.done() and not done.cancelled() and done.exception() is None:
                answer = done.result()
                if isinstance(answer, chat_events.DanmakuAccepted):
                    shown.acknowledged.add(answer.message_id)
    return shown


async def _find_replay(owner: ControlClient, room_id: str) -> ReplayInfo:
    """As soon as it is ready."""
    async with asyncio.timeout(WAIT_S):
        while True:
            listed = await owner.ask(replay_commands.ListReplays(id=0, room_id=room_id))
            for replay in listed.replays:
                if replay.state == "ready":
                    return replay  # type: ignore[no-any-return]  # answers are of any type here
            await asyncio.sleep(0.1)


async def _read_timeline(owner: ControlClient, replay_id: Any) -> list[events.TimelineEntry]:
    found: list[events.TimelineEntry] = []
    after = ""
    while True:
        page = await owner.ask(replay_commands.ReadTimeline(id=0, replay_id=replay_id, after=after))
        found += page.entries
        after = page.next
        if not after:
            return found


def _judge(
    victim: str, path: Path, clip: Path, shown: Shown, timeline: list[events.TimelineEntry]
) -> Judgement:
    probe = subprocess.run(
        ["ffprobe", "-v", "warning", "-show_entries", "packet=stream_index,pts_time",
         "-show_entries", "stream=index,codec_type", "-of", "json", str(path)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    decode = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "null", "-"],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    problems = [line for text in (probe.stderr, decode.stderr) for line in text.splitlines()]
    answer = json.loads(probe.stdout)
    kinds = {one["index"]: one["codec_type"] for one in answer["streams"]}
    times: dict[str, list[float]] = {"video": [], "audio": []}
    for packet in answer["packets"]:
        times[kinds[packet["stream_index"]]].append(float(packet["pts_time"]))
    length_ms = (shown.last_pts_us - shown.first_pts_us) / 1_000
    ends_ms = min(max(found, default=0.0) for found in times.values()) * 1_000
    entries = {
        entry.event.message_id: entry
        for entry in timeline
        if isinstance(entry.event, event_base.DanmakuPosted)
    }
    moved = [
        abs(entry.at_ms - ((entry.event.media_time_us or 0) - shown.first_pts_us) // 1_000)
        for entry in entries.values()
    ]
    strange = [
        one for one, entry in entries.items() if shown.messages.get(one, entry.event) != entry.event
    ]
    problems += [f"message {one} is another than was shown" for one in strange]
    return Judgement(
        victim,
        lost_ms=round(length_ms - ends_ms),
        step_ms=_step_ms(clip, times, length_ms),
        danmaku=len(entries),
        missing=len(shown.acknowledged - set(entries)),
        moved_ms=max(moved, default=0),
        problems=tuple(problems),
    )


def _step_ms(clip: Path, times: dict[str, list[float]], length_ms: float) -> float:
    """The largest distance of a packet from its live place, in ms: both tracks have one clock.

    Everything from the first keyframe on is there, in its order.
    """
    media = ClipMedia(clip)
    sent: dict[str, list[float]] = {"video": [], "audio": []}
    while media.pts_us <= length_ms * 1_000:
        packet = media.next_packet()
        sent["video" if packet.kind is Kind.VIDEO else "audio"].append(packet.pts_us / 1_000)
    return max(
        abs(found * 1_000 - due)
        for name in times
        for found, due in zip(times[name], sent[name], strict=False)
    )
