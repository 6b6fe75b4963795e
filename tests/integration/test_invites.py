"""Private rooms between houses with data folders of their own, on a real relay."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.errors import RelayRefused
from app.live.house import House
from app.live.invite_link import InviteLink, parse_invite_link
from app.live.room_session import RoomSinks
from app.live.room_visits import RoomVisits
from app.live.studio import StudioSession
from app.live.vault import Vault
from app.state.room import RoomState
from tests.conftest import REPOSITORY
from wire import chat_commands, chat_events, room_commands, room_events
from wire.errors import ErrorCode
from wire.ids import RoomId

Make = Callable[[str], House]


class Visit:
    """What a Room page would show."""

    def __init__(self, house: House) -> None:
        self.state = RoomState()
        self.heard: list[str] = []
        self.changed = asyncio.Event()
        self.visits = RoomVisits(
            house,
            RoomSinks(
                on_state=self._on_state,
                on_danmaku=lambda posted: self.heard.append(posted.text),
                on_picture=lambda _frame, _pts_us: None,
            ),
        )

    async def until(self, is_so: Callable[[], bool], timeout_s: float = 15) -> None:
        async with asyncio.timeout(timeout_s):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()

    async def enter(self, room_id: str, passphrase: str = "") -> None:
        """Until the door has opened or has not."""
        self.visits.open(RoomId(room_id), passphrase)
        await self.until(
            lambda: self.state.room_id == room_id and self.state.phase in {"joined", "refused"}
        )

    async def leave(self) -> None:
        self.visits.close()
        await self.until(lambda: self.state.phase == "nothing")

    def _on_state(self, state: RoomState) -> None:
        self.state = state
        self.changed.set()


@pytest.fixture
async def make_house(tmp_path: Path) -> AsyncIterator[Make]:
    houses: list[House] = []

    def make(name: str) -> House:
        folder = tmp_path / name
        vault = Vault(folder, uses_keyring=False)
        house = House(folder, random=lambda: 0.0, vault=vault, host="0.0.0.0", port=0)
        houses.append(house)
        return house

    yield make
    for house in reversed(houses):
        await house.stop()


@asynccontextmanager
async def visiting(house: House) -> AsyncIterator[Visit]:
    visit = Visit(house)
    yield visit
    await visit.leave()


def here(link: str) -> InviteLink:
    """The link as on this machine: the address of the LAN may lead nowhere in a test."""
    return parse_invite_link(link.replace(parse_invite_link(link).address.host, "127.0.0.1"))


async def close_door(host: House, privacy: str, passphrase: str = "") -> None:
    """As Studio does it."""
    studio = StudioSession(
        host, random=lambda: 0.0, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    try:
        await studio.room.edit("Plans & <b>more</b>", "", privacy, passphrase)
    finally:
        await studio.stop()


async def test_room_when_invite_only_then_the_link_opens_it_and_nothing_else_does(
    make_house: Make,
) -> None:
    host, friend, stranger = (make_house(name) for name in ("host", "friend", "stranger"))
    room_id = (await host.host()).home_room_id
    public = here(host.state.invite_link)
    assert public.invite == ""
    await close_door(host, "invite")
    link = await host.make_invite_link(room_id)
    assert parse_invite_link(link).invite
    assert await host.make_invite_link(room_id) == link
    async with asyncio.timeout(20):
        while host.state.invite_link != link:  # noqa: ASYNC110 # the house makes it beside us
            await asyncio.sleep(0.02)

    assert await friend.enter(here(link)) == room_id
    assert friend.remembered()[0].name == "Plans & <b>more</b>"
    async with visiting(friend) as seen:
        await seen.enter(room_id)
        assert (seen.state.phase, seen.state.role) == ("joined", "guest")
        said = chat_commands.SendDanmaku(id=0, room_id=RoomId(room_id), text="welcome")
        await host.request(
            room_commands.JoinRoom(id=0, room_id=RoomId(room_id)), room_events.RoomJoined
        )
        await host.request(said, chat_events.DanmakuAccepted)
        await seen.until(lambda: "welcome" in seen.heard)

    assert await stranger.enter(public) == room_id
    async with visiting(stranger) as refused:
        await refused.enter(room_id)
        assert refused.state.refusal is not None
        assert refused.state.refusal[0] is ErrorCode.INVITE_REQUIRED
    await stranger.register("Eve", "a long password")
    with pytest.raises(RelayRefused) as forbidden:
        await stranger.make_invite_link(room_id)
    assert forbidden.value.code is ErrorCode.FORBIDDEN
    assert await stranger.find_known_rooms() == ()


async def test_room_when_it_has_opened_once_then_opens_again_for_guest_and_account(
    make_house: Make, tmp_path: Path
) -> None:
    host = make_house("host")
    room_id = (await host.host()).home_room_id
    await close_door(host, "invite")
    friend = make_house("friend")
    await friend.enter(here(await host.make_invite_link(room_id)))
    async with visiting(friend) as first:
        await first.enter(room_id)
        assert first.state.phase == "joined"
        # Logging in joins again, with the same invite.
        await friend.register("Grace", "a long password")
        await first.until(lambda: first.state.role == "viewer")
        (known,) = await friend.find_known_rooms()
        assert known.title == "Plans & <b>more</b>"
    await friend.stop()
    assert "invite" not in (tmp_path / "friend" / "relays.json").read_text()

    again = make_house("friend")
    assert await again.return_to_last()
    assert [room.room_id for room in await again.find_known_rooms()] == [room_id]
    async with visiting(again) as second:
        await second.enter(room_id)
        assert (second.state.phase, second.state.role) == ("joined", "viewer")
        await host.make_invite_link(room_id, is_new=True)
        await second.leave()
        await second.enter(room_id)
        assert second.state.phase == "refused"
    assert await again.find_known_rooms() == ()


async def test_room_when_it_has_a_passphrase_then_it_is_asked_for_once(make_house: Make) -> None:
    host, friend = make_house("host"), make_house("friend")
    room_id = (await host.host()).home_room_id
    await close_door(host, "passphrase", "open sesame")
    link = await host.make_invite_link(room_id)
    assert parse_invite_link(link).invite == ""
    await friend.enter(here(link))
    async with visiting(friend) as seen:
        await seen.enter(room_id)
        assert seen.state.refusal is not None
        assert seen.state.refusal[0] is ErrorCode.PASSPHRASE_REQUIRED
        await seen.enter(room_id, "a guess")
        await seen.until(lambda: seen.state.phase == "refused")
        assert (await friend.find_room_key(room_id)).passphrase == ""
        seen.visits.open(RoomId(room_id), "open sesame")
        await seen.until(lambda: seen.state.phase == "joined")
    await friend.stop()
    again = make_house("friend")
    await again.return_to_last()
    async with visiting(again) as seen:
        await seen.enter(room_id)
        assert seen.state.phase == "joined"


async def test_host_when_renamed_then_keeps_its_room_and_logs_in_again(make_house: Make) -> None:
    host = make_house("host")
    room_id = (await host.host()).home_room_id
    assert host.state.has_made_password
    profile = await host.edit_profile(name="Countess", about="Counts")
    assert host.state.user is not None
    assert (host.state.user.name, profile.about) == ("Countess", "Counts")
    assert await host.access_home_room() == room_id
    await host.logout()
    await host.stop()
    again = make_house("host")
    state = await again.host()
    assert state.user is not None
    assert (state.user.name, state.home_room_id) == ("Countess", room_id)
    assert (await again.load_profile()).about == "Counts"


async def test_device_when_logged_out_from_another_then_goes_on_as_a_guest(
    make_house: Make,
) -> None:
    host, phone = make_house("host"), make_house("phone")
    await host.host()
    await host.change_password("", "a new long password")
    assert not host.state.has_made_password
    user = host.state.user
    assert user is not None
    await phone.enter(here(host.state.invite_link))
    await phone.login(user.name, "a new long password")
    this, other = await host.list_sessions()
    assert (this.is_this, other.is_this) == (True, False)
    signed_out = asyncio.Event()
    phone.add_state_listener(lambda state: signed_out.set() if state.user is None else None)
    await host.end_session(other.session_id)
    async with asyncio.timeout(10):
        await signed_out.wait()
    assert [one.is_this for one in await host.list_sessions()] == [True]
    await host.end_session(other.session_id)


async def _watch(url: str, pin: str, room_id: str, **secrets: str) -> tuple[int, str]:
    arguments = ["watch", "--relay", url, "--pin", pin, "--room", room_id, "--seconds", "1"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *arguments,
        cwd=REPOSITORY,
        env={**os.environ, **secrets},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(90):
        _, words = await process.communicate()
    return process.returncode or 0, words.decode()


@pytest.mark.parametrize("privacy", ["invite", "passphrase"])
async def test_watch_when_the_room_is_private_then_its_secret_opens_it(
    make_house: Make, privacy: str
) -> None:
    host = make_house("host")
    room_id = (await host.host()).home_room_id
    url, pin = host.relay_settings()
    assert pin is not None
    studio = StudioSession(
        host, random=lambda: 0.0, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    try:
        await studio.start()
        await studio.room.edit("Plans", "", privacy, "open sesame")
        invite = parse_invite_link(await host.make_invite_link(room_id)).invite
        await studio.go_live()
        variable, good = {
            "invite": ("LIVEHOUSE_INVITE", invite),
            "passphrase": ("LIVEHOUSE_PASSPHRASE", "open sesame"),
        }[privacy]
        watched, without, wrong = await asyncio.gather(
            _watch(url, pin, room_id, **{variable: good}),
            _watch(url, pin, room_id),
            _watch(url, pin, room_id, **{variable: "guess"}),
        )
    finally:
        await studio.stop()
    assert watched[0] == 0, watched[1]
    assert without[0] == 4
    assert "is private" in without[1]
    assert wrong[0] == 4, wrong[1]
    assert good not in watched[1]
