"""The first minute: hosted, live, and watched in a second window, by mouse and keyboard."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from app.media.capture.devices import list_cameras
from tests.e2e.sound_card import SoundCard, running_sound_card
from tests.support.first_minute import (
    TONE_LEVEL,
    FirstMinute,
    first_minute,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.sound,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio's null sinks"),
]

CLICKS_MAX = 6
METER_DB = -8.0
"""A sine of amplitude 0.4 peaks there."""


@pytest.fixture
def card() -> Iterator[SoundCard]:
    if list_cameras():
        pytest.skip("there is a camera: nobody shall be filmed by a test")
    with running_sound_card() as card:
        yield card


def test_first_minute_when_the_folder_is_fresh_then_a_second_window_sees_and_hears_it(
    tmp_path: Path, card: SoundCard
) -> None:
    with first_minute(tmp_path, card) as minute:
        minute.open_house()
        minute.go_live()
        minute.invite()
        minute.join()
        minute.watch()
        tell(minute)
        assert minute.link.startswith("livehouse://")
        assert "pin=" in minute.link
        older, newer = minute.see_moving()
        assert newer.captured_at_unix_us > older.captured_at_unix_us
        assert minute.hear() == pytest.approx(TONE_LEVEL, rel=0.2)
        meter = minute.host.description("Level")
        assert float(meter.removesuffix(" dB")) == pytest.approx(METER_DB, abs=1.5)
        assert len(minute.host.clicks + minute.guest.clicks) <= CLICKS_MAX
        relay = minute.host.find_relay()
        minute.guest.stop()
        minute.host.stop()
        assert not relay.is_running()


def tell(minute: FirstMinute) -> None:
    steps = ", ".join(f"{name} {at_s:.1f} s" for name, at_s in minute.marks.items())
    clicks = [*minute.host.clicks, *minute.guest.clicks]
    keys = [*minute.host.keys, *minute.guest.keys]
    sys.stdout.write(
        f"\nfirst minute: {max(minute.marks.values()):.1f} s, {len(clicks)} clicks "
        f"({', '.join(clicks)}), {len(keys)} keys ({', '.join(keys)}); {steps}\n"
    )
