"""The program's icon in the sizes and files that each system wants, painted from one drawing.

ICO and ICNS are both lists of PNGs with a head, so no more is needed than Qt.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING: Final = Path(__file__).resolve().parent.parent / "resources" / "app" / "livehouse.svg"
PNG_SIDES: Final = (16, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIDES: Final = (16, 24, 32, 48, 64, 128, 256)
_ICNS_TYPES: Final = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512}
"""Apple's names of the PNG entries, by side in pixels."""


def write_icons(folder: Path) -> None:
    """livehouse.ico, livehouse.icns and livehouse-<side>.png. Needs a QGuiApplication."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {side: paint(side) for side in PNG_SIDES}
    for side, png in pictures.items():
        (folder / f"livehouse-{side}.png").write_bytes(png)
    (folder / "livehouse.ico").write_bytes(pack_ico({s: pictures[s] for s in _ICO_SIDES}))
    (folder / "livehouse.icns").write_bytes(
        pack_icns({kind: pictures[side] for kind, side in _ICNS_TYPES.items()})
    )


def paint(side: int) -> bytes:
    """The drawing as a PNG of `side` x `side` pixels."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # takes a str; the stubs say bytes
    return bytes(buffer.data().data())


def pack_ico(pictures: dict[int, bytes]) -> bytes:
    """Windows: a head, an entry of 16 bytes for each picture, the pictures. 0 stands for 256."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for side, png in pictures.items():
        entries += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(png), offset)
        offset += len(png)
    return head + entries + b"".join(pictures.values())


def pack_icns(pictures: dict[bytes, bytes]) -> bytes:
    """macOS: `icns`, the whole length, then name, length and PNG of each entry."""
    body = b"".join(kind + struct.pack(">I", len(png) + 8) + png for kind, png in pictures.items())
    return b"icns" + struct.pack(">I", len(body) + 8) + body


if __name__ == "__main__":
    application = QGuiApplication(sys.argv)
    write_icons(Path(sys.argv[1]))
