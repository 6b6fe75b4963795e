import numpy as np

from app.media.capture.sound_ring import SoundRing


def count_up(first: int, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.arange(first, first + count, dtype=np.float32).reshape(-1, 1)


def test_ring_when_it_wraps_then_blocks_come_out_as_they_went_in() -> None:
    ring = SoundRing(100, 1)
    for number in range(50):
        ring.write(count_up(number * 30, 30), number)
        ring.write(count_up(number * 30 + 1000, 7), number)
        first, second = ring.read(), ring.read()
        assert first is not None
        assert second is not None
        assert np.array_equal(first.samples, count_up(number * 30, 30))
        assert np.array_equal(second.samples, count_up(number * 30 + 1000, 7))
        assert first.captured_us == number
    assert ring.read() is None


def test_ring_when_it_is_full_then_the_new_block_is_lost_and_counted() -> None:
    ring = SoundRing(100, 1)
    for number in range(5):
        ring.write(count_up(number, 30), number)
    assert ring.samples_lost == 60
    kept = []
    while (block := ring.read()) is not None:
        kept.append(block.captured_us)
    assert kept == [0, 1, 2]
