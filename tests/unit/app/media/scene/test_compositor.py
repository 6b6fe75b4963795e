"""The composed picture: places, mirror, crop, what is drawn anew and what is not."""

from __future__ import annotations

import av
import numpy as np
import pytest

from app.media.capture.source import VideoFrame
from app.media.picture import planes_of, tag_bt709
from app.media.scene.compositor import Compositor
from app.media.scene.scene_item import Crop, FilterName, SceneItem

WIDTH, HEIGHT = 320, 180


def make_picture(left: int, right: int, *, width: int = WIDTH, height: int = HEIGHT) -> VideoFrame:
    """Two halves of different brightness."""
    image = av.VideoFrame(width, height, "yuv420p")
    tag_bt709(image)
    y, u, v = planes_of(image)
    y[:, : width // 2] = left
    y[:, width // 2 :] = right
    u[:] = v[:] = 128
    return VideoFrame(image, 0)


def luma(image: av.VideoFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return planes_of(image)[0]


def test_compose_of_one_whole_picture_hands_it_on_without_a_copy() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    picture = make_picture(50, 200)
    assert compositor.compose([SceneItem("a", 0, 0, 1, 1)], {"a": picture}) is picture.image


def test_compose_when_nothing_changed_gives_the_same_frame() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    items = [SceneItem("a", 0, 0, 1, 1), SceneItem("b", 0.5, 0.5, 0.5, 0.5)]
    pictures = {"a": make_picture(50, 50), "b": make_picture(200, 200)}
    first = compositor.compose(items, pictures)
    assert compositor.compose(items, pictures) is first
    pictures["b"] = make_picture(100, 100)
    assert compositor.compose(items, pictures) is not first


def test_compose_puts_the_later_item_on_top() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    items = [SceneItem("a", 0, 0, 1, 1), SceneItem("b", 0.5, 0.5, 0.5, 0.5)]
    y = luma(compositor.compose(items, {"a": make_picture(50, 50), "b": make_picture(200, 200)}))
    assert y[10, 10] == 50
    assert y[HEIGHT - 10, WIDTH - 10] == 200


def test_compose_with_mirror_swaps_the_sides() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    item = SceneItem("a", 0, 0, 1, 1, mirror=True)
    y = luma(compositor.compose([item], {"a": make_picture(50, 200)}))
    assert (y[90, 10], y[90, WIDTH - 10]) == (200, 50)


def test_compose_with_crop_shows_only_the_rest() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    item = SceneItem("a", 0, 0, 1, 1, crop=Crop(right=0.45, top=0.225, bottom=0.225))
    y = luma(compositor.compose([item], {"a": make_picture(50, 200)}))
    assert y[90, 20] == 50
    assert y[90, int(WIDTH * 0.8)] == 50


def test_compose_of_another_shape_keeps_it_with_black_beside() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    picture = make_picture(120, 120, width=180, height=180)
    y = luma(compositor.compose([SceneItem("a", 0, 0, 1, 1)], {"a": picture}))
    assert y[90, 5] == 16
    assert abs(int(y[90, WIDTH // 2]) - 120) <= 2


def test_compose_without_any_picture_is_black() -> None:
    y = luma(Compositor(WIDTH, HEIGHT).compose([SceneItem("a", 0, 0, 1, 1)], {}))
    assert (y == 16).all()


def test_compose_of_a_half_transparent_still_mixes() -> None:
    compositor = Compositor(WIDTH, HEIGHT)
    pixels = np.full((90, 160, 4), 255, np.uint8)
    pixels[..., 3] = 128
    still = VideoFrame(av.VideoFrame.from_ndarray(pixels, "rgba"), 0)
    items = [SceneItem("a", 0, 0, 1, 1), SceneItem("s", 0, 0, 0.5, 0.5)]
    y = luma(compositor.compose(items, {"a": make_picture(35, 35), "s": still}))
    assert 130 <= y[40, 40] <= 140
    assert y[150, 300] == 35


@pytest.mark.parametrize("name", list(FilterName))
def test_filter_says_what_it_costs(name: FilterName) -> None:
    pytest.importorskip("cv2")
    compositor = Compositor(WIDTH, HEIGHT)
    compositor.compose([SceneItem("a", 0, 0, 1, 1, filters=(name,))], {"a": make_picture(50, 200)})
    assert compositor.costs_ms()["a", name] > 0


def test_chroma_key_lets_through_what_lies_under_green() -> None:
    pytest.importorskip("cv2")
    green = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    green[..., 1] = 220
    cloth = VideoFrame(av.VideoFrame.from_ndarray(green, "rgb24"), 0)
    items = [
        SceneItem("a", 0, 0, 1, 1),
        SceneItem("g", 0, 0, 1, 1, filters=(FilterName.CHROMA_KEY,)),
    ]
    compositor = Compositor(WIDTH, HEIGHT)
    y = luma(compositor.compose(items, {"a": make_picture(90, 90), "g": cloth}))
    assert abs(int(y[90, 160]) - 90) <= 1
