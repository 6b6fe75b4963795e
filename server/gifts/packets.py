"""Red packets: coins in escrow, split when they are put in, taken by whoever is quick."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.background import BackgroundTasks
from server.gifts import queries as packets
from server.gifts.rules import PACKET_S, PACKETS_OPEN_MAX, Below, split
from server.ledger import queries as ledger_queries
from server.ledger.rules import Draft, coins_of, escrow_of, move
from server.ledger.service import client_key
from wire.coin_events import (
    RedPacketAccepted,
    RedPacketEnded,
    RedPacketGrabbed,
    RedPacketOpened,
    RedPacketShare,
)
from wire.errors import ErrorCode, WireError
from wire.ids import PacketId, RoomId, UserId

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.clocks import Clocks
    from server.ledger.service import LedgerService, Users
    from server.rooms.live_view import LiveView
    from server.store.session import Session
    from server.store.store import Store
    from wire.coin_commands import GrabRedPacket, SendRedPacket
    from wire.event_base import Event, UserInfo

RETRY_S: Final = 5.0
"""How often giving back is tried again while the disk refuses."""

_log = structlog.get_logger(__name__)


@dataclass
class _Open:
    """A packet that has not ended, as those who join are told of it."""

    event: RedPacketOpened
    ends_at_mono_s: float
    timer: asyncio.Task[None] | None = None


@dataclass(frozen=True)
class _Grabbed:
    share: RedPacketShare
    is_new: bool
    shares_left: int


class RedPackets:
    """Event loop's thread only. `start` goes on with what an earlier process left open."""

    def __init__(
        self,
        store: Store,
        ledger: LedgerService,
        live: LiveView,
        *,
        users: Users,
        below: Below,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._live = live
        self._users = users
        self._below = below
        self._post = post
        self._clocks = clocks
        self._open: dict[PacketId, _Open] = {}
        self._tasks = BackgroundTasks()

    async def start(self) -> None:
        found = await self._store.read(packets.open_packets)
        known: dict[UserId, UserInfo] = await self._users.find_users(
            {UserId(packet.user_id) for packet in found}
        )
        now = self._clocks.unix_ms()
        for packet in found:
            user = known.get(UserId(packet.user_id))
            event = RedPacketOpened(
                room_id=RoomId(packet.room_id),
                packet_id=PacketId(packet.packet_id),
                user_id=UserId(packet.user_id),
                name=user.name if user else "",
                coins=packet.coins,
                shares=packet.shares_left,
            )
            # Whatever the wall clock did meanwhile, no packet stays longer than a new one.
            self._begin(event, min(PACKET_S, max(0.0, (packet.ends_at_unix_ms - now) / 1000)))

    async def close(self) -> None:
        """What is open stays so, for the next process."""
        await self._tasks.close()

    def open_in(self, room_id: RoomId) -> tuple[RedPacketOpened, ...]:
        now = self._clocks.mono_s()
        return tuple(
            msgspec.structs.replace(
                one.event, left_ms=max(0, round((one.ends_at_mono_s - now) * 1000))
            )
            for one in self._open.values()
            if one.event.room_id == room_id
        )

    async def send(self, login: Login, command: SendRedPacket) -> RedPacketAccepted:
        """Raises WireError: INVALID_VALUE, NOT_LIVE, FULL, NOT_ENOUGH_COINS, LIMIT_REACHED, ..."""
        if command.shares > command.coins:
            raise WireError(ErrorCode.INVALID_VALUE, "a share is at least one coin", field="shares")
        return await self._ledger.carry_out(lambda: self._put_in(login, command))

    async def grab(self, login: Login, command: GrabRedPacket) -> RedPacketShare:
        """Raises WireError: NOT_FOUND, GONE."""
        return await self._ledger.carry_out(lambda: self._take_out(login, command))

    async def end_room(self, room_id: RoomId) -> None:
        """The room's broadcast is over: its packets too."""
        for packet in self.open_in(room_id):
            await self._end_or_retry(packet.packet_id)

    def forget(self, user_id: UserId) -> None:
        """The user is erased: its packets stay open, under no name."""
        for one in self._open.values():
            if one.event.user_id == user_id:
                one.event = msgspec.structs.replace(one.event, name="")

    # --- in turn ------------------------------------------------------------------------------

    async def _put_in(self, login: Login, command: SendRedPacket) -> RedPacketAccepted:
        user, room_id = login.user, command.room_id
        is_live = self._live.broadcast(room_id) is not None
        packet_id = PacketId(self._ledger.make_id())
        shares = split(command.coins, command.shares, self._below)
        now = self._clocks.unix_ms()
        draft = Draft(
            # The answer to the same key finds the packet by its transfer.
            transfer_id=packet_id,
            kind="red_packet",
            at_unix_ms=now,
            lines=move(
                command.coins,
                source=coins_of(user.user_id),
                target=escrow_of(packet_id, user.user_id),
            ),
            by_user_id=user.user_id,
            key=client_key(command.idempotency_key),
            content=f"red_packet {room_id} {command.coins} {command.shares}",
            room_id=room_id,
            count=command.shares,
        )

        def work(session: Session) -> tuple[RedPacketAccepted, bool]:
            key = client_key(command.idempotency_key)
            done = ledger_queries.find_done(session, user.user_id, key, draft.content)
            booked = done
            if booked is None:
                if not is_live:
                    raise WireError(ErrorCode.NOT_LIVE, "nothing is live in this room")
                if packets.count_open(session, room_id) >= PACKETS_OPEN_MAX:
                    raise WireError(
                        ErrorCode.FULL,
                        "too many red packets are open in this room",
                        field="red_packets",
                    )
                self._ledger.check_limits(session, user.user_id, command.coins)
                booked = ledger_queries.book(session, draft)
                packets.insert_packet(
                    session,
                    packet_id=packet_id,
                    room_id=room_id,
                    user_id=user.user_id,
                    shares=shares,
                    ends_at_unix_ms=now + int(PACKET_S * 1000),
                )
            accepted = RedPacketAccepted(
                packet_id=PacketId(str(booked.fields["id"])),
                balance_coins=booked.entries[0].balance,
            )
            return accepted, done is None

        accepted, is_new = await self._ledger.write(work)
        if is_new:
            event = RedPacketOpened(
                room_id=room_id,
                packet_id=packet_id,
                user_id=user.user_id,
                name=user.name,
                coins=command.coins,
                shares=command.shares,
            )
            self._begin(event, PACKET_S)
            self._post(room_id, event)
        return accepted

    async def _take_out(self, login: Login, command: GrabRedPacket) -> RedPacketShare:
        user = login.user
        draft_id, now = self._ledger.make_id(), self._clocks.unix_ms()

        def work(session: Session) -> _Grabbed:
            packet = packets.find_packet(session, command.packet_id)
            if packet is None or packet.room_id != command.room_id:
                raise WireError(ErrorCode.NOT_FOUND, "no such red packet", field="packet_id")
            had = packets.find_share_of(session, packet.packet_id, user.user_id)
            if had is not None:
                answer = RedPacketShare(coins=had.coins, balance_coins=had.balance_coins)
                return _Grabbed(answer, is_new=False, shares_left=packet.shares_left)
            share = packets.find_free_share(session, packet.packet_id)
            if packet.is_over or share is None:
                raise WireError(ErrorCode.GONE, "nothing is left of this red packet")
            booked = ledger_queries.book(
                session,
                Draft(
                    transfer_id=draft_id,
                    kind="red_packet_share",
                    at_unix_ms=now,
                    lines=move(
                        share.coins,
                        source=escrow_of(packet.packet_id, packet.user_id),
                        target=coins_of(user.user_id),
                    ),
                    by_user_id=user.user_id,
                    key=f"red_packet_share {packet.packet_id}",
                    room_id=packet.room_id,
                ),
            )
            balance = booked.entries[1].balance
            if not packets.take_share(
                session, packet.packet_id, share.number, user.user_id, balance
            ):
                raise WireError(ErrorCode.GONE, "somebody was quicker")
            left = packet.shares_left - 1
            if left == 0:
                packets.end_packet(session, packet.packet_id, now)
            answer = RedPacketShare(coins=share.coins, balance_coins=balance)
            return _Grabbed(answer, is_new=True, shares_left=left)

        grabbed = await self._ledger.write(work)
        if grabbed.is_new:
            self._tell_grabbed(user, command, grabbed)
        return grabbed.share

    def _tell_grabbed(self, user: UserInfo, command: GrabRedPacket, grabbed: _Grabbed) -> None:
        room_id, packet_id = command.room_id, command.packet_id
        self._post(
            room_id,
            RedPacketGrabbed(
                room_id=room_id,
                packet_id=packet_id,
                user_id=user.user_id,
                name=user.name,
                coins=grabbed.share.coins,
                shares_left=grabbed.shares_left,
            ),
        )
        if grabbed.shares_left == 0:
            self._forget(packet_id)
            self._post(
                room_id, RedPacketEnded(room_id=room_id, packet_id=packet_id, returned_coins=0)
            )
            return
        one = self._open.get(packet_id)
        if one is not None:
            one.event = msgspec.structs.replace(one.event, shares=grabbed.shares_left)

    async def _give_back(self, packet_id: PacketId) -> None:
        now, draft_id = self._clocks.unix_ms(), self._ledger.make_id()

        def work(session: Session) -> tuple[RoomId, int] | None:
            packet = packets.find_packet(session, packet_id)
            if packet is None or packet.is_over:
                return None
            escrow = escrow_of(packet.packet_id, packet.user_id)
            rest = ledger_queries.balance(session, escrow)
            if rest:
                ledger_queries.book(
                    session,
                    Draft(
                        transfer_id=draft_id,
                        kind="red_packet_return",
                        at_unix_ms=now,
                        lines=move(rest, source=escrow, target=coins_of(packet.user_id)),
                        room_id=packet.room_id,
                    ),
                )
            packets.end_packet(session, packet_id, now)
            return RoomId(packet.room_id), rest

        ended = await self._ledger.write(work)
        self._forget(packet_id)
        if ended is not None:
            room_id, rest = ended
            self._post(
                room_id, RedPacketEnded(room_id=room_id, packet_id=packet_id, returned_coins=rest)
            )

    # --- time ---------------------------------------------------------------------------------

    def _begin(self, event: RedPacketOpened, seconds: float) -> None:
        self._open[event.packet_id] = one = _Open(event, self._clocks.mono_s() + seconds)
        one.timer = self._tasks.start(self._end_later(event.packet_id, seconds), name="red packet")

    def _forget(self, packet_id: PacketId) -> None:
        one = self._open.pop(packet_id, None)
        if one is not None and one.timer is not None:
            one.timer.cancel()

    async def _end_later(self, packet_id: PacketId, seconds: float) -> None:
        pause_s, is_ended = seconds, False
        while not is_ended:
            await asyncio.sleep(pause_s)
            pause_s = RETRY_S
            is_ended = packet_id not in self._open or await self._end_or_retry(packet_id)

    async def _end_or_retry(self, packet_id: PacketId) -> bool:
        """False when the disk refused: the packet's own clock tries again."""
        try:
            await self._ledger.carry_out(lambda: self._give_back(packet_id))
        except WireError as error:
            _log.warning("a red packet could not be ended yet", code=error.code)
            return False
        return True
