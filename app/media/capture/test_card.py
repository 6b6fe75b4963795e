"""The test card: a moving picture that carries its own number and time, and its reader.

    rows of cells   40 x 3 black or white cells: u32 frame number, u56 capture time in Unix
                    microseconds, u32 CRC-32 of both; most significant bit first
    flash           a framed square, black, white in the frame that crosses a whole second

Positions are shares of the picture, so a card can be read after scaling. A cell is 32 x 32 pixels
at 1280x720 and lies on the encoder's block grid there: it survives 360p at 500 kbit/s.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import ClassVar, Final

import av
import numpy as np
import numpy.typing as npt

from app.media.capture.card_looks import BARS, paint_look
from app.media.picture import BLACK, NEUTRAL, WHITE, Plane, planes_of, tag_bt709

MIDDLE: Final = (BLACK + WHITE) // 2
SIDE_MIN: Final = 160
SIDE_MAX: Final = 3840

_COLUMNS: Final = 40
_ROWS: Final = 3
_ROWS_IN_HEIGHT: Final = 22.5
_ROWS_TOP: Final = 18
_NUMBER_BYTES: Final = 4
_TIME_BYTES: Final = 7
_FLASH_AREA: Final = (0.80, 0.06, 0.95, 0.32)
"""Left, top, right, bottom as shares of the picture."""
_BOX: Final = (81, 90, 240)
_BOX_SOFT: Final = (222, 122, 132)
"""Luma, blue and red: red over the bars, nearly white over a landscape."""
_BAND_TOP: Final = 0.62
_BAND_HEIGHT: Final = 0.14
_BAND_SWING: Final = 75
_BAND_SWING_SOFT: Final = 26
"""Over a landscape: moving water rather than noise."""

# 75 % bars in BT.709 limited range: white, yellow, cyan, green, magenta, red, blue.
_BARS: Final = (
    (180, 128, 128),
    (168, 44, 136),
    (145, 147, 44),
    (133, 63, 52),
    (63, 193, 204),
    (51, 109, 212),
    (28, 212, 120),
)

_FONT: Final = {
    "N": ("10001", "11001", "10101", "10011", "10001", "10001", "10001"),
    "O": ("01110", "10001", "10001", "10001", "10001", "10001", "01110"),
    "S": ("01111", "10000", "10000", "01110", "00001", "00001", "11110"),
    "I": ("01110", "00100", "00100", "00100", "00100", "00100", "01110"),
    "G": ("01110", "10001", "10000", "10111", "10001", "10001", "01110"),
    "A": ("01110", "10001", "10001", "11111", "10001", "10001", "10001"),
    "L": ("10000", "10000", "10000", "10000", "10000", "10000", "11111"),
    " ": ("00000",) * 7,
}


@dataclass(frozen=True, slots=True)
class TestCardReading:
    """What a picture of the card says about itself."""

    __test__: ClassVar[bool] = False  # pytest: the name is not a test's

    frame_number: int
    captured_at_unix_us: int
    is_flash: bool


class TestCard:
    """Draws cards of one size. One thread at a time."""

    __test__: ClassVar[bool] = False  # pytest: the name is not a test's

    def __init__(self, width: int, height: int, look: str = BARS) -> None:
        """`look` is one of card_looks.LOOKS."""
        if width % 2 or height % 2 or width < SIDE_MIN or height * 16 < SIDE_MIN * 9:
            raise ValueError(f"a test card of {width}x{height} cannot be drawn")
        self.width = width
        self.height = height
        self._background = _draw_background(width, height, look)
        self._band_top = int(height * _BAND_TOP) // 2 * 2
        self._band = _draw_band(self._background[0], self._band_top, is_soft=look != BARS)
        self._box_side = max(8, width // 12 // 2 * 2)
        self._box = _BOX if look == BARS else _BOX_SOFT
        self._column_widths = np.diff(_edges(width, _COLUMNS))
        self._row_edges = _row_edges(height)
        self._no_signal: tuple[Plane, Plane, Plane] | None = None

    def draw(
        self, *, frame_number: int, captured_at_unix_us: int, flash: bool = False
    ) -> av.VideoFrame:
        """A yuv420p picture, BT.709 limited. Under 2 ms at 720p."""
        frame, (luma, blue, red) = _new_frame(self._background)
        shift = frame_number * 4 % self.width
        band_bottom = self._band_top + self._band.shape[0]
        luma[self._band_top : band_bottom] = self._band[:, shift : shift + self.width]
        self._draw_box(frame_number, luma, blue, red)
        bits = _pack_bits(frame_number, captured_at_unix_us)
        for row in range(_ROWS):
            cells = np.where(bits[row], WHITE, BLACK).astype(np.uint8)
            line = np.repeat(cells, self._column_widths)
            luma[self._row_edges[row] : self._row_edges[row + 1]] = line
        if flash:
            left, top, right, bottom = _flash_pixels(self.width, self.height)
            luma[top:bottom, left:right] = WHITE
        return frame

    def draw_no_signal(self, frame_number: int) -> av.VideoFrame:
        """A dark card with the words NO SIGNAL and a bar that moves, so it is not taken for a
        frozen picture."""
        if self._no_signal is None:
            self._no_signal = _draw_no_signal(self.width, self.height)
        frame, (luma, _, _) = _new_frame(self._no_signal)
        width = self.width // 8
        left = frame_number * 4 % (self.width - width)
        top = int(self.height * 0.66)
        luma[top : top + max(2, self.height // 90), left : left + width] = 120
        return frame

    def _draw_box(self, frame_number: int, luma: Plane, blue: Plane, red: Plane) -> None:
        side = self._box_side
        x = _bounce(frame_number * 6, int(self.width * 0.75) - side) // 2 * 2
        y = _bounce(frame_number * 4, int(self.height * 0.55) - side) // 2 * 2
        values = self._box
        luma[y : y + side, x : x + side] = values[0]
        blue[y // 2 : (y + side) // 2, x // 2 : (x + side) // 2] = values[1]
        red[y // 2 : (y + side) // 2, x // 2 : (x + side) // 2] = values[2]


def read_blocks(gray: Plane) -> TestCardReading | None:
    """Read a card from luma of any size, shape (height, width); None when it is not one."""
    height, width = gray.shape
    columns = _edges(width, _COLUMNS)
    rows = _row_edges(height)
    bits = np.zeros((_ROWS, _COLUMNS), np.uint8)
    for row in range(_ROWS):
        inset = (rows[row + 1] - rows[row]) // 4
        band = gray[rows[row] + inset : rows[row + 1] - inset]
        if not band.size:
            return None
        means = band.mean(axis=0)
        for column in range(_COLUMNS):
            inset = (columns[column + 1] - columns[column]) // 4
            cell = means[columns[column] + inset : columns[column + 1] - inset]
            bits[row, column] = cell.size > 0 and cell.mean() > MIDDLE
    data = np.packbits(bits).tobytes()
    content, checksum = data[:-4], data[-4:]
    if zlib.crc32(content).to_bytes(4, "big") != checksum:
        return None
    return TestCardReading(
        frame_number=int.from_bytes(content[:_NUMBER_BYTES], "big"),
        captured_at_unix_us=int.from_bytes(content[_NUMBER_BYTES:], "big"),
        is_flash=_is_flash(gray),
    )


def _pack_bits(frame_number: int, captured_at_unix_us: int) -> npt.NDArray[np.uint8]:
    content = (frame_number % 2**32).to_bytes(_NUMBER_BYTES, "big")
    content += (captured_at_unix_us % 2**56).to_bytes(_TIME_BYTES, "big")
    data = content + zlib.crc32(content).to_bytes(4, "big")
    return np.unpackbits(np.frombuffer(data, np.uint8)).reshape(_ROWS, _COLUMNS)


def _is_flash(gray: Plane) -> bool:
    left, top, right, bottom = _flash_pixels(gray.shape[1], gray.shape[0])
    x, y = (right - left) // 4, (bottom - top) // 4
    return bool(gray[top + y : bottom - y, left + x : right - x].mean() > MIDDLE)


def _flash_pixels(width: int, height: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = _FLASH_AREA
    return int(left * width), int(top * height), int(right * width), int(bottom * height)


def _edges(length: int, count: int) -> npt.NDArray[np.int64]:
    edges: npt.NDArray[np.int64] = np.rint(np.arange(count + 1) * (length / count)).astype(np.int64)
    return edges


def _row_edges(height: int) -> npt.NDArray[np.int64]:
    rows = np.arange(_ROWS_TOP, _ROWS_TOP + _ROWS + 1)
    edges: npt.NDArray[np.int64] = np.rint(rows * (height / _ROWS_IN_HEIGHT)).astype(np.int64)
    return edges


def _bounce(distance: int, span: int) -> int:
    place = distance % (2 * span)
    return place if place < span else 2 * span - place


def _new_frame(
    background: tuple[Plane, Plane, Plane],
) -> tuple[av.VideoFrame, tuple[Plane, Plane, Plane]]:
    height, width = background[0].shape
    frame = av.VideoFrame(width, height, "yuv420p")
    tag_bt709(frame)
    planes = planes_of(frame)
    for plane, source in zip(planes, background, strict=True):
        np.copyto(plane, source)
    return frame, planes


def _draw_bars(width: int, height: int) -> tuple[Plane, Plane, Plane]:
    luma = np.full((height, width), BLACK, np.uint8)
    blue = np.full((height // 2, width // 2), NEUTRAL, np.uint8)
    red = np.full((height // 2, width // 2), NEUTRAL, np.uint8)
    bottom = int(height * 0.60) // 2 * 2
    edges = _edges(width // 2, len(_BARS))
    for bar, (y, cb, cr) in enumerate(_BARS):
        left, right = edges[bar], edges[bar + 1]
        luma[:bottom, left * 2 : right * 2] = y
        blue[: bottom // 2, left:right] = cb
        red[: bottom // 2, left:right] = cr
    return luma, blue, red


def _draw_background(width: int, height: int, look: str) -> tuple[Plane, Plane, Plane]:
    """The look, with a frame for the flash and grey under the rows of cells."""
    painted = _draw_bars(width, height) if look == BARS else paint_look(look, width, height)
    luma, blue, red = painted
    left, top, right, bottom = _flash_pixels(width, height)
    border = max(2, width // 160)
    luma[top - border : bottom + border, left - border : right + border] = WHITE
    luma[top:bottom, left:right] = BLACK
    rows = slice((top - border) // 2, (bottom + border) // 2 + 1)
    columns = slice((left - border) // 2, (right + border) // 2 + 1)
    cells = _row_edges(height) // 2
    for plane in (blue, red):
        plane[rows, columns] = NEUTRAL
        plane[cells[0] : cells[-1]] = NEUTRAL
    return painted


def _draw_band(background: Plane, top: int, *, is_soft: bool) -> Plane:
    """A texture twice as wide as the picture, whose halves are equal: any shift is a slice."""
    width, height = background.shape[1], int(background.shape[0] * _BAND_HEIGHT)
    middle = float(background[top : top + height].mean()) if is_soft else MIDDLE
    swing = _BAND_SWING_SOFT if is_soft else _BAND_SWING
    x = np.arange(width) * (2 * np.pi / width)
    y = np.arange(height)[:, None] * (2 * np.pi / max(height, 1))
    wave = np.sin(x * 12 + y) * np.cos(x * 5 - 2 * y) + np.sin(x * 31) * 0.3
    texture = np.clip(middle + wave * swing, BLACK, WHITE).astype(np.uint8)
    return np.hstack((texture, texture))


def _draw_no_signal(width: int, height: int) -> tuple[Plane, Plane, Plane]:
    luma = np.full((height, width), 28, np.uint8)
    chroma = np.full((height // 2, width // 2), NEUTRAL, np.uint8)
    rows = [" ".join(_FONT[letter][row] for letter in "NO SIGNAL") for row in range(7)]
    bitmap = np.array([[pixel == "1" for pixel in row] for row in rows])
    scale = max(1, width * 6 // 10 // bitmap.shape[1])
    text = np.kron(bitmap, np.ones((scale, scale), dtype=bool))[: height // 2]
    top = height // 2 - text.shape[0]
    left = (width - text.shape[1]) // 2
    luma[top : top + text.shape[0], left : left + text.shape[1]][text] = 180
    return luma, chroma, chroma.copy()
