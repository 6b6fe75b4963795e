"""The house that the user is in: a relay hosted here or joined by a link, and the account on it.

Lives on the loop thread. One control link heals by itself; pages ask through `request` and hear of
rooms through `add_room_listener`. The relay hosted here is a child process: it is started again
when it dies, and `stop` ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from app.errors import BadInput, LivehouseError, RelayRefused, RelayUnreachable
from app.live.home_room import access_home_room
from app.live.hosted_relay import HostedRelay
from app.live.invite_link import InviteLink, pack_invite_link, parse_invite_link
from app.live.lan import find_lan_host, is_only_here
from app.live.listeners import Listeners
from app.live.remembered import Remembered, RememberedRelay
from app.live.room_doors import RoomDoors
from app.live.sign_in import SignIn, suggest_name
from app.live.vault import RoomKey, Vault
from app.net.address import RelayAddress, parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from app.net.relay_process import ReadyLine, RelayProcess, start_relay
from app.state import house as state
from wire import (
    account_events,
    command_base,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.admin_events import HouseRoleChanged
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from wire.ids import RoomId, SessionId

RELAY_PORT: Final = 7788
HOSTED: Final = "hosted here"
"""The vault's name of the relay on this machine, whose port may change."""
CONNECTED_TIMEOUT_S: Final = 15.0

_Answer = TypeVar("_Answer", bound=event_base.Answer)


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
        self._hosting = asyncio.Lock()
        """Whoever asks twice gets one relay."""
        self._ready: ReadyLine | None = None
        self._link: RelayLink | None = None
        self._link_task: asyncio.Task[None] | None = None
        self._client: ControlClient | None = None
        self._sign_in: SignIn | None = None
        self._doors: RoomDoors | None = None
        self._connected = asyncio.Event()
        self._errands: set[asyncio.Task[None]] = set()
        """Small things that nobody waits for: a key to keep, a link to make again."""
        self._state_listeners: Listeners[state.HouseState] = Listeners()
        self._link_listeners: Listeners[bool] = Listeners()
        self._room_listeners: Listeners[events.RoomEvent] = Listeners()
        self.state = state.HouseState()

    # --- for pages ------------------------------------------------------------------------------

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        """Ask the relay; the command's id is set here. Raises RelayRefused, RelayUnreachable."""
        client = self._client
        if client is None:
            raise RelayUnreachable("there is no connection to the relay")
        numbered = msgspec.structs.replace(command, id=client.next_id())
        return await client.request(numbered, answer)

    @property
    def data_dir(self) -> Path:
        """Where this program keeps what it knows. Any thread."""
        return self._data_dir

    def relay_settings(self) -> tuple[str, str | None]:
        """Address and pin, for media. Raises RelayUnreachable where no relay is chosen."""
        if not self.state.url:
            raise RelayUnreachable("no relay is chosen")
        return self.state.url, self.state.pin

    @property
    def vault(self) -> Vault:
        """Where secrets rest; it blocks."""
        return self._vault

    def own_user_id(self) -> str:
        """Empty for a guest."""
        return self.state.user.user_id if self.state.user is not None else ""

    def is_at(self, address: RelayAddress) -> bool:
        """Whether this is the relay that one is at, under whatever address. Any thread."""
        if not self.state.is_connected:
            return False
        if address.pin is not None:
            return address.pin.hex() == self.state.pin
        return address.url == self.state.url

    def add_state_listener(
        self, listener: Callable[[state.HouseState], None]
    ) -> Callable[[], None]:
        """Called on the loop at every change; returns how to end it."""
        return self._state_listeners.add(listener)

    def add_link_listener(self, listener: Callable[[bool], None]) -> Callable[[], None]:
        """Called on the loop with whether the control link stands, when it comes and goes."""
        return self._link_listeners.add(listener)

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]:
        """Events of one room; an empty id hears all rooms."""

        def hear(event: events.RoomEvent) -> None:
            if room_id in {"", _room_of(event) or room_id}:
                listener(event)

        return self._room_listeners.add(hear)

    def remembered(self) -> tuple[RememberedRelay, ...]:
        """Relays that were joined before, the newest first. Any thread."""
        return self._remembered.relays

    def has_been(self) -> bool:
        """Whether there is somewhere to return to. Any thread."""
        return self._remembered.was_hosting or bool(self._remembered.relays)

    def has_hosted(self) -> bool:
        """Whether this computer had a house before: then it has its owner. Any thread."""
        return bool(self._remembered.hosting_port)

    async def suggest_owner(self) -> str:
        """A name for whoever hosts; empty where this computer tells none."""
        return await asyncio.to_thread(suggest_name)

    def forget_relay(self, url: str) -> None:
        """Take it off the list; its account stays in the vault. On the loop."""
        self._remembered.remove(url)

    def reconnect_now(self) -> None:
        if self._link is not None:
            self._link.reconnect_now()

    # --- choosing a relay -----------------------------------------------------------------------

    async def host(self, name: str = "") -> state.HouseState:
        """Start the bundled relay, sign in as its owner and find the owner's room.

        `name` is the owner's where there is no account yet; empty: this computer's user's.
        """
        async with self._hosting:
            is_open = self._ready is not None and self.state.is_connected
            if is_open and self.state.user is not None and self.state.home_room_id:
                return self.state  # asked twice: the first time has done it
            return await self._open_house(name)

    async def _open_house(self, name: str) -> state.HouseState:
        ready = self._ready or await self._open_relay()
        pin = ready.fingerprint or None
        self._apply(state.RelayChosen(ready.url, pin, is_hosted=True))
        await self._connect(parse_relay_address(ready.url, pin=pin), HOSTED)
        sign_in = self._access_sign_in()
        if self.state.user is None:
            await sign_in.register_owner(name)
        room_id = await self.access_home_room()
        self._remembered.host(ready.port)
        await self._show_home_room(room_id)
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
        """As `join`; the id of the link's room, or nothing where it names none.

        The link's invite is at hand from then on, whoever opens that room.
        """
        if not self.is_at(link.address):
            await self.join(link)
        if not link.room:
            return ""
        room_id = link.room
        try:
            command = room_commands.GetRoom(id=0, room=link.room, invite=link.invite)
            room = (await self.request(command, room_events.RoomDetails)).room
        except RelayRefused:
            pass  # hidden from guests, or not to be entered: the room's page will say so
        else:
            room_id = room.room_id
            self._remembered.name(self.state.url, room.title or room.name)
        if link.invite:
            await self._access_doors().offer(room_id, link.invite)
        return room_id

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

    # --- private rooms --------------------------------------------------------------------------

    async def make_invite_link(self, room_id: str, *, is_new: bool = False) -> str:
        """A link that opens the room to others: with an invite where it needs one.

        The same invite each time; with `is_new` another, and links with the old one open no more.
        Raises LivehouseError: an invite is for the room's owner to make.
        """
        doors = self._access_doors()
        room = await doors.look_inside(room_id)
        invite = ""
        if room.privacy == "invite":
            invite = await doors.access_invite(room.room_id, is_new=is_new)
        return pack_invite_link(InviteLink(await self._find_outer_address(), room_id, invite))

    async def find_room_key(self, room_id: str) -> RoomKey:
        """What opens the room; empty where nothing is known."""
        return await self._doors.find(room_id) if self._doors is not None else RoomKey()

    def note_entered(self, room: event_base.RoomInfo, passphrase: str = "") -> None:
        """The room has opened: what opened a private one is kept, and it is listed from now on."""
        self._remembered.name(self.state.url, room.title or room.name)
        if room.privacy != "public" and self._doors is not None:
            self._remembered.note_room(self.state.url, room.room_id)
            self._run_errand(self._doors.keep(room.room_id, passphrase))

    async def find_known_rooms(self) -> tuple[event_base.RoomInfo, ...]:
        """Private rooms that have opened before and still would. Raises RelayUnreachable."""
        if self._doors is None:
            return ()
        return await self._doors.find_open(self._remembered.rooms_of(self.state.url))

    # --- the account ----------------------------------------------------------------------------

    async def register(self, name: str, password: str, code: str = "") -> None:
        """`code`: where the house asks for one."""
        await self._access_sign_in().register(name, password, code)

    async def redeem_reset(self, name: str, secret: str, new_password: str) -> None:
        """Choose a new password with an admin's secret, and be logged in."""
        await self._access_sign_in().redeem_reset(name, secret, new_password)

    async def login(self, name: str, password: str) -> None:
        await self._access_sign_in().login(name, password)

    async def logout(self, *, everywhere: bool = False) -> None:
        await self._access_sign_in().logout(everywhere=everywhere)
        self._apply(state.SignedOut())

    async def erase_account(self, password: str) -> None:
        """For good. A house of one's own is left: its room is gone, and it has no keeper."""
        await self._access_sign_in().erase(password)
        if self.state.is_hosted:
            await self.leave()
        else:
            self._apply(state.SignedOut())

    async def change_password(self, old: str, new: str) -> None:
        await self._access_sign_in().change_password(old, new)

    async def load_profile(self) -> account_events.Profile:
        """The user's own."""
        return await self._access_sign_in().load_profile(self._access_user().user_id)

    async def edit_profile(self, *, name: str | None, about: str | None) -> account_events.Profile:
        return await self._access_sign_in().edit_profile(name=name, about=about)

    async def list_sessions(self) -> tuple[event_base.SessionInfo, ...]:
        return await self._access_sign_in().list_sessions()

    async def end_session(self, session_id: SessionId) -> None:
        await self._access_sign_in().end_session(session_id)

    async def access_home_room(self) -> RoomId:
        """The user's own room on this relay, made where there is none. Raises RelayRefused."""
        return await access_home_room(self.request, self._access_user())

    # --- within ---------------------------------------------------------------------------------

    async def _open_relay(self) -> ReadyLine:
        await self.leave()
        self._apply(state.HostingBegun())
        hosted = self._hosted = HostedRelay(
            self._start_relay,
            on_died=lambda _code: self._apply(state.RelayDied()),
            on_restarted=self.reconnect_now,
            on_given_up=self._give_up,
        )
        try:
            ready = self._ready = await hosted.open((self._remembered.hosting_port, self._port))
        except LivehouseError as error:
            if hosted is self._hosted:  # else the user has gone elsewhere meanwhile
                self._hosted = None
                self._apply(state.RelayLeft(error.message))
            raise
        return ready

    async def _start_relay(self, port: int) -> RelayProcess:
        return await start_relay(data_dir=self._data_dir / "relay", host=self._host, port=port)

    async def _give_up(self, words: str) -> None:
        self._hosted = self._ready = None
        await self._disconnect()
        self._apply(state.RelayLeft(words))

    async def _find_outer_address(self) -> RelayAddress:
        """Of the relay, for others: on the LAN where it is hosted here."""
        url, pin = self.relay_settings()
        address = parse_relay_address(url, pin=pin)
        if not self.state.is_hosted or not address.is_secure:
            return address
        host = await asyncio.to_thread(find_lan_host) or address.host
        return RelayAddress(host, address.port, address.is_secure, address.pin)

    async def _show_home_room(self, room_id: str) -> None:
        link = await self.make_invite_link(room_id)
        host = parse_invite_link(link).address.host
        self._apply(state.HomeRoomFound(room_id, link, "" if is_only_here(host) else host))

    async def _connect(self, address: RelayAddress, vault_name: str) -> None:
        """Returns when the link stands for the first time; it then heals by itself."""
        await self._disconnect()
        loop = asyncio.get_running_loop()
        self._sign_in = SignIn(
            self.request,
            self._vault,
            vault_name,
            on_user=lambda user, has_made: self._apply(state.SignedIn(user, has_made)),
        )
        self._doors = RoomDoors(self.request, self._vault, vault_name)
        self._connected = asyncio.Event()
        link = self._link_task = loop.create_task(self._keep_link(address))
        connected = loop.create_task(self._connected.wait())
        try:
            async with asyncio.timeout(CONNECTED_TIMEOUT_S):
                await asyncio.wait({link, connected}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise RelayUnreachable(f"{address.url} does not answer") from None
        finally:
            connected.cancel()
        if link is not self._link_task:
            raise RelayUnreachable(f"the link to {address.url} was given up for another")
        if link.done():
            link.result()
            raise RelayUnreachable(f"the link to {address.url} ended")

    async def _disconnect(self) -> None:
        task, self._link_task = self._link_task, None
        self._link = None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._sign_in = self._doors = None
        for errand in self._errands:
            errand.cancel()

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

    def _access_user(self) -> event_base.UserInfo:
        if self.state.user is None:
            raise RelayRefused(ErrorCode.LOGIN_REQUIRED, "log in first")
        return self.state.user

    def _access_doors(self) -> RoomDoors:
        if self._doors is None:
            raise BadInput("join a relay first")
        return self._doors

    def _access_sign_in(self) -> SignIn:
        if self._sign_in is None:
            raise BadInput("join a relay first")
        return self._sign_in

    def _on_link(self, link: LinkState, words: str) -> None:
        self._apply(state.LinkChanged(link, words if link in {"waiting", "ended"} else ""))

    def _on_event(self, event: events.RoomEvent) -> None:
        if isinstance(event, room_events.RoomChanged):
            room_id = event.room.room_id
            if self.state.is_hosted and room_id == self.state.home_room_id:
                self._run_errand(self._show_home_room(room_id))  # its door may be another
        elif isinstance(event, HouseRoleChanged) and self.state.user is not None:
            user = msgspec.structs.replace(self.state.user, is_admin=event.is_admin)
            self._apply(state.SignedIn(user, self.state.has_made_password))
        self._room_listeners.tell(event)

    def _tell_link(self, *, is_up: bool) -> None:
        self._link_listeners.tell(is_up)

    def _run_errand(self, work: Coroutine[Any, Any, None]) -> None:
        async def run() -> None:
            with contextlib.suppress(LivehouseError):  # the link was cut, or it is not allowed
                await work

        errand = asyncio.get_running_loop().create_task(run())
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self.state != before:
            self._state_listeners.tell(self.state)


def _room_of(event: events.RoomEvent) -> str:
    """Empty where it is the user's own, whatever the room."""
    if isinstance(event, room_events.RoomChanged):
        return event.room.room_id
    return getattr(event, "room_id", "")


def _name_of(address: RelayAddress) -> str:
    return address.pin.hex() if address.pin is not None else address.url
