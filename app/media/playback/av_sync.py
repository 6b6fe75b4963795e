"""When a pts is due on this machine: pure, time is an argument, in monotonic microseconds.

A packet's transit is its arrival less its pts. It holds an unknown constant (two clocks) and the
delay of this one packet; the smallest transit of the last 20 s is the constant plus the unavoidable
delay. A track needs

    need = smallest transit + jitter + lead      (lead: decode time, or the sound output's buffer)

and everything is due at pts + offset, where offset covers the neediest track and at least the delay
that the user asked for. The offset rises at once and falls slowly, except from more than
DELAY_US_MAX above the smallest transit: that falls at once. What is heard or shown may be
behind that (after a stall): then it plays at up to 1.1x until it has caught up.

States:  settling --arrivals stopped speeding up--> settled --restart--> settling

A joiner first gets a cached GOP, whose packets are up to 2 s old, at once. Their transits fall from
packet to packet; while they do, the clock is settling and nothing but the very first picture shows.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.media_packet import Kind

DELAY_US_MAX: Final = 2_000_000
INSTANT_DELAY_US: Final = 40_000
"""A wish of at most this means "instant": decode at arrival, hold nothing back by choice."""

SETTLE_QUIET_US: Final = 40_000
SETTLE_US_MAX: Final = 1_500_000
SETTLE_STEP_US: Final = 5_000
"""Transit that falls by less than this a time is jitter, not a cached GOP draining."""

BUCKET_US: Final = 2_000_000
BUCKETS: Final = 10
JITTER_PACKETS: Final = 256
JITTER_SHARE: Final = 0.97
OFFSET_FALL_US_PER_S: Final = 20_000
OFFSET_FAR_US: Final = 200_000
OFFSET_FAR_FALL_US_PER_S: Final = 80_000
"""The fall from further above the need than OFFSET_FAR_US: below what a tempo of 1.1 catches up."""
OFFSET_SLACK_US: Final = 8_000
"""The offset rises only when the need is above it, and falls only when further below than this."""

PAUSE_US: Final = 250_000
"""A packet that took so much longer than the one before it comes after a pause."""
PAUSE_DRAINED_US: Final = 30_000
"""So near to the transit before the pause its burst is over."""
PAUSE_FALL_US: Final = 5_000
PAUSE_QUIET_US: Final = 200_000
"""A transit that did not fall for so long is no burst that drains, but the link as it is now."""
PAUSE_DRAIN_US_MAX: Final = 3_000_000
PAUSES_FORGIVEN: Final = 2
"""Within PAUSE_MEMORY_US; more are this link's jitter."""
PAUSE_MEMORY_US: Final = 20_000_000

WILD_US: Final = 10_000_000
WILD_PACKETS_MAX: Final = 25
"""So many wild pts in a row are a new timeline; fewer are garbage and dropped."""

TEMPO_CATCH_UP: Final = 1.1
TEMPO_WAIT: Final = 0.95
TEMPO_BEHIND_US: Final = 12_000
"""Further behind than this, play faster until caught up."""
TEMPO_AHEAD_US: Final = 12_000
"""Further ahead than this, play slower: pictures and sound are running out."""
TEMPO_LEAVE_US: Final = 3_000
JUMP_US: Final = 1_500_000
"""Further behind than this is not caught up by playing fast: jump."""
JUMP_INSTANT_US: Final = 400_000
"""The same at "instant", where being here and now is what was asked for."""


class Pauses:
    """Which packets of a track come in the burst after a pause."""

    def __init__(self) -> None:
        self._began_us: deque[int] = deque(maxlen=PAUSES_FORGIVEN + 1)
        """When the last pauses ended; what follows so soon belongs to the same."""
        self._last_us: int | None = None
        """The transit of the packet before."""
        self._before_us: int | None = None
        """The transit before the pause, while its burst drains."""
        self._lowest_us = 0
        self._fell_at_us = 0

    def covers(self, transit_us: int, now_us: int) -> bool:
        """Whether this packet's transit is a forgiven pause's doing. Call it for each packet."""
        last_us, self._last_us = self._last_us, transit_us
        if last_us is not None and transit_us - last_us > PAUSE_US:
            self._begin(last_us, transit_us, now_us)
        if self._before_us is None:
            return False
        if transit_us < self._lowest_us - PAUSE_FALL_US:
            self._lowest_us, self._fell_at_us = transit_us, now_us
        is_drained = transit_us <= self._before_us + PAUSE_DRAINED_US
        is_standing = now_us - self._fell_at_us > PAUSE_QUIET_US
        if is_drained or is_standing or now_us - self._began_us[-1] > PAUSE_DRAIN_US_MAX:
            self._before_us = None
            return False
        return self._is_forgiven(now_us)

    def _begin(self, before_us: int, transit_us: int, now_us: int) -> None:
        if not self._began_us or now_us - self._began_us[-1] > PAUSE_DRAIN_US_MAX:
            self._began_us.append(now_us)
        if self._before_us is None:
            self._before_us = before_us
        self._lowest_us, self._fell_at_us = transit_us, now_us

    def _is_forgiven(self, now_us: int) -> bool:
        recent = [at_us for at_us in self._began_us if now_us - at_us <= PAUSE_MEMORY_US]
        return len(recent) <= PAUSES_FORGIVEN


class Transit:
    """The transit of one track's packets: its floor over 20 s and the jitter above it."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, int]] = deque(maxlen=BUCKETS)
        self._recent: deque[int] = deque(maxlen=JITTER_PACKETS)
        self._jitter_us = 0
        self._until_jitter = 0
        self._pauses = Pauses()
        self.floor_us: int | None = None
        self.wild_packets = 0

    def is_wild(self, transit_us: int) -> bool:
        """Whether this pts cannot belong to the timeline so far."""
        if self.floor_us is None or abs(transit_us - self.floor_us) <= WILD_US:
            self.wild_packets = 0
            return False
        self.wild_packets += 1
        return True

    def observe(self, transit_us: int, now_us: int) -> int:
        """Returns by how much the floor fell."""
        before = self.floor_us
        bucket = now_us // BUCKET_US
        if self._buckets and self._buckets[-1][0] == bucket:
            self._buckets[-1] = (bucket, min(self._buckets[-1][1], transit_us))
        else:
            self._buckets.append((bucket, transit_us))
        self.floor_us = min(smallest for _, smallest in self._buckets)
        if not self._pauses.covers(transit_us, now_us):
            self._recent.append(transit_us)
            self._until_jitter -= 1
        return max(0, before - self.floor_us) if before is not None else 0

    @property
    def jitter_us(self) -> int:
        """What 97 % of the recent packets needed above the floor."""
        if self._until_jitter <= 0 and self._recent and self.floor_us is not None:
            ordered = sorted(self._recent)
            self._jitter_us = ordered[int(JITTER_SHARE * (len(ordered) - 1))] - self.floor_us
            self._until_jitter = 16
        return max(0, self._jitter_us)

    def forget_jitter(self) -> None:
        """The packets of a cached GOP say nothing about the link."""
        self._recent.clear()
        self._jitter_us = 0
        self._until_jitter = 0


class PlayoutClock:
    """Maps pts to due times for all tracks of one broadcast. Its owner holds a lock."""

    def __init__(self, *, delay_us: int) -> None:
        self.delay_us = delay_us
        """The wish: at least so much above the floor."""
        self._transits: dict[Kind, Transit] = {}
        self._leads_us: dict[Kind, int] = {}
        self._first_arrival_us: int | None = None
        self._last_fall_us = 0
        self._offset_us = 0
        self._offset_at_us = 0
        self._is_settled = False
        self._position_us = 0
        self._position_at_us: int | None = None
        self._tempo = 1.0

    @property
    def is_instant(self) -> bool:
        return self.delay_us <= INSTANT_DELAY_US

    @property
    def jump_us(self) -> int:
        """How far behind is too far to catch up by tempo."""
        return JUMP_INSTANT_US if self.is_instant else JUMP_US

    @property
    def is_settled(self) -> bool:
        return self._is_settled

    def restart(self) -> None:
        """The timeline jumps, or a new broadcast begins. Nothing happens while settling."""
        if not self._is_settled:
            return
        self._transits.clear()
        self._first_arrival_us = None
        self._is_settled = False
        self._position_at_us = None
        self._tempo = 1.0

    def set_delay(self, delay_us: int, now_us: int) -> None:
        """Another wish, met at once: the slow fall of the offset is for jitter that went away."""
        self.delay_us = delay_us
        if self._is_settled:
            self._offset_us = self._need_us()
            self._offset_at_us = now_us

    def set_lead(self, kind: Kind, lead_us: int) -> None:
        """How long before its due time a packet of this track must be there."""
        self._leads_us[kind] = lead_us

    def observe(self, kind: Kind, pts_us: int, now_us: int) -> bool:
        """A packet arrived. False: its pts is wild and the packet should be dropped."""
        transit = self._transits.setdefault(kind, Transit())
        transit_us = now_us - pts_us
        if transit.is_wild(transit_us):
            if transit.wild_packets <= WILD_PACKETS_MAX:
                return False
            self.restart()
            transit = self._transits.setdefault(kind, Transit())
        if self._first_arrival_us is None:
            self._first_arrival_us = self._last_fall_us = now_us
        fell_us = transit.observe(transit_us, now_us)
        if not self._is_settled and fell_us > SETTLE_STEP_US:
            self._last_fall_us = now_us
        return True

    def settle(self, now_us: int) -> bool:
        """Whether due times may be relied on; call it before asking for one."""
        if self._is_settled or self._first_arrival_us is None:
            return self._is_settled
        is_quiet = now_us - self._last_fall_us >= SETTLE_QUIET_US
        if is_quiet or now_us - self._first_arrival_us >= SETTLE_US_MAX:
            for transit in self._transits.values():
                transit.forget_jitter()
            self._is_settled = True
            self._offset_us = self._need_us()
            self._offset_at_us = now_us
        return self._is_settled

    def settles_at_us(self) -> int | None:
        """When to look again; None while nothing has arrived or when it is settled."""
        if self._is_settled or self._first_arrival_us is None:
            return None
        return self._last_fall_us + SETTLE_QUIET_US

    def offset_us(self, now_us: int) -> int:
        """Everything is due at its pts plus this."""
        need_us = self._need_us()
        # The floor fell by seconds (a full link is free again): slowly would take minutes.
        is_absurd = self._offset_us > self._floor_us() + DELAY_US_MAX
        if need_us > self._offset_us or is_absurd:
            self._offset_us = need_us
            self._offset_at_us = now_us
        elif need_us < self._offset_us - OFFSET_SLACK_US:
            is_far = self._offset_us - need_us > OFFSET_FAR_US
            pace_us = OFFSET_FAR_FALL_US_PER_S if is_far else OFFSET_FALL_US_PER_S
            fall_us = (now_us - self._offset_at_us) * pace_us // 1_000_000
            if fall_us > 0:
                self._offset_us = max(need_us, self._offset_us - fall_us)
                self._offset_at_us = now_us
        else:
            self._offset_at_us = now_us
        return self._offset_us

    def target_delay_us(self, now_us: int) -> int:
        """What the offset adds to the floor: the delay that is chosen, not suffered."""
        return self.offset_us(now_us) - self._floor_us()

    def jitter_us(self) -> int:
        return max((transit.jitter_us for transit in self._transits.values()), default=0)

    def target_position_us(self, now_us: int) -> int:
        """The pts that should be heard and seen now."""
        return now_us - self.offset_us(now_us)

    def position_us(self, now_us: int) -> int:
        """The pts that is due now where no sound leads."""
        target_us = self.target_position_us(now_us)
        if self._position_at_us is None or abs(target_us - self._position_us) > self.jump_us * 2:
            self._position_us = target_us
        else:
            elapsed_us = now_us - self._position_at_us
            tempo = self.tempo(self._position_us + elapsed_us, now_us)
            self._position_us += int(elapsed_us * tempo)
            if abs(target_us - self._position_us) > self.jump_us:
                self._position_us = target_us
        self._position_at_us = now_us
        return self._position_us

    def follow(self, heard_pts_us: int, now_us: int) -> None:
        """Sound leads: this pts is heard now."""
        self._position_us = heard_pts_us
        self._position_at_us = now_us

    def tempo(self, position_us: int, now_us: int) -> float:
        """How fast to play from here: 1.0, or a little off until the target is met."""
        behind_us = self.target_position_us(now_us) - position_us
        if behind_us > TEMPO_BEHIND_US:
            self._tempo = TEMPO_CATCH_UP
        elif behind_us < -TEMPO_AHEAD_US:
            self._tempo = TEMPO_WAIT
        elif (self._tempo > 1.0 and behind_us < TEMPO_LEAVE_US) or (
            self._tempo < 1.0 and behind_us > -TEMPO_LEAVE_US
        ):
            self._tempo = 1.0
        return self._tempo

    def _floor_us(self) -> int:
        floors = [
            transit.floor_us for transit in self._transits.values() if transit.floor_us is not None
        ]
        return max(floors, default=0)

    def _need_us(self) -> int:
        wish_us = self._floor_us() + (0 if self.is_instant else self.delay_us)
        needs = [
            transit.floor_us + transit.jitter_us + self._leads_us.get(kind, 0)
            for kind, transit in self._transits.items()
            if transit.floor_us is not None
        ]
        need_us = max([wish_us, *needs])
        return min(need_us, self._floor_us() + DELAY_US_MAX)
