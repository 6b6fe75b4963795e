from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from app.media.clipping.ranged_file import AHEAD_BYTES, Gap, RangedFile


class Held:
    """Ranges of bytes that are here."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0
        self.is_closed = False

    def measure(self) -> int:
        return len(self.data)

    def read(self, offset: int, size: int) -> bytes:
        self.reads += 1
        return self.data[offset : offset + size]

    def close(self) -> None:
        self.is_closed = True


DATA = bytes(range(256)) * 4


@given(
    st.integers(0, len(DATA)),
    st.integers(0, len(DATA)),
    st.lists(st.tuples(st.integers(0, len(DATA) + 10), st.integers(0, 300)), max_size=10),
)
def test_file_when_read_anywhere_then_it_is_as_the_rest_of_the_bytes(
    one: int, other: int, reads: list[tuple[int, int]]
) -> None:
    gap = Gap(min(one, other), max(one, other))
    expected = io.BytesIO(DATA[: gap.start] + DATA[gap.end :])
    file = io.BufferedReader(RangedFile(Held(DATA), gap))
    for at, size in reads:
        assert file.seek(at) == expected.seek(at)
        assert file.read(size) == expected.read(size)
    assert file.seek(0, io.SEEK_END) == expected.seek(0, io.SEEK_END)


def test_file_when_read_in_small_pieces_then_ranges_are_asked_for_seldom() -> None:
    held = Held(bytes(3 * AHEAD_BYTES))
    with RangedFile(held) as file:
        while file.read(32_768):
            pass
    assert held.reads == 3
    assert held.is_closed
