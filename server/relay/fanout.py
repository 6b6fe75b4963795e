"""One room's forwarding: every packet to every subscriber, framed once.

The loop over a group writes the same bytes to each socket and checks nothing: a socket that is
full says so by `on_paused`, and its subscriber leaves the list (docs/decisions on the fan-out say
what the alternatives cost). Who gets a packet is settled for all groups in one step without an
await: the slow are offered it, the flowing are listed. The writes to the list yield after each
YIELD_EVERY, so chat and other rooms go on meanwhile, and whoever joins, leaves or changes groups in
a yield neither misses a packet nor gets it twice.

While coalescing, sound is held for the group's next picture and both leave in one write.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from server.relay.gop_cache import GopCache
from server.relay.subscriber import AUDIO_ONLY, DRAIN_BYTES, Flow, Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from server.relay.context import MediaCounters
    from server.relay.layers import Ladder
    from server.relay.load import LoadMeter
    from server.relay.packet import RelayedPacket

YIELD_EVERY: Final = 200
HELD_AUDIO_MAX: Final = 10
"""Sound packets held for a picture; more are sent without waiting longer."""


_Due = tuple[bytes, "list[Subscriber]"]
"""Frames, and the flowing subscribers that are yet to be written to."""


class _Group:
    """Those who get the same packets: one layer with sound, or sound alone."""

    def __init__(self) -> None:
        self.flowing: dict[Subscriber, None] = {}
        self.slow: dict[Subscriber, None] = {}
        self.held: list[RelayedPacket] = []

    def __len__(self) -> int:
        return len(self.flowing) + len(self.slow)


class Fanout:
    """Owned by one room, used from the event loop's thread only."""

    def __init__(
        self,
        load: LoadMeter,
        counters: MediaCounters,
        *,
        mono_s: Callable[[], float],
        on_lag: Callable[[Subscriber], None],
        on_moved: Callable[[Subscriber, int, int], None],
        on_recovered: Callable[[Subscriber], None],
    ) -> None:
        self.cache = GopCache()
        self._load = load
        self._counters = counters
        self._mono_s = mono_s
        self._on_lag = on_lag
        self._on_moved = on_moved
        self._on_recovered = on_recovered
        self._groups: dict[int, _Group] = {AUDIO_ONLY: _Group()}
        self._epoch = 0
        """Counts restarts: what was under way before one is not sent after it."""
        self._lock = asyncio.Lock()
        """One batch at a time, or sound could overtake sound where the loop yields."""
        self._flush_timer: asyncio.TimerHandle | None = None
        self._flush_task: asyncio.Task[None] | None = None
        self.video_interval_s = 1 / 30
        """How long sound may be held at the most; the room sets it from its tracks."""

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups.values())

    def slow_count(self) -> int:
        return sum(len(group.slow) for group in self._groups.values())

    def subscribers(self) -> list[Subscriber]:
        return [s for group in self._groups.values() for s in (*group.flowing, *group.slow)]

    # --- members ------------------------------------------------------------------------------

    def add(self, subscriber: Subscriber, layer: int | None) -> bool:
        """Take in a subscriber, with the cached GOP. False when it must wait for a keyframe.

        What is cached may be more than a subscriber's budget, so it is written as it is queued.
        """
        now_s = self._mono_s()
        key = AUDIO_ONLY if subscriber.audio_only or layer is None else layer
        subscriber.group = key
        group = self._groups.setdefault(key, _Group())
        group.slow[subscriber] = None
        if subscriber.audio_only:
            packets = self.cache.recent_audio()
        else:
            held_from = group.held[0].arrival if group.held else None
            packets = self.cache.snapshot(key, audio_before=held_from)
        for packet in packets:
            subscriber.offer(packet, now_s)
            if subscriber.queued_bytes >= DRAIN_BYTES:
                self._drain(subscriber)
        self._drain(subscriber)
        self._settle(subscriber)
        return subscriber.flow is not Flow.AWAITING

    def remove(self, subscriber: Subscriber) -> None:
        group = self._groups.get(subscriber.group)
        if group is not None:
            group.flowing.pop(subscriber, None)
            group.slow.pop(subscriber, None)

    def descend(self, subscriber: Subscriber, layer: int) -> None:
        """No more pictures of its layer: it waits for a keyframe of a lower one."""
        subscriber.descend(layer, self._mono_s())
        group = self._groups.get(subscriber.group)
        if group is not None and subscriber in group.flowing:
            del group.flowing[subscriber]
            group.slow[subscriber] = None

    def change_audio_only(self, subscriber: Subscriber, layer: int | None, *, on: bool) -> None:
        """Drop the picture at once, or ask for it from the next keyframe of `layer` on."""
        self._leave(subscriber)
        if on:
            subscriber.give_up_pictures()
        subscriber.audio_only = on
        subscriber.target = None
        subscriber.awaiting_keyframe = not on
        subscriber.group = AUDIO_ONLY if on or layer is None else layer
        group = self._groups.setdefault(subscriber.group, _Group())
        if group.held:
            subscriber.sound_known_until = group.held[-1].arrival
        group.slow[subscriber] = None
        self._drain(subscriber)
        self._settle(subscriber)

    def restart(self, ladder: Ladder, now_s: float) -> None:
        """Another broadcast, or other tracks: everyone waits for a keyframe of a layer that is."""
        members = self.subscribers()
        self._epoch += 1
        self._disarm_flush()
        self.cache.clear()
        self._groups = {AUDIO_ONLY: _Group()}
        for subscriber in members:
            subscriber.restart()
            if subscriber.chooser.is_sound_only:
                subscriber.chooser.is_sound_only = subscriber.audio_only = False
            layer = subscriber.chooser.start(ladder, now_s) if ladder else None
            key = AUDIO_ONLY if subscriber.audio_only or layer is None else layer
            subscriber.group = key
            self._groups.setdefault(key, _Group()).slow[subscriber] = None
            self._settle(subscriber)

    def on_paused(self, subscriber: Subscriber) -> None:
        """The socket is full."""
        subscriber.paused = True
        group = self._groups.get(subscriber.group)
        if group is not None and subscriber in group.flowing:
            del group.flowing[subscriber]
            group.slow[subscriber] = None

    def on_resumed(self, subscriber: Subscriber) -> None:
        """The socket drained."""
        subscriber.paused = False
        self._drain(subscriber)
        self._settle(subscriber)

    def _drain(self, subscriber: Subscriber) -> None:
        """Write what waits for it, as far as its socket takes it."""
        drained_before = subscriber.drained_bytes
        subscriber.drain()
        self._counters.bytes_forwarded += subscriber.drained_bytes - drained_before

    def _settle(self, subscriber: Subscriber) -> None:
        """Put a subscriber on the list where its state belongs."""
        if subscriber.flow is not Flow.FLOWING:
            return
        group = self._groups.get(subscriber.group)
        if group is not None and subscriber in group.slow:
            if subscriber.lagged_since_s is not None:
                self._on_recovered(subscriber)
                if subscriber.paused:
                    return
            del group.slow[subscriber]
            group.flowing[subscriber] = None
            subscriber.times_flowing += 1

    def _leave(self, subscriber: Subscriber) -> None:
        """Leave the group; sound that the group still holds goes ahead to this one."""
        now_s = self._mono_s()
        for packet in self._groups[subscriber.group].held:
            subscriber.offer(packet, now_s)
        self.remove(subscriber)

    # --- packets ------------------------------------------------------------------------------

    async def forward(self, packet: RelayedPacket) -> None:
        """Send one packet to everyone whom it concerns."""
        epoch = self._epoch
        async with self._lock:
            if epoch != self._epoch:
                return
            self.cache.push(packet)
            if packet.is_video:
                await self._forward_video(packet)
            else:
                await self._forward_audio(packet)

    def close(self) -> None:
        """Nothing is forwarded any more."""
        self._disarm_flush()
        if self._flush_task is not None:
            self._flush_task.cancel()

    async def _forward_video(self, packet: RelayedPacket) -> None:
        layer = packet.header.layer
        movers = self._move_to(layer, packet) if packet.is_keyframe else set()
        group = self._groups.get(layer)
        if group is None:
            return
        group.held, batch = [], [*group.held, packet]
        if not self._has_held():
            # Or it would soon send the first sound after this picture on its own.
            self._disarm_flush()
        due = self._settle_on(group, batch, besides=movers)
        for subscriber in movers:
            self._settle(subscriber)
        await self._write_to([due])

    async def _forward_audio(self, packet: RelayedPacket) -> None:
        due: list[_Due] = []
        for key, group in self._groups.items():
            may_hold = key != AUDIO_ONLY and len(group) and len(group.held) < HELD_AUDIO_MAX
            if may_hold and self._load.coalescing:
                group.held.append(packet)
                self._arm_flush()
            else:
                group.held, batch = [], [*group.held, packet]
                due.append(self._settle_on(group, batch))
        await self._write_to(due)

    def _move_to(self, layer: int, keyframe: RelayedPacket) -> set[Subscriber]:
        """Those who wait for this keyframe change over; each gets it on its own."""
        now_s = self._mono_s()
        movers = {s for s in self.subscribers() if s.target == layer and s.group != layer}
        for subscriber in movers:
            self._leave(subscriber)
            before, subscriber.group = subscriber.group, layer
            subscriber.target = None
            subscriber.chooser.current = layer
            self._groups.setdefault(layer, _Group()).slow[subscriber] = None
            self._on_moved(subscriber, before, layer)
            subscriber.offer(keyframe, now_s)
            self._drain(subscriber)
        return movers

    def _settle_on(
        self,
        group: _Group,
        batch: list[RelayedPacket],
        besides: AbstractSet[Subscriber] = frozenset(),
    ) -> _Due:
        """Offer packets to the slow of a group; name the flowing to whom they go."""
        now_s = self._mono_s()
        flowing = list(group.flowing)
        for subscriber in tuple(group.slow):
            if subscriber in besides:
                continue
            began_to_drop = [subscriber.offer(packet, now_s) for packet in batch]
            self._drain(subscriber)
            self._settle(subscriber)
            if any(began_to_drop):
                self._on_lag(subscriber)
        frames = batch[0].frames if len(batch) == 1 else b"".join(p.frames for p in batch)
        self._counters.bytes_forwarded += len(frames) * len(flowing)
        self._load.add_busy(self._mono_s() - now_s)
        return frames, flowing

    async def _write_to(self, dues: list[_Due]) -> None:
        epoch = self._epoch
        now_s = self._mono_s()
        for frames, flowing in dues:
            for index, subscriber in enumerate(flowing, 1):
                try:
                    subscriber.write(frames)
                except RuntimeError:
                    # A transport half-closed behind our back must not cost the others theirs.
                    subscriber.discard()
                    self.remove(subscriber)
                if index % YIELD_EVERY == 0:
                    self._load.add_busy(self._mono_s() - now_s)
                    await asyncio.sleep(0)
                    if epoch != self._epoch:
                        return
                    now_s = self._mono_s()
        self._load.add_busy(self._mono_s() - now_s)

    def _has_held(self) -> bool:
        return any(group.held for group in self._groups.values())

    def _arm_flush(self) -> None:
        if self._flush_timer is None:
            loop = asyncio.get_running_loop()
            self._flush_timer = loop.call_later(self.video_interval_s, self._start_flush)

    def _start_flush(self) -> None:
        self._flush_timer = None
        if self._has_held():
            self._flush_task = asyncio.get_running_loop().create_task(self._flush())

    def _disarm_flush(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None

    async def _flush(self) -> None:
        """No picture came in time: the sound goes alone."""
        async with self._lock:
            due: list[_Due] = []
            for group in self._groups.values():
                if group.held:
                    group.held, batch = [], group.held
                    due.append(self._settle_on(group, batch))
            await self._write_to(due)
