"""What may be an emote: names, and PNGs by their frame."""

from __future__ import annotations

import zlib

import pytest

from tests.emote_pictures import SIGNATURE, chunk, header, make_png
from wire import limits
from wire.emotes import BUILT_IN, find_fault, is_name, make_emote_id

DATA = chunk(b"IDAT", zlib.compress(b"\0" + b"\xff" * 4))
END = chunk(b"IEND")
GOOD = make_png(3, 2)


@pytest.mark.parametrize("name", ["ab", "a" * 24, "blob_wave", "2x", "__", "0123"])
def test_name_when_of_the_allowed_characters_then_taken(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a", "a" * 25, "Wave", "wa ve", "wa:ve", "wave\n", "wäve", "波浪", "１２", *BUILT_IN],
)
def test_name_when_another_then_not_taken(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("sides", [(1, 1), (256, 256), (128, 3), (1, 256)])
def test_picture_when_a_small_png_then_without_fault(sides: tuple[int, int]) -> None:
    assert find_fault(make_png(*sides)) is None


def test_picture_when_it_says_how_colours_are_meant_then_without_fault() -> None:
    beside = chunk(b"sRGB", b"\0") + chunk(b"gAMA", b"\0\1\x86\xa0") + chunk(b"pHYs", b"\0" * 9)
    assert find_fault(SIGNATURE + header(1, 1) + beside + DATA + DATA + END) is None


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"hello",
        b"\xff\xd8\xff\xe0 a JPEG",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        SIGNATURE,
        SIGNATURE + END,
        SIGNATURE + DATA + END,
        SIGNATURE + header(1, 1),
        SIGNATURE + header(1, 1) + END,
        SIGNATURE + header(1, 1) + DATA,
        SIGNATURE + header(0, 1) + DATA + END,
        SIGNATURE + header(257, 1) + DATA + END,
        SIGNATURE + header(2**31 - 1, 2**31 - 1) + DATA + END,
        SIGNATURE + header(2**32 - 1, 1) + DATA + END,
        SIGNATURE + header(1, 1, depth=16, color=3) + DATA + END,
        SIGNATURE + header(1, 1, color=5) + DATA + END,
        SIGNATURE + header(1, 1, rest=b"\1\0\0") + DATA + END,
        SIGNATURE + header(1, 1, rest=b"\0\0\2") + DATA + END,
        SIGNATURE + chunk(b"IHDR", b"\0\0\0\1") + DATA + END,
        SIGNATURE + header(1, 1) + header(200, 200) + DATA + END,
        SIGNATURE + header(1, 1) + chunk(b"tEXt", b"who\0me") + DATA + END,
        SIGNATURE + header(1, 1) + chunk(b"zTXt", b"x\0\0" + b"\0" * 20) + DATA + END,
        SIGNATURE + header(1, 1) + chunk(b"iCCP", b"x\0\0" + b"\0" * 20) + DATA + END,
        SIGNATURE + header(1, 1) + chunk(b"eXIf", b"II*\0") + DATA + END,
        SIGNATURE + header(1, 1) + chunk(b"acTL", b"\0" * 8) + DATA + END,
        SIGNATURE + header(1, 1) + DATA + chunk(b"sRGB", b"\0") + DATA + END,
        SIGNATURE + header(1, 1) + DATA + END + END,
        SIGNATURE + header(1, 1) + DATA + END + b"and a zip",
        SIGNATURE + header(1, 1) + b"\xff\xff\xff\xffIDAT" + DATA + END,
        GOOD[:-1],
        GOOD[:-12],
        GOOD[:40],
        GOOD.replace(b"IDAT", b"IDAX"),
        GOOD[:20] + b"\7" + GOOD[21:],
        make_png(256, 256) + b"\0" * limits.EMOTE_BYTES_MAX,
    ],
)
def test_picture_when_it_is_something_else_then_its_fault_is_said(picture: bytes) -> None:
    assert find_fault(picture)


def test_picture_when_a_byte_of_it_is_changed_then_a_fault() -> None:
    for at in range(len(GOOD)):
        spoilt = GOOD[:at] + bytes((GOOD[at] ^ 0x20,)) + GOOD[at + 1 :]
        assert find_fault(spoilt), at


def test_picture_when_cut_anywhere_then_a_fault() -> None:
    assert all(find_fault(GOOD[:end]) for end in range(len(GOOD)))


def test_emote_id_when_made_then_it_is_the_pictures_own() -> None:
    assert make_emote_id(b"a") == make_emote_id(b"a") != make_emote_id(b"b")
    assert len(make_emote_id(GOOD)) == limits.ID_CHARACTERS_MAX
