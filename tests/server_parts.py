"""The relay's services as tests wire them: time that stands still, cheap hashes, a fake plane."""

from __future__ import annotations

import atexit
import itertools
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from server.accounts.actor import Actor, Login
from server.accounts.hashing import HashCost, PasswordHasher
from server.admin.figures import Reading
from server.admin.sampling import Tally
from server.admin.service import HouseSettings
from server.broadcasts.service import BroadcastService
from server.clocks import Clocks
from server.gateway.control import ControlSession
from server.gateway.hub import RoomHub
from server.gateway.registry import Identity, SocketRegistry
from server.parts.ground import Ground, Pace
from server.parts.parts import build_parts
from server.sanctions.standings import Standings
from server.settings import Retention
from wire import (
    account_commands,
    account_events,
    command_base,
    commands,
    event_base,
    events,
    room_commands,
)
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.event_base import BroadcastInfo, EndReason
    from wire.ids import RoomId

PASSWORD = "correct horse battery"
CHEAP = HashCost(memory_kib=8, passes=1)
START_UNIX_US = 1_700_000_000_000_000


class FakeTime:
    """A monotonic and a wall clock that move when they are told to."""

    def __init__(self) -> None:
        self.mono_s = 1_000.0
        self.unix_us = START_UNIX_US
        self.clocks = Clocks(mono_s=lambda: self.mono_s, unix_us=lambda: self.unix_us)

    def pass_s(self, seconds: float) -> None:
        self.mono_s += seconds
        self.unix_us += int(seconds * 1_000_000)


class CountedBytes:
    """Randomness that repeats."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def __call__(self, size: int) -> bytes:
        return next(self._numbers).to_bytes(size)


@dataclass
class FakePlane:
    """What rooms ask of the media plane."""

    live: dict[RoomId, BroadcastInfo] = field(default_factory=dict)
    viewer_counts: dict[RoomId, int] = field(default_factory=dict)
    ended: list[tuple[RoomId, EndReason]] = field(default_factory=list)
    cut_rooms: list[RoomId] = field(default_factory=list)
    away_s: dict[RoomId, int] = field(default_factory=dict)
    taps: list[object] = field(default_factory=list)
    rooms: dict[RoomId, object] = field(default_factory=dict)

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None:
        return self.live.get(room_id)

    def viewers(self, room_id: RoomId) -> int:
        return self.viewer_counts.get(room_id, 0)

    def media_time_us(self, room_id: RoomId) -> int | None:
        return 5_000_000 if room_id in self.live else None

    async def end_broadcast(self, room_id: RoomId, reason: EndReason) -> bool:
        self.ended.append((room_id, reason))
        return self.live.pop(room_id, None) is not None

    def set_away_s(self, room_id: RoomId, away_s: int) -> None:
        self.away_s[room_id] = away_s

    def cut_guests(self, room_id: RoomId) -> None:
        self.cut_rooms.append(room_id)

    def cut_all(self, room_id: RoomId) -> None:
        self.cut_rooms.append(room_id)


class FakeChannel:
    """A control socket that remembers what was sent."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.address = address
        self.sent: list[event_base.Answer] = []
        self.events: list[event_base.Event] = []
        self.closed_with: tuple[int, str] | None = None

    def send_text(self, payload: bytes) -> None:
        message = events.parse_control(payload)
        if isinstance(message, tuple):
            self.events.extend(message)
        else:
            self.sent.append(message)

    def write_framed(self, frames: bytes) -> None:
        self.send_text(frames)

    def close_now(self, code: int, reason: str) -> None:
        self.closed_with = (int(code), reason)

    def __hash__(self) -> int:
        return id(self)


class Parts:
    """All services on one store."""

    def __init__(
        self,
        store: Store,
        *,
        first_id: int = 1,
        data_dir: Path | None = None,
        database: Path | None = None,
    ) -> None:
        """`first_id`: another one for each life of the relay on the same database."""
        self.folder = Path(tempfile.mkdtemp(prefix="livehouse-parts-"))
        # Parts that play a killed relay are never closed.
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.data_dir = data_dir or self.folder
        self.database = database
        self.store = store
        self.time = FakeTime()
        self.random_bytes = CountedBytes(first_id)
        self.plane = FakePlane()
        self.tally = Tally()
        self.hub = RoomHub(lambda payload: payload, batch_s=0, on_post=self.tally.note_event)
        self.registry = SocketRegistry()
        self.hasher = PasswordHasher(at_once=2, queue_max=50, cost=CHEAP)
        clocks = self.time.clocks
        self.house = HouseSettings(store, clocks=clocks, defaults={})
        self.standings = Standings(clocks.mono_s)
        self.broadcasts = BroadcastService(
            store, clocks=clocks, random_bytes=self.random_bytes, away_s_max=300
        )
        self.thumbnails: dict[RoomId, bytes] = {}
        self.reading = self._still_reading()
        self.all = build_parts(self._make_ground())
        people, talk, show, house = self.all.people, self.all.talk, self.all.show, self.all.house
        self.accounts, self.profiles, self.rooms = people.accounts, people.profiles, people.rooms
        self.follows, self.audit = people.follows, people.audit
        self.chat, self.moderation, self.keeping = talk.chat, talk.moderation, talk.keeping
        self.sanctions, self.detection = talk.sanctions, talk.detection
        self.reports, self.feedback = talk.reports, talk.feedback
        self.likes, self.ledger, self.gift_choices = show.likes, show.ledger, show.choices
        self.gifts, self.packets, self.emotes = show.gifts, show.packets, show.emotes
        self.polls, self.draws = show.polls, show.draws
        self.admin, self.privacy, self.discovery = house.admin, house.privacy, house.discovery
        self.services = self.all.services()

    def _make_ground(self) -> Ground:
        return Ground(
            store=self.store,
            clocks=self.time.clocks,
            settings=self.house,
            hasher=self.hasher,
            standings=self.standings,
            broadcasts=self.broadcasts,
            plane=self.plane,
            hub=self.hub,
            registry=self.registry,
            tally=self.tally,
            read=lambda: self.reading,
            find_thumbnail=self.thumbnails.get,
            data_dir=self.data_dir,
            database_url="",
            database=self.database,
            room_key_secret=b"k" * 32,
            retention=Retention(),
            pace=Pace(store_messages_s=0, say_likes_s=0, store_likes_s=0),
            random_bytes=self.random_bytes,
            random_below=random.Random(8).randrange,
        )

    def _still_reading(self) -> Reading:
        return Reading(
            at_mono_s=self.time.mono_s,
            at_unix_ms=self.time.clocks.unix_ms(),
            viewers=0,
            rooms_live=0,
            sockets=0,
            bytes_in=0,
            bytes_out=0,
            cpu_s=0.0,
            memory_bytes=0,
            lag_s_max=0.0,
            messages=0,
            coins=0,
            refusals=0,
            sanctions=0,
        )

    async def close(self) -> None:
        await self.all.close()
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def register(self, name: str, address: str = "192.0.2.1") -> Actor:
        answer = await self.accounts.register(
            name=name, password=PASSWORD, device="", address=address
        )
        return Actor(address, Login(answer.user, answer.session_id))

    async def create_room(self, owner: Actor, name: str = "Hall", **fields: object) -> RoomId:
        command = room_commands.CreateRoom(id=1, name=name, **fields)
        return (await self.rooms.create(owner, command)).room.room_id


class Socket:
    """A client's side of a control session."""

    def __init__(self, parts: Parts, address: str = "192.0.2.1") -> None:
        self.parts = parts
        self.channel = FakeChannel(address)
        self.session = ControlSession(parts.services, parts.hub, parts.registry, self.channel)
        # Apart from the ids that tests write themselves.
        self._ids = itertools.count(1_000)

    async def ask(self, kind: type[command_base.Command], /, **fields: object) -> event_base.Answer:
        """Send a command and return its answer."""
        request_id = await self.say(kind, **fields)
        while True:
            for answer in self.channel.sent:
                if answer.re == request_id:
                    return answer
            await self.parts.store.read(lambda _session: None)

    async def say(self, kind: type[command_base.Command], /, **fields: object) -> int:
        """Send a command as the listener does, without waiting for a later answer."""
        request_id = next(self._ids)
        await self.send_text(commands.pack(kind(id=request_id, **fields)))
        return request_id

    async def send_text(self, text: str) -> None:
        await self.session.handle(text)
        if self.channel.closed_with is None:
            identity = Identity(self.session.user_id, self.session.session_id)
            self.parts.registry.register(self.channel, identity)

    async def register(self, name: str) -> account_events.LoggedIn:
        answer = await self.ask(
            account_commands.Register, name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
        )
        assert isinstance(answer, account_events.LoggedIn), answer
        return answer
