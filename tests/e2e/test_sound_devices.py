"""Loudspeakers and microphones that are chosen, unplugged and plugged in again."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.e2e.programs import PROJECT, wait_until
from tests.e2e.sound_card import (
    CHANNELS,
    RATE_HZ,
    SoundCard,
    read_heard,
    running_sound_card,
    write_tone,
)
from tests.e2e.sound_child import TONE_HZ

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sound

WAIT_S = 20.0
HEARD_MIN = 0.05
LOUD_HZ = 1500
SILENT_DB = -60.0


@pytest.fixture
def card() -> Iterator[SoundCard]:
    with running_sound_card() as card:
        yield card


class Child:
    """`tests.e2e.sound_child` and what it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: queue.Queue[dict[str, Any]] = queue.Queue(maxsize=10_000)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def choose(self, device: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(device + "\n")
        self._process.stdin.flush()

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """What it says up to the first line that is so."""
        said: list[dict[str, Any]] = []
        while not said or not holds(said[-1]):
            try:
                said.append(self._said.get(timeout=WAIT_S))
            except queue.Empty:
                raise AssertionError(f"it never came to this: {said[-5:]}") from None
        return said

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            assert self._process.wait(WAIT_S) == 0
        finally:
            self._process.kill()  # nothing where it has ended
            self._reader.join(WAIT_S)
            self._process.wait(WAIT_S)
            assert self._process.stdout is not None
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put_nowait(json.loads(line))


@contextmanager
def running_child(card: SoundCard, *words: str) -> Iterator[Child]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.sound_child", *words],
        env={**os.environ, **card.environment}, cwd=PROJECT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    child = Child(process)
    try:
        yield child
    finally:
        child.end()


def hears_tone(recording: Path) -> bool:
    """Whether the newest tenth of a second is the child's tone."""
    count = RATE_HZ // 10
    data = recording.read_bytes()[-count * 2 * CHANNELS :]
    recent = recording.with_suffix(".recent")
    recent.write_bytes(data)
    heard = read_heard(recent)[:, 0]
    if len(heard) < count or np.abs(heard).max() < HEARD_MIN:
        return False
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return abs(float(np.argmax(spectrum)) * RATE_HZ / len(heard) - TONE_HZ) < 20


def test_output_when_chosen_unplugged_and_back_then_the_sound_follows(
    tmp_path: Path, card: SoundCard
) -> None:
    hall, desk = tmp_path / "hall.raw", tmp_path / "desk.raw"
    with (
        card.listening(hall),
        card.device("desk", "Desk loudspeaker"),
        running_child(card, "play", "") as child,
    ):
        child.until(lambda said: said["kind"] == "chosen" and said["wanted"] == "")
        wait_until(lambda: hears_tone(hall), WAIT_S, "the tone in the hall")
        with card.listening(desk, sink="desk"):
            child.choose("Desk loudspeaker")
            child.until(lambda said: said["wanted"] == "Desk loudspeaker")
            wait_until(lambda: hears_tone(desk), WAIT_S, "the tone at the desk")
            wait_until(lambda: not hears_tone(hall), WAIT_S, "silence in the hall")
        card.unplug("desk")
        assert child.until(lambda _: True)[0]["kind"] == "default"
        wait_until(lambda: hears_tone(hall), WAIT_S, "the tone in the hall again")
        card.plug("desk", "Desk loudspeaker")
        assert child.until(lambda _: True)[0]["kind"] == "chosen"
        with card.listening(desk, sink="desk"):
            wait_until(lambda: hears_tone(desk), WAIT_S, "the tone at the desk again")


def test_output_when_the_sound_server_dies_and_returns_then_silence_and_sound_again(
    tmp_path: Path, card: SoundCard
) -> None:
    with running_child(card, "play", "") as child:
        assert child.until(lambda _: True)[0]["kind"] == "chosen"
        card.stop_server()
        assert child.until(lambda _: True)[0]["kind"] == "silent"
        card.start_server()
        assert child.until(lambda _: True)[0]["kind"] == "chosen"
        hall = tmp_path / "hall.raw"
        with card.listening(hall):
            wait_until(lambda: hears_tone(hall), WAIT_S, "the tone in the hall")


def test_microphone_when_unplugged_then_silence_in_time_and_never_another_one(
    tmp_path: Path, card: SoundCard
) -> None:
    quiet, loud = tmp_path / "quiet.wav", tmp_path / "loud.wav"
    write_tone(quiet, hz=TONE_HZ, level=0.2, seconds=120)
    write_tone(loud, hz=LOUD_HZ, level=0.8, seconds=120)
    with (
        card.device("desk", "Desk"),
        card.playing(loud),
        card.playing(quiet, sink="desk"),
        running_child(card, "listen", "mic:Monitor of Desk") as child,
    ):
        assert child.until(lambda said: "name" in said)[-1]["name"] == "Monitor of Desk"
        child.until(lambda said: abs(said.get("hz", 0) - TONE_HZ) < 10 and said["rms_db"] > -30)
        card.unplug("desk")
        lost = child.until(lambda said: said.get("event") == "SourceLost")
        assert "unplugged" in lost[-1]["words"]
        # What the server puts in its place is heard for a quarter of a second at most, and one
        # block of measurement around it.
        others = [said for said in lost if abs(said.get("hz", 0) - LOUD_HZ) < 10]
        assert len(others) <= 2
        child.until(lambda said: said.get("rms_db", 0) < SILENT_DB)
        silence = [child.until(lambda said: "rms_db" in said)[-1] for _ in range(8)]
        assert all(said["rms_db"] < SILENT_DB for said in silence)
        card.plug("desk", "Desk")
        with card.playing(quiet, sink="desk"):
            back = child.until(lambda said: said.get("event") == "SourceRestored")
            child.until(lambda said: abs(said.get("hz", 0) - TONE_HZ) < 10 and said["rms_db"] > -30)
    assert all(said["gaps"] == 0 for said in (*lost, *silence, *back) if "gaps" in said)


def test_microphone_when_plugged_under_another_number_then_found_by_its_name(
    tmp_path: Path, card: SoundCard
) -> None:
    tone = tmp_path / "tone.wav"
    write_tone(tone, hz=TONE_HZ, level=0.2, seconds=60)
    with card.device("one", "One"), card.device("two", "Two"):
        card.unplug("one")
        card.plug("one", "One")  # now the last of the list
        with card.playing(tone, sink="one"), running_child(
            card, "listen", "mic:Monitor of One"
        ) as child:  # fmt: skip
            child.until(lambda said: abs(said.get("hz", 0) - TONE_HZ) < 10)
