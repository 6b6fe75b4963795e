"""Cameras by name, from a folder like the kernel's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.media.capture.devices import Device, Devices, find_camera, list_cameras
from app.media.errors import SourceNotFound

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems tell no names"
)


def plug(folder: Path, number: int, name: str | None, index: int = 0) -> None:
    entry = folder / f"video{number}"
    entry.mkdir()
    (entry / "index").write_text(f"{index}\n")
    if name is not None:
        (entry / "name").write_text(f"{name}\n")


def test_cameras_when_plugged_in_then_listed_once_each_by_name(tmp_path: Path) -> None:
    plug(tmp_path, 10, "Capture Card")
    plug(tmp_path, 2, "HD Webcam")
    plug(tmp_path, 3, "HD Webcam", index=1)  # the same camera's metadata
    plug(tmp_path, 4, "HD Webcam")
    plug(tmp_path, 6, None)
    plug(tmp_path, 7, "7")
    assert list_cameras(tmp_path) == (
        Device("camera:HD Webcam", "HD Webcam"),
        Device("camera:HD Webcam #2", "HD Webcam #2"),
        Device("camera:6", "camera 6"),
        Device("camera:camera 7", "camera 7"),
        Device("camera:Capture Card", "Capture Card"),
    )


def test_camera_when_replugged_under_another_number_then_found_again(tmp_path: Path) -> None:
    plug(tmp_path, 0, "Built in")
    plug(tmp_path, 5, "HD Webcam")
    assert find_camera("HD Webcam", tmp_path) == 5
    assert find_camera(3, tmp_path) == 3


def test_camera_when_it_is_gone_then_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="HD Webcam is not there"):
        find_camera("HD Webcam", tmp_path)


def test_devices_when_nothing_is_given_then_screens_and_windows_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert Devices() == Devices((), (), has_screen=False, screens=(), windows=())
