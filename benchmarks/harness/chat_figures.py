"""What the rounds of the chat bench come to, and the table. `summarize` and `judge` are pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.harness import report
from benchmarks.harness.report import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.harness.chat_round import ChatRound

DELIVERY_P99_MS_MAX: Final = 150.0
MEDIA_P99_MS_MAX: Final = 50.0
"""What the fan-out bench promises of video."""
HEADER = (
    *("messages/s", "deliveries/s", "p50 ms", "p99", "max", "lost", "cut", "refused"),
    *("video p99 ms", "lost", "relay core", "generator core"),
)


class RateFigures(NamedTuple):
    """The rounds of one rate together."""

    rate: float
    rounds: int
    deliveries_per_s: Spread
    delivery_ms: dict[str, Spread]
    lost: int
    closed: int
    refused: int
    media_p99_ms: Spread
    media_lost: int
    relay_load: Spread
    generator_load_max: float

    def to_json(self) -> dict[str, Any]:
        spreads = ("deliveries_per_s", "media_p99_ms", "relay_load")
        return {
            **self._asdict(),
            **{name: getattr(self, name).to_json() for name in spreads},
            "delivery_ms": {name: one.to_json() for name, one in self.delivery_ms.items()},
            "generator_load_max": round(self.generator_load_max, 3),
        }


def summarize(rounds: Sequence[ChatRound]) -> RateFigures:
    """Rounds of one rate."""
    return RateFigures(
        rate=rounds[0].rate,
        rounds=len(rounds),
        deliveries_per_s=Spread.of(one.chat["deliveries"] / one.chat["seconds"] for one in rounds),
        delivery_ms={
            name: Spread.of(one.chat["delay_ms"][name] for one in rounds)
            for name in ("p50", "p99", "max")
        },
        lost=sum(one.chat["lost"] for one in rounds),
        closed=sum(one.chat["closed"] + one.viewers - one.connected for one in rounds),
        refused=sum(one.chat["refused"] for one in rounds),
        media_p99_ms=Spread.of(one.media["delay_ms"]["video"]["p99"] for one in rounds),
        media_lost=sum(one.media["lost"] + one.media["closed"] for one in rounds),
        relay_load=Spread.of(one.relay_load for one in rounds),
        generator_load_max=max(one.generator_load for one in rounds),
    )


def judge(figures: Sequence[RateFigures]) -> dict[str, bool]:
    """Each target, over all rates that were written at; a percentile by its median."""
    busy = [one for one in figures if one.rate]
    return {
        "delivery_p99": all(one.delivery_ms["p99"].median <= DELIVERY_P99_MS_MAX for one in busy),
        "nothing_lost": not any(one.lost or one.closed or one.refused for one in busy),
        "media_p99": all(one.media_p99_ms.median <= MEDIA_P99_MS_MAX for one in busy),
    }


def show(figures: Sequence[RateFigures], put_aside: int) -> None:
    report.say("Chat of one busy room; median (lowest-highest) of the rounds\n")
    report.say(report.make_table(HEADER, [_row(one) for one in figures]))
    targets = judge(figures)
    rows = [
        ("delivery p99", f"<= {DELIVERY_P99_MS_MAX:.0f} ms", "delivery_p99"),
        ("messages lost, viewers cut, writers refused", "none", "nothing_lost"),
        ("video p99 meanwhile", f"<= {MEDIA_P99_MS_MAX:.0f} ms", "media_p99"),
    ]
    report.say()
    report.say(
        report.make_table(
            ("target", "bound", "met"),
            [[*row[:2], report.tell_meets(meets=targets[row[2]])] for row in rows],
        )
    )
    report.say(f"\n{put_aside} rounds were run again because other programs were busy.")


def _row(one: RateFigures) -> list[str]:
    return [
        f"{one.rate:.0f}",
        one.deliveries_per_s.text(0),
        *(one.delivery_ms[name].text(1) for name in ("p50", "p99", "max")),
        str(one.lost),
        str(one.closed),
        str(one.refused),
        one.media_p99_ms.text(1),
        str(one.media_lost),
        one.relay_load.text(),
        f"{one.generator_load_max:.2f}",
    ]
