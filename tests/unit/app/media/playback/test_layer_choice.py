from __future__ import annotations

from app.media.playback.layer_choice import SILENT_US, LayerChoice
from wire.media_packet import Flags, Kind, MediaPacket


def a_packet(layer: int, at_us: int, *, is_keyframe: bool = False) -> MediaPacket:
    return MediaPacket(
        kind=Kind.VIDEO,
        layer=layer,
        flags=Flags.KEYFRAME if is_keyframe else Flags.NONE,
        sequence=0,
        pts_us=at_us,
        captured_at_unix_us=0,
        payload=b"x",
    )


def test_layers_when_all_come_then_the_best_is_taken_alone() -> None:
    choice = LayerChoice(2)
    for at_us in range(0, 10_000_000, 40_000):
        is_keyframe = at_us % 1_000_000 == 0
        assert [
            choice.is_wanted(a_packet(layer, at_us, is_keyframe=is_keyframe)) for layer in (0, 1, 2)
        ] == [False, False, True]


def test_layer_when_it_is_silent_then_a_lower_one_takes_over_at_its_keyframe() -> None:
    choice = LayerChoice(1)
    assert choice.is_wanted(a_packet(1, 0, is_keyframe=True))
    late_us = SILENT_US + 1
    assert not choice.is_wanted(a_packet(0, SILENT_US // 2, is_keyframe=True))
    assert not choice.is_wanted(a_packet(0, late_us))
    assert choice.is_wanted(a_packet(0, late_us, is_keyframe=True))
    assert choice.is_wanted(a_packet(0, late_us + 1))
    assert not choice.is_wanted(a_packet(1, late_us + 2))
    assert choice.is_wanted(a_packet(1, late_us + 3, is_keyframe=True))
    assert not choice.is_wanted(a_packet(0, late_us + 4))


def test_sound_when_it_comes_then_it_is_wanted() -> None:
    assert LayerChoice(1).is_wanted(a_packet(0, 0)._replace(kind=Kind.AUDIO))
