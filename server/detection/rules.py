"""What behaviour is worth in points, in words that can be read, and what follows from a score.

A score is the sum of named reasons. Each fades with time, so that a bad minute is forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Final, Literal

from wire.causes import pack_causes
from wire.detection_events import Signal, SignalName
from wire.errors import ErrorCode, WireError

Level = Literal["calm", "watch", "hold", "mute"]


ADDRESS_COUNTS: Final = 0.6
"""Of a suspect whose only tie is an address."""


def _between(low: float, high: float) -> dict[str, float]:
    return {"low": low, "high": high}


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """All that decides when something is done by itself. Each has bounds in its metadata."""

    finds_raids: bool = True
    scores_people: bool = True
    raid_window_s: float = field(default=10.0, metadata=_between(2, 120))
    """What newcomers write within this is looked at together."""
    raid_identities: int = field(default=8, metadata=_between(4, 200))
    """As many suspects within the window are a raid."""
    raid_share: float = field(default=0.6, metadata=_between(0.1, 1))
    """...where they are at least this share of the newcomers who write."""
    raid_identities_sure: int = field(default=20, metadata=_between(4, 1_000))
    """As many are one whatever else is written."""
    suspect_points: int = field(default=5, metadata=_between(3, 12))
    """Who has as many is a suspect of a raid."""
    text_people: int = field(default=4, metadata=_between(2, 50))
    """As many newcomers with one text say it together."""
    text_share: float = field(default=0.15, metadata=_between(0, 1))
    """...where they are at least this share of the newcomers who write."""
    address_people: int = field(default=4, metadata=_between(2, 100))
    new_for_s: float = field(default=120.0, metadata=_between(10, 86_400))
    """Who first wrote here, or followed, less than this ago is new to the room."""
    young_s: float = field(default=86_400.0, metadata=_between(60, 2_592_000))
    very_young_s: float = field(default=900.0, metadata=_between(10, 86_400))
    troll_mode_s: float = field(default=900.0, metadata=_between(10, 86_400))
    """Only people known before may write for this long after a raid was found."""
    raid_mute_s: int = field(default=3_600, metadata=_between(10, 2_592_000))
    exempt_s: float = field(default=3_600.0, metadata=_between(0, 86_400))
    """Whose raid was taken back is no suspect of one for so long."""
    watch_points: int = field(default=5, metadata=_between(1, 100))
    hold_points: int = field(default=9, metadata=_between(2, 100))
    mute_points: int = field(default=13, metadata=_between(3, 100))
    mute_s: int = field(default=600, metadata=_between(10, 2_592_000))
    half_life_s: float = field(default=120.0, metadata=_between(5, 86_400))
    """A reason that no longer holds counts half after this."""
    fast_messages: int = field(default=3, metadata=_between(2, 50))
    """Tried by a newcomer within the raid's window."""
    many_messages: int = field(default=9, metadata=_between(3, 100))
    """Tried by anybody within the raid's window."""
    repeats: int = field(default=4, metadata=_between(2, 50))
    """The same text by one person within a minute."""
    joins: int = field(default=8, metadata=_between(2, 100))
    """Of rooms, by one person within a minute."""
    samples_min: int = field(default=500, metadata=_between(50, 100_000))
    sample_days_min: int = field(default=7, metadata=_between(1, 365))
    """Before there are so many, nobody is called unusual."""


def check_thresholds(wanted: Thresholds) -> Thresholds:
    """Raises WireError(INVALID_VALUE) with the name of the first that is out of bounds."""
    for one in fields(wanted):
        value = getattr(wanted, one.name)
        if one.metadata and not one.metadata["low"] <= value <= one.metadata["high"]:
            words = f"{one.name} is {one.metadata['low']:g} to {one.metadata['high']:g}"
            raise WireError(ErrorCode.INVALID_VALUE, words, field=one.name)
    if not wanted.watch_points < wanted.hold_points < wanted.mute_points:
        words = "watch, hold and mute need more points each than the one before"
        raise WireError(ErrorCode.INVALID_VALUE, words, field="hold_points")
    return wanted


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """What is known of a person at a moment: counts within their windows."""

    account_age_s: float
    is_new_here: bool = False
    tried: int = 0
    """Messages within the raid's window, also those that were refused."""
    repeats: int = 0
    text_people: int = 0
    """Newcomers who say the same, this one among them."""
    newcomers: int = 0
    """All who write."""
    device_people: int = 0
    """Others here with a device of this person's."""
    address_people: int = 0
    """Newcomers who write from this person's address, this one among them."""
    refused: int = 0
    """By word lists, floods and rates, within a minute."""
    joins: int = 0
    reports: int = 0
    has_banned_device: bool = False
    has_banned_address: bool = False
    unusual: int = 0
    """0 to 2, by the model of what is usual."""


def weigh_suspect(conduct: Conduct, limits: Thresholds) -> tuple[Signal, ...]:
    """Why a newcomer may be part of a raid; empty where nothing ties them to another.

    Being new, young and eager is no reason alone: so is everybody who follows a link.
    """
    ties: list[Signal] = []
    if is_together(conduct.text_people, conduct.newcomers, limits):
        ties.append(_signal("same_text", conduct.text_people, 3))
    if conduct.device_people:
        ties.append(_signal("same_device", conduct.device_people, 3))
    if conduct.address_people >= limits.address_people:
        ties.append(_signal("same_address", conduct.address_people, 1))
    if not ties:
        return ()
    if conduct.tried >= limits.fast_messages:
        ties.append(_signal("writes_fast", conduct.tried, 2))
    if conduct.refused:
        ties.append(_signal("refused", conduct.refused, min(2, conduct.refused)))
    if conduct.is_new_here:
        ties.append(_signal("came_just_now", 0, 1))
    return (*_age(conduct, limits), *ties)


def weigh_person(conduct: Conduct, limits: Thresholds) -> tuple[Signal, ...]:
    """Why somebody is to be watched, whatever others do."""
    found = list(_age(conduct, limits))
    if conduct.is_new_here:
        found.append(_signal("came_just_now", 0, 1))
    if conduct.tried >= limits.many_messages:
        found.append(_signal("writes_fast", conduct.tried, 3))
    if conduct.repeats >= limits.repeats:
        points = 3 if conduct.repeats < 2 * limits.repeats else 5
        found.append(_signal("repeats_itself", conduct.repeats, points))
    if conduct.refused > 1:
        found.append(_signal("refused", conduct.refused, min(5, conduct.refused)))
    if conduct.joins >= limits.joins:
        found.append(_signal("comes_and_goes", conduct.joins, 3))
    if conduct.reports:
        found.append(_signal("reported", conduct.reports, min(6, 2 * conduct.reports)))
    if conduct.has_banned_device:
        found.append(_signal("banned_device", 0, limits.hold_points))
    elif conduct.has_banned_address:
        found.append(_signal("banned_address", 0, 2))
    if conduct.unusual:
        found.append(_signal("unusual", 0, conduct.unusual))
    return tuple(found)


def is_together(people: int, newcomers: int, limits: Thresholds) -> bool:
    """Whether so many newcomers with one text are more than chance, among so many."""
    return people >= limits.text_people and people >= limits.text_share * newcomers


def is_suspect(reasons: Collection[Signal], limits: Thresholds) -> bool:
    return sum(reason.points for reason in reasons) >= limits.suspect_points


def is_raid(suspects: int, newcomers: int, limits: Thresholds, *, by_address: int = 0) -> bool:
    """`by_address` of the suspects are tied by nothing but an address, as a school class is."""
    count = suspects - by_address * (1 - ADDRESS_COUNTS)
    if count >= limits.raid_identities_sure:
        return True
    return count >= limits.raid_identities and suspects >= limits.raid_share * newcomers


def is_by_address(reasons: Collection[Signal]) -> bool:
    return not {one.name for one in reasons} & {"same_text", "same_device"}


class Score:
    """The reasons of one person, each as it was when it was strongest. Monotonic seconds."""

    def __init__(self) -> None:
        self._reasons: dict[SignalName, tuple[Signal, float]] = {}

    def note(self, found: Collection[Signal], now_s: float, half_life_s: float) -> None:
        for signal in found:
            known = self._reasons.get(signal.name)
            if known is None or signal.points >= _faded(*known, now_s, half_life_s):
                self._reasons[signal.name] = (signal, now_s)

    def points(self, now_s: float, half_life_s: float) -> float:
        return sum(
            _faded(signal, at_s, now_s, half_life_s) for signal, at_s in self._reasons.values()
        )

    def reasons(self, now_s: float, half_life_s: float) -> tuple[Signal, ...]:
        """Those that still count, the strongest first."""
        weights = {
            name: _faded(signal, at_s, now_s, half_life_s)
            for name, (signal, at_s) in self._reasons.items()
        }
        kept = [name for name, weight in weights.items() if weight >= 0.5]  # rounds to a point
        kept.sort(key=lambda name: -weights[name])
        return tuple(self._reasons[name][0] for name in kept)

    def clear(self) -> None:
        self._reasons.clear()


def level_of(points: float, reasons: Collection[Signal], limits: Thresholds) -> Level:
    """An outlier or an address alone never holds anything: something else must be there."""
    acts = {"young_account", "came_just_now", "unusual", "banned_address"}
    if points < limits.watch_points or all(reason.name in acts for reason in reasons):
        return "calm"
    if points >= limits.mute_points:
        return "mute"
    return "hold" if points >= limits.hold_points else "watch"


def in_code(reasons: Collection[Signal], *, name: str = "") -> str:
    """For the one concerned, the book, and who reviews: clients make the words. With a `name`:
    somebody banned who came back."""
    pairs = [(reason.name, reason.count) for reason in reasons]
    return pack_causes("return" if name else "score", pairs, name=name)


def raid_in_code(people: int, reasons: Collection[Signal]) -> str:
    """`reasons` count those with whom each was found; what most have in common is said."""
    common = [(one.name, one.count) for one in reasons if 2 * one.count >= people]
    return pack_causes("raid", common, people=people)


def _age(conduct: Conduct, limits: Thresholds) -> tuple[Signal, ...]:
    if conduct.account_age_s >= limits.young_s:
        return ()
    minutes = int(conduct.account_age_s // 60)
    points = 2 if conduct.account_age_s < limits.very_young_s else 1
    return (_signal("young_account", minutes, points),)


def _signal(name: SignalName, count: int, points: int) -> Signal:
    return Signal(name=name, count=count, points=points)


def _faded(signal: Signal, at_s: float, now_s: float, half_life_s: float) -> float:
    return signal.points * math.exp2(-max(0.0, now_s - at_s) / half_life_s)
