"""Danmaku as Bilibili's XML, which most danmaku players and tools read. Pure.

    <i><d p="t,mode,size,color,date,pool,uid,rowid">text</d></i>

t is in seconds from the start of the video, mode as in lanes.py, size 18, 25 or 36, color a
decimal number, date in Unix seconds, pool 0. uid is a salted hash: who has the file cannot find out
who said what, nor that two files' authors are one.

What is read came from a stranger: no document type and no entities are allowed (each is an attack
by expansion or by reaching elsewhere), all is bounded, and modes that are not plain texts (7 is
placed by script, 8 is a script) are left out and counted, never run.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from app.danmaku.lanes import Mode
from app.danmaku.saying import AT_MS_MAX, CHARACTERS_MAX, SAYINGS_MAX, Saying, clean_text
from app.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTES_MAX: Final = 64 * 1024 * 1024
DEPTH_MAX: Final = 8
ATTRIBUTE_CHARACTERS_MAX: Final = 400
SIZE_NORMAL: Final = 25
SIZE_MIN, SIZE_MAX = 8, 100
SCALE_MIN, SCALE_MAX = 0.5, 2.0
"""Larger ones would fill the stage."""
DATE_MAX: Final = 1 << 40
_COLOR_MAX: Final = 0xFFFFFF
_MODES: Final = {
    1: Mode.SCROLL_RTL,
    2: Mode.SCROLL_RTL,
    3: Mode.SCROLL_RTL,
    4: Mode.BOTTOM,
    5: Mode.TOP,
    6: Mode.SCROLL_LTR,
}
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
"""Old files have them although XML forbids it; no byte of a longer UTF-8 sequence is among them."""
_CHUNK: Final = 1 << 16


class DanmakuFileRefused(BadInput):
    """Not a danmaku file, or one that may do harm."""


@dataclass(frozen=True, slots=True)
class DanmakuFile:
    """What was read, in order of time."""

    sayings: tuple[Saying, ...]
    skipped: int = 0
    """Lines that are no plain texts, or broken."""


def write_xml(sayings: Iterable[Saying], *, salt: bytes, chat_id: str = "0") -> str:
    """With its declaration, in UTF-8, a line each, in order of time."""
    ordered = sorted(sayings, key=lambda one: one.at_ms)
    lines = [
        _write_line(saying, text, row, salt)
        for row, saying in enumerate(ordered, 1)
        if (text := clean_text(saying.text))
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<i>'
        "<chatserver>chat.bilibili.com</chatserver>"
        f"<chatid>{escape(clean_text(chat_id))}</chatid><mission>0</mission>"
        f"<maxlimit>{len(lines)}</maxlimit><state>0</state><real_name>0</real_name>"
        "<source>k-v</source>\n"
    )
    return head + "".join(lines) + "</i>\n"


def hash_author(author: str, salt: bytes) -> str:
    """Sixteen hexadecimal digits; the same for all texts of one author in one file."""
    return hashlib.blake2b(author.encode(), key=salt[:64], digest_size=8).hexdigest()


def parse_xml(document: bytes) -> DanmakuFile:
    """Raises DanmakuFileRefused."""
    if len(document) > BYTES_MAX:
        raise DanmakuFileRefused(f"more than {BYTES_MAX >> 20} MB of danmaku")
    reader = _Reader()
    clean = document.translate(None, _CONTROLS)
    try:
        for start in range(0, len(clean), _CHUNK):
            reader.parser.Parse(clean[start : start + _CHUNK], False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DanmakuFileRefused(
            f"not a danmaku file: {expat.ErrorString(error.code)} in line {error.lineno}"
        ) from None
    if not reader.is_danmaku:
        raise DanmakuFileRefused("not a danmaku file: its outermost element is not <i>")
    ordered = sorted(reader.sayings, key=lambda one: one.at_ms)
    return DanmakuFile(tuple(ordered), reader.skipped)


class _Reader:
    """Expat's handlers. What they raise comes out of `Parse`."""

    def __init__(self) -> None:
        self.sayings: list[Saying] = []
        self.skipped = 0
        self.is_danmaku = False
        self._depth = 0
        self._line: str | None = None
        """The attribute of the line that is being read."""
        self._line_depth = 0
        self._text: list[str] = []
        self._length = 0
        # Whatever the declaration says: other encodings are a way around checks of bytes.
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.ExternalEntityRefHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise DanmakuFileRefused("not a danmaku file: too deep")
        if self._depth == 1:
            self.is_danmaku = name == "i"
        elif name == "d" and self._line is None:
            self._line, self._line_depth = attributes.get("p", ""), self._depth
            self._text, self._length = [], 0

    def _take(self, data: str) -> None:
        if self._line is not None and self._length < 2 * CHARACTERS_MAX:
            self._text.append(data[: 2 * CHARACTERS_MAX])
            self._length += len(data)

    def _end(self, _name: str) -> None:
        if self._line is not None and self._depth == self._line_depth:
            saying = _parse_line(self._line, clean_text("".join(self._text)))
            self._line = None
            if saying is None:
                self.skipped += 1
            elif len(self.sayings) >= SAYINGS_MAX:
                raise DanmakuFileRefused(f"more than {SAYINGS_MAX} danmaku")
            else:
                self.sayings.append(saying)
        self._depth -= 1


def _refuse(*_declared: object) -> int:
    raise DanmakuFileRefused("the file declares a document type or entities, which is not allowed")


def _write_line(saying: Saying, text: str, row: int, salt: bytes) -> str:
    fields = (
        f"{max(0, saying.at_ms) / 1000:.3f}",
        str(int(saying.mode)),
        str(round(saying.scale * SIZE_NORMAL)),
        str(saying.color & _COLOR_MAX),
        str(saying.said_at_unix_s),
        "0",
        hash_author(saying.author, salt),
        str(row),
    )
    return f'<d p="{",".join(fields)}">{escape(text)}</d>\n'


def _parse_line(attribute: str, text: str) -> Saying | None:
    """None for what is no plain text."""
    fields = attribute[:ATTRIBUTE_CHARACTERS_MAX].split(",")
    if len(fields) < 4 or not text:
        return None
    mode = _MODES.get(_find_int(fields[1], -1))
    at_s = _find_float(fields[0])
    if mode is None or at_s is None or not 0 <= at_s * 1000 <= AT_MS_MAX:
        return None
    size = min(SIZE_MAX, max(SIZE_MIN, _find_int(fields[2], SIZE_NORMAL)))
    date = _find_int(fields[4], 0) if len(fields) > 4 else 0
    return Saying(
        at_ms=round(at_s * 1000),
        text=text,
        mode=mode,
        color=_find_int(fields[3], _COLOR_MAX) & _COLOR_MAX,
        scale=min(SCALE_MAX, max(SCALE_MIN, size / SIZE_NORMAL)),
        said_at_unix_s=date if 0 <= date <= DATE_MAX else 0,
        author=clean_text(fields[6])[:64] if len(fields) > 6 else "",
        key=clean_text(fields[7])[:64] if len(fields) > 7 else "",
    )


def _find_int(field: str, default: int) -> int:
    number = _find_float(field)
    return default if number is None else int(number)


def _find_float(field: str) -> float | None:
    field = field.strip()
    if not field or len(field) > 32 or not field.isascii():
        return None
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
