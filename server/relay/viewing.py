"""A subscriber of a room with what the room knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from server.relay.keyframe_requests import VIEWER_REQUESTS, Allowance
from server.relay.link_meter import DrainMeter

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.relay.layers import Ladder, MoveReason
    from server.relay.subscriber import Subscriber
    from wire.errors import WireError
    from wire.event_base import Event
    from wire.ids import UserId
    from wire.media_commands import Report

LATE_S: Final = 0.8
"""Packets that wait so long wait for a link that is too narrow, or cut."""


@dataclass(eq=False)
class Viewing:
    """A subscriber with its socket's other side: how to tell it things and how to end it."""

    subscriber: Subscriber
    send_event: Callable[[Event], None]
    end: Callable[[WireError], None]
    buffered_bytes: Callable[[], int]
    user_id: UserId | None
    is_guest: bool
    unacknowledged_bytes: Callable[[], int] = lambda: 0
    """What the kernel still holds of what left for it."""
    hide_little: Callable[[bool], None] = lambda _on: None
    """Whether its socket's own queue is kept short."""
    report: Report | None = None
    wants_sound_only: bool = False
    keyframe_requests: Allowance = field(default_factory=lambda: Allowance(VIEWER_REQUESTS))
    move_reason: MoveReason = "chosen"
    """Why it moves to its subscriber's target."""
    target_since_s: float = 0.0
    drain: DrainMeter = field(default_factory=DrainMeter)
    times_flowing: int = 0
    """As of the subscriber when `drain` was last told."""
    stuck_since_s: float | None = None
    stuck_bytes: tuple[int, int] = (0, 0)

    def sent_bytes(self) -> int:
        """What arrived at a subscriber whose packets queue; not to be compared across flowing."""
        waiting = self.buffered_bytes() + self.unacknowledged_bytes()
        return self.subscriber.drained_bytes - waiting

    def measure(self, now_s: float, *, is_tick: bool = False) -> None:
        """What a full socket drains: from the moment in which it is full, once a second."""
        subscriber = self.subscriber
        has_flowed = subscriber.times_flowing != self.times_flowing
        if has_flowed or not (subscriber.paused or subscriber.queued_bytes):
            self.times_flowing = subscriber.times_flowing
            self.drain.clear()
        if subscriber.paused and (is_tick or self.drain.is_empty):
            self.drain.add(now_s, self.sent_bytes())

    def drains_too_little(self, ladder: Ladder, now_s: float) -> bool:
        """Its packets are late and its socket takes less than they are: the lag is only due yet."""
        subscriber = self.subscriber
        if subscriber.target is not None or subscriber.waited_s(now_s) < LATE_S:
            return False
        drained_bps = self.drain.rate_bps(now_s, self.sent_bytes())
        return (
            subscriber.chooser.wish == "auto"
            and drained_bps is not None
            and drained_bps < ladder.get(subscriber.group, 0)
        )

    def stuck_s(self, now_s: float) -> float:
        """How long its full socket has taken nothing. Asked once a second."""
        # Pings and events make the buffer grow on a dead link too: only less is progress.
        buffered, drained = self.buffered_bytes(), self.subscriber.drained_bytes
        buffered_before, drained_before = self.stuck_bytes
        took_something = buffered < buffered_before or drained > drained_before
        self.stuck_bytes = (buffered, drained)
        if self.stuck_since_s is None or took_something:
            self.stuck_since_s = now_s
        return now_s - self.stuck_since_s
