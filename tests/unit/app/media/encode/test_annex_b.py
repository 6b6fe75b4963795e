import pytest

from app.media.encode.annex_b import has_parameter_sets, is_annex_b, nal_types


def unit(*headers: int) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + bytes((header, 0x80, 0x80)) for header in headers)


def test_types_when_units_follow_then_they_are_named_in_order() -> None:
    assert list(nal_types(unit(0x67, 0x68, 0x65), "h264")) == [7, 8, 5]
    assert list(nal_types(unit(32 << 1, 33 << 1, 34 << 1, 19 << 1), "h265")) == [32, 33, 34, 19]


@pytest.mark.parametrize(
    ("data", "codec", "has"),
    [
        (unit(0x67, 0x68, 0x65), "h264", True),
        (unit(0x67, 0x65), "h264", False),
        (unit(0x65), "h264", False),
        (unit(64, 66, 68, 38), "h265", True),
        (unit(66, 68, 38), "h265", False),
        (b"", "h264", False),
        (b"\x00\x00\x01", "h264", False),
    ],
)
def test_sets_when_some_are_missing_then_says_so(data: bytes, codec: str, has: bool) -> None:
    assert has_parameter_sets(data, codec) is has


def test_annex_b_when_it_begins_with_a_length_then_it_is_not() -> None:
    assert is_annex_b(unit(0x67))
    assert is_annex_b(b"\x00\x00\x01\x67")
    assert not is_annex_b(b"\x01\x64\x00\x1f")
