"""The one door to PortAudio: when its list may be made anew, and for whom PulseAudio plays."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

import pytest

VARIABLES = ("PULSE_SINK", "PULSE_SOURCE")


class FakeStream:
    opened_with: list[str | None]

    def __init__(self, **_options: Any) -> None:
        self.closed = 0
        self.opened_with = [os.environ.get(name) for name in VARIABLES]

    def abort(self, *, ignore_errors: bool) -> None:
        assert ignore_errors

    def close(self, *, ignore_errors: bool) -> None:
        assert ignore_errors
        self.closed += 1


class FakePortAudio(ModuleType):
    PortAudioError = OSError
    OutputStream = InputStream = FakeStream

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.scans = 0

    def _terminate(self) -> None:
        pass

    def _initialize(self) -> None:
        self.scans += 1

    def query_devices(self) -> list[object]:
        return []


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    """In the place of sounddevice, for a fresh import of our module."""
    fake = FakePortAudio()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    monkeypatch.delitem(sys.modules, "app.media.portaudio", raising=False)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return fake


@pytest.fixture
def portaudio(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = importlib.import_module("app.media.portaudio")
    monkeypatch.setattr(module, "RESCAN_INTERVAL_S", -1.0)
    return module


def open_output(portaudio: Any, server_name: str = "") -> Any:
    return portaudio.open_output(lambda *_: None, device=None, server_name=server_name)


def test_list_when_a_stream_is_open_then_it_is_never_made_anew(
    fake: FakePortAudio, portaudio: Any
) -> None:
    one, other = open_output(portaudio), open_output(portaudio)
    assert not portaudio.rescan()
    portaudio.close(one)
    assert not portaudio.rescan()
    portaudio.close(other)
    assert portaudio.rescan()
    assert fake.scans == 1


def test_list_when_it_was_made_a_moment_ago_then_it_is_not_made_again(
    fake: FakePortAudio, portaudio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio, "RESCAN_INTERVAL_S", 3600.0)
    assert not portaudio.rescan()
    assert fake.scans == 0


@pytest.mark.usefixtures("fake")
def test_stream_when_closed_twice_then_the_second_time_does_nothing(portaudio: Any) -> None:
    stream = open_output(portaudio)
    portaudio.close(stream)
    portaudio.close(stream)
    assert stream.closed == 1


@pytest.mark.usefixtures("fake")
def test_variable_when_a_device_is_opened_then_it_is_set_for_that_moment_alone(
    portaudio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_output(portaudio, "desk").opened_with == ["desk", None]
    opened = portaudio.open_input(lambda *_: None, device=None, server_name="headset")
    assert opened.opened_with == [None, "headset"]
    assert open_output(portaudio).opened_with == [None, None]
    assert not [name for name in VARIABLES if name in os.environ]
    monkeypatch.setenv("PULSE_SINK", "of the user")
    assert open_output(portaudio).opened_with == ["of the user", None]
    assert open_output(portaudio, "desk").opened_with == ["desk", None]
    assert os.environ["PULSE_SINK"] == "of the user"
