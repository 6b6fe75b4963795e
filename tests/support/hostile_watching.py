"""A window that watches while its stream turns hostile, and then is good again.

The real viewer, its decoder child and the real stage; packets are pushed as a network would. Each
trouble lasts a second at 30 packets a second. Measured are the GUI thread's longest silence, and
the time from the first good packet to its picture on the stage.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QEventLoop, QTimer

from app.media.playback.audio_output import NullAudioOutput
from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.viewer import Viewer
from app.ui.room.stage import Stage
from app.ui.stall_watch import StallWatch
from tests.support.hostile_packets import CODECS, TRICKS, Samples, encode
from wire.limits import PTS_US_MAX
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    import av

WIDTH, HEIGHT, RATE = 1280, 720, 30
INTERVAL_US: Final = 1_000_000 // RATE
GOP: Final = 30
BEFORE: Final = 30
TROUBLED: Final = 30
AFTER_MAX: Final = 20 * RATE
"""Good packets after the trouble: 20 s, for a machine that stands still."""
WAIT_MS_MAX: Final = 60_000
LOOK_MS: Final = 5


class Outcome(NamedTuple):
    trouble: str
    stall_ms: float
    """The longest that the GUI thread did not answer."""
    worked_ms: float
    """The most of such a time that it worked itself."""
    back_ms: float | None
    """None: no good picture came."""
    restarts: int
    pictures: int


class Material:
    """What is sent, made once."""

    def __init__(self) -> None:
        self.good = encode("h264", WIDTH, HEIGHT, frames=GOP)
        self.samples = Samples()
        self.sizes = {
            size: encode("h264", *size)[0]
            for size in ((64, 64), (4096, 2304), (322, 182), (8192, 8192), (1920, 1080))
        }


class Feed:
    """Packets of one broadcast, numbered and timed. Runs on a thread of its own."""

    def __init__(self, viewer: Viewer, decoder: IsolatedDecoder, material: Material) -> None:
        self.viewer = viewer
        self.decoder = decoder
        self.material = material
        self._sequence = 0
        self._started_us = now_us()

    def push_good(self, number: int) -> None:
        index = number % GOP
        self.push(self.material.good[index], is_keyframe=index == 0)

    def push(
        self, payload: bytes, *, is_keyframe: bool = True, pts_us: int | None = None, layer: int = 0
    ) -> None:
        """At its moment."""
        due_us = self._started_us + self._sequence * INTERVAL_US
        time.sleep(max(0.0, (due_us - now_us()) / 1e6))
        flags = Flags.KEYFRAME if is_keyframe else Flags.NONE
        at_us = self.next_pts_us if pts_us is None else pts_us
        packet = MediaPacket(Kind.VIDEO, layer, flags, self._sequence, at_us, now_us(), payload)
        self._sequence += 1
        self.viewer.push(packet, now_us())

    @property
    def next_pts_us(self) -> int:
        return self._sequence * INTERVAL_US


Trouble = Callable[[Feed, random.Random], None]


def _trick(name: str) -> Trouble:
    def send(feed: Feed, chance: random.Random) -> None:
        for _ in range(TROUBLED):
            codec, unit = feed.material.samples.draw(chance)
            codec, payload = TRICKS[name](chance, codec, unit, feed.material.samples)
            feed.push(payload, layer=CODECS.index(codec))

    return send


def _sizes(*sizes: tuple[int, int]) -> Trouble:
    def send(feed: Feed, _chance: random.Random) -> None:
        for number in range(TROUBLED):
            feed.push(feed.material.sizes[sizes[number % len(sizes)]])

    return send


def _wild_times(feed: Feed, chance: random.Random) -> None:
    for number in range(TROUBLED):
        wild_us = chance.choice((0, 1, PTS_US_MAX, chance.randrange(PTS_US_MAX)))
        feed.push(feed.material.good[number % GOP], is_keyframe=number == 0, pts_us=wild_us)


def _signal(name: str) -> Trouble:
    def send(feed: Feed, _chance: random.Random) -> None:
        pid = feed.decoder.pid
        if pid is not None and sys.platform != "win32":
            os.kill(pid, getattr(signal, name))

    return send


TROUBLES: Final[Mapping[str, Trouble]] = {
    **{trick: _trick(trick) for trick in TRICKS},
    "8192x8192": _sizes((8192, 8192)),
    "sizes in turn": _sizes((64, 64), (4096, 2304), (322, 182), (1920, 1080)),
    "wild times": _wild_times,
    "child killed": _signal("SIGKILL"),
    "child stopped": _signal("SIGSTOP"),
}


def watch_through(trouble: str, material: Material, *, seed: int = 1) -> Outcome:
    """With a QApplication, on its thread."""
    stage = Stage()
    stage.resize(WIDTH, HEIGHT)
    stage.show()
    watch = StallWatch()
    seen = _Seen(stage)
    decoder = IsolatedDecoder()
    viewer = Viewer(
        delay_ms=100,
        output=NullAudioOutput(monotonic_us=now_us),
        monotonic_us=now_us,
        unix_us=now_us,
        on_picture=seen.on_picture,
        decoder=decoder,
    )
    viewer.set_tracks(_tracks())
    viewer.start()
    feed = Feed(viewer, decoder, material)
    thread = threading.Thread(target=_feed, args=(feed, seen, trouble, seed), daemon=True)
    try:
        watch.start()
        thread.start()
        _turn(lambda: not thread.is_alive())
        figures = watch.take()
    finally:
        seen.is_over = True
        watch.stop()
        thread.join()
        viewer.stop()
        stage.close()
        stage.deleteLater()
    return Outcome(
        trouble,
        stall_ms=figures.max_ms,
        worked_ms=figures.worked_ms_max,
        back_ms=seen.back_ms(),
        restarts=decoder.restarts,
        pictures=seen.pictures,
    )


class _Seen:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.good_from_us: int | None = None
        """The pts of the first good packet after the trouble."""
        self.sent_at_us = 0
        self.shown_at_us: int | None = None
        self.pictures = 0
        self.is_over = False

    def on_picture(self, frame: av.VideoFrame, pts_us: int) -> None:
        """On the presenting thread."""
        self._stage.show_picture(frame, pts_us)
        self.pictures += 1
        first_us = self.good_from_us
        is_good = first_us is not None and pts_us >= first_us and frame.width == WIDTH
        if is_good and self.shown_at_us is None:
            self.shown_at_us = now_us()

    def back_ms(self) -> float | None:
        if self.shown_at_us is None:
            return None
        return (self.shown_at_us - self.sent_at_us) / 1000


def _feed(feed: Feed, seen: _Seen, trouble: str, seed: int) -> None:
    for number in range(BEFORE):
        feed.push_good(number)
    TROUBLES[trouble](feed, random.Random(seed))
    seen.good_from_us, seen.sent_at_us = feed.next_pts_us, now_us()
    for number in range(AFTER_MAX):
        if seen.shown_at_us is not None or seen.is_over:
            return
        feed.push_good(number)


def _tracks() -> tuple[TrackInfo, ...]:
    """Each codec as a layer, so that a packet can come as any of them."""
    return tuple(
        TrackInfo(
            kind="video", codec=codec, layer=layer, width=WIDTH, height=HEIGHT, frame_rate=RATE
        )
        for layer, codec in enumerate(CODECS)
    )


def _turn(is_done: Callable[[], bool]) -> None:
    """The GUI thread's own loop until then."""
    loop = QEventLoop()
    looking, giving_up = QTimer(), QTimer()
    looking.timeout.connect(lambda: loop.quit() if is_done() else None)
    giving_up.setSingleShot(True)
    giving_up.timeout.connect(loop.quit)
    looking.start(LOOK_MS)
    giving_up.start(WAIT_MS_MAX)
    loop.exec()
    looking.stop()
    giving_up.stop()


def now_us() -> int:
    return time.monotonic_ns() // 1000
