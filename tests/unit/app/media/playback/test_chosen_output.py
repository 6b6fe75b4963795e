"""The chosen output, step by step, with devices that come and go by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest

from app.media.playback.chosen_output import (
    RETRY_INTERVAL_US,
    RETRY_INTERVAL_US_MAX,
    ChosenOutput,
    OutputState,
)

if TYPE_CHECKING:
    from app.media.playback.audio_ring import AudioRing


class Device:
    """An output that runs from start to stop, or until it is pulled out."""

    fill_wanted_us = 30_000
    latency_us = 5_000

    def __init__(self, room: Room, name: str, ring: AudioRing) -> None:
        self.ring = ring
        self.name = name
        self._room = room
        self._is_started = False

    def is_running(self, now_us: int) -> bool:
        return self._is_started and not self.is_lost(now_us)

    def is_lost(self, _now_us: int) -> bool:
        return self.name not in self._room.plugged

    def start(self) -> None:
        assert not self._room.running, "two outputs would drain one ring"
        self._is_started = True
        self._room.running.append(self.name)

    def stop(self) -> None:
        if self._is_started:
            self._room.running.remove(self.name)
        self._is_started = False


class Room:
    """What is plugged in ("" is the system's default), and a ChosenOutput in it."""

    def __init__(self, device: str, *plugged: str) -> None:
        self.plugged = set(plugged)
        self.running: list[str] = []
        self.states: list[OutputState] = []
        self.opened: list[str] = []
        self.now_us = 0
        self.output = ChosenOutput(
            device,
            monotonic_us=lambda: self.now_us,
            on_change=self.states.append,
            open_output=self._open,
            list_names=lambda: sorted(self.plugged - {""}),
        )

    def step(self, later_us: int = 0) -> None:
        self.now_us += later_us
        self.output.step(self.now_us)

    @property
    def kinds(self) -> list[str]:
        return [state.kind for state in self.states]

    def _open(self, name: str, ring: AudioRing) -> Device:
        self.opened.append(name)
        if name not in self.plugged:
            raise RuntimeError(f"{name or 'default'} is not there")
        return Device(self, name, ring)


@pytest.fixture
def rooms() -> Iterator[list[Room]]:
    made: list[Room] = []
    yield made
    for room in made:
        room.output._close()


def test_output_when_the_device_is_there_then_it_plays(rooms: list[Room]) -> None:
    room = Room("desk", "", "desk")
    rooms.append(room)
    room.step()
    assert room.running == ["desk"]
    assert room.states == [OutputState("chosen", "desk")]
    assert room.output.is_running(0)
    assert room.output.fill_wanted_us == Device.fill_wanted_us


def test_output_when_another_is_chosen_then_it_changes_and_the_ring_stays(
    rooms: list[Room],
) -> None:
    room = Room("", "", "desk")
    rooms.append(room)
    room.step()
    ring = room.output.ring
    room.output.choose("desk")
    room.step()
    assert room.running == ["desk"]
    assert room.output.ring is ring
    assert [state.wanted for state in room.states] == ["", "desk"]


def test_output_when_the_device_vanishes_then_the_default_until_it_is_back(
    rooms: list[Room],
) -> None:
    room = Room("desk", "", "desk")
    rooms.append(room)
    room.step()
    room.plugged.discard("desk")
    room.step()
    assert room.running == [""]
    assert room.states[-1] == OutputState("default", "desk", "desk is not there")
    room.step(RETRY_INTERVAL_US)
    assert room.running == [""]
    room.plugged.add("desk")
    room.step(RETRY_INTERVAL_US)
    assert room.running == ["desk"]
    assert room.kinds == ["chosen", "default", "chosen"]


def test_output_when_everything_is_gone_then_silence_in_step_and_sound_again(
    rooms: list[Room],
) -> None:
    room = Room("", "")
    rooms.append(room)
    room.step()
    room.plugged.clear()
    room.step()
    assert room.kinds == ["chosen", "silent"]
    assert room.output.is_running(room.now_us), "pictures follow a silent output too"
    room.plugged.add("")
    room.step(RETRY_INTERVAL_US)
    assert room.running == [""]
    assert room.kinds == ["chosen", "silent", "chosen"]


def test_output_when_a_listed_device_never_opens_then_tried_ever_more_rarely(
    rooms: list[Room],
) -> None:
    room = Room("desk", "")
    rooms.append(room)
    room.output._list_names = lambda: ["desk"]
    for _ in range(240):  # two minutes
        room.step(500_000)
    assert room.kinds == ["default"]
    tries = room.opened.count("desk")
    assert 4 <= tries <= 4 + 120_000_000 // RETRY_INTERVAL_US_MAX


def test_output_when_a_device_opens_but_does_not_start_then_the_next_one(
    rooms: list[Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room("desk", "", "desk")
    rooms.append(room)
    start = Device.start

    def fail(device: Device) -> None:
        if device.name == "desk":
            raise RuntimeError("busy")
        start(device)

    monkeypatch.setattr(Device, "start", fail)
    room.step()
    assert room.running == [""]
    assert room.states == [OutputState("default", "desk", "busy")]


def test_output_when_it_runs_by_itself_then_ends_with_its_thread(rooms: list[Room]) -> None:
    room = Room("", "")
    rooms.append(room)
    room.output.start()
    room.output.stop()
    assert not room.output._thread.is_alive()
    assert room.running == []


def test_output_when_portaudio_is_missing_then_silence_and_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_name: str) -> NoReturn:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr("app.media.playback.audio_output.importlib.import_module", fail)
    states: list[OutputState] = []
    output = ChosenOutput("desk", monotonic_us=lambda: 0, on_change=states.append)
    output.step(0)
    output._close()
    assert [state.kind for state in states] == ["silent"]
    assert "PortAudio library not found" in states[0].reason
