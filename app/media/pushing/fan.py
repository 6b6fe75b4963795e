"""From the broadcast's packets to every target's queue: pictures are packed once, sound is encoded
once, whatever the number of targets.

Of several qualities the best that is being sent is taken; a change happens at a keyframe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.flv.bitstream import find_avc_config, pack_units, split_annex_b
from app.media.pushing.aac import SoundPusher
from app.media.pushing.push_queue import PushItem, PushQueue
from app.settings import CROPS, Crop
from wire.media_packet import Kind

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket

LAYER_SILENT_US: Final = 2_000_000
"""A quality of which nothing came for so long is no longer sent."""


class Outlet:
    """One target's end of the fan; `pop` and `open` belong to the target's loop."""

    def __init__(self, on_arrival: Callable[[], None], want_keyframe: Callable[[], None]) -> None:
        self._queue = PushQueue()
        self._lock = threading.Lock()
        self._on_arrival = on_arrival
        self._want_keyframe = want_keyframe

    def open(self) -> None:
        """The target is connected: begin at the next keyframe, which is asked for."""
        with self._lock:
            self._queue.open()
        self._want_keyframe()

    def close(self) -> None:
        with self._lock:
            self._queue.close()

    def push(self, item: PushItem) -> None:
        with self._lock:
            is_wanted = self._queue.push(item)
        if is_wanted:
            self._want_keyframe()
        self._on_arrival()

    def pop(self) -> PushItem | None:
        with self._lock:
            return self._queue.pop()

    @property
    def dropped(self) -> int:
        return self._queue.dropped


class _Pictures:
    """One stream of pictures, and the outlets that get it."""

    def __init__(self, request_keyframe: Callable[[int], None]) -> None:
        self.request_keyframe = request_keyframe
        self.outlets: tuple[Outlet, ...] = ()
        self._lock = threading.Lock()
        self._layer = -1
        self._layer_seen_us = 0
        self._setup = b""

    def add(self, outlet: Outlet) -> None:
        with self._lock:
            self.outlets = (*self.outlets, outlet)

    def remove(self, outlet: Outlet) -> None:
        with self._lock:
            self.outlets = tuple(other for other in self.outlets if other is not outlet)

    def want_keyframe(self) -> None:
        self.request_keyframe(max(self._layer, 0))

    def push(self, packet: MediaPacket) -> None:
        if not self.outlets:
            return
        # The lock stays until all is given: no late picture of another quality may come behind a
        # keyframe.
        with self._lock:
            if not self._takes(packet):
                return
            units = split_annex_b(packet.payload)
            if packet.is_keyframe:
                self._setup = find_avc_config(units) or self._setup
            item = PushItem(
                "video", packet.pts_us, pack_units(units), self._setup, packet.is_keyframe
            )
            if item.setup and item.body:
                for outlet in self.outlets:
                    outlet.push(item)

    def _takes(self, packet: MediaPacket) -> bool:
        """Whether this packet's layer is the one to push."""
        if packet.layer != self._layer:
            is_gone = packet.pts_us - self._layer_seen_us > LAYER_SILENT_US
            if not packet.is_keyframe or (packet.layer < self._layer and not is_gone):
                return False
            self._layer = packet.layer
        self._layer_seen_us = packet.pts_us
        return True


class PushFan:
    """`push` is called from the encoders' threads and never blocks."""

    def __init__(self) -> None:
        self._pictures: dict[Crop, _Pictures] = {
            crop: _Pictures(lambda _layer: None) for crop in CROPS
        }
        self._sound = SoundPusher(self._give_sound)

    def begin(self) -> None:
        """There is sound from now on, until `stop`."""
        self._sound.start()

    def use_encoder(self, request_keyframe: Callable[[int], None], crop: Crop = "") -> None:
        """How to ask for a keyframe of a layer."""
        self._pictures[crop].request_keyframe = request_keyframe

    def add(self, on_arrival: Callable[[], None], crop: Crop = "") -> Outlet:
        """`on_arrival` is called from any thread."""
        pictures = self._pictures[crop]
        outlet = Outlet(on_arrival, pictures.want_keyframe)
        pictures.add(outlet)
        return outlet

    def remove(self, outlet: Outlet) -> None:
        for pictures in self._pictures.values():
            pictures.remove(outlet)

    def has_outlets(self, crop: Crop) -> bool:
        return bool(self._pictures[crop].outlets)

    def push(self, packet: MediaPacket) -> None:
        """What the room gets."""
        if packet.kind is Kind.VIDEO:
            self._pictures[""].push(packet)
        elif packet.kind is Kind.AUDIO and any(one.outlets for one in self._pictures.values()):
            self._sound.push(packet)

    def push_cropped(self, crop: Crop, packet: MediaPacket) -> None:
        """What an encoder of its own made."""
        self._pictures[crop].push(packet)

    def stop(self) -> None:
        self._sound.stop()

    def _give_sound(self, item: PushItem) -> None:
        for pictures in self._pictures.values():
            for outlet in pictures.outlets:
                outlet.push(item)
