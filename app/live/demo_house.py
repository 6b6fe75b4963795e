"""A lively house: rooms with broadcasts at a relay, and a simulated audience in them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError, RelayRefused, RelayUnreachable
from app.live.crowd import Crowd
from app.live.crowd_accounts import CrowdAccounts
from app.live.demo_host import DemoHost
from app.live.demo_patron import DemoPatron
from app.live.publishing import Publishing
from app.live.vault import Vault
from app.net.address import parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.net.relay_process import start_relay
from app.settings import AudienceSettings, PublishSettings, Secret
from app.state.demo_programme import DemoRoom, make_programme
from wire import limits, room_commands, room_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path
    from typing import Any

    from app.net.address import RelayAddress
    from app.settings import DemoSettings
    from wire.ids import RoomId

LAYERS: Final = "360p"
"""Five of these, their audience and a window are what two cores carry."""
FIRST_ROUND_S: Final = 10.0
"""Until the first room's first poll, and then from room to room."""
LIVE_TIMEOUT_S: Final = 30.0
GOODBYE_TIMEOUT_S: Final = 5.0
_POLL_S: Final = 0.05


class DemoHouse:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        settings: DemoSettings,
        *,
        data_dir: Path,
        random: Callable[[], float],
        seeded: Callable[[], float],
        on_notice: Callable[[str], None],
        on_ready: Callable[[str, str | None], None] = lambda _url, _pin: None,
        began_hour: float | None = None,
    ) -> None:
        """`seeded` decides what the audience does, `random` spreads retries. `on_ready` gets the
        relay's address and pin once every room is live."""
        self._settings = settings
        self._data_dir = data_dir
        self._random = random
        self._seeded = seeded
        self._on_notice = on_notice
        self._on_ready = on_ready
        self._began_hour = began_hour
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._publishings: list[Publishing] = []
        self._crowd: Crowd | None = None
        self._patron: DemoPatron | None = None
        """Only where the relay is the demo's own."""

    async def run(self) -> None:
        """Until `stop`, the end of --seconds or the first failure; all ends in order."""
        if self._settings.relay:
            await self._run_at(self._settings.relay, self._settings.pin, [])
            return
        patron = self._patron = DemoPatron()
        await patron.prepare(self._data_dir / "relay")
        relay = await start_relay(data_dir=self._data_dir / "relay")
        try:

            async def guard() -> None:
                code = await relay.wait()
                raise RelayUnreachable(f"the demo's relay ended with exit code {code}")

            await self._run_at(relay.ready.url, relay.ready.fingerprint or None, [guard()])
        finally:
            await relay.stop()

    def stop(self) -> None:
        """On the loop."""
        self._stopping.set()

    def line(self) -> str:
        """One line of how it goes."""
        if self._crowd is None:
            return "opening the house"
        fps = [publishing.pipeline_stats().fps for publishing in self._publishings]
        return f"{len(fps)} broadcasts at {min(fps):.0f} fps or more  {self._crowd.line()}"

    def statistics(self) -> dict[str, object]:
        return {
            "broadcasts": [publishing.statistics() for publishing in self._publishings],
            "audience": self._crowd.statistics() if self._crowd is not None else {},
        }

    async def _run_at(
        self, url: str, pin: str | None, others: Sequence[Coroutine[Any, Any, None]]
    ) -> None:
        address = parse_relay_address(url, pin=pin)
        vault = Vault(self._data_dir / "people", uses_keyring=False)
        accounts = CrowdAccounts(vault, pin or url)
        programme = make_programme([str(file) for file in self._settings.files])
        beside = {self._loop.create_task(other) for other in (*others, self._await_stop())}
        tasks: set[asyncio.Task[None]] = set()
        extras: set[asyncio.Task[None]] = set()
        rooms: list[RoomId] = []
        try:
            for room in programme:
                # Its own link for each: a streamer writes and signs in as itself.
                async with open_control(address) as control:
                    await accounts.sign_in(control, room.owner)
                    room_id = await _access_room(control, room)
                rooms.append(room_id)
                publishing = self._make_publishing(url, pin, room, room_id, accounts)
                self._publishings.append(publishing)
                tasks.add(self._loop.create_task(publishing.run()))
            await self._await_live(tasks | beside)
            own_ids = tuple(rooms)
            rooms[1:1] = await _find_others(address, rooms)
            crowd = self._crowd = self._make_crowd(url, pin, vault, rooms)
            tasks.add(self._loop.create_task(crowd.run()))
            extras |= self._start_extras(address, programme, own_ids, accounts)
            if not self._stopping.is_set():
                self._on_ready(url, pin)
            await asyncio.wait(tasks | beside, return_when=asyncio.FIRST_COMPLETED)
        finally:
            done = {task for task in tasks | beside if task.done()}
            await self._end(tasks, beside | extras)
        for task in done:
            task.result()

    def _start_extras(
        self,
        address: RelayAddress,
        programme: Sequence[DemoRoom],
        rooms: Sequence[RoomId],
        accounts: CrowdAccounts,
    ) -> set[asyncio.Task[None]]:
        """What makes it livelier; the demo stands without."""
        extras = {
            self._loop.create_task(
                DemoHost(address, room, room_id, accounts).run(first_wait_s=FIRST_ROUND_S * number)
            )
            for number, (room, room_id) in enumerate(zip(programme, rooms, strict=True), start=1)
        }
        if self._patron is not None:
            extras.add(self._loop.create_task(self._patron.run(address)))
        return extras

    def _make_publishing(
        self,
        url: str,
        pin: str | None,
        room: DemoRoom,
        room_id: RoomId,
        accounts: CrowdAccounts,
    ) -> Publishing:
        address = parse_relay_address(url, pin=pin)

        async def request_ticket() -> str:
            async with open_control(address) as control:
                await accounts.sign_in(control, room.owner)
                command = room_commands.RequestPublishTicket(id=control.next_id(), room_id=room_id)
                return (await control.request(command, room_events.TicketIssued)).ticket

        return Publishing(
            PublishSettings(
                relay=url,
                pin=pin,
                room=room_id,
                publish_key=Secret(""),
                source=room.source,
                layers=LAYERS,
                loop=True,
            ),
            random=self._random,
            on_notice=lambda words: self._on_notice(f"{room.owner}: {words}"),
            request_ticket=request_ticket,
        )

    def _make_crowd(
        self, url: str, pin: str | None, vault: Vault, rooms: Sequence[RoomId]
    ) -> Crowd:
        return Crowd(
            AudienceSettings(
                relay=url, pin=pin, rooms=tuple(rooms), viewers=self._settings.viewers
            ),
            vault=vault,
            random=self._seeded,
            on_notice=self._on_notice,
            on_account=self._patron.note if self._patron is not None else lambda _user: None,
            began_hour=self._began_hour,
        )

    async def _await_live(self, tasks: set[asyncio.Task[None]]) -> None:
        """Raises what a broadcast failed with."""
        try:
            async with asyncio.timeout(LIVE_TIMEOUT_S):
                while not all(publishing.is_live for publishing in self._publishings):
                    for task in tasks:
                        if task.done():
                            task.result()
                    if self._stopping.is_set():
                        return
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise RelayUnreachable(
                f"not every broadcast was live within {LIVE_TIMEOUT_S:.0f} s"
            ) from None

    async def _await_stop(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.seconds):
                await self._stopping.wait()

    async def _end(self, tasks: set[asyncio.Task[None]], beside: set[asyncio.Task[None]]) -> None:
        """The audience goes before the broadcasts, as it would."""
        if self._crowd is not None:
            self._crowd.stop()
        for publishing in self._publishings:
            publishing.stop()
        if tasks:
            await asyncio.wait(tasks, timeout=GOODBYE_TIMEOUT_S)
        for task in tasks | beside:
            task.cancel()
        await asyncio.gather(*tasks, *beside, return_exceptions=True)


async def _find_others(address: RelayAddress, own: Sequence[RoomId]) -> list[RoomId]:
    """Whoever else is live at the relay: the audience goes there too."""
    async with open_control(address) as control:
        command = room_commands.ListRooms(
            id=control.next_id(), live_only=True, limit=limits.ROOM_LIST_MAX
        )
        listed = await control.request(command, room_events.RoomList)
    return [
        room.room_id
        for room in listed.rooms
        if room.privacy == "public" and room.room_id not in own
    ]


async def _access_room(control: ControlClient, room: DemoRoom) -> RoomId:
    """The streamer's room with what the programme says of it, made where there is none."""
    create = room_commands.CreateRoom(
        id=control.next_id(),
        name=room.name,
        title=room.title,
        category=room.category,
        description=room.description,
    )
    try:
        return (await control.request(create, room_events.RoomDetails)).room.room_id
    except RelayRefused as refused:
        if refused.code is not ErrorCode.NAME_TAKEN:
            raise
    try:
        get = room_commands.GetRoom(id=control.next_id(), room=room.name)
        details = await control.request(get, room_events.RoomDetails)
        edit = room_commands.EditRoom(
            id=control.next_id(),
            room_id=details.room.room_id,
            title=room.title,
            category=room.category,
            description=room.description,
        )
        return (await control.request(edit, room_events.RoomDetails)).room.room_id
    except LivehouseError as error:
        raise RelayRefused(
            ErrorCode.NAME_TAKEN, f"the room {room.name!r} is not the demo's here: {error.message}"
        ) from None
