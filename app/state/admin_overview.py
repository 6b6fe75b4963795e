"""The house's figures as the overview shows them. Frozen; changed only by `apply(event)`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from wire.admin_commands import OverviewSpan
    from wire.admin_events import Overview

FIGURES: Final[tuple[str, ...]] = (
    "viewers",
    "rooms_live",
    "sockets",
    "bytes_out_per_s",
    "bytes_in_per_s",
    "messages",
    "coins",
    "cpu_permille",
    "lag_us_max",
    "memory_bytes",
    "refusals",
    "sanctions",
)
"""In the order in which they are shown."""
HOUR_MS: Final = 3_600_000
SPAN_MS: Final[dict[OverviewSpan, int]] = {
    "hour": HOUR_MS,
    "day": 24 * HOUR_MS,
    "week": 168 * HOUR_MS,
}
REFRESH_MS: Final[dict[OverviewSpan, int]] = {"hour": 2_000, "day": 30_000, "week": 60_000}


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """What an admin has before them."""

    reports: int = 0
    feedback: int = 0

    @property
    def together(self) -> int:
        return self.reports + self.feedback


NOTHING_WAITS: Final = WaitingCounts()


@dataclass(frozen=True, slots=True)
class SpanChosen:
    span: OverviewSpan


@dataclass(frozen=True, slots=True)
class Seen:
    span: OverviewSpan
    """What was asked: an answer to an older question is passed over."""
    overview: Overview


Change = SpanChosen | Seen


@dataclass(frozen=True, slots=True)
class OverviewState:
    span: OverviewSpan = "hour"
    overview: Overview | None = None
    is_whole: bool = True
    """Not what another relay, or another life of it, told of since the one before was asked."""

    @property
    def since_unix_ms(self) -> int:
        """What to ask for: only news of the hour; longer spans end with a step that still grows."""
        if self.span != "hour" or self.overview is None or not self.is_whole:
            return 0
        if not self.overview.at_unix_ms:
            return 0
        return self.overview.at_unix_ms[-1]

    def series(self, figure: str) -> tuple[tuple[int, int], ...]:
        """Times and values, the oldest first."""
        if self.overview is None:
            return ()
        values: tuple[int, ...] = getattr(self.overview, figure)
        return tuple(zip(self.overview.at_unix_ms, values, strict=False))

    def apply(self, change: Change) -> OverviewState:
        match change:
            case SpanChosen(span):
                return self if span == self.span else OverviewState(span=span)
            case Seen(span, overview):
                if span != self.span:
                    return self
                return self._see(overview)

    def _see(self, news: Overview) -> OverviewState:
        before = self.overview
        if self.span != "hour" or before is None or not self.is_whole:
            return replace(self, overview=news, is_whole=True)
        if before.started_at_unix_ms != news.started_at_unix_ms:
            # Its clock of steps is another, and what it has of before was not asked for.
            return replace(self, overview=news, is_whole=False)
        return replace(self, overview=_join(before, news))


def _join(before: Overview, news: Overview) -> Overview:
    """As far as an hour reaches back."""
    at = (*before.at_unix_ms, *news.at_unix_ms)
    if not at:
        return news
    first = next(i for i, time in enumerate(at) if time > at[-1] - HOUR_MS)
    joined = {
        name: (*getattr(before, name), *getattr(news, name))[first:]
        for name in ("at_unix_ms", *FIGURES)
    }
    return msgspec.structs.replace(news, **joined)


def describe_bytes(count: int) -> str:
    """1.4 GB, 812 MB, 12 kB."""
    for size, sign in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= size:
            value = count / size
            return f"{value:.1f} {sign}" if value < 100 else f"{value:,.0f} {sign}"
    return f"{count} B"


def describe_rate(bytes_per_s: float) -> str:
    """In bits, as links are named."""
    bits = bytes_per_s * 8
    for size, sign in ((10**9, "Gbit/s"), (10**6, "Mbit/s"), (10**3, "kbit/s")):
        if bits >= size:
            value = bits / size
            return f"{value:.1f} {sign}" if value < 100 else f"{value:,.0f} {sign}"
    return f"{bits:.0f} bit/s"


def describe_figure(figure: str, value: float) -> str:
    """One value of a series, with its unit."""
    match figure:
        case "bytes_in_per_s" | "bytes_out_per_s":
            return describe_rate(value)
        case "memory_bytes":
            return describe_bytes(round(value))
        case "cpu_permille":
            return f"{value / 10:.1f} %"
        case "lag_us_max":
            return f"{value / 1000:.1f} ms"
        case _:
            return f"{value:,.0f}"
