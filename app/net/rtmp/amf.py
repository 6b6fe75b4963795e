"""AMF0, the values in RTMP's commands: `pack` and `parse`. Pure.

Only what publishing needs: numbers, booleans, strings, objects, arrays and null. What is parsed is
bounded in depth and count, since it comes from strangers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final

from app.net.rtmp.errors import RtmpError

Value = float | bool | str | None | dict[str, "Value"] | list["Value"]

DEPTH_MAX: Final = 8
VALUES_MAX: Final = 512

_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED = 0, 1, 2, 3, 5, 6
_ECMA_ARRAY, _OBJECT_END, _STRICT_ARRAY, _DATE, _LONG_STRING = 8, 9, 10, 11, 12
_F64: Final = struct.Struct("!d")
_U16: Final = struct.Struct("!H")
_U32: Final = struct.Struct("!I")
_END: Final = b"\x00\x00\x09"


def pack(*values: Value) -> bytes:
    return b"".join(_pack(value) for value in values)


def parse(data: bytes) -> list[Value]:
    """All values in `data`. Raises RtmpError."""
    reader = _Reader(data)
    values: list[Value] = []
    while reader.place < len(data):
        values.append(reader.value(0))
    return values


def _pack(value: Value) -> bytes:
    if value is None:
        return bytes((_NULL,))
    if isinstance(value, bool):
        return bytes((_BOOLEAN, value))
    if isinstance(value, int | float):
        return bytes((_NUMBER,)) + _F64.pack(value)
    if isinstance(value, str):
        return _pack_text(value)
    if isinstance(value, Mapping):
        return bytes((_OBJECT,)) + _pack_fields(value) + _END
    return bytes((_STRICT_ARRAY,)) + _U32.pack(len(value)) + pack(*value)


def _pack_text(value: str) -> bytes:
    text = value.encode()
    if len(text) > 0xFFFF:
        return bytes((_LONG_STRING,)) + _U32.pack(len(text)) + text
    return bytes((_STRING,)) + _U16.pack(len(text)) + text


def _pack_fields(fields: Mapping[str, Value]) -> bytes:
    packed = b""
    for name, value in fields.items():
        text = name.encode()
        packed += _U16.pack(len(text)) + text + _pack(value)
    return packed


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._values = 0
        self.place = 0
        self._plain_readers: dict[int, Callable[[], Value]] = {
            _NUMBER: self._number,
            _BOOLEAN: lambda: bool(self._take(1)[0]),
            _STRING: lambda: self._text(_U16),
            _LONG_STRING: lambda: self._text(_U32),
            _NULL: lambda: None,
            _UNDEFINED: lambda: None,
            _DATE: self._date,
        }

    def value(self, depth: int) -> Value:
        self._values += 1
        if depth > DEPTH_MAX or self._values > VALUES_MAX:
            raise RtmpError("an AMF value is too deep or too long")
        kind = self._take(1)[0]
        plain = self._plain_readers.get(kind)
        if plain is not None:
            return plain()
        if kind == _OBJECT:
            return self._fields(depth)
        if kind == _ECMA_ARRAY:
            self._take(4)  # a count that writers get wrong: the end mark decides
            return self._fields(depth)
        if kind == _STRICT_ARRAY:
            return self._array(depth)
        raise RtmpError(f"an AMF value of the unknown kind {kind}")

    def _number(self) -> float:
        return float(_F64.unpack(self._take(8))[0])

    def _date(self) -> float:
        milliseconds = self._number()
        self._take(2)
        return milliseconds

    def _array(self, depth: int) -> list[Value]:
        count = int(_U32.unpack(self._take(4))[0])
        if count > VALUES_MAX:
            raise RtmpError("an AMF array is too long")
        return [self.value(depth + 1) for _ in range(count)]

    def _fields(self, depth: int) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        while True:
            name = self._text(_U16)
            if not name and self._data[self.place : self.place + 1] == bytes((_OBJECT_END,)):
                self.place += 1
                return fields
            fields[name] = self.value(depth + 1)

    def _text(self, length: struct.Struct) -> str:
        size = int(length.unpack(self._take(length.size))[0])
        return self._take(size).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        piece = self._data[self.place : self.place + count]
        if len(piece) < count:
            raise RtmpError("an AMF value is cut short")
        self.place += count
        return piece
