"""A scene as it is kept between two starts: what stood where, what sounded how loud. Pure.

Addresses of network streams may hold passwords: they are not in it, only names for them.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, get_args

import msgspec
from msgspec import Struct

from app.state.studio_scene import (
    FILTERS,
    FULL,
    LAYOUTS,
    MISSING,
    Box,
    ItemKind,
    LayoutName,
    StudioItem,
)
from app.state.studio_sound import Channel

if TYPE_CHECKING:
    from app.state.studio import StudioState

VERSION: Final = 1
ITEMS_MAX: Final = 16
CHANNELS_MAX: Final = 16
BYTES_MAX: Final = 256 * 1024
TEXT_CHARACTERS_MAX: Final = 4096
SHAPE_BOUNDS: Final = (0.1, 10.0)
GAIN_DB_BOUNDS: Final = (-60.0, 20.0)
_SIGNAL_LOST: Final = "no_signal"


class SavedItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: ItemKind
    label: str = ""
    address: str = ""
    """Empty for a text, and for a stream, whose address rests elsewhere."""
    stream: str = ""
    """What the address of a network stream is kept under."""
    box: tuple[float, float, float, float] = (FULL.x, FULL.y, FULL.width, FULL.height)
    shape: float = 16 / 9
    is_visible: bool = True
    is_mirrored: bool = False
    filters: tuple[str, ...] = ()


class SavedChannel(Struct, frozen=True, kw_only=True, omit_defaults=True):
    label: str = ""
    address: str = ""
    item: int | None = None
    """Whose sound it is, by its place among the items; None: it stands alone."""
    gain_db: float = 0.0
    is_muted: bool = False
    is_noise_suppressed: bool = False


class SavedScene(Struct, frozen=True, kw_only=True):
    version: int = VERSION
    layout: LayoutName = "camera"
    items: tuple[SavedItem, ...] = ()
    channels: tuple[SavedChannel, ...] = ()


class SceneUnread(Exception):  # a finding, not a fault of the program
    """The file is broken or of a newer program."""


class _File(Struct, frozen=True, kw_only=True):
    """Each piece by itself: one that nobody understands costs that one alone."""

    version: int
    layout: str = "camera"
    items: tuple[msgspec.Raw, ...] = ()
    channels: tuple[msgspec.Raw, ...] = ()


def save_scene(state: StudioState, name_stream: Callable[[str], str]) -> SavedScene:
    """`name_stream` gives the name under which an address is kept, empty for none."""
    kept = [item for item in state.items if drop_window_id(item.address) != "window:"]
    items: list[SavedItem] = []
    places: dict[str, int] = {}
    for item in kept[:ITEMS_MAX]:
        stream = name_stream(item.address) if item.kind == "url" else ""
        if item.kind == "url" and not stream:
            continue
        places[item.key] = len(items)
        items.append(_save_item(item, stream))
    channels = [
        SavedChannel(
            label=channel.label,
            address=channel.address,
            item=places.get(channel.key),
            gain_db=channel.gain_db,
            is_muted=channel.is_muted,
            is_noise_suppressed=channel.is_noise_suppressed,
        )
        for channel in state.channels
        if channel.address or channel.key in places
    ]
    return SavedScene(
        layout=state.layout, items=tuple(items), channels=tuple(channels[:CHANNELS_MAX])
    )


def parse_scene(content: bytes) -> SavedScene:
    """Raises SceneUnread."""
    if len(content) > BYTES_MAX:
        raise SceneUnread("it is too large")
    try:
        file = msgspec.json.decode(content, type=_File)
    except msgspec.MsgspecError as error:
        raise SceneUnread(str(error)) from None
    if file.version != VERSION:
        raise SceneUnread(f"version {file.version} is not known here")
    layout: LayoutName = next((one for one in LAYOUTS if one == file.layout), "camera")
    items: list[SavedItem] = []
    places: dict[int, int] = {}
    for number, raw in enumerate(file.items[:ITEMS_MAX]):
        with contextlib.suppress(msgspec.MsgspecError):
            item = msgspec.json.decode(raw, type=SavedItem)
            if _is_sound(item):
                places[number] = len(items)
                items.append(item)
    channels = []
    for raw in file.channels[:CHANNELS_MAX]:
        with contextlib.suppress(msgspec.MsgspecError):
            channel = msgspec.json.decode(raw, type=SavedChannel)
            if channel.item is None and channel.address:
                channels.append(channel)
            elif channel.item in places:
                channels.append(msgspec.structs.replace(channel, item=places[channel.item]))
    return SavedScene(layout=layout, items=tuple(items), channels=tuple(channels))


def restore_scene(
    saved: SavedScene, addresses: dict[str, str], make_key: Callable[[str], str]
) -> tuple[tuple[StudioItem, ...], tuple[Channel, ...]]:
    """As it stood, with nothing opened yet. A stream whose address is gone is left out."""
    items: list[StudioItem] = []
    keys: dict[int, str] = {}
    for number, one in enumerate(saved.items):
        address = addresses.get(one.stream, "") if one.kind == "url" else one.address
        if one.kind != "text" and not address:
            continue
        keys[number] = make_key(one.kind)
        items.append(
            StudioItem(
                keys[number],
                one.kind,
                one.label,
                address=address,
                box=Box(*one.box).clamped(),
                is_visible=one.is_visible,
                is_mirrored=one.is_mirrored,
                filters=tuple(name for name in one.filters if name in FILTERS),
                signal="still" if one.kind == "text" else MISSING,
                shape=min(SHAPE_BOUNDS[1], max(SHAPE_BOUNDS[0], one.shape)),
            )
        )
    channels = tuple(
        Channel(
            make_key("sound") if one.item is None else keys[one.item],
            one.label,
            is_microphone=one.address.startswith("mic"),
            address=one.address,
            gain_db=min(GAIN_DB_BOUNDS[1], max(GAIN_DB_BOUNDS[0], one.gain_db)),
            is_muted=one.is_muted,
            is_noise_suppressed=one.is_noise_suppressed,
            signal=_SIGNAL_LOST,
        )
        for one in saved.channels
        if one.item is None or one.item in keys
    )
    return tuple(items), channels


def drop_window_id(address: str) -> str:
    """A window by its title: its number is another window's at the next start."""
    name, _, rest = address.partition(":")
    if name != "window":
        return address
    first, _, title = rest.partition(" ")
    return f"window:{title.strip() if first.startswith('0x') else rest}"


def texts_of(saved: SavedScene) -> Sequence[str]:
    return [item.label for item in saved.items if item.kind == "text"]


def _save_item(item: StudioItem, stream: str) -> SavedItem:
    box = item.box
    return SavedItem(
        kind=item.kind,
        label=item.label[:TEXT_CHARACTERS_MAX],
        address="" if stream else drop_window_id(item.address),
        stream=stream,
        box=(box.x, box.y, box.width, box.height),
        shape=round(item.shape, 4),
        is_visible=item.is_visible,
        is_mirrored=item.is_mirrored,
        filters=item.filters,
    )


def _is_sound(item: SavedItem) -> bool:
    texts = (item.label, item.address, item.stream)
    return (
        item.kind in get_args(ItemKind)
        and all(len(text) <= TEXT_CHARACTERS_MAX for text in texts)
        and all(map(math.isfinite, (*item.box, item.shape)))
    )
