from fractions import Fraction

import pytest

from app.media.encode.probing import find_working, list_candidates
from app.media.encode.video_encoder import EncoderSettings
from app.media.errors import EncoderFailed
from tests.unit.app.media.encode.fake_encoders import EncoderBench

SETTINGS = EncoderSettings("h264", 320, 180, Fraction(30), 500_000)


def test_candidates_when_auto_then_software_is_last() -> None:
    assert list_candidates("h264")[-1] == "libx264"
    assert list_candidates("h265")[-1] == "libx265"


def test_candidates_when_one_is_named_then_software_stands_behind_it() -> None:
    assert list_candidates("h264", "libx264") == ("libx264",)
    hardware = list_candidates("h264")[0]
    if hardware != "libx264":
        assert list_candidates("h264", hardware) == (hardware, "libx264")


@pytest.mark.parametrize(
    ("codec", "encoder"), [("vp9", "auto"), ("h264", "libx265"), ("h264", "x")]
)
def test_candidates_when_unknown_then_the_known_are_named(codec: str, encoder: str) -> None:
    with pytest.raises(EncoderFailed, match="choose from"):
        list_candidates(codec, encoder)


def test_find_when_hardware_does_not_open_then_the_next_is_taken() -> None:
    bench = EncoderBench(broken=frozenset({"a"}), silent=frozenset({"b"}), lives=0)
    assert find_working(("a", "b", "c"), SETTINGS, open_encoder=bench.open) == "c"


def test_find_when_nothing_works_then_is_none() -> None:
    bench = EncoderBench(dying=frozenset({"a"}), lives=0)
    assert find_working(("a",), SETTINGS, open_encoder=bench.open) is None


def test_find_when_really_tried_then_an_encoder_of_this_machine_is_found(
    capfd: pytest.CaptureFixture[str],
) -> None:
    name = find_working(list_candidates("h264"), SETTINGS)
    assert name is not None
    assert capfd.readouterr().err == ""
