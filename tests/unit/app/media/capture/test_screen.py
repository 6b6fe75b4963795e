import pytest

from app.media.capture.screen import find_grabber
from app.media.errors import SourceUnsupported


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
