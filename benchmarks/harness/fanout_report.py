"""What `bench fanout` shows and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.harness import fanout_figures as figures
from benchmarks.harness import packet_schedule, report

if TYPE_CHECKING:
    from benchmarks.harness.fanout_figures import SenderFigures
    from benchmarks.harness.fanout_round import Round, SenderName

TITLES: dict[SenderName, str] = {
    "c": "C epoll sender",
    "always": "relay, coalescing",
    "never": "relay, not coalescing",
    "auto": "relay, auto",
    "recording": "relay, coalescing and recording",
}
HEADER = (
    *("", "CPU ms/viewer-s", "x C"),
    *("video p50", "p99", "max", "audio p50", "p99", "max"),
    *("lost", "cut", "generator"),
)


class FanoutResult(NamedTuple):
    parameters: dict[str, Any]
    rounds: dict[SenderName, list[Round]]
    search: list[Round] | None
    """The rounds that looked for the largest number of viewers; None: nobody asked."""
    c_at_most: Round | None
    """The C sender with that number of viewers: how much of the limit is the machine's."""
    notes: list[str]
    put_aside: list[Round]
    """Rounds that other programs disturbed, see quiet.py."""

    @property
    def most(self) -> int | None:
        if self.search is None:
            return None
        return figures.find_most(figures.collect_outcomes(self.search))

    def summaries(self) -> dict[SenderName, SenderFigures]:
        c_rounds = self.rounds.get("c", [])
        return {
            sender: figures.summarize(sender, rounds, c_rounds)
            for sender, rounds in self.rounds.items()
        }

    def to_json(self) -> dict[str, Any]:
        summaries = self.summaries()
        return {
            "bench": "fanout",
            "machine": report.describe_machine(),
            "parameters": {
                **self.parameters,
                "bit_rate_bps": packet_schedule.BIT_RATE_BPS,
                "video_per_s": packet_schedule.VIDEO_PER_S,
                "audio_per_s": packet_schedule.AUDIO_PER_S,
            },
            "notes": self.notes,
            "targets": {
                "cpu_ratio_coalescing_max": figures.CPU_RATIO_COALESCING_MAX,
                "cpu_ratio_not_coalescing_max": figures.CPU_RATIO_NOT_COALESCING_MAX,
                "delay_p99_ms_max": figures.DELAY_P99_MS_MAX,
                "viewers_on_one_core_min": figures.VIEWERS_ON_ONE_CORE_MIN,
            },
            "recording_ratio": (
                ratio.to_json() if (ratio := figures.find_recording_ratio(self.rounds)) else None
            ),
            "figures": {sender: one.to_json() for sender, one in summaries.items()},
            "viewers_on_one_core": self.most,
            "meets": figures.judge(summaries, self.most),
            "rounds": [one.to_json() for some in self.rounds.values() for one in some],
            "search": [{**one.to_json(), "holds": figures.holds(one)} for one in self.search or ()],
            "put_aside": [one.to_json() for one in self.put_aside],
            "c_sender_at_that_number": self.c_at_most and self.c_at_most.to_json(),
        }

    def show(self) -> None:
        summaries = self.summaries()
        viewers = self.parameters["viewers"]
        report.say(f"{viewers} viewers of one 2.5 Mbit/s room; median (lowest-highest)\n")
        report.say(report.make_table(HEADER, [_row(one) for one in summaries.values()]))
        report.say("\nDelays in ms. A coalescing relay holds sound for the next picture: up to 33.")
        report.say("generator: share of a core that the load generator took, at most.\n")
        report.say(
            report.make_table(["target", "", "measured", "met"], _target_rows(summaries, self.most))
        )
        self._show_recording()
        if (c := self.c_at_most) is not None:
            p99_ms = c.delay_ms("video", "p99")
            report.say(f"\nThe C sender with {c.viewers} viewers: video p99 {p99_ms:.1f} ms.")
        rounds = [one for some in self.rounds.values() for one in some] + (self.search or [])
        others_load = max(one.others_load for one in rounds)
        report.say(
            f"\nOther programs kept at most {others_load:.2f} cores busy; "
            f"{len(self.put_aside)} rounds were run again because of them."
        )
        for note in self.notes:
            report.say(f"\nNote: {note}")

    def _show_recording(self) -> None:
        ratio = figures.find_recording_ratio(self.rounds)
        if ratio is None:
            return
        writer = sum(one.writer_cpu_s for one in self.rounds["recording"])
        seconds = sum(float(one.watched["seconds"]) for one in self.rounds["recording"])
        meets = report.tell_meets(meets=ratio.median <= figures.RECORDING_RATIO_MAX)
        report.say(
            f"\nRecording: {ratio.text()} of the CPU without (<= "
            f"{figures.RECORDING_RATIO_MAX}: {meets}); its own process took "
            f"{writer / seconds:.1%} of a core beside it."
        )


def _row(one: SenderFigures) -> list[str]:
    delays = [
        one.delay_ms[kind][figure].text(1)
        for kind in ("video", "audio")
        for figure in ("p50", "p99", "max")
    ]
    return [
        TITLES[one.sender],
        one.cpu_ms_per_viewer_s.text(3),
        one.cpu_ratio.text() if one.cpu_ratio else "-",
        *delays,
        str(one.lost),
        str(one.closed),
        f"{one.generator_load_max:.0%}",
    ]


def _target_rows(summaries: dict[SenderName, SenderFigures], most: int | None) -> list[list[str]]:
    coalescing, calm = summaries["always"], summaries["never"]
    meets = figures.judge(summaries, most)
    rows = [
        (
            "CPU, coalescing",
            f"<= {figures.CPU_RATIO_COALESCING_MAX} x C",
            coalescing.cpu_ratio.text() if coalescing.cpu_ratio else "-",
            "cpu_coalescing",
        ),
        (
            "CPU, not coalescing",
            f"<= {figures.CPU_RATIO_NOT_COALESCING_MAX} x C",
            calm.cpu_ratio.text() if calm.cpu_ratio else "-",
            "cpu_not_coalescing",
        ),
        (
            "added delay p99",
            f"<= {figures.DELAY_P99_MS_MAX:.0f} ms",
            f"{figures.worst_p99_ms((coalescing, calm)):.1f} ms",
            "delay_p99",
        ),
        (
            "packets lost, viewers cut",
            "none",
            str(sum(one.lost + one.closed for one in (coalescing, calm))),
            "nothing_lost",
        ),
        (
            "viewers on one core",
            f">= {figures.VIEWERS_ON_ONE_CORE_MIN}",
            "-" if most is None else str(most),
            "viewers_on_one_core",
        ),
    ]
    return [[*row[:3], report.tell_meets(meets=meets[row[3]])] for row in rows]
