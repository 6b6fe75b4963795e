import numpy as np

from app.media.capture.test_tone import find_clicks, make_tone
from app.media.encode.opus_encoder import FRAME_US, EncodedSound, OpusEncoder
from tests.unit.app.media.media_files import decode_sound


def encode(start_us: int, samples: int, piece: int) -> list[EncodedSound]:
    encoder = OpusEncoder()
    encoder.start_run(start_us)
    tone = make_tone(round(start_us * 0.048), samples)
    packets: list[EncodedSound] = []
    for first in range(0, samples, piece):
        packets += encoder.push(tone[first : first + piece])
    return packets


def test_push_when_a_click_goes_in_then_it_decodes_at_the_packets_own_time() -> None:
    packets = encode(500_000, 96_000, 480)
    sound = decode_sound([packet.payload for packet in packets])
    clicks_us = [packets[0].pts_us + click * 1e6 / 48_000 for click in find_clicks(sound)]
    assert len(clicks_us) == 2
    assert all(abs(click_us - round(click_us, -6)) < 1_000 for click_us in clicks_us)


def test_push_when_blocks_have_any_size_then_a_packet_comes_every_20_ms() -> None:
    packets = encode(40_000, 48_000, 333)
    assert set(np.diff([packet.pts_us for packet in packets]).tolist()) == {FRAME_US}
    assert packets[0].pts_us >= 40_000
    assert len(packets) == 49


def test_push_when_the_sound_is_too_loud_then_it_is_clipped() -> None:
    encoder = OpusEncoder()
    loud = np.full((4_800, 2), 5.0, np.float32)
    assert np.isfinite(decode_sound([packet.payload for packet in encoder.push(loud)])).all()


def test_rate_when_a_second_is_encoded_then_is_near_128_kbit() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (96_000, 2)).astype(np.float32)
    size = sum(len(packet.payload) for packet in OpusEncoder().push(noise))
    assert 110_000 < size * 8 / 2 < 145_000
