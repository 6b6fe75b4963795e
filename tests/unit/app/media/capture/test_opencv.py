import subprocess
import sys
from pathlib import Path

from app.media.capture.opencv import QT_VARIABLES, unset_qt_paths

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
