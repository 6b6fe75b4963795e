"""`livehouse devices`: texts that a source is opened with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.live import device_table
from app.media.capture.devices import Device, Devices
from app.media.capture.sources import parse_source

if TYPE_CHECKING:
    import pytest


def test_table_when_devices_are_there_then_every_line_names_a_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Devices(
        (Device("camera:HD Webcam", "HD Webcam"),),
        (Device("mic:USB Headset", "USB Headset"),),
        has_screen=True,
        screens=(Device("screen:0", "1920 x 1080"), Device("screen:1", "1280 x 1024")),
        windows=(Device("window:0x2a Notes: today", "Notes: today"),),
    )
    monkeypatch.setattr(device_table, "Devices", lambda *_devices, **_screen: found)
    lines = device_table.list_sources()
    assert lines[0] == "screen"
    assert set(lines[1:]) == {
        "screen:0", "screen:1", "window:0x2a Notes: today", "camera:HD Webcam", "mic:USB Headset"
    }  # fmt: skip
    assert [parse_source(line).kind for line in lines].count("window") == 1


def test_table_when_there_is_no_screen_then_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Devices(screens=(), windows=())
    monkeypatch.setattr(device_table, "Devices", lambda *_devices, **_screen: nothing)
    assert device_table.list_sources() == ()


def test_description_when_nothing_is_there_then_says_so_and_an_empty_list_for_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = Devices(screens=(), windows=())
    monkeypatch.setattr(device_table, "Devices", lambda *_devices, **_screen: nothing)
    assert "testcard" in device_table.describe_sources(as_json=False)
    assert json.loads(device_table.describe_sources(as_json=True)) == []
