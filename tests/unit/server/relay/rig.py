"""A clock that stands still, packets that can be told apart, and sockets that only remember."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.relay.context import MediaCounters
from server.relay.fanout import Fanout
from server.relay.layers import LayerChooser
from server.relay.load import LoadMeter
from server.relay.media_plane import EndedBroadcast, MediaPlane
from server.relay.packet import RelayedPacket
from server.relay.room import LiveRoom
from server.relay.subscriber import Subscriber
from server.relay.viewing import Viewing
from server.settings import CoalesceMode, Limits
from wire.errors import ErrorCode, WireError
from wire.ids import BroadcastId, RoomId
from wire.media_commands import LayerChoice
from wire.media_packet import Flags, Header, Kind, MediaPacket, pack
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from wire.event_base import Event

BUFFER_BYTES_MAX = 2_000_000
BUFFER_S_MAX = 2.0


@dataclass
class Clock:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


class Packets:
    """Makes the packets of one room. Each one's bytes are its name, a comma and padding."""

    def __init__(self) -> None:
        self._arrivals = itertools.count(1)
        self._names = {kind: itertools.count(1) for kind in ("k", "v", "a")}

    def key(self, layer: int = 0, *, size: int = 0) -> RelayedPacket:
        return self._make("k", Kind.VIDEO, layer, Flags.KEYFRAME, size)

    def video(self, layer: int = 0, *, size: int = 0) -> RelayedPacket:
        return self._make("v", Kind.VIDEO, layer, Flags.NONE, size)

    def audio(self, *, size: int = 0) -> RelayedPacket:
        return self._make("a", Kind.AUDIO, 0, Flags.NONE, size)

    def _make(self, sort: str, kind: Kind, layer: int, flags: Flags, size: int) -> RelayedPacket:
        number = next(self._names[sort])
        name = f"{sort}{number}" if layer == 0 else f"{sort}{number}@{layer}"
        header = Header(kind, layer, flags, number, number * 1_000, 0)
        return RelayedPacket(header, name.encode().ljust(size, b".") + b",", next(self._arrivals))


def names(written: bytes) -> str:
    """The packets in some bytes: "k1 a1 v1"."""
    return " ".join(part.rstrip(b".").decode() for part in written.split(b",") if part)


@dataclass
class Socket:
    """Takes everything until it is told to be stuck."""

    writes: list[bytes] = field(default_factory=list)
    on_write: Callable[[], None] = lambda: None

    def write(self, frames: bytes) -> None:
        self.writes.append(frames)
        self.on_write()

    @property
    def got(self) -> str:
        return names(b"".join(self.writes))


def a_subscriber(
    socket: Socket, *, layer: LayerChoice = "auto", audio_only: bool = False
) -> Subscriber:
    return Subscriber(
        socket.write,
        LayerChooser(wish=layer),
        audio_only=audio_only,
        buffer_bytes_max=BUFFER_BYTES_MAX,
        buffer_s_max=BUFFER_S_MAX,
    )


class Viewer:
    """A subscriber of a fan-out with its socket."""

    def __init__(self, stage: "Stage", *, layer: int | None = 0, audio_only: bool = False) -> None:
        self._fanout = stage.fanout
        self.socket = Socket()
        self.subscriber = a_subscriber(self.socket, audio_only=audio_only)
        self.subscriber.chooser.current = layer
        self.has_picture = stage.fanout.add(self.subscriber, layer)

    @property
    def got(self) -> str:
        return self.socket.got

    def forget(self) -> None:
        self.socket.writes.clear()

    def pause(self) -> None:
        self._fanout.on_paused(self.subscriber)

    def resume(self) -> None:
        self._fanout.on_resumed(self.subscriber)


class Stage:
    """A fan-out on its own, and what it told the room."""

    def __init__(self, coalesce: CoalesceMode = "never") -> None:
        self.clock = Clock()
        self.packets = Packets()
        self.counters = MediaCounters()
        self.lagged: list[Subscriber] = []
        self.moved: list[tuple[Subscriber, int, int]] = []
        self.recovered: list[tuple[int, int, int]] = []
        self.fanout = Fanout(
            LoadMeter(coalesce),
            self.counters,
            mono_s=self.clock,
            on_lag=self.lagged.append,
            on_moved=lambda subscriber, before, layer: self.moved.append(
                (subscriber, before, layer)
            ),
            on_recovered=self._on_recovered,
        )

    def _on_recovered(self, subscriber: Subscriber) -> None:
        lag = subscriber.take_lag(self.clock())
        if lag is not None:
            self.recovered.append(lag)

    async def send(self, *packets: RelayedPacket) -> None:
        for packet in packets:
            await self.fanout.forward(packet)


# --- a room -------------------------------------------------------------------------------------

PICTURE = TrackInfo(kind="video", codec="h264", width=1280, height=720, frame_rate=25.0)
SMALL_PICTURE = TrackInfo(
    kind="video", codec="h264", layer=0, width=640, height=360, frame_rate=25.0
)
LARGE_PICTURE = TrackInfo(
    kind="video", codec="h264", layer=1, width=1280, height=720, frame_rate=25.0
)
SOUND = TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2)
ROOM_ID = RoomId("r1")


class FakePublisher:
    """A publish socket that only remembers."""

    def __init__(self) -> None:
        self.keyframes_asked: list[int] = []
        self.dismissed: list[ErrorCode] = []

    def request_keyframe(self, layer: int) -> None:
        self.keyframes_asked.append(layer)

    def dismiss(self, error: WireError) -> None:
        self.dismissed.append(error.code)


class Guest:
    """A subscriber of a room with its socket, and what it was told."""

    def __init__(self, house: "House", *, layer: LayerChoice = "auto", audio_only: bool = False):
        self._house = house
        self.socket = Socket()
        self.told: list[Event] = []
        self.ended: list[ErrorCode] = []
        self.buffered = 0
        self.viewing = Viewing(
            a_subscriber(self.socket, layer=layer, audio_only=audio_only),
            send_event=self.told.append,
            end=lambda error: self.ended.append(error.code),
            buffered_bytes=lambda: self.buffered,
            user_id=None,
            is_guest=True,
        )
        room = house.room
        self.layer = room.subscribe(self.viewing)
        room.admit(self.viewing, self.layer)

    @property
    def subscriber(self) -> Subscriber:
        return self.viewing.subscriber

    @property
    def got(self) -> str:
        return self.socket.got

    def pause(self) -> None:
        self._house.room.fanout.on_paused(self.subscriber)

    def resume(self) -> None:
        self._house.room.fanout.on_resumed(self.subscriber)


class House:
    """A media plane with one room."""

    def __init__(self, coalesce: CoalesceMode = "never") -> None:
        self.clock = Clock()
        self.announced: list[Event] = []
        self.ended: list[EndedBroadcast] = []
        self.may_store = asyncio.Event()
        self.may_store.set()
        self.plane = MediaPlane(
            Limits(),
            coalesce=coalesce,
            mono_s=self.clock,
            announce=lambda room_id, event: self.announced.append(event),
            on_ended=self._on_ended,
        )
        self._names = {kind: itertools.count(1) for kind in "kva"}

    async def _on_ended(self, ended: EndedBroadcast) -> None:
        await self.may_store.wait()
        self.ended.append(ended)

    @property
    def room(self) -> LiveRoom:
        return self.plane.room(ROOM_ID)

    def go_live(
        self, *tracks: TrackInfo, broadcast: str = "b1", last_pts_us: int = 0
    ) -> FakePublisher:
        publisher = FakePublisher()
        self.room.start(
            publisher,
            broadcast_id=BroadcastId(broadcast),
            started_at_unix_us=1,
            tracks=tracks or (PICTURE, SOUND),
            last_pts_us=last_pts_us,
        )
        return publisher

    async def send(self, publisher: FakePublisher, sorts: str, *, layer: int = 0) -> None:
        """`sorts` is for example "k v a": a keyframe, a picture, a sound packet."""
        for sort in sorts.split():
            number = next(self._names[sort])
            name = f"{sort}{number}@{layer}" if layer and sort != "a" else f"{sort}{number}"
            packet = MediaPacket(
                Kind.AUDIO if sort == "a" else Kind.VIDEO,
                0 if sort == "a" else layer,
                Flags.KEYFRAME if sort == "k" else Flags.NONE,
                number,
                number * 40_000,
                0,
                b"payload",
            )
            await self.room.ingest(publisher, pack(packet), name.encode() + b",")

    async def tick(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            self.clock.now_s += 1
            self.plane.tick()
            await self.plane.end_overdue()
