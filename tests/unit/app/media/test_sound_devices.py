"""Names of sound devices: which count, which are listed twice, what a name stands for."""

from __future__ import annotations

from typing import Any

import pytest

from app.media import sound_devices
from app.media.sound_devices import (
    SoundDevice,
    is_present,
    pick,
    portaudio_devices,
    server_devices,
)
from app.media.sound_server import ServerDevice, ServerDevices

SERVER = ServerDevices(
    sinks=(
        ServerDevice("alsa_output.usb-1", "USB Headset"),
        ServerDevice("alsa_output.usb-2", "USB Headset"),
        ServerDevice("auto_null", "Dummy Output"),
    ),
    sources=(
        ServerDevice("alsa_output.usb-1.monitor", "Monitor of USB Headset", is_monitor=True),
        ServerDevice("alsa_input.usb-1", "USB Headset"),
        ServerDevice("auto_null.monitor", "Monitor of Dummy Output", is_monitor=True),
    ),
    default_sink="alsa_output.usb-1",
    default_source="alsa_input.usb-1",
)


def info(name: str, api: int = 0, *, inputs: int = 0, outputs: int = 2) -> dict[str, Any]:
    return {
        "name": name, "hostapi": api, "max_input_channels": inputs, "max_output_channels": outputs
    }  # fmt: skip


def names(devices: tuple[SoundDevice, ...]) -> list[str]:
    return [device.name for device in devices]


def test_list_when_alsa_has_pseudo_devices_then_only_cards_and_servers_are_shown() -> None:
    devices = [
        info("HDA Intel PCH: ALC257 Analog (hw:0,0)", inputs=2),
        info("HDA Intel PCH: HDMI 0 (hw:0,3)"),
        *map(info, ("sysdefault", "front", "surround51", "dmix", "lavrate", "upmix", "default")),
        info("pulse", inputs=32),
    ]
    found = portaudio_devices(devices, [{"name": "ALSA"}], "output", "linux")
    assert names(found) == ["HDA Intel PCH: ALC257 Analog", "HDA Intel PCH: HDMI 0", "PulseAudio"]
    assert [device.index for device in found] == [0, 1, 9]
    inputs = portaudio_devices(devices, [{"name": "ALSA"}], "input", "linux")
    assert names(inputs) == ["HDA Intel PCH: ALC257 Analog", "PulseAudio"]


def test_list_when_windows_shows_each_device_under_each_api_then_once_with_its_whole_name() -> None:
    apis = [{"name": "MME"}, {"name": "Windows DirectSound"}, {"name": "Windows WASAPI"}]
    devices = [
        info("Microsoft Sound Mapper - Output"),
        info("Speakers (Realtek High Definiti"),
        info("Primary Sound Driver", 1),
        info("Speakers (Realtek High Definition Audio)", 1),
        info("Speakers (Realtek High Definition Audio)", 2),
    ]
    found = portaudio_devices(devices, apis, "output", "win32")
    assert found == (
        SoundDevice(
            "Speakers (Realtek High Definition Audio)", 4, host_api="Windows WASAPI"
        ),
    )  # fmt: skip


def test_list_when_two_cards_have_one_name_then_they_can_be_told_apart() -> None:
    devices = [info("USB Audio: - (hw:1,0)"), info("USB Audio: - (hw:2,0)")]
    found = portaudio_devices(devices, [{"name": "ALSA"}], "output", "linux")
    assert names(found) == ["USB Audio: -", "USB Audio: - #2"]


def test_list_when_a_server_has_no_device_then_its_stand_in_is_none() -> None:
    assert names(server_devices(SERVER, "output")) == ["USB Headset", "USB Headset #2"]
    only_dummy = ServerDevices(sinks=(ServerDevice("auto_null", "Dummy Output"),))
    assert server_devices(only_dummy, "output") == ()


def test_list_when_a_server_hears_itself_then_microphones_come_first() -> None:
    assert names(server_devices(SERVER, "input")) == ["USB Headset", "Monitor of USB Headset"]


@pytest.mark.parametrize(
    ("wanted", "server_name"),
    [
        (0, "alsa_output.usb-1"),
        ("USB Headset", "alsa_output.usb-1"),
        ("USB Headset #2", "alsa_output.usb-2"),
        ("alsa_output.usb-2", "alsa_output.usb-2"),
        ("Another", None),
        (2, None),
    ],
)
def test_pick_when_a_number_or_a_name_is_given_then_that_device(
    wanted: str | int, server_name: str | None
) -> None:
    device = pick(server_devices(SERVER, "output"), wanted)
    assert (device.server_name if device is not None else None) == server_name


@pytest.mark.parametrize(
    ("device", "default_sink", "expected"),
    [
        (SoundDevice("USB Headset", server_name="alsa_output.usb-1"), "x", True),
        (SoundDevice("Gone", server_name="alsa_output.usb-9"), "x", False),
        (SoundDevice("USB Headset"), "alsa_output.usb-1", True),
        (SoundDevice("USB Headset"), "auto_null", False),
    ],
)
def test_presence_when_the_server_is_asked_then_named_and_default_devices_differ(
    monkeypatch: pytest.MonkeyPatch, device: SoundDevice, default_sink: str, expected: bool
) -> None:
    server = ServerDevices(sinks=SERVER.sinks, default_sink=default_sink)
    monkeypatch.setattr(sound_devices, "ask_sound_server", lambda: server)
    assert is_present(device, "output") is expected


def test_presence_when_no_server_answers_then_nothing_is_taken_for_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sound_devices, "ask_sound_server", lambda: None)
    assert is_present(SoundDevice("Card", 3), "output")
