"""A newcomer's first minute: two windows on one machine, from nothing to a picture that is watched.

    with first_minute(folder, card) as minute:
        minute.open_house()
        minute.go_live()
        minute.invite()
        minute.join()
        minute.watch()

Each step is what a person would do next, by mouse and keyboard; `marks` holds when it was done.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from app.media.capture.test_card import TestCardReading, read_blocks
from tests.e2e.sound_card import RATE_HZ, SoundCard, read_heard, write_tone
from tests.support.desktop_process import DesktopProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TONE_HZ = 997.0
TONE_LEVEL = 0.4
TONE_SECONDS = 600
LISTEN_S = 1.0
STEP_TIMEOUT_S = 60.0
"""Generous: a step takes a second or two, but a machine may be busy."""
PICTURE_SHAPE = (9, 16)


@dataclass
class FirstMinute:
    """Host, guest, and how far they have come. Times are seconds since the host's start."""

    host: DesktopProcess
    guest: DesktopProcess
    folder: Path
    heard_file: Path
    link: str = ""
    """The invite link, once it was copied."""
    began_s: float = field(default_factory=time.monotonic)
    marks: dict[str, float] = field(default_factory=dict)

    def open_house(self) -> None:
        """Start the program and choose the first of the two big choices."""
        self.host.start()
        self.host.wait_for("Welcome to Livehouse", STEP_TIMEOUT_S)
        self._mark("window")
        self.host.click("Go live on this computer")
        self.host.wait_for("Mixer", STEP_TIMEOUT_S)
        self._mark("studio")

    def go_live(self) -> None:
        self.host.click("Go live")
        self.wait_live(STEP_TIMEOUT_S)
        self._mark("live")

    def wait_live(self, timeout_s: float) -> None:
        """Until Studio's badge says so."""
        self.host.wait_until(lambda: "Live" in self.host.texts(), "badge", timeout_s)

    def invite(self) -> None:
        """Find the link and copy it."""
        self.host.click("Share")
        self.host.click("Copy")
        self.host.press("Esc")
        self.link = self.host.clipboard()
        self._mark("invited")

    def join(self) -> None:
        """The second window takes the link from the clipboard."""
        self.guest.start()
        self.guest.wait_for("Welcome to Livehouse", STEP_TIMEOUT_S)
        self._mark("second window")
        self.guest.click("Join with a link")
        self.guest.press("Ctrl+V")
        self.guest.press("Return")
        self.guest.wait_for("watching", STEP_TIMEOUT_S)
        self._mark("joined")

    def watch(self) -> None:
        """Until the picture moves and the tone is heard."""
        self.see_moving()
        self._mark("picture moves")
        self.hear()
        self._mark("sound heard")

    # --- what is seen and heard -------------------------------------------------------------------

    def see_moving(self, timeout_s: float = STEP_TIMEOUT_S) -> tuple[TestCardReading, ...]:
        """Two different pictures of the test card on the guest's stage, the newer one last."""
        seen: list[TestCardReading] = []

        def is_moving() -> bool:
            reading = self.read_stage()
            if reading is not None and reading.frame_number not in {
                one.frame_number for one in seen
            }:
                seen.append(reading)
            return len(seen) > 1

        self.guest.wait_until(is_moving, "moving picture", timeout_s)
        return tuple(seen)

    def hear(self, timeout_s: float = STEP_TIMEOUT_S) -> float:
        """Wait until the loudspeaker plays the tone as loud as it went in; its amplitude."""
        self.guest.wait_until(lambda: self.level > TONE_LEVEL * 0.8, "sound", timeout_s)
        return self.level

    @property
    def level(self) -> float:
        """Of the tone, from the loudspeaker, in the last second."""
        return find_level(self.listen(), TONE_HZ)

    def read_stage(self) -> TestCardReading | None:
        """The test card that stands on the guest's stage; None where none can be read."""
        file = self.guest.grab(self.folder / "stage.png", "Stage")
        return read_picture(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))

    def listen(self) -> np.ndarray:
        """What the loudspeaker played in the last second: samples of -1..1."""
        return read_heard(self.heard_file)[-int(LISTEN_S * RATE_HZ) :, 0]

    def _mark(self, name: str) -> None:
        self.marks[name] = time.monotonic() - self.began_s


def read_picture(gray: np.ndarray) -> TestCardReading | None:
    """The card in a grab of a stage, which has bars where its shape is another."""
    height, width = gray.shape
    rows, columns = PICTURE_SHAPE
    shown_width = min(width, height * columns // rows)
    shown_height = min(height, width * rows // columns)
    left, top = (width - shown_width) // 2, (height - shown_height) // 2
    return read_blocks(gray[top : top + shown_height, left : left + shown_width])


def find_level(samples: np.ndarray, hz: float) -> float:
    """Amplitude, 0..1, of the tone of this frequency; 0 where it is not the loudest of all."""
    if len(samples) < RATE_HZ * LISTEN_S:
        return 0.0
    window = np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(samples * window)) * 2 / window.sum()
    loudest = int(np.argmax(spectrum[1:])) + 1
    return float(spectrum[loudest]) if abs(loudest * RATE_HZ / len(samples) - hz) <= 2 else 0.0


@contextmanager
def first_minute(folder: Path, card: SoundCard) -> Iterator[FirstMinute]:
    """Fresh data folders, a tone before the microphone, an ear at the loudspeaker.

    Both windows end in order when all went well.
    """
    tone, heard_file = folder / "tone.wav", folder / "heard.raw"
    write_tone(tone, hz=TONE_HZ, level=TONE_LEVEL, seconds=TONE_SECONDS)
    host = DesktopProcess("the host", folder / "host", environment=card.environment)
    guest = DesktopProcess("the guest", folder / "guest", environment=card.environment)
    with card.playing(tone), card.listening(heard_file):
        try:
            yield FirstMinute(host, guest, folder, heard_file)
            for desktop in (guest, host):
                if desktop.is_running:
                    desktop.stop()
        finally:
            for desktop in (guest, host):
                if desktop.is_running:
                    desktop.kill()
