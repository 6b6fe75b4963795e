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
from server.accounts.common_passwords import load_common_passwords
from server.accounts.hashing import HashCost, PasswordHasher
from server.accounts.keeping import UserKeeping
from server.accounts.known_users import KnownUsers
from server.accounts.profiles import Profiles
from server.accounts.service import AccountService
from server.admin.figures import Reading
from server.admin.gates import Gates
from server.admin.parts import make_admin_parts
from server.admin.rules import ROOMS_PER_USER_MAX
from server.admin.sampling import Tally
from server.admin.service import HouseSettings
from server.admin.waiting import Waiting
from server.audit.service import AuditService
from server.broadcasts.service import BroadcastService
from server.chat.past import Past
from server.chat.service import ChatService, Judges
from server.clocks import Clocks
from server.detection.parts import build_detection
from server.detection.watch import Watch
from server.discovery.building import build_discovery
from server.draws.service import DrawService
from server.emotes.service import EmoteService
from server.feedback.service import FeedbackService
from server.follows.service import FollowService
from server.gateway.action_limits import ActionLimits
from server.gateway.control import ControlSession
from server.gateway.enforcement import Enforcement
from server.gateway.hub import RoomHub
from server.gateway.registry import Identity, SocketRegistry
from server.gateway.services import Services
from server.gifts.catalogue import load_catalogue
from server.gifts.choices import GiftChoices
from server.gifts.packets import RedPackets
from server.gifts.service import GiftService
from server.ledger.service import LedgerService
from server.likes.service import LikeService
from server.moderation.service import ModerationService
from server.personal_parts import build_privacy, hold, hold_discovery
from server.polls.service import PollService
from server.privacy.addresses import AddressHasher
from server.reports.service import ReportService
from server.rooms.keeping import RoomKeeping
from server.rooms.overseeing import RoomOversight
from server.rooms.service import RoomService
from server.sanctions.service import SanctionService
from server.sanctions.standings import Standings
from server.settings import Retention
from wire import commands, events
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.events import BroadcastInfo, EndReason
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

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None:
        return self.live.get(room_id)

    def viewers(self, room_id: RoomId) -> int:
        return self.viewer_counts.get(room_id, 0)

    def media_time_us(self, room_id: RoomId) -> int | None:
        return 5_000_000 if room_id in self.live else None

    async def end_broadcast(self, room_id: RoomId, reason: EndReason) -> bool:
        self.ended.append((room_id, reason))
        return self.live.pop(room_id, None) is not None

    def cut_guests(self, room_id: RoomId) -> None:
        self.cut_rooms.append(room_id)

    def cut_all(self, room_id: RoomId) -> None:
        self.cut_rooms.append(room_id)


class FakeChannel:
    """A control socket that remembers what was sent."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.address = address
        self.sent: list[events.Answer] = []
        self.events: list[events.Event] = []
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
        known = KnownUsers()
        self.profiles = Profiles(store, known=known, clocks=clocks)
        self.standings = Standings(clocks.mono_s)
        self.accounts = AccountService(
            store,
            clocks=clocks,
            random_bytes=self.random_bytes,
            hasher=self.hasher,
            known=known,
            bars=self.standings,
            common_passwords=load_common_passwords(),
        )
        self.broadcasts = BroadcastService(
            store, clocks=clocks, random_bytes=self.random_bytes, away_s_max=300
        )
        self.rooms = RoomService(
            store,
            self.plane,
            users=self.accounts,
            open_broadcasts=self.broadcasts,
            bars=self.standings,
            clocks=clocks,
            random_bytes=self.random_bytes,
            hasher=self.hasher,
            room_key_secret=b"k" * 32,
            rooms_per_user_max=lambda: self.house.number(ROOMS_PER_USER_MAX),
            check_guest=Gates(self.house).check_guest,
        )
        self.follows = FollowService(store, users=self.accounts, clocks=clocks)
        self.audit = AuditService(
            store,
            users=self.accounts,
            post_to_leaders=self.hub.post_to_leaders,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        self.moderation = ModerationService(store, audit=self.audit, clocks=clocks)
        enforcement = Enforcement(
            registry=self.registry,
            hub=self.hub,
            accounts=self.accounts,
            rooms=self.rooms,
            live=self.plane,
        )
        self.keeping = RoomKeeping(self.rooms, audit=self.audit, doors=enforcement)
        self.sanctions = SanctionService(
            store,
            standings=self.standings,
            users=self.accounts,
            rooms=self.rooms,
            audit=self.audit,
            enforcement=enforcement,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        watch = Watch(clocks=clocks)
        self.chat = ChatService(
            store,
            users=self.accounts,
            judges=Judges(self.moderation, watch),
            audit=self.audit,
            followed_since=self.follows.followed_since,
            post=self.hub.post,
            post_to_leaders=self.hub.post_to_leaders,
            media_time_us=self.plane.media_time_us,
            clocks=clocks,
            random_bytes=self.random_bytes,
            gather_s=0,
        )
        self.emotes = EmoteService(store, audit=self.audit, post=self.hub.post, clocks=clocks)
        self.likes = LikeService(
            live=self.plane,
            totals=self.broadcasts,
            post=self.hub.post,
            clocks=clocks,
            say_interval_s=0,
            store_interval_s=0,
        )
        self.ledger = LedgerService(
            store, users=self.accounts, clocks=clocks, random_bytes=self.random_bytes
        )
        self.gift_choices = GiftChoices(load_catalogue(), store)
        self.gifts = GiftService(
            self.ledger,
            self.plane,
            choices=self.gift_choices,
            post=self.hub.post,
            clocks=clocks,
        )
        self.packets = RedPackets(
            store,
            self.ledger,
            self.plane,
            users=self.accounts,
            below=random.Random(8).randrange,
            post=self.hub.post,
            clocks=clocks,
        )
        self.polls = PollService(
            store, post=self.hub.post, clocks=clocks, random_bytes=self.random_bytes
        )
        self.draws = DrawService(
            store,
            users=self.accounts,
            post=self.hub.post,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        self.reading = Reading(
            at_mono_s=self.time.mono_s,
            at_unix_ms=clocks.unix_ms(),
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
        self.thumbnails: dict[RoomId, bytes] = {}
        self.reports = ReportService(
            store,
            users=self.accounts,
            rooms=self.rooms,
            past=Past(store, users=self.accounts, chat=self.chat),
            find_thumbnail=self.thumbnails.get,
            tell_users=self.registry.tell_users,
            post_to_leaders=self.hub.post_to_leaders,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        self.feedback = FeedbackService(
            store,
            users=self.accounts,
            sanctions=self.sanctions,
            tell_users=self.registry.tell_users,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        waiting = Waiting(
            store,
            count_reports=self.reports.count_open,
            count_feedback=self.feedback.count_new,
            users=self.accounts,
            users_online=self.registry.users_online,
            tell_users=self.registry.tell_users,
        )
        self.admin = make_admin_parts(
            store,
            audit=self.audit,
            settings=self.house,
            tally=self.tally,
            read=lambda: self.reading,
            data_dir=self.data_dir,
            database=self.database,
            users=UserKeeping(
                store,
                accounts=self.accounts,
                known=known,
                hasher=self.hasher,
                common_passwords=load_common_passwords(),
                clocks=clocks,
                random_bytes=self.random_bytes,
            ),
            rooms=RoomOversight(
                store,
                rooms=self.rooms,
                live=self.plane,
                open_broadcasts=self.broadcasts,
                post=self.hub.post,
                clocks=clocks,
            ),
            gifts=self.gift_choices,
            waiting=waiting,
            clocks=clocks,
        )
        addresses = AddressHasher(
            self.folder, unix_ms=clocks.unix_ms, random_bytes=self.random_bytes
        )
        self.detection = build_detection(
            store,
            watch,
            accounts=self.accounts,
            rooms=self.rooms,
            chat=self.chat,
            standings=self.standings,
            sanctions=self.sanctions,
            audit=self.audit,
            hash_address=addresses.hashes,
            post_to_leaders=self.hub.post_to_leaders,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        self.privacy = build_privacy(
            store,
            folder=self.folder,
            retention=Retention(),
            clocks=clocks,
            random_bytes=self.random_bytes,
            holders=hold(
                plane=self.plane,
                accounts=self.accounts,
                rooms=self.rooms,
                chat=self.chat,
                polls=self.polls,
                draws=self.draws,
                follows=self.follows,
                moderation=self.moderation,
                emotes=self.emotes,
                packets=self.packets,
                standings=self.standings,
                identities=self.detection.identities,
            ),
        )
        self.discovery = build_discovery(
            store,
            database_url="",
            live=self.plane,
            open_room_ids=self.broadcasts.open_room_ids,
            rooms=self.rooms,
            users=self.accounts,
            follows=self.follows,
            may_record=self.privacy.service.may_record,
            clocks=clocks,
            random_bytes=self.random_bytes,
        )
        self.privacy.eraser.hold(hold_discovery(self.discovery.service))
        self.services = Services(
            accounts=self.accounts,
            profiles=self.profiles,
            rooms=self.rooms,
            chat=self.chat,
            moderation=self.moderation,
            emotes=self.emotes,
            likes=self.likes,
            ledger=self.ledger,
            gifts=self.gifts,
            packets=self.packets,
            polls=self.polls,
            draws=self.draws,
            follows=self.follows,
            privacy=self.privacy.service,
            exports=self.privacy.exports,
            eraser=self.privacy.eraser,
            audit=self.audit,
            sanctions=self.sanctions,
            keeping=self.keeping,
            detection=self.detection,
            reports=self.reports,
            feedback=self.feedback,
            discovery=self.discovery.service,
            trainer=self.discovery.trainer,
            live=self.plane,
            admin=self.admin,
            limits=ActionLimits(clocks.mono_s),
            clocks=clocks,
        )

    async def close(self) -> None:
        await self.admin.storage.close()
        await self.discovery.close()
        await self.privacy.eraser.close()
        await self.privacy.exports.close()
        await self.detection.close()
        await self.chat.close()
        await self.moderation.close()
        await self.likes.close()
        await self.packets.close()
        await self.ledger.close()
        await self.hub.close()
        self.hasher.close()
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def register(self, name: str, address: str = "192.0.2.1") -> Actor:
        answer = await self.accounts.register(
            name=name, password=PASSWORD, device="", address=address
        )
        return Actor(address, Login(answer.user, answer.session_id))

    async def create_room(self, owner: Actor, name: str = "Hall", **fields: object) -> RoomId:
        command = commands.CreateRoom(id=1, name=name, **fields)
        return (await self.rooms.create(owner, command)).room.room_id


class Socket:
    """A client's side of a control session."""

    def __init__(self, parts: Parts, address: str = "192.0.2.1") -> None:
        self.parts = parts
        self.channel = FakeChannel(address)
        self.session = ControlSession(parts.services, parts.hub, parts.registry, self.channel)
        # Apart from the ids that tests write themselves.
        self._ids = itertools.count(1_000)

    async def ask(self, kind: type[commands.Command], /, **fields: object) -> events.Answer:
        """Send a command and return its answer."""
        request_id = await self.say(kind, **fields)
        while True:
            for answer in self.channel.sent:
                if answer.re == request_id:
                    return answer
            await self.parts.store.read(lambda _session: None)

    async def say(self, kind: type[commands.Command], /, **fields: object) -> int:
        """Send a command as the listener does, without waiting for a later answer."""
        request_id = next(self._ids)
        await self.send_text(commands.pack(kind(id=request_id, **fields)))
        return request_id

    async def send_text(self, text: str) -> None:
        await self.session.handle(text)
        if self.channel.closed_with is None:
            identity = Identity(self.session.user_id, self.session.session_id)
            self.parts.registry.register(self.channel, identity)

    async def register(self, name: str) -> events.LoggedIn:
        answer = await self.ask(
            commands.Register, name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
        )
        assert isinstance(answer, events.LoggedIn), answer
        return answer
