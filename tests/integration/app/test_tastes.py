"""Simulated viewers of different taste at a real relay: each gets another Discover page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from app.live import recommending
from app.live.crowd_accounts import CrowdAccounts
from app.live.crowd_play import Tally
from app.live.crowd_visit import CrowdVisit
from app.live.discovery import Discovery
from app.live.vault import Vault
from app.net.address import RelayAddress, parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.state.discover import DiscoverState
from tests.support.relay_clients import PublisherClient, publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import command_base, event_base, room_commands, room_events

if TYPE_CHECKING:
    from tests.support.relay_process import RelayProcess
    from wire.ids import RoomId

ROOMS = {
    "garden": ("Rosa", "Outdoors"),
    "forest": ("Otto", "Outdoors"),
    "songs": ("Kit", "Music"),
    "guitar": ("Lea", "Music"),
    "kitchen": ("Nino", "Cooking"),
}
STAY_S = 6.0
"""Much less than the minute within which it must show."""


class SignedIn:
    """What a page asks, for one account."""

    def __init__(self, url: str, client: ControlClient) -> None:
        self._url = url
        self._client = client

    async def request(
        self, command: command_base.Command, answer: type[event_base.Answer]
    ) -> object:
        numbered = msgspec.structs.replace(command, id=self._client.next_id())
        return await self._client.request(numbered, answer)

    def relay_settings(self) -> tuple[str, str | None]:
        return self._url, None


class House:
    """Five rooms of three categories, all live."""

    def __init__(self, relay: RelayProcess, folder: Path) -> None:
        self.url = relay.url
        self.address: RelayAddress = parse_relay_address(relay.url)
        self.accounts = CrowdAccounts(Vault(folder / "people", uses_keyring=False), relay.url)
        self.rooms: dict[str, RoomId] = {}
        self.owners: dict[str, event_base.UserInfo] = {}
        self.tally = Tally()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        async with contextlib.AsyncExitStack() as stack:
            for name, (owner, category) in ROOMS.items():
                control = await stack.enter_async_context(open_control(self.address))
                self.owners[name] = await self.accounts.sign_in(control, owner)
                create = room_commands.CreateRoom(
                    id=control.next_id(), name=name, category=category
                )
                room_id = (await control.request(create, room_events.RoomDetails)).room.room_id
                self.rooms[name] = room_id
                ask = room_commands.CreatePublishKey(id=control.next_id(), room_id=room_id)
                key = (await control.request(ask, room_events.PublishKeyCreated)).publish_key
                media = SyntheticMedia(has_audio=False)
                source = await stack.enter_async_context(
                    publisher(self.url, room_id, media, publish_key=key)
                )
                sending = asyncio.get_running_loop().create_task(_send(source, media))
                stack.callback(sending.cancel)
            yield self

    async def visit(self, name: str, room: str, seconds: float) -> None:
        visit = CrowdVisit(
            self.address,
            self.rooms[room],
            name=name,
            takes_picture=True,
            accounts=self.accounts,
            tally=self.tally,
            on_account=lambda _user: None,
            luck=0.5,
        )
        running = asyncio.get_running_loop().create_task(visit.run())
        async with asyncio.timeout(15):
            while not visit.is_watching:  # noqa: ASYNC110 # a figure of the crowd, without an event
                await asyncio.sleep(0.02)
        await asyncio.sleep(seconds)  # watching is what is measured here
        visit.leave()
        await running

    @contextlib.asynccontextmanager
    async def signed_in(self, name: str) -> AsyncIterator[SignedIn]:
        async with open_control(self.address) as control:
            await self.accounts.sign_in(control, name)
            yield SignedIn(self.url, control)

    async def discover(self, name: str) -> DiscoverState:
        """As the page of this account would show it."""
        async with self.signed_in(name) as control:
            listed = asyncio.Event()
            shown = DiscoverState()

            def on_state(state: DiscoverState) -> None:
                nonlocal shown
                shown = state
                if state.has_listed:
                    listed.set()

            discovery = Discovery(
                control,  # type: ignore[arg-type]  # as much of a house as is asked for
                on_state=on_state,
                on_thumbnail=lambda _id, _jpeg: None,
            )
            running = asyncio.get_running_loop().create_task(discovery.run())
            async with asyncio.timeout(10):
                await listed.wait()
            discovery.stop()
            await running
            return shown


async def _send(source: PublisherClient, media: SyntheticMedia) -> None:
    """A host without pictures would be away, and nobody would be watching."""
    while True:
        await source.send(media.next_frame(keyframe=True))
        await asyncio.sleep(0.2)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with running_relay(tmp_path / "data") as relay:
        async with House(relay, tmp_path).open() as house:
            yield house


def names(state: DiscoverState) -> list[str]:
    return [room.name for room in state.recommended]


async def test_viewers_when_they_watched_what_they_like_then_their_pages_differ(
    house: House,
) -> None:
    await asyncio.gather(house.visit("Ann", "garden", STAY_S), house.visit("Ben", "songs", STAY_S))
    ann, ben = await house.discover("Ann"), await house.discover("Ben")
    assert set(names(ann)) == set(names(ben)) == set(ROOMS), "nobody is left out"
    assert names(ann) != names(ben)
    assert names(ann)[0] == "garden"
    assert names(ben)[0] == "songs"
    for state, own, alike in ((ann, "garden", "forest"), (ben, "songs", "guitar")):
        reasons = {room.name: room.reason for room in state.recommended if room.reason}
        assert set(reasons) == set(ROOMS), "each says why"
        assert reasons[own].kind in {"watched", "popular"}
        # One visit is not "often": what is alike moves up, and more is not claimed.
        assert reasons[alike].kind not in {"category", "watched"}
    assert names(ann).index("forest") < names(ben).index("forest"), "what is like it moves up"
    assert names(ben).index("guitar") < names(ann).index("guitar")

    async with house.signed_in("Ann") as control:
        why = await recommending.load_why(control, ann.recommended[0])
    assert why.streamer is not None
    assert why.streamer.user.name == "Rosa"
    assert why.category is not None
    assert sum(share for _, share in why.parts) <= 1.001
    assert why.parts[0][0].startswith(("own", "seen", "popular", "now", "follow", "fresh"))


async def test_streamer_when_hidden_then_gone_and_back_when_taken_back(house: House) -> None:
    async with house.signed_in("Ann") as control:
        rosa = house.owners["garden"].user_id
        await recommending.set_hidden(control, rosa, is_hidden=True)
        assert "garden" not in names(await house.discover("Ann"))
        belief = await recommending.load_belief(control)
        assert [user.name for user in belief.hidden] == ["Rosa"]
        assert "garden" in names(await house.discover("Ben")), "it is one's own affair"
        belief = await recommending.show_again(control, rosa)
        assert belief.hidden == ()
        assert "garden" in names(await house.discover("Ann"))


async def test_belief_when_watched_corrected_and_reset_then_says_so(house: House) -> None:
    await house.visit("Ann", "garden", STAY_S)
    async with house.signed_in("Ann") as control:
        belief = await recommending.load_belief(control)
        assert [one.user.name for one in belief.streamers] == ["Rosa"]
        assert belief.streamers[0].visits == 1
        rosa = belief.streamers[0].user.user_id
        belief = await recommending.correct_streamer(control, rosa, "less")
        assert belief.streamers[0].weight == 0.5
        belief = await recommending.reset_belief(control)
        assert belief.streamers == ()
        assert belief.is_recorded
