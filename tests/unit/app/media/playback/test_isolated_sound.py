"""Sound in a child process: the same samples, and none of its ends is ours."""

from __future__ import annotations

import os
import random
import signal
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.media.playback.audio_decoder import AudioDecoder
from app.media.playback.decoder_process import ANSWER_S_MAX
from app.media.playback.isolated_sound import PAYLOAD_BYTES_MAX, IsolatedSoundDecoder
from app.media.playback.spare_decoder import SpareDecoder
from tests.unit.app.media.playback.media_samples import make_audio

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKETS = 5_000
PATIENT_S = 30.0
"""A busy machine must not be taken for a child that hangs."""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def decoder() -> Iterator[IsolatedSoundDecoder]:
    spare = SpareDecoder()
    decoder = IsolatedSoundDecoder(spare)
    decoder.answer_s_max = PATIENT_S
    decoder.start()
    yield decoder
    decoder.stop()
    spare.close()


def test_sound_when_it_is_decoded_by_the_child_then_each_sample_is_the_same(
    decoder: IsolatedSoundDecoder,
) -> None:
    within = AudioDecoder()
    for packet in make_audio(20):
        block, expected = decoder.decode(packet), within.decode(packet)
        assert block is not None
        assert expected is not None
        assert block.dtype == np.float32
        assert np.array_equal(block, expected)
    assert decoder.errors == decoder.restarts == 0


def test_sound_when_thousands_of_mutated_packets_come_then_good_ones_are_heard_again(
    decoder: IsolatedSoundDecoder,
) -> None:
    chance = random.Random(5)
    good = make_audio(20)
    for _ in range(PACKETS):
        packet = chance.choice(good)
        damaged = bytearray(packet.payload)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        payload = bytes(damaged) if chance.random() < 0.7 else chance.randbytes(len(damaged))
        block = decoder.decode(packet._replace(payload=payload * chance.choice((1, 1, 1, 40))))
        assert block is None or (block.shape[1] == 2 and np.isfinite(block).all())
    assert any(decoder.decode(packet) is not None for packet in good[:3])


def test_packet_when_it_is_empty_or_too_long_then_it_is_refused(
    decoder: IsolatedSoundDecoder,
) -> None:
    good = make_audio(2)[1]
    assert decoder.decode(good._replace(payload=b"")) is None
    assert decoder.decode(good._replace(payload=bytes(PAYLOAD_BYTES_MAX + 1))) is None
    assert decoder.errors == 2
    assert decoder.decode(good) is not None


@on_posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_child_when_it_is_killed_or_stopped_then_one_packet_is_missing(
    decoder: IsolatedSoundDecoder, number: signal.Signals
) -> None:
    packets = make_audio(30)
    for packet in packets[:10]:
        assert decoder.decode(packet) is not None
    assert decoder.pid is not None
    os.kill(decoder.pid, number)
    decoder.answer_s_max = ANSWER_S_MAX
    assert decoder.decode(packets[10]) is None
    decoder.answer_s_max = PATIENT_S
    later = [decoder.decode(packet) for packet in packets[11:]]
    assert later[-1] is not None
    assert decoder.restarts == 1
