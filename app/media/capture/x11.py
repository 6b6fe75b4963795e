"""What an X server shows: its windows and monitors, through libxcb.

By ctypes: six requests of a library that every X desktop has (Qt needs it too) are no reason for
another dependency. xcb hands a request's error to whoever asked; Xlib would end the process.
"""

from __future__ import annotations

import contextlib
import ctypes
import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

WINDOWS_MAX: Final = 200
TITLE_CHARS_MAX: Final = 200

_HEADER_BYTES: Final = 32
_VIEWABLE: Final = 2
_ANY_TYPE: Final = 0
_PROPERTY_WORDS_MAX: Final = 4096
_NO_CONTENT: Final = ("_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")


class Area(NamedTuple):
    """In pixels of the whole X screen."""

    x: int
    y: int
    width: int
    height: int


class X11Window(NamedTuple):
    id: int
    title: str


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class X11Display:
    """A connection of its own. Raises OSError where there is no X server, or no libxcb."""

    def __init__(self) -> None:
        self._xcb = ctypes.CDLL("libxcb.so.1")
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [ctypes.c_void_p]
        self._xcb.xcb_connect.restype = ctypes.c_void_p
        self._xcb.xcb_get_setup.restype = ctypes.c_void_p
        self._xcb.xcb_setup_roots_iterator.restype = _Screens
        for name in ("xcb_connection_has_error", "xcb_disconnect", "xcb_get_setup"):
            getattr(self._xcb, name).argtypes = [ctypes.c_void_p]
        self._xcb.xcb_setup_roots_iterator.argtypes = [ctypes.c_void_p]
        number = ctypes.c_int(0)
        self._connection = self._xcb.xcb_connect(None, ctypes.byref(number))
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise OSError("no X server answers")
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._connection))
        self._root = ctypes.c_uint32.from_address(screens.data).value
        self._atoms: dict[str, int] = {}

    def close(self) -> None:
        self._xcb.xcb_disconnect(self._connection)

    def list_windows(self, *, not_of_pid: int = 0) -> list[X11Window]:
        """Titled windows of programs, as the window manager knows them, the newest last."""
        listed = self._property(self._root, "_NET_CLIENT_LIST")
        ids = _words(listed) if listed else self._find_windows()
        hidden = {self._atom(name) for name in _NO_CONTENT}
        windows = []
        for window in ids[-WINDOWS_MAX:]:
            if not_of_pid and _words(self._property(window, "_NET_WM_PID")) == [not_of_pid]:
                continue
            if hidden.intersection(_words(self._property(window, "_NET_WM_WINDOW_TYPE"))):
                continue
            if title := self.title_of(window):
                windows.append(X11Window(window, title))
        return windows

    def title_of(self, window: int) -> str:
        """Empty for a window that has none or is gone."""
        modern = self._property(window, "_NET_WM_NAME")
        title = modern.decode("utf-8", "replace") if modern else ""
        title = title or self._property(window, "WM_NAME").decode("latin-1")
        return "".join(sign for sign in title if sign.isprintable())[:TITLE_CHARS_MAX].strip()

    def size_of(self, window: int) -> tuple[int, int] | None:
        """Without its border; None when it is gone."""
        reply = self._ask("get_geometry", ctypes.c_uint32(window))
        return None if reply is None else struct.unpack_from("<HH", reply, 16)

    def visible_area(self, window: int) -> Area | None:
        """The part of a window that lies on the screen, in the window's own pixels. None when it
        is gone, minimised or wholly outside."""
        size = self.size_of(window)
        screen = self.size_of(self._root)
        attributes = self._ask("get_window_attributes", ctypes.c_uint32(window))
        place = self._ask(
            "translate_coordinates",
            ctypes.c_uint32(window),
            ctypes.c_uint32(self._root),
            ctypes.c_int16(0),
            ctypes.c_int16(0),
        )
        if size is None or screen is None or attributes is None or place is None:
            return None
        x, y = struct.unpack_from("<hh", place, 12)
        left, top = max(0, -x), max(0, -y)
        right, bottom = min(size[0], screen[0] - x), min(size[1], screen[1] - y)
        if attributes[26] != _VIEWABLE or right <= left or bottom <= top:
            return None
        return Area(left, top, right - left, bottom - top)

    def list_monitors(self) -> list[Area]:
        """By RandR, the primary one first; empty where it cannot tell."""
        try:
            library = ctypes.CDLL("libxcb-randr.so.0")
        except OSError:
            return []
        reply = self._ask(
            "randr_get_monitors", ctypes.c_uint32(self._root), ctypes.c_uint8(1), library=library
        )
        if reply is None:
            return []
        found: list[tuple[bool, int, Area]] = []
        place = _HEADER_BYTES
        for _ in range(struct.unpack_from("<I", reply, 12)[0]):
            is_primary, _, outputs, *area = struct.unpack_from("<4xBBHhhHH", reply, place)
            found.append((not is_primary, len(found), Area(*area)))
            place += 24 + 4 * outputs
        return [area for _, _, area in sorted(found)]

    def _find_windows(self) -> list[int]:
        """Without a window manager that keeps a list: what is shown, or what a frame holds."""
        found = []
        for window in self._children(self._root):
            attributes = self._ask("get_window_attributes", ctypes.c_uint32(window))
            if attributes is None or attributes[26] != _VIEWABLE or attributes[27]:
                continue
            inner = [one for one in self._children(window) if self._property(one, "WM_STATE")]
            found += inner or [window]
        return found

    def _children(self, window: int) -> list[int]:
        reply = self._ask("query_tree", ctypes.c_uint32(window))
        return [] if reply is None else _words(reply[_HEADER_BYTES:])

    def _property(self, window: int, name: str) -> bytes:
        reply = self._ask(
            "get_property",
            ctypes.c_uint8(0),
            ctypes.c_uint32(window),
            ctypes.c_uint32(self._atom(name)),
            ctypes.c_uint32(_ANY_TYPE),
            ctypes.c_uint32(0),
            ctypes.c_uint32(_PROPERTY_WORDS_MAX),
        )
        if reply is None:
            return b""
        count = struct.unpack_from("<I", reply, 16)[0]
        return reply[_HEADER_BYTES : _HEADER_BYTES + count * (reply[1] // 8)]

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            text = name.encode("ascii")
            reply = self._ask("intern_atom", ctypes.c_uint8(0), ctypes.c_uint16(len(text)), text)
            self._atoms[name] = 0 if reply is None else struct.unpack_from("<I", reply, 8)[0]
        return self._atoms[name]

    def _ask(self, name: str, *arguments: Any, library: ctypes.CDLL | None = None) -> bytes | None:
        """A request and its reply as bytes; None when the server refuses, or is gone."""
        request = getattr(library or self._xcb, f"xcb_{name}")
        request.restype = _Cookie
        fetch = getattr(library or self._xcb, f"xcb_{name}_reply")
        fetch.restype = ctypes.c_void_p
        connection = ctypes.c_void_p(self._connection)
        error = ctypes.c_void_p()
        reply = fetch(connection, request(connection, *arguments), ctypes.byref(error))
        self._free(error)
        if not reply:
            return None
        try:
            words = struct.unpack_from("<4xI", ctypes.string_at(reply, 8))[0]
            return ctypes.string_at(reply, _HEADER_BYTES + 4 * words)
        finally:
            self._free(reply)


@contextlib.contextmanager
def open_display() -> Iterator[X11Display]:
    """Raises OSError."""
    display = X11Display()
    try:
        yield display
    finally:
        display.close()


def _words(data: bytes) -> list[int]:
    count = len(data) // 4
    return list(struct.unpack(f"<{count}I", data[: 4 * count]))
