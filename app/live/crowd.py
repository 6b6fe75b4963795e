"""A simulated audience at a relay: carries out the plan of app/state/audience.py."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from app.errors import BadInput, LivehouseError, RelayRefused
from app.live.crowd_accounts import CrowdAccounts
from app.live.crowd_play import Tally
from app.live.crowd_visit import CrowdVisit
from app.net.address import RelayAddress, parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.net.reconnect import is_final
from app.settings import AUDIENCE_ACCOUNTS_MAX
from app.state import audience
from wire import event_base, limits, room_commands, room_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.live.vault import Vault
    from app.settings import AudienceSettings
    from wire.ids import RoomId

RETRY_S: Final = 2.0
RETRY_SPREAD_S: Final = 3.0
GOODBYE_TIMEOUT_S: Final = 3.0
_ROOM_PAGES_MAX: Final = 10
_LUCK_STEP: Final = 0.754878
"""Spread over 0 to 1 without touching the plan's random numbers: the plan must repeat."""


class Crowd:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        settings: AudienceSettings,
        *,
        vault: Vault,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        on_account: Callable[[event_base.UserInfo], None] = lambda _user: None,
        began_hour: float | None = None,
    ) -> None:
        """`random` is seeded by whoever makes this; the vault keeps the accounts' tokens.
        `began_hour` is the hour of the day; without one everybody has time at any.

        `on_account` hears of everybody who signed in, each time.
        """
        self._on_account = on_account
        self._began_hour = began_hour
        self._settings = settings
        self._random = random
        self._on_notice = on_notice
        self._address = parse_relay_address(settings.relay, pin=settings.pin)
        self._accounts = CrowdAccounts(vault, _name_of(self._address))
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._visits: dict[int, CrowdVisit] = {}
        self._fans: set[int] = set()
        """Who follows the host of their favourite room by now."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._rooms: tuple[RoomId, ...] = ()
        self._categories: tuple[str, ...] = ()
        self._tally = Tally()
        self._came = self._went = self._failures = 0
        self._last_failure = ""
        self._measured = (self._loop.time(), 0)
        """When the line was read last, and the bytes then."""

    async def run(self) -> None:
        """Until `stop` or the end of --seconds. Raises where the relay or its rooms are not."""
        async with open_control(self._address) as control:
            found = await self._find_rooms(control)
        self._rooms = tuple(room.room_id for room in found)
        self._categories = tuple(room.category for room in found)
        people = audience.make_people(
            self._settings.viewers,
            self._categories,
            accounts_max=AUDIENCE_ACCOUNTS_MAX,
            picture_share=self._settings.picture_share,
            random=self._random,
        )
        self._on_notice(f"{len(people)} viewers for {len(self._rooms)} rooms, {self._address.url}")
        try:
            async with asyncio.timeout(self._settings.seconds):
                await self._follow(people)
        except TimeoutError:
            pass
        finally:
            await self._end()

    def stop(self) -> None:
        """On the loop."""
        self._stopping.set()

    def line(self) -> str:
        """One line of how it goes."""
        now_s, before = self._loop.time(), self._measured
        self._measured = (now_s, self._tally.bytes)
        rate_bps = (self._tally.bytes - before[1]) * 8 / max(0.001, now_s - before[0])
        watching = sum(visit.is_watching for visit in self._visits.values())
        rooms = "1 room" if len(self._rooms) == 1 else f"{len(self._rooms)} rooms"
        return (
            f"{watching} watching in {rooms}  came {self._came}  "
            f"went {self._went}  said {self._tally.said}  unsaid {self._tally.unsaid}  "
            f"likes {self._tally.likes}  gifts {self._tally.gifts} for {self._tally.coins} coins  "
            f"{rate_bps / 1e6:.1f} Mbit/s  failures {self._failures}"
        )

    def statistics(self) -> dict[str, object]:
        """The figures of `--stats-json`."""
        return {
            "rooms": len(self._rooms),
            "came": self._came,
            "went": self._went,
            "said": self._tally.said,
            "unsaid": self._tally.unsaid,
            "likes": self._tally.likes,
            "gifts": self._tally.gifts,
            "coins": self._tally.coins,
            "votes": self._tally.votes,
            "entries": self._tally.entries,
            "shares": self._tally.shares,
            "undone": self._tally.undone,
            "packets": self._tally.packets,
            "bytes": self._tally.bytes,
            "failures": self._failures,
            "watching": sum(visit.is_watching for visit in self._visits.values()),
        }

    async def _find_rooms(self, control: ControlClient) -> tuple[event_base.RoomInfo, ...]:
        if self._settings.rooms:
            return tuple([await _find_room(control, name) for name in self._settings.rooms])
        found: list[event_base.RoomInfo] = []
        cursor = ""
        for _ in range(_ROOM_PAGES_MAX):
            command = room_commands.ListRooms(
                id=control.next_id(), cursor=cursor, limit=limits.ROOM_LIST_MAX
            )
            page = await control.request(command, room_events.RoomList)
            found += [room for room in page.rooms if room.privacy == "public"]
            cursor = page.next_cursor
            if not cursor:
                break
        if not found:
            raise BadInput(f"{self._address.url} has no public room to watch; name one by --room")
        live = [room for room in found if room.broadcast is not None]
        return tuple(live or found)

    async def _follow(self, people: tuple[audience.Person, ...]) -> None:
        began_s = self._loop.time()
        acts = audience.plan(people, len(self._rooms), self._random, began_hour=self._began_hour)
        for act in acts:
            if await self._is_stopping_at(began_s + act.at_s):
                return
            match act:
                case audience.Arrive(_, number, room):
                    self._begin(number, people[number], room)
                case audience.Leave(_, number):
                    self._went += 1
                    self._visits.pop(number).leave()
                case _:
                    self._visits[act.person].do(act)

    async def _is_stopping_at(self, due_s: float) -> bool:
        """Waits until then; whether `stop` came before."""
        if due_s > self._loop.time():
            try:
                async with asyncio.timeout_at(due_s):
                    await self._stopping.wait()
            except TimeoutError:
                return False
        return self._stopping.is_set()

    def _begin(self, number: int, person: audience.Person, room: int) -> None:
        self._came += 1
        is_fan = room == person.favourites[0] and number not in self._fans
        if is_fan:
            self._fans.add(number)
        visit = CrowdVisit(
            self._address,
            self._rooms[room],
            name=person.name,
            takes_picture=person.takes_picture,
            accounts=self._accounts,
            tally=self._tally,
            on_account=self._on_account,
            luck=(number + self._came) * _LUCK_STEP % 1,
            is_fan=is_fan,
        )
        self._visits[number] = visit
        task = self._loop.create_task(self._stay(visit))
        self._tasks.add(task)
        task.add_done_callback(self._on_gone)

    def _on_gone(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(LivehouseError(f"unexpected: {type(error).__name__}: {error}"))

    async def _stay(self, visit: CrowdVisit) -> None:
        """A lost link is made again, as a real viewer's is."""
        while not visit.leaving.is_set():
            try:
                await visit.run()
            except RelayRefused as refused:
                self._fail(refused)
                if is_final(refused.code):
                    return
            except LivehouseError as error:
                self._fail(error)
            try:
                async with asyncio.timeout(RETRY_S + RETRY_SPREAD_S * self._spread()):
                    await visit.leaving.wait()
            except TimeoutError:
                continue

    def _spread(self) -> float:
        """From 0 to 1, without touching the plan's random numbers: the plan must repeat."""
        return self._failures * 0.618034 % 1

    def _fail(self, error: LivehouseError) -> None:
        self._failures += 1
        if error.message != self._last_failure:
            self._last_failure = error.message
            self._on_notice(f"a viewer failed: {error.message}")

    async def _end(self) -> None:
        for visit in self._visits.values():
            visit.leave()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=GOODBYE_TIMEOUT_S)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _find_room(control: ControlClient, name: str) -> event_base.RoomInfo:
    try:
        command = room_commands.GetRoom(id=control.next_id(), room=name)
        return (await control.request(command, room_events.RoomDetails)).room
    except RelayRefused as refused:
        raise RelayRefused(refused.code, f"no public room {name!r} there") from None


def _name_of(address: RelayAddress) -> str:
    return address.pin.hex() if address.pin is not None else address.url
