"""The icon's files, read by Qt as the systems would."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from distribution.icons import PNG_SIDES, pack_icns, pack_ico, write_icons

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("qapp")
def test_icons_when_written_then_each_file_holds_its_sizes(tmp_path: Path) -> None:
    write_icons(tmp_path)
    for side in PNG_SIDES:
        picture = QImage(str(tmp_path / f"livehouse-{side}.png"))
        assert (picture.width(), picture.height()) == (side, side)
        assert picture.pixelColor(side // 2, side // 2).alpha() == 255
        assert picture.pixelColor(0, 0).alpha() == 0
    assert not QImage(str(tmp_path / "livehouse.ico")).isNull()


def test_ico_when_packed_then_every_entry_points_to_its_picture() -> None:
    packed = pack_ico({16: b"small", 256: b"large one"})
    assert struct.unpack_from("<HHH", packed) == (0, 1, 2)
    found = []
    for number in range(2):
        width, *_, size, offset = struct.unpack_from("<BBBBHHII", packed, 6 + 16 * number)
        found.append((width, packed[offset : offset + size]))
    assert found == [(16, b"small"), (0, b"large one")]


def test_icns_when_packed_then_its_lengths_are_right() -> None:
    packed = pack_icns({b"ic07": b"1234", b"ic08": b"56"})
    assert packed[:8] == b"icns" + struct.pack(">I", len(packed))
    assert packed[8:20] == b"ic07" + struct.pack(">I", 12) + b"1234"
