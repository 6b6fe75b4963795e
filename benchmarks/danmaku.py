"""Danmaku at full stretch: 200 messages a second on the real stage, painted in software.

One window of 1920x1080 shows the stage and nothing else, first without a picture, then with one of
1280x720 that moves 30 times a second, prepared by a thread as while watching. Messages are offered
on the clock, as the relay's would come: by many people, some saying the same, some of the staff,
in several writings and with emotes. Painting is timed from the first to the last line of the
stage's paintEvent; a frame interval is the time between two of them. Memory is counted after a
warm-up in which the cache of texts fills, and at the end. A round in which other programs kept more
than a quarter of a core busy is run again, twice at most.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
import psutil
from av.video.reformatter import ColorRange, Colorspace
from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.room.stage import Stage
from benchmarks.harness import danmaku_figures as figures
from benchmarks.harness import report
from benchmarks.harness.danmaku_figures import DanmakuRound
from benchmarks.harness.processes import display_cpu_s, machine_busy_s
from benchmarks.harness.quiet import run_undisturbed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

SIZE: Final = (1920, 1080)
PICTURE: Final = (1280, 720)
PICTURES_A_SECOND: Final = 30
PICTURES_KEPT: Final = 8
OFFER_INTERVAL_MS: Final = 5
USERS: Final = 400
STAFF_EVERY: Final = 50
SAME_SHARE: Final = 3
"""One in so many says what others say too."""
SAME: Final = ("哈哈哈哈哈", "前方高能", "666666", "gg :gg:", "加油加油!", "好听 :heart:")
OWN_WORDS: Final = (
    "画面真好看",
    "唱得太好了 :clap:",
    "encore!",
    "hello 👋",
    "怎么做到的",
    "مرحبا بالجميع",
    "笑死我了 :laugh:",
    "再来一首",
)
MODES: Final = (*[1] * 18, 5, 4)
COLORS: Final = (0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xF2415C, 0xFFD24A, 0x3AB36B, 0x4AA3F2)


class TimedStage(Stage):
    """Counts its own painting. The clock of the frames is their beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.paint_ms: list[float] = []
        self.worked_ms: list[float] = []
        """What painting took of the processor; the rest of `paint_ms` others had it."""
        self.began_ms: list[float] = []
        self.on_stage: list[int] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        began_s, worked_s = time.perf_counter(), time.thread_time()
        super().paintEvent(event)
        self.worked_ms.append((time.thread_time() - worked_s) * 1000)
        self.paint_ms.append((time.perf_counter() - began_s) * 1000)
        self.began_ms.append(began_s * 1000)
        self.on_stage.append(len(self.danmaku.flights))

    def forget_figures(self) -> None:
        for of_frames in (self.paint_ms, self.worked_ms, self.began_ms, self.on_stage):
            of_frames.clear()


class Crowd:
    """Offers by the clock: what a late timer missed comes at once."""

    def __init__(self, stage: Stage, messages_a_second: float) -> None:
        self._stage = stage
        self._rate = messages_a_second
        self._numbers = itertools.count()
        self._offered = 0
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(OFFER_INTERVAL_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        due = int(self._clock.nsecsElapsed() / 1e9 * self._rate)
        while self._offered < due:
            self._offered += 1
            self._say(next(self._numbers))

    def _say(self, number: int) -> None:
        danmaku = self._stage.danmaku
        if number % SAME_SHARE == 0:
            words = SAME[number // SAME_SHARE % len(SAME)]
        else:
            words = f"{OWN_WORDS[number % len(OWN_WORDS)]} {number}"
        text = danmaku.measure(
            str(number),
            words,
            user_id=f"user {number * 7 % USERS}",
            name="somebody",
            mode=MODES[number % len(MODES)],
            color=COLORS[number % len(COLORS)],
            is_privileged=number % STAFF_EVERY == 0,
        )
        danmaku.offer_text(text)
        self._stage.wake()


class MovingPicture:
    """A thread that presents, as the player's does: scaling and converting happen in it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._frames = [_make_frame(number) for number in range(PICTURES_KEPT)]
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="picture", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        began_s = time.monotonic()
        for number in itertools.count():
            due_s = began_s + number / PICTURES_A_SECOND
            if self._is_over.wait(max(0.0, due_s - time.monotonic())):
                return
            frame = self._frames[number % len(self._frames)]
            self._stage.show_picture(frame, number * 1_000_000 // PICTURES_A_SECOND)


def main() -> int:
    options = _parse_options()
    _application = QApplication.instance() or QApplication(sys.argv[:1])
    rounds: list[DanmakuRound] = []
    put_aside: list[DanmakuRound] = []
    for name in figures.PICTURES:
        run = partial(_run_round, options, name)
        rounds.append(run() if options.once else run_undisturbed(run, put_aside))
        report.progress(f"{name}: done")
    figures.show(rounds, len(put_aside), options.rate)
    report.write_json(options.json, _to_json(options, rounds, put_aside))
    return 0


def _run_round(options: argparse.Namespace, picture: str) -> DanmakuRound:
    stage = TimedStage()
    stage.setFixedSize(*SIZE)
    stage.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    stage.move(0, 0)
    stage.show()
    moving = MovingPicture(stage) if picture == figures.MOVING else None
    crowd = Crowd(stage, options.rate)
    _run_for(options.warm_up)
    process = psutil.Process()
    stage.forget_figures()
    rss_before, pixmaps_before = process.memory_info().rss, stage.danmaku.pixmaps.bytes_held
    own_s, machine_s, display_s = _cpu_s(process), machine_busy_s(), display_cpu_s()
    began_s = time.monotonic()
    _run_for(options.seconds)
    elapsed_s = time.monotonic() - began_s
    own_s, machine_s = _cpu_s(process) - own_s, machine_busy_s() - machine_s
    others_s = machine_s - own_s - (display_cpu_s() - display_s)
    crowd.stop()
    if moving is not None:
        moving.stop()
    rss_after = process.memory_info().rss
    counts = stage.danmaku.counts
    result = DanmakuRound(
        picture=picture,
        paint_ms=figures.spread_of(stage.paint_ms),
        worked_ms=figures.spread_of(stage.worked_ms),
        interval_ms=figures.spread_of(
            [later - sooner for sooner, later in itertools.pairwise(stage.began_ms)]
        ),
        frames_a_second=round(len(stage.paint_ms) / elapsed_s, 2),
        frames_a_second_at_100=figures.rate_of_full(stage.began_ms, stage.on_stage),
        on_stage_max=max(stage.on_stage),
        rss_mb=round(rss_before / 1e6, 1),
        rss_growth_mb=round((rss_after - rss_before) / 1e6, 1),
        pixmaps_mb=round(stage.danmaku.pixmaps.bytes_held / 1e6, 1),
        pixmaps_growth_mb=round((stage.danmaku.pixmaps.bytes_held - pixmaps_before) / 1e6, 1),
        offered=counts.offered,
        shown=counts.shown,
        merged=counts.merged,
        hidden=counts.hidden,
        waiting=stage.danmaku.waiting,
        share=round(stage.danmaku.budget.share, 2),
        pictures_painted=stage.pictures_painted,
        own_cores=round(own_s / elapsed_s, 2),
        others_load=round(max(0.0, others_s) / elapsed_s, 2),
    )
    stage.close()
    stage.deleteLater()
    return result


def _run_for(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _make_frame(number: int) -> av.VideoFrame:
    """A gradient with a bar at another place in each, BT.709 limited as a broadcast is."""
    width, height = PICTURE
    luma = np.tile(np.linspace(30, 200, width, dtype=np.uint8), (height, 1))
    left = number * width // PICTURES_KEPT
    luma[:, left : left + width // PICTURES_KEPT] = 220
    planes = np.concatenate([luma.ravel(), np.full(width * height // 2, 128, np.uint8)])
    frame = av.VideoFrame.from_ndarray(planes.reshape(height * 3 // 2, width), format="yuv420p")
    frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
    return frame


def _to_json(
    options: argparse.Namespace, rounds: Sequence[DanmakuRound], put_aside: Sequence[DanmakuRound]
) -> dict[str, Any]:
    return {
        "bench": "danmaku",
        "machine": report.describe_machine(),
        "parameters": {
            "seconds": options.seconds,
            "warm_up_seconds": options.warm_up,
            "messages_a_second": options.rate,
            "stage": list(SIZE),
            "picture": list(PICTURE),
        },
        "targets": figures.TARGETS,
        "rounds": [one._asdict() for one in rounds],
        "meets": {one.picture: figures.judge(one) for one in rounds},
        "put_aside": [one._asdict() for one in put_aside],
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench danmaku",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--seconds", type=float, default=60.0, help="measured, with each picture")
    parser.add_argument("--warm-up", type=float, default=30.0, help="seconds before")
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second")
    parser.add_argument("--once", action="store_true", help="also while others use the machine")
    options = parser.parse_args()
    if min(options.seconds, options.warm_up, options.rate) <= 0:
        parser.error("seconds and rates are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
