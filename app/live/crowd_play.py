"""What one simulated viewer does in a room beside watching: writes, taps, gives, votes, grabs."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from app.errors import RelayRefused
from app.state import audience
from app.state import audience_purse as purse
from wire import (
    chat_commands,
    chat_events,
    coin_commands,
    coin_events,
    event_base,
    events,
    room_commands,
    room_events,
    round_commands,
    round_events,
)
from wire.errors import ErrorCode
from wire.limits import LIKES_BATCH_MAX

if TYPE_CHECKING:
    from app.net.control_client import ControlClient
    from wire.ids import RoomId

DEEDS_MAX: Final = 8
"""Deeds that wait for the relay's answer to the one before; a further one is left undone."""
PRESS_S_MIN: Final = 0.35
PRESS_S_MAX: Final = 1.1
"""Between two presses of a combo."""
_CHANCE_STEP: Final = 0.618034
_GONE_WRONG: Final = frozenset({ErrorCode.LOGIN_REQUIRED, ErrorCode.SESSION_ENDED})


@dataclass(slots=True)
class Tally:
    """What the whole audience did."""

    packets: int = 0
    bytes: int = 0
    said: int = 0
    unsaid: int = 0
    """Lines that the relay refused, or that were too many."""
    likes: int = 0
    gifts: int = 0
    coins: int = 0
    """Given, red packets included."""
    votes: int = 0
    entries: int = 0
    shares: int = 0
    """Of red packets."""
    undone: int = 0
    """Deeds other than lines that the relay refused: too late, too dear."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """Something in the room asks for an answer."""

    command: round_commands.VotePoll | round_commands.EnterDraw | coin_commands.GrabRedPacket


class CrowdPlay:
    """One stay: on one asyncio loop, one deed after the other, as with one pair of hands."""

    def __init__(self, room_id: RoomId, tally: Tally, *, luck: float) -> None:
        """`luck`, from 0 to 1, is what makes this viewer choose otherwise than the next."""
        self._room_id = room_id
        self._tally = tally
        self._luck = luck
        self._deeds: asyncio.Queue[audience.Deed | _Ask] = asyncio.Queue(maxsize=DEEDS_MAX)
        self._gifts: tuple[coin_events.GiftInfo, ...] = ()
        self._user_id = ""

    def do(self, deed: audience.Deed) -> None:
        try:
            self._deeds.put_nowait(deed)
        except asyncio.QueueFull:
            if isinstance(deed, audience.Say):
                self._tally.unsaid += 1
            else:
                self._tally.undone += 1

    def hear(self, event: events.RoomEvent) -> None:
        """What is opened in the room is answered after a while."""
        match event:
            case round_events.PollOpened(poll=poll):
                self._see_poll(poll)
            case round_events.DrawOpened(draw=draw):
                self._see_draw(draw)
            case coin_events.RedPacketOpened():
                self._see_packet(event)

    async def run(self, control: ControlClient, user: event_base.UserInfo) -> None:
        """Join and carry out what is asked for. Raises RelayRefused, RelayUnreachable."""
        self._user_id = user.user_id
        join = room_commands.JoinRoom(id=control.next_id(), room_id=self._room_id)
        joined = await control.request(join, room_events.RoomJoined)
        await self._claim(control)
        if joined.poll is not None:
            self._see_poll(joined.poll)
        if joined.draw is not None:
            self._see_draw(joined.draw)
        for packet in joined.red_packets:
            self._see_packet(packet)
        while True:
            deed = await self._deeds.get()
            try:
                await self._carry_out(control, deed)
            except RelayRefused as refused:
                if isinstance(deed, audience.Say):
                    if refused.retry_after_ms is None:
                        raise
                    self._tally.unsaid += 1
                elif refused.code in _GONE_WRONG:
                    raise
                else:
                    self._tally.undone += 1

    # --- within -----------------------------------------------------------------------------------

    def _chance(self) -> float:
        self._luck = (self._luck + _CHANCE_STEP) % 1
        return self._luck

    def _see_poll(self, poll: round_events.PollInfo) -> None:
        if self._chance() < purse.VOTING_SHARE:
            choice = purse.choose_vote(poll.poll_id, len(poll.choices), self._chance())
            vote = round_commands.VotePoll(
                id=0, room_id=self._room_id, poll_id=poll.poll_id, choice=choice
            )
            self._ask_in(purse.delay_s(poll.ends_in_ms, self._chance()), vote)

    def _see_draw(self, draw: round_events.DrawInfo) -> None:
        if self._chance() < purse.ENTERING_SHARE:
            enter = round_commands.EnterDraw(id=0, room_id=self._room_id, draw_id=draw.draw_id)
            self._ask_in(purse.delay_s(draw.ends_in_ms, self._chance()), enter)

    def _see_packet(self, packet: coin_events.RedPacketOpened) -> None:
        if packet.user_id != self._user_id:
            grab = coin_commands.GrabRedPacket(
                id=0, room_id=self._room_id, packet_id=packet.packet_id
            )
            self._ask_in(self._chance() * purse.GRAB_DELAY_S_MAX, grab)

    def _ask_in(
        self,
        seconds: float,
        command: round_commands.VotePoll | round_commands.EnterDraw | coin_commands.GrabRedPacket,
    ) -> None:
        def put() -> None:
            if not self._deeds.full():
                self._deeds.put_nowait(_Ask(command))

        asyncio.get_running_loop().call_later(seconds, put)

    async def _carry_out(self, control: ControlClient, deed: audience.Deed | _Ask) -> None:
        match deed:
            case audience.Say():
                await self._say(control, deed)
            case audience.Tap(count=count):
                likes = chat_commands.SendLikes(
                    id=control.next_id(), room_id=self._room_id, count=min(count, LIKES_BATCH_MAX)
                )
                await control.request(likes, events.Ok)
                self._tally.likes += count
            case audience.Give():
                await self._give(control, deed)
            case audience.Treat():
                await self._treat(control)
            case _Ask(command):
                await self._answer(control, command)

    async def _say(self, control: ControlClient, line: audience.Say) -> None:
        command = chat_commands.SendDanmaku(
            id=control.next_id(),
            room_id=self._room_id,
            text=line.text,
            mode=line.mode,
            color=line.color,
            size=line.size,
        )
        await control.request(command, chat_events.DanmakuAccepted)
        self._tally.said += 1

    async def _give(self, control: ControlClient, deed: audience.Give) -> None:
        if not self._gifts:
            listed = coin_commands.ListGifts(id=control.next_id())
            self._gifts = (await control.request(listed, coin_events.GiftCatalogue)).gifts
        coins = await self._read_purse(control)
        present = purse.choose_present(self._gifts, coins, deed.generosity, deed.times)
        if present is None:
            return
        for press in range(present.times):
            if press:
                await asyncio.sleep(PRESS_S_MIN + self._chance() * (PRESS_S_MAX - PRESS_S_MIN))
            command = coin_commands.SendGift(
                id=control.next_id(),
                room_id=self._room_id,
                gift_id=present.gift_id,
                idempotency_key=uuid.uuid4().hex,
            )
            accepted = await control.request(command, coin_events.GiftAccepted)
            self._tally.gifts += 1
            self._tally.coins += coins - accepted.balance_coins
            coins = accepted.balance_coins

    async def _treat(self, control: ControlClient) -> None:
        chosen = purse.choose_treat(await self._read_purse(control), self._chance())
        if chosen is None:
            return
        coins, shares = chosen
        command = coin_commands.SendRedPacket(
            id=control.next_id(),
            room_id=self._room_id,
            coins=coins,
            shares=shares,
            idempotency_key=uuid.uuid4().hex,
        )
        await control.request(command, coin_events.RedPacketAccepted)
        self._tally.coins += coins

    async def _answer(
        self,
        control: ControlClient,
        command: round_commands.VotePoll | round_commands.EnterDraw | coin_commands.GrabRedPacket,
    ) -> None:
        numbered = msgspec.structs.replace(command, id=control.next_id())
        if isinstance(numbered, coin_commands.GrabRedPacket):
            await control.request(numbered, coin_events.RedPacketShare)
            self._tally.shares += 1
            return
        await control.request(numbered, events.Ok)
        if isinstance(numbered, round_commands.VotePoll):
            self._tally.votes += 1
        else:
            self._tally.entries += 1

    async def _read_purse(self, control: ControlClient) -> int:
        """Read each time: somebody may have given coins, and red packets bring some."""
        command = coin_commands.GetWallet(id=control.next_id())
        return (await control.request(command, coin_events.Wallet)).balance_coins

    async def _claim(self, control: ControlClient) -> None:
        """The day's coins and those for watching, where there are any."""
        try:
            await control.request(
                coin_commands.ClaimGrant(id=control.next_id()), coin_events.Wallet
            )
        except RelayRefused as refused:
            if refused.code in _GONE_WRONG:
                raise
