"""What a running publish pipeline tells its owner: past tense, frozen, from any of its threads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PipelineEvent:
    """The base of all events. `str()` is one line for a log or a person."""


@dataclass(frozen=True, slots=True)
class SourceLost(PipelineEvent):
    """A device or address gives nothing; its stand-in (card, silence) goes out meanwhile."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source} is lost: {self.reason}; trying again every second"


@dataclass(frozen=True, slots=True)
class SourceRestored(PipelineEvent):
    source: str

    def __str__(self) -> str:
        return f"{self.source} is back"


@dataclass(frozen=True, slots=True)
class SourceDamaged(PipelineEvent):
    """A part of a file or stream could not be decoded and was skipped."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source} has a damaged part, skipped: {self.reason}"


@dataclass(frozen=True, slots=True)
class SourceResumed(PipelineEvent):
    """The source fell behind real time (a sleeping computer, a stalled disk) and was moved on."""

    source: str
    behind_ms: int

    def __str__(self) -> str:
        return f"{self.source} was {self.behind_ms} ms behind and goes on from now"


@dataclass(frozen=True, slots=True)
class SourceEnded(PipelineEvent):
    source: str

    def __str__(self) -> str:
        return f"{self.source} has played to its end"


@dataclass(frozen=True, slots=True)
class EncoderReplaced(PipelineEvent):
    """An encoder died in mid-stream; the next one goes on with a keyframe."""

    layer: int
    old: str
    new: str
    reason: str

    def __str__(self) -> str:
        return f"layer {self.layer}: {self.old} failed ({self.reason}), {self.new} goes on"


@dataclass(frozen=True, slots=True)
class EncoderLost(PipelineEvent):
    """No encoder is left for a layer; the layer is silent from now on."""

    layer: int
    reason: str

    def __str__(self) -> str:
        return f"layer {self.layer} has no working encoder: {self.reason}"
