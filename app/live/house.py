"""The house that the user is in: a relay hosted here or joined by a link, and the account on it.

Lives on the loop thread. One control link heals by itself; pages ask through `request` and hear of
rooms through `add_room_listener`. The relay hosted here is a child process: it is started again
when it dies, and `stop` ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from app.errors import BadInput, LivehouseError, RelayRefused, RelayUnreachable
from app.live.hosted_relay import HostedRelay
from app.live.invite_link import InviteLink, pack_invite_link, parse_invite_link
from app.live.lan import find_lan_host
from app.live.remembered import Remembered, RememberedRelay
from app.live.sign_in import SignIn
from app.live.vault import Vault
from app.net.address import RelayAddress, parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from app.net.relay_process import ReadyLine, RelayProcess, start_relay
from app.state import house as state
from wire import commands, events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from wire.ids import RoomId

RELAY_PORT: Final = 7788
HOSTED: Final = "hosted here"
"""The vault's name of the relay on this machine, whose port may change."""
CONNECTED_TIMEOUT_S: Final = 15.0

_Answer = TypeVar("_Answer", bound=events.Answer)


class House:
    """Made on any thread; used on the loop, where the listeners are called too."""

    def __init__(
        self,
        data_dir: Path,
        *,
        random: Callable[[], float],
        vault: Vault | None = None,
        host: str = "0.0.0.0",  # noqa: S104 # hosting is for the LAN; TLS is on there by itself
        port: int = RELAY_PORT,
    ) -> None:
        self._data_dir = data_dir
        self._random = random
        self._vault = vault or Vault(data_dir)
        self._host = host
        self._port = port
        self._remembered = Remembered(data_dir / "relays.json")
        self._hosted: HostedRelay | None = None
        self._ready: ReadyLine | None = None
        self._link: RelayLink | None = None
        self._link_task: asyncio.Task[None] | None = None
        self._client: ControlClient | None = None
        self._sign_in: SignIn | None = None
        self._connected = asyncio.Event()
        self._state_listeners: list[Callable[[state.HouseState], None]] = []
        self._link_listeners: list[Callable[[bool], None]] = []
        self._room_listeners: list[tuple[str, Callable[[events.RoomEvent], None]]] = []
        self.state = state.HouseState()

    # --- for pages ------------------------------------------------------------------------------

    async def request(self, command: commands.Command, answer: type[_Answer]) -> _Answer:
        """Ask the relay; the command's id is set here. Raises RelayRefused, RelayUnreachable."""
        client = self._client
        if client is None:
            raise RelayUnreachable("there is no connection to the relay")
        numbered = msgspec.structs.replace(command, id=client.next_id())
        return await client.request(numbered, answer)

    def relay_settings(self) -> tuple[str, str | None]:
        """Address and pin, for media. Raises RelayUnreachable where no relay is chosen."""
        if not self.state.url:
            raise RelayUnreachable("no relay is chosen")
        return self.state.url, self.state.pin

    def own_user_id(self) -> str:
        """Empty for a guest."""
        return self.state.user.user_id if self.state.user is not None else ""

    def add_state_listener(
        self, listener: Callable[[state.HouseState], None]
    ) -> Callable[[], None]:
        """Called on the loop at every change; returns how to end it."""
        self._state_listeners.append(listener)
        return lambda: _drop(self._state_listeners, listener)

    def add_link_listener(self, listener: Callable[[bool], None]) -> Callable[[], None]:
        """Called on the loop with whether the control link stands, when it comes and goes."""
        self._link_listeners.append(listener)
        return lambda: _drop(self._link_listeners, listener)

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]:
        """Events of one room; an empty id hears all rooms."""
        entry = (room_id, listener)
        self._room_listeners.append(entry)
        return lambda: _drop(self._room_listeners, entry)

    def remembered(self) -> tuple[RememberedRelay, ...]:
        """Relays that were joined before, the newest first. Any thread."""
        return self._remembered.relays

    def has_been(self) -> bool:
        """Whether there is somewhere to return to. Any thread."""
        return self._remembered.was_hosting or bool(self._remembered.relays)

    def reconnect_now(self) -> None:
        if self._link is not None:
            self._link.reconnect_now()

    # --- choosing a relay -----------------------------------------------------------------------

    async def host(self) -> state.HouseState:
        """Start the bundled relay, sign in as its owner and find the owner's room."""
        ready = self._ready
        if ready is None:
            await self.leave()
            self._apply(state.HostingBegun())
            try:
                ready = self._ready = await self._open_relay()
            except LivehouseError as error:
                self._apply(state.RelayLeft(error.message))
                raise
        pin = ready.fingerprint or None
        self._apply(state.RelayChosen(ready.url, pin, is_hosted=True))
        await self._connect(parse_relay_address(ready.url, pin=pin), HOSTED)
        sign_in = self._access_sign_in()
        if self.state.user is None:
            await sign_in.register_owner()
        room_id = await self.access_home_room()
        self._remembered.host()
        self._apply(state.HomeRoomFound(room_id, self._pack_invite(room_id)))
        return self.state

    async def join(self, link: InviteLink | str) -> state.HouseState:
        """Go to the relay of a link; its room is in the link. Raises BadInput too."""
        invite = parse_invite_link(link) if isinstance(link, str) else link
        await self.leave()
        self._apply(state.RelayChosen(invite.address.url, invite.pin, is_hosted=False))
        try:
            await self._connect(invite.address, _name_of(invite.address))
        except LivehouseError as error:
            await self.leave()
            self._apply(state.RelayLeft(error.message))
            raise
        self._remembered.add(RememberedRelay(url=invite.address.url, pin=invite.pin))
        return self.state

    async def enter(self, link: InviteLink) -> str:
        """As `join`; the id of the link's room, or nothing where it names none."""
        await self.join(link)
        if not link.room:
            return ""
        try:
            command = commands.GetRoom(id=0, room=link.room)
            return (await self.request(command, events.RoomDetails)).room.room_id
        except RelayRefused:
            return link.room  # hidden from guests: then it is named by its id

    async def return_to_last(self) -> bool:
        """Where the user was when the program ended; False where that is nowhere."""
        if self._remembered.was_hosting:
            await self.host()
            return True
        for relay in self._remembered.relays[:1]:
            await self.join(InviteLink(parse_relay_address(relay.url, pin=relay.pin)))
            return True
        return False

    async def leave(self) -> None:
        """Close the link and end the relay that was hosted here."""
        await self._disconnect()
        hosted, self._hosted, self._ready = self._hosted, None, None
        if hosted is not None:
            await hosted.stop()
        if self.state.link != "none":
            self._apply(state.RelayLeft())

    async def stop(self) -> None:
        """The program ends: as `leave`, and nothing is forgotten."""
        await self.leave()

    # --- the account ----------------------------------------------------------------------------

    async def register(self, name: str, password: str) -> None:
        await self._access_sign_in().register(name, password)

    async def login(self, name: str, password: str) -> None:
        await self._access_sign_in().login(name, password)

    async def logout(self, *, everywhere: bool = False) -> None:
        await self._access_sign_in().logout(everywhere=everywhere)
        self._apply(state.SignedOut())

    async def change_password(self, old: str, new: str) -> None:
        await self._access_sign_in().change_password(old, new)

    async def access_home_room(self) -> RoomId:
        """The user's own room on this relay, made where there is none. Raises RelayRefused."""
        user = self.state.user
        if user is None:
            raise RelayRefused(ErrorCode.LOGIN_REQUIRED, "log in to go live")
        for name in (user.name, f"{user.name}-{user.user_id[-4:]}"):
            with contextlib.suppress(RelayRefused):
                details = await self.request(commands.GetRoom(id=0, room=name), events.RoomDetails)
                if details.room.owner.user_id == user.user_id:
                    return details.room.room_id
                continue
            made = await self.request(commands.CreateRoom(id=0, name=name), events.RoomDetails)
            return made.room.room_id
        raise RelayRefused(ErrorCode.NAME_TAKEN, "the names for your room are taken")

    # --- within ---------------------------------------------------------------------------------

    async def _open_relay(self) -> ReadyLine:
        self._hosted = HostedRelay(
            self._start_relay,
            on_died=lambda _code: self._apply(state.RelayDied()),
            on_restarted=self.reconnect_now,
            on_given_up=self._give_up,
        )
        return await self._hosted.open(self._port)

    async def _start_relay(self, port: int) -> RelayProcess:
        return await start_relay(data_dir=self._data_dir / "relay", host=self._host, port=port)

    async def _give_up(self, words: str) -> None:
        self._hosted = self._ready = None
        await self._disconnect()
        self._apply(state.RelayLeft(words))

    def _pack_invite(self, room_id: RoomId) -> str:
        url, pin = self.relay_settings()
        address = parse_relay_address(url, pin=pin)
        host = find_lan_host() if address.is_secure else address.host
        shown = RelayAddress(host, address.port, address.is_secure, address.pin)
        return pack_invite_link(InviteLink(shown, room_id))

    async def _connect(self, address: RelayAddress, vault_name: str) -> None:
        """Returns when the link stands for the first time; it then heals by itself."""
        await self._disconnect()
        loop = asyncio.get_running_loop()
        self._sign_in = SignIn(
            self.request,
            self._vault,
            vault_name,
            on_user=lambda user: self._apply(state.SignedIn(user)),
        )
        self._connected = asyncio.Event()
        self._link_task = loop.create_task(self._keep_link(address))
        connected = loop.create_task(self._connected.wait())
        try:
            async with asyncio.timeout(CONNECTED_TIMEOUT_S):
                await asyncio.wait(
                    {self._link_task, connected}, return_when=asyncio.FIRST_COMPLETED
                )
        except TimeoutError:
            raise RelayUnreachable(f"{address.url} does not answer") from None
        finally:
            connected.cancel()
        if self._link_task.done():
            self._link_task.result()
            raise RelayUnreachable(f"the link to {address.url} ended")

    async def _disconnect(self) -> None:
        task, self._link_task = self._link_task, None
        self._link = None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._sign_in = None

    async def _keep_link(self, address: RelayAddress) -> None:
        while True:
            self._link = RelayLink(
                address,
                lambda succeeded: self._run_session(address, succeeded),
                policy=ReconnectPolicy(random=self._random),
                on_state=self._on_link,
            )
            try:
                await self._link.run()
            except RelayRefused as error:
                if error.code is not ErrorCode.SESSION_ENDED or self._sign_in is None:
                    raise
                await self._sign_in.forget()  # ended from another device: go on as a guest
                self._apply(state.SignedOut())

    async def _run_session(self, address: RelayAddress, succeeded: Callable[[], None]) -> None:
        async with open_control(address, on_event=self._on_event) as client:
            self._client = client
            try:
                if self._sign_in is not None and not await self._sign_in.resume():
                    self._apply(state.SignedOut())
                succeeded()
                self._connected.set()
                self._tell_link(is_up=True)
                raise await client.wait_ended()
            finally:
                self._client = None
                self._tell_link(is_up=False)

    def _access_sign_in(self) -> SignIn:
        if self._sign_in is None:
            raise BadInput("join a relay first")
        return self._sign_in

    def _on_link(self, link: LinkState, words: str) -> None:
        self._apply(state.LinkChanged(link, words if link in {"waiting", "ended"} else ""))

    def _on_event(self, event: events.RoomEvent) -> None:
        room_id = event.room.room_id if isinstance(event, events.RoomChanged) else event.room_id
        for wanted, listener in tuple(self._room_listeners):
            if wanted in {"", room_id}:
                listener(event)

    def _tell_link(self, *, is_up: bool) -> None:
        for listener in tuple(self._link_listeners):
            listener(is_up)

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self.state != before:
            for listener in tuple(self._state_listeners):
                listener(self.state)


_Entry = TypeVar("_Entry")


def _drop(entries: list[_Entry], entry: _Entry) -> None:
    with contextlib.suppress(ValueError):
        entries.remove(entry)


def _name_of(address: RelayAddress) -> str:
    return address.pin.hex() if address.pin is not None else address.url
