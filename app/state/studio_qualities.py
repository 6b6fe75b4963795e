"""Whether Studio sends several qualities, and what this computer can encode at once. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class QualitiesChosen:
    is_several: bool


@dataclass(frozen=True, slots=True)
class MachineJudged:
    """The pre-flight's measurement."""

    names: tuple[str, ...]
    """What fits, the best first."""
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Qualities:
    is_several: bool = False
    machine: tuple[str, ...] = ()
    """Empty until it is measured."""
    is_whole: bool = True

    def apply(self, event: QualitiesChosen | MachineJudged) -> Qualities:
        if isinstance(event, QualitiesChosen):
            return replace(self, is_several=event.is_several)
        return replace(self, machine=event.names, is_whole=event.is_whole)
