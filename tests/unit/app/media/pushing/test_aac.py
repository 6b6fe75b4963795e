from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from app.media.encode.opus_encoder import OpusEncoder
from app.media.flv.tags import pack_audio
from app.media.ingest.sound_decoder import SoundDecoder
from app.media.pushing.aac import AacEncoder, SoundPusher
from tests.e2e.programs import wait_until
from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    from app.media.pushing.push_queue import PushItem


def _tone(seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * 48_000)) / 48_000
    wave = (0.4 * np.sin(2 * math.pi * 440 * times)).astype(np.float32)
    return np.stack((wave, wave), axis=1)


def test_push_when_sound_runs_on_then_frames_stand_1024_samples_apart() -> None:
    encoder = AacEncoder()
    frames = []
    for index in range(100):
        frames += encoder.push(_tone(0.02), 5_000_000 + index * 20_000)
    times = [pts_us for _, pts_us in frames]
    assert encoder.setup == b"\x11\x90" + encoder.setup[2:]
    assert abs(times[1] - 5_000_000) < 100
    steps = {after - before for before, after in pairwise(times)}
    assert steps <= {21_333, 21_334}


def test_push_when_sound_pauses_for_long_then_times_go_on_behind_the_pause() -> None:
    encoder = AacEncoder()
    encoder.push(_tone(0.2), 0)
    frames = encoder.push(_tone(0.2), 20_000_000)
    assert frames[-1][1] > 20_000_000


def test_pusher_when_opus_comes_then_aac_of_the_same_tone_leaves() -> None:
    items: list[PushItem] = []
    pusher = SoundPusher(items.append)
    pusher.start()
    opus = OpusEncoder()
    opus.start_run(0)
    packets = opus.push(_tone(1.0))
    for number, sound in enumerate(packets):
        pusher.push(MediaPacket(Kind.AUDIO, 0, Flags.NONE, number, sound.pts_us, 0, sound.payload))
    try:
        wait_until(lambda: len(items) >= 40, 30, "forty frames")
    finally:
        pusher.stop()
    decoder = SoundDecoder(items[0].setup)
    pieces = [sound.samples for item in items for sound in decoder.decode(item.body, item.pts_us)]
    wave = np.concatenate(pieces)[12_000:36_000, 0]
    spectrum = np.abs(np.fft.rfft(wave))
    assert abs(np.argmax(spectrum) * 48_000 / len(wave) - 440) < 5
    assert decoder.errors == 0
    assert pack_audio(items[0].body)[0] == 0xAF
