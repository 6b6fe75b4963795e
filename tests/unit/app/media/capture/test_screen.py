import pytest

from app.media.capture.screen import find_grabber
from app.media.capture.x11 import Area
from app.media.errors import SourceNotFound, SourceUnsupported


@pytest.mark.parametrize(
    ("platform", "environment", "name"),
    [
        ("linux", {"DISPLAY": ":0"}, "x11grab"),
        ("linux", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "x11grab"),
        ("win32", {}, "gdigrab"),
        ("darwin", {}, "avfoundation"),
    ],
)
def test_grabber_when_the_system_has_one_then_it_is_named(
    platform: str, environment: dict[str, str], name: str
) -> None:
    assert find_grabber(platform, environment).format == name


def test_grabber_when_wayland_has_no_x_then_says_what_to_do() -> None:
    with pytest.raises(SourceUnsupported, match="Wayland"):
        find_grabber("linux", {"WAYLAND_DISPLAY": "wayland-0"})


def test_grabber_when_there_is_no_screen_then_says_what_to_do() -> None:
    with pytest.raises(SourceUnsupported, match="DISPLAY"):
        find_grabber("linux", {})


def test_grabber_when_one_of_several_screens_is_chosen_then_its_area() -> None:
    monitors = (Area(0, 0, 1920, 1080), Area(1920, 200, 1280, 1024))
    options = find_grabber("linux", {"DISPLAY": ":0"}, 1, monitors).options
    assert (options["grab_x"], options["grab_y"]) == ("1920", "200")
    assert options["video_size"] == "1280x1024"
    assert "video_size" not in find_grabber("linux", {"DISPLAY": ":0"}, None, monitors).options
    assert find_grabber("darwin", {}, 1).address == "Capture screen 1:none"


def test_grabber_when_the_screen_is_not_there_then_says_how_many_there_are() -> None:
    with pytest.raises(SourceNotFound, match="there are 1"):
        find_grabber("linux", {"DISPLAY": ":0"}, 1, (Area(0, 0, 1920, 1080),))
    with pytest.raises(SourceUnsupported, match="choose screen"):
        find_grabber("win32", {}, 1)
