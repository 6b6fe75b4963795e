import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.media.capture import opencv
from app.media.capture.opencv import QT_VARIABLES, OpenCvCamera, unset_qt_paths
from app.media.errors import SourceNotFound

PACKAGE = Path("/lib/python/cv2")


def test_unset_when_opencv_set_the_paths_then_they_are_gone() -> None:
    environment = {name: str(PACKAGE / "qt/plugins") for name in QT_VARIABLES} | {"HOME": "/h"}
    unset_qt_paths(environment, PACKAGE)
    assert environment == {"HOME": "/h"}


def test_unset_when_the_user_set_the_paths_then_they_stay() -> None:
    environment = dict.fromkeys(QT_VARIABLES, "/usr/share/qt6")
    unset_qt_paths(environment, PACKAGE)
    assert set(environment) == set(QT_VARIABLES)


def test_import_when_cv2_is_loaded_then_no_path_of_its_qt_is_left() -> None:
    script = (
        "import os, pathlib, app.media.capture.opencv as opencv, cv2\n"
        "package = str(pathlib.Path(cv2.__file__).parent)\n"
        "print([n for n in opencv.QT_VARIABLES if os.environ.get(n, '').startswith(package)])"
    )
    root = Path(__file__).parents[5]
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert answer.stdout.strip() == "[]"


def test_program_when_no_camera_is_used_then_opencv_and_portaudio_are_not_loaded() -> None:
    script = "import sys, app.media.publishing; print({'cv2', 'sounddevice'} & set(sys.modules))"
    root = Path(__file__).parents[5]
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert answer.stdout.strip() == "set()"


class FakeCapture:
    """cv2.VideoCapture: fails its first reads, then gives `pictures` of them, then none."""

    first_failures = 2
    pictures = 3
    is_open = True

    def __init__(self, device: int) -> None:
        self.reads = 0
        self.released = False

    def isOpened(self) -> bool:  # noqa: N802 # OpenCV's name
        return self.is_open

    def set(self, setting: int, value: float) -> bool:
        return True

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.reads += 1
        if self.first_failures < self.reads <= self.first_failures + self.pictures:
            return True, np.full((180, 320, 3), (0, 0, 255), np.uint8)
        return False, None

    def release(self) -> None:
        self.released = True


@pytest.fixture
def _fake_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencv.sys, "platform", "anywhere")
    monkeypatch.setattr(opencv.cv2, "VideoCapture", FakeCapture)


@pytest.mark.usefixtures("_fake_camera")
def test_camera_when_it_wakes_up_slowly_then_gives_pictures_until_it_is_gone() -> None:
    camera = OpenCvCamera(0)
    assert (camera.width, camera.height) == (320, 180)
    image = camera.read()
    assert image.format.name == "bgr24"
    assert image.to_ndarray(format="rgb24")[0, 0].tolist() == [255, 0, 0]
    camera.read()
    with pytest.raises(SourceNotFound):
        camera.read()
    camera.close()


@pytest.mark.usefixtures("_fake_camera")
def test_camera_when_it_gives_nothing_or_does_not_open_then_fails_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FakeCapture, "pictures", 0)
    with pytest.raises(SourceNotFound, match="gives no picture"):
        OpenCvCamera(0)
    monkeypatch.setattr(FakeCapture, "is_open", False)
    with pytest.raises(SourceNotFound, match="another program"):
        OpenCvCamera(0)
