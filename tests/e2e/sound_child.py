"""A program of its own that plays or listens, for tests of devices that come and go.

    python -m tests.e2e.sound_child play DEVICE      a tone; a line on standard input chooses anew
    python -m tests.e2e.sound_child listen ADDRESS   a microphone through the mixer

Each line of its standard output is one thing that happened, as JSON. It ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING

import numpy as np

from app.media.capture.sources import open_source_of_sound, parse_source
from app.media.clock import MediaClock
from app.media.mixer import Mixer, to_db
from app.media.playback.chosen_output import ChosenOutput, OutputState

if TYPE_CHECKING:
    from app.media.capture.source import AudioBlock
    from app.media.events import PipelineEvent

TONE_HZ = 440.0
TONE_LEVEL = 0.3
BLOCK = 480


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def play(device: str) -> None:
    def tell(state: OutputState) -> None:
        say(kind=state.kind, wanted=state.wanted, reason=state.reason)

    output = ChosenOutput(device, monotonic_us=lambda: time.monotonic_ns() // 1000, on_change=tell)
    ending = threading.Event()

    def feed() -> None:
        place = 0
        while not ending.wait(0.004):
            while output.ring.fill_us < output.fill_wanted_us + 20_000:
                time_s = np.arange(place, place + BLOCK) / 48_000
                tone = (np.sin(2 * np.pi * TONE_HZ * time_s) * TONE_LEVEL).astype(np.float32)
                output.ring.write(np.repeat(tone[:, None], 2, axis=1), place * 1000 // 48, 10_000)
                place += BLOCK

    feeder = threading.Thread(target=feed)
    output.start()
    feeder.start()
    for line in sys.stdin:
        output.choose(line.strip())
    ending.set()
    feeder.join()
    output.stop()


def listen(address: str) -> None:
    clock = MediaClock()

    def tell(event: PipelineEvent) -> None:
        say(event=type(event).__name__, words=str(event))

    heard: list[AudioBlock] = []

    def on_block(block: AudioBlock) -> None:
        heard.append(block)
        if len(heard) == 25:  # a quarter of a second
            samples = np.concatenate([one.samples for one in heard])[:, 0]
            spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
            hz = float(np.argmax(spectrum)) * 48_000 / len(samples)
            gaps = np.diff([one.pts_us for one in heard]) != 10_000
            rms = float(np.sqrt(np.mean(np.square(samples))))
            say(rms_db=round(to_db(rms), 1), hz=round(hz), gaps=int(gaps.sum()))
            heard.clear()

    source = open_source_of_sound(parse_source(address), clock=clock, on_event=tell)
    say(name=source.info.name)
    mixer = Mixer(clock)
    mixer.connect(on_block)
    mixer.start()
    mixer.add("mic", source, is_microphone=True)
    for _line in sys.stdin:
        pass
    mixer.stop()


if __name__ == "__main__":
    {"play": play, "listen": listen}[sys.argv[1]](sys.argv[2])
