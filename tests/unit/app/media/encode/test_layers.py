import pytest

from app.media.encode.layers import LayerSpec, check_layers, parse_layers
from app.media.errors import LayersInvalid


def test_parse_when_one_layer_then_it_has_the_whole_rate() -> None:
    assert parse_layers("720p") == (LayerSpec(0, "720p", 1280, 720, 2_500_000),)


def test_parse_when_a_ladder_then_layer_0_is_the_lowest() -> None:
    assert parse_layers("720p, 360p,540P") == (
        LayerSpec(0, "360p", 640, 360, 500_000),
        LayerSpec(1, "540p", 960, 540, 1_000_000),
        LayerSpec(2, "720p", 1280, 720, 2_000_000),
    )


def test_parse_when_every_size_is_asked_for_singly_then_check_accepts_it() -> None:
    for name in ("360p", "480p", "540p", "720p", "1080p"):
        check_layers(parse_layers(name))


@pytest.mark.parametrize(
    "text", ["", "721p", "720p,720p", "720p,,360p", "360p,480p,540p,720p,1080p"]
)
def test_parse_when_the_text_is_wrong_then_one_line_says_so(text: str) -> None:
    with pytest.raises(LayersInvalid) as caught:
        parse_layers(text)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (LayerSpec(1, "a", 640, 360, 1),),
        (LayerSpec(0, "a", 641, 360, 1),),
    ],
)
def test_check_when_layers_do_not_fit_then_they_are_refused(layers: tuple[LayerSpec, ...]) -> None:
    with pytest.raises(LayersInvalid):
        check_layers(layers)
