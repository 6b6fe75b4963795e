"""The test card and its tone come out as they went in: in order, on time, in step."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.media.capture.source import SAMPLE_RATE_HZ
from app.media.capture.test_tone import find_clicks
from tests.e2e.programs import LivehouseProgram, RelayProgram
from tests.e2e.recordings import RecordedCard, assert_in_order, read_cards, read_sound

SECONDS = 5
FRAME_MS = 1000 / 30
CLICK_AND_FLASH_MS_MAX = 10.0


@dataclass(frozen=True)
class _Recorded:
    cards: list[RecordedCard]
    clicks_ms: list[float]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> _Recorded:
    folder = tmp_path_factory.mktemp("card")
    recording = folder / "card.mkv"
    with RelayProgram(folder / "data") as relay:
        to_room = ["--relay", relay.url, "--room", relay.room.name]
        publisher = LivehouseProgram(
            "publish", *to_room, "--source", "testcard:640x360", "--layers", "360p",
            "--audio", "tone", publish_key=relay.room.publish_key, says_to=folder / "publish.log",
        )  # fmt: skip
        viewer = LivehouseProgram(
            "watch", *to_room, "--seconds", str(SECONDS), "--record", str(recording),
            says_to=folder / "watch.log",
        )  # fmt: skip
        with publisher, viewer:
            viewer.wait(SECONDS + 30)
    sound, first_ms = read_sound(recording)
    clicks_ms = [first_ms + index / SAMPLE_RATE_HZ * 1000 for index in find_clicks(sound)]
    return _Recorded(read_cards(recording), clicks_ms)


def test_recorded_cards_when_read_then_every_picture_is_there_in_order(recorded: _Recorded) -> None:
    assert_in_order(recorded.cards)
    assert len(recorded.cards) >= (SECONDS - 1) * 30


def test_recorded_cards_when_read_then_their_capture_times_are_the_recordings_pts(
    recorded: _Recorded,
) -> None:
    first = recorded.cards[0]
    for card in recorded.cards:
        captured_us = card.reading.captured_at_unix_us - first.reading.captured_at_unix_us
        assert abs(captured_us / 1000 - (card.pts_ms - first.pts_ms)) <= FRAME_MS


def test_recorded_flashes_when_compared_with_clicks_then_they_are_in_step(
    recorded: _Recorded,
) -> None:
    flashes_ms = [card.pts_ms for card in recorded.cards if card.reading.is_flash]
    # The tracks begin and end on their own: a flash or click at either end may be alone.
    begin_ms, end_ms = recorded.cards[0].pts_ms + 100, recorded.cards[-1].pts_ms - 100
    clicks_ms = [at_ms for at_ms in recorded.clicks_ms if begin_ms < at_ms < end_ms]
    assert len(clicks_ms) >= SECONDS - 2
    for click_ms in clicks_ms:
        apart_ms = min(abs(click_ms - flash_ms) for flash_ms in flashes_ms)
        assert apart_ms <= CLICK_AND_FLASH_MS_MAX, f"the click at {click_ms:.1f} ms"
