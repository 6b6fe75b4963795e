"""One simulated viewer's stay in one room: packets are counted and thrown away, deeds are done."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING, Final

from app.errors import RelayRefused
from app.live.crowd_play import CrowdPlay
from app.net.control_client import open_control
from app.net.subscribe_client import SubscribeClient
from wire import account_commands, events, media_commands, room_commands, room_events
from wire.discovery_commands import Impression, RecordImpressions

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from app.live.crowd_accounts import CrowdAccounts
    from app.live.crowd_play import Tally
    from app.net.address import RelayAddress
    from app.net.control_client import ControlClient
    from app.state.audience import Deed
    from wire.event_base import UserInfo
    from wire.ids import RoomId
    from wire.media_packet import MediaPacket

SEEN_MAX: Final = 12
"""Of a recommended list: what fits on a page."""


class CrowdVisit:
    """Made, run and left on one asyncio loop. `run` may be called again after a lost link."""

    def __init__(
        self,
        address: RelayAddress,
        room_id: RoomId,
        *,
        name: str,
        takes_picture: bool,
        accounts: CrowdAccounts,
        tally: Tally,
        on_account: Callable[[UserInfo], None],
        luck: float,
        is_fan: bool = False,
    ) -> None:
        """Without a name: a guest. A fan follows the room's host."""
        self._is_fan = is_fan
        self._address = address
        self._room_id = room_id
        self._name = name
        self._takes_picture = takes_picture
        self._accounts = accounts
        self._tally = tally
        self._on_account = on_account
        self._play = CrowdPlay(room_id, tally, luck=luck)
        self._ticket: asyncio.Future[str] | None = None
        self.leaving = asyncio.Event()
        self.is_watching = False

    def do(self, deed: Deed) -> None:
        self._play.do(deed)

    def leave(self) -> None:
        self.leaving.set()

    async def run(self) -> None:
        """Until `leave`. Raises RelayRefused or RelayUnreachable."""
        loop = asyncio.get_running_loop()
        works: list[Coroutine[Any, Any, object]] = [self._watch(), self.leaving.wait()]
        self._ticket = loop.create_future()
        if self._name:
            works.append(self._take_part())
        else:
            self._ticket.set_result("")
        tasks = [loop.create_task(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.is_watching = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _watch(self) -> None:
        client = SubscribeClient(
            self._address,
            on_packet=self._take_packet,
            on_event=lambda _event: None,
            make_report=media_commands.Report,
        )
        client.audio_only = not self._takes_picture
        if self._ticket is not None:
            # With it the relay knows who watches, and learns what they like.
            await client.run_session(
                room_id=self._room_id,
                ticket=await self._ticket,
                on_subscribed=self._on_subscribed,
            )

    def _on_subscribed(self) -> None:
        self.is_watching = True

    def _take_packet(self, packet: MediaPacket, _arrived_us: int) -> None:
        self._tally.packets += 1
        self._tally.bytes += len(packet.payload)

    async def _take_part(self) -> None:
        async with open_control(self._address, on_event=self._play.hear) as control:
            user = await self._accounts.sign_in(control, self._name)
            self._on_account(user)
            with contextlib.suppress(RelayRefused):  # one looks around less, where it is too much
                await self._look_around(control)
            ask = room_commands.RequestSubscribeTicket(id=control.next_id(), room_id=self._room_id)
            issued = await control.request(ask, room_events.TicketIssued)
            if self._ticket is not None and not self._ticket.done():
                self._ticket.set_result(issued.ticket)
            await self._play.run(control, user)

    async def _look_around(self, control: ControlClient) -> None:
        """As somebody at the window would: what is recommended was seen, and one of it chosen."""
        ask = room_commands.ListRooms(id=control.next_id(), order="recommended", limit=SEEN_MAX)
        rooms = (await control.request(ask, room_events.RoomList)).rooms
        seen = tuple(
            Impression(
                key=uuid.uuid4().hex,
                room_id=room.room_id,
                position=position,
                reason=room.reason.kind,
                is_clicked=room.room_id == self._room_id,
            )
            for position, room in enumerate(rooms)
            if room.reason is not None
        )
        if seen:
            record = RecordImpressions(id=control.next_id(), impressions=seen)
            await control.request(record, events.Ok)
        host = next((room.owner for room in rooms if room.room_id == self._room_id), None)
        if self._is_fan and host is not None:
            follow = account_commands.FollowUser(
                id=control.next_id(), user_id=host.user_id, is_following=True
            )
            await control.request(follow, events.Ok)
