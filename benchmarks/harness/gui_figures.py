"""What the rounds of the window's bench come to: stalls, pictures lost, cores, targets. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.harness.report import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURES_PER_S: Final = 30
INTERVAL_US: Final = 1_000_000 / PICTURES_PER_S
JUMP_US_MIN: Final = 60_000_000
"""A step of pts this long, or backwards, is another timeline and no loss."""

STALL_MS_MAX: Final = 50.0
FPS_MIN: Final = 29.5
"""Half a picture a second is the ends of the stretch that is counted."""
IDLE_CORES_MAX: Final = 0.02
LOST_IN_A_SWITCH_MAX: Final = 2

SWITCHES: Final = ("source", "layout", "quality", "language", "theme")


class LostPictures:
    """Counts pictures, and those missing between them, from their times."""

    def __init__(self) -> None:
        self._last_us: int | None = None
        self._frames = 0
        self._lost = 0

    def add(self, pts_us: int) -> None:
        last_us, self._last_us = self._last_us, pts_us
        self._frames += 1
        if last_us is not None and 0 < pts_us - last_us < JUMP_US_MIN:
            self._lost += max(0, round((pts_us - last_us) / INTERVAL_US) - 1)

    def take(self) -> tuple[int, int]:
        """Pictures and losses since the last `take`."""
        counts = self._frames, self._lost
        self._frames = self._lost = 0
        return counts


class LiveFigures(NamedTuple):
    """One stretch of being live and watching, in one size of the windows."""

    preview_fps: float
    """Painted in Studio."""
    stage_fps: float
    """Painted in the small window beside it."""
    viewer_fps: float
    """Painted in the Room page of a second program."""
    received_lost: int
    """Pictures that a viewer who only counts never got."""
    stalls: int
    stall_ms_p99: float
    stall_ms_max: float
    worked_ms_max: float
    """The GUI threads' own work within one answer: what no other program on the machine did."""
    cores: dict[str, float]


class SwitchFigures(NamedTuple):
    """One switch while live and watched, and the time just after it."""

    received_lost: int
    painted_lost: int
    """Pictures that the viewer's Room page did not paint."""
    sound_jumps: int
    """Holes in the sound that a viewer hears."""
    dropped: int
    """By the publisher: scene, encoder and uplink."""
    stalls: int
    stall_ms_max: float
    worked_ms_max: float
    is_same_broadcast: bool


class GuiRound(NamedTuple):
    idle_cores: dict[str, float]
    """Of the window alone, by what it shows."""
    relay_cores: float
    """Of the relay that it hosts, while nothing is live."""
    live: dict[str, LiveFigures]
    """By the windows' size."""
    walk_stalls: int
    """While the pages are walked through, live."""
    walk_ms_max: float
    walk_worked_ms_max: float
    switches: dict[str, list[SwitchFigures]]
    worst: list[dict[str, Any]]
    """The longest stalls of the round with their stacks."""
    others_load: float


class SwitchSummary(NamedTuple):
    switches: int
    received_lost_max: int
    painted_lost_max: int
    sound_jumps: int
    dropped_max: int
    stalls: int
    stall_ms_max: float
    worked_ms_max: float
    broadcasts_lost: int


class GuiFigures(NamedTuple):
    idle_cores: dict[str, Spread]
    relay_cores: Spread
    live: dict[str, dict[str, Spread]]
    live_cores: dict[str, dict[str, Spread]]
    walk_stalls: int
    walk_ms_max: float
    walk_worked_ms_max: float
    switches: dict[str, SwitchSummary]
    others_load_max: float

    def to_json(self) -> dict[str, Any]:
        return {
            "idle_cores": {name: one.to_json() for name, one in self.idle_cores.items()},
            "relay_cores": self.relay_cores.to_json(),
            "live": _spreads_to_json(self.live),
            "live_cores": _spreads_to_json(self.live_cores),
            "walk_stalls": self.walk_stalls,
            "walk_ms_max": self.walk_ms_max,
            "walk_worked_ms_max": self.walk_worked_ms_max,
            "switches": {name: one._asdict() for name, one in self.switches.items()},
            "others_load_max": self.others_load_max,
        }


def summarize(rounds: Sequence[GuiRound]) -> GuiFigures:
    sizes = tuple(rounds[0].live)
    names = [name for name in LiveFigures._fields if name != "cores"]
    return GuiFigures(
        idle_cores=_spread_by_name([one.idle_cores for one in rounds]),
        relay_cores=Spread.of(one.relay_cores for one in rounds),
        live={
            size: {
                name: Spread.of(float(getattr(one.live[size], name)) for one in rounds)
                for name in names
            }
            for size in sizes
        },
        live_cores={
            size: _spread_by_name([one.live[size].cores for one in rounds]) for size in sizes
        },
        walk_stalls=sum(one.walk_stalls for one in rounds),
        walk_ms_max=max(one.walk_ms_max for one in rounds),
        walk_worked_ms_max=max(one.walk_worked_ms_max for one in rounds),
        switches={
            kind: _summarize_switches([figures for one in rounds for figures in one.switches[kind]])
            for kind in rounds[0].switches
        },
        others_load_max=max(one.others_load for one in rounds),
    )


def judge(figures: GuiFigures) -> dict[str, bool | None]:
    """Each target. A stall or a lost picture counts in any round, a rate by its median."""
    live = figures.live.values()
    return {
        "no_stall_while_live": (
            all(one["stalls"].high == 0 for one in live) and figures.walk_stalls == 0
        ),
        "preview_and_stage_fps": all(
            one[name].median >= FPS_MIN
            for one in live
            for name in ("preview_fps", "stage_fps", "viewer_fps")
        ),
        "idle_cores": all(one.median < IDLE_CORES_MAX for one in figures.idle_cores.values()),
        **{f"switch_{kind}": _judge_switch(one) for kind, one in figures.switches.items()},
    }


def _judge_switch(switch: SwitchSummary) -> bool | None:
    if not switch.switches:
        return None
    lost = max(switch.received_lost_max, switch.painted_lost_max)
    is_whole = lost <= LOST_IN_A_SWITCH_MAX and switch.sound_jumps == 0
    return is_whole and switch.broadcasts_lost == 0 and switch.stalls == 0


def _summarize_switches(switches: Sequence[SwitchFigures]) -> SwitchSummary:
    return SwitchSummary(
        switches=len(switches),
        received_lost_max=max((one.received_lost for one in switches), default=0),
        painted_lost_max=max((one.painted_lost for one in switches), default=0),
        sound_jumps=sum(one.sound_jumps for one in switches),
        dropped_max=max((one.dropped for one in switches), default=0),
        stalls=sum(one.stalls for one in switches),
        stall_ms_max=max((one.stall_ms_max for one in switches), default=0.0),
        worked_ms_max=max((one.worked_ms_max for one in switches), default=0.0),
        broadcasts_lost=sum(not one.is_same_broadcast for one in switches),
    )


def _spread_by_name(rounds: Sequence[dict[str, float]]) -> dict[str, Spread]:
    return {name: Spread.of(one[name] for one in rounds) for name in rounds[0]}


def _spreads_to_json(spreads: dict[str, dict[str, Spread]]) -> dict[str, Any]:
    return {
        name: {figure: one.to_json() for figure, one in figures.items()}
        for name, figures in spreads.items()
    }
