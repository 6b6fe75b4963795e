"""A clock that stands still, packets that can be told apart, and sockets that only remember."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from server.relay.context import MediaCounters
from server.relay.fanout import Fanout
from server.relay.layers import LayerChooser
from server.relay.load import LoadMeter
from server.relay.packet import RelayedPacket
from server.relay.subscriber import Subscriber
from server.settings import CoalesceMode
from wire.commands import LayerChoice
from wire.media_packet import Flags, Header, Kind

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
