"""A simulated audience against the real relay."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import BadInput, RelayRefused, RelayUnreachable
from app.live import crowd as crowd_module
from app.live.crowd import Crowd
from app.live.crowd_accounts import CrowdAccounts
from app.live.demo_host import DemoHost
from app.live.vault import Vault
from app.net.address import parse_relay_address
from app.net.control_client import open_control
from app.settings import parse_audience
from app.state import audience, audience_purse
from app.state.demo_programme import DemoRoom, DemoRound
from tests.support.relay_clients import publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    coin_commands,
    coin_events,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.ids import RoomId

VIEWERS = 8


@pytest.fixture(autouse=True)
def hasty_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan in a hurry."""
    monkeypatch.setattr(audience, "FIRST_WAIT_S_MEAN", 0.3)
    monkeypatch.setattr(audience, "SAY_GAP_S_MIN", 0.3)
    monkeypatch.setattr(audience, "TALK_GAP_S_MEAN", 0.3)
    monkeypatch.setattr(crowd_module, "RETRY_S", 0.1)
    monkeypatch.setattr(crowd_module, "RETRY_SPREAD_S", 0.1)


def make_crowd(
    url: str, folder: Path, *, rooms: tuple[str, ...] = (), seconds: float | None = None
) -> Crowd:
    settings = parse_audience(
        relay=url, pin=None, rooms=rooms, viewers=VIEWERS, seed=3, picture_share=1.0,
        seconds=seconds,
    )  # fmt: skip
    vault = Vault(folder, uses_keyring=False)
    chance = random.Random(settings.seed).random
    return Crowd(settings, vault=vault, random=chance, on_notice=lambda _words: None)


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to be")


async def test_crowd_when_it_runs_then_watches_writes_and_leaves_in_order(tmp_path: Path) -> None:
    media = SyntheticMedia(has_audio=False)
    with running_relay(tmp_path / "data") as relay:
        heard: list[str] = []
        told: list[int] = []

        def hear(event: events.RoomEvent) -> None:
            if isinstance(event, event_base.DanmakuPosted):
                heard.append(event.text)
            elif isinstance(event, room_events.ViewersChanged):
                told.append(event.viewers)

        address = parse_relay_address(relay.url)
        async with (
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            open_control(address, on_event=hear) as guest,
        ):
            join = room_commands.JoinRoom(id=guest.next_id(), room_id=RoomId(relay.room_id))
            await guest.request(join, room_events.RoomJoined)
            crowd = make_crowd(relay.url, tmp_path / "people")
            running = asyncio.get_running_loop().create_task(crowd.run())
            await until(lambda: crowd.statistics()["watching"] == VIEWERS)
            await source.send(media.next_frame(keyframe=True))
            await until(lambda: len(heard) >= 5)
            await until(lambda: int(str(crowd.statistics()["packets"])) >= VIEWERS)
            assert "8 watching in 1 room " in crowd.line()
            crowd.stop()
            async with asyncio.timeout(30):
                await running
            assert crowd.statistics()["watching"] == 0
            assert crowd.statistics()["failures"] == 0
            await until(lambda: told[-1:] == [0])


async def test_crowd_when_a_room_plays_then_taps_gives_votes_enters_and_grabs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "GIVE_GAP_S_MEAN", 0.5)
    monkeypatch.setattr(audience, "MOMENT_GAP_S_MEAN", 1.0)
    monkeypatch.setattr(audience, "TREAT_SHARE", 0.0)
    monkeypatch.setattr(audience_purse, "DELAY_S_MAX", 1.0)
    media = SyntheticMedia(has_audio=False)
    host = DemoRoom(
        "parlour", "Nadia", "Evening", "", "", "", (DemoRound("Tea?", ("Yes", "No"), "A cup"),)
    )
    with running_relay(tmp_path / "data") as relay:
        address = parse_relay_address(relay.url)
        accounts = CrowdAccounts(Vault(tmp_path / "streamers", uses_keyring=False), relay.url)
        async with open_control(address) as owner:
            await accounts.sign_in(owner, host.owner)
            create = room_commands.CreateRoom(id=owner.next_id(), name=host.name)
            room_id = (await owner.request(create, room_events.RoomDetails)).room.room_id
            create_key = room_commands.CreatePublishKey(id=owner.next_id(), room_id=room_id)
            key = (await owner.request(create_key, room_events.PublishKeyCreated)).publish_key
            join = room_commands.JoinRoom(id=owner.next_id(), room_id=room_id)
            await owner.request(join, room_events.RoomJoined)
            async with publisher(relay.url, room_id, media, publish_key=key):
                crowd = make_crowd(relay.url, tmp_path / "people", rooms=("parlour",))
                running = asyncio.get_running_loop().create_task(crowd.run())

                def did(*names: str) -> bool:
                    return all(int(str(crowd.statistics()[name])) > 0 for name in names)

                await until(lambda: did("likes", "gifts", "coins"))
                waits = iter((0.0, 4.0, 60.0))
                playing = asyncio.get_running_loop().create_task(
                    DemoHost(
                        address,
                        host,
                        room_id,
                        accounts,
                        sleep=lambda _s: asyncio.sleep(next(waits)),
                    ).run(first_wait_s=0)
                )
                claim = coin_commands.ClaimGrant(id=owner.next_id())
                await owner.request(claim, coin_events.Wallet)
                packet = coin_commands.SendRedPacket(
                    id=owner.next_id(),
                    room_id=room_id,
                    coins=20,
                    shares=2,
                    idempotency_key="k" * 16,
                )
                await owner.request(packet, coin_events.RedPacketAccepted)
                await until(lambda: did("votes", "entries", "shares"))
                playing.cancel()
                crowd.stop()
                await running
        assert crowd.statistics()["failures"] == 0
        assert int(str(crowd.statistics()["coins"])) <= 4 * 100 + 20, "what a day gives"


async def test_crowd_when_it_comes_again_then_its_accounts_are_used_again(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data") as relay:
        accounts = tmp_path / "people" / "accounts.json"
        with_accounts = round(VIEWERS * audience.ACCOUNT_SHARE)
        crowd = make_crowd(relay.url, tmp_path / "people")
        running = asyncio.get_running_loop().create_task(crowd.run())
        await until(
            lambda: accounts.exists() and accounts.read_bytes().count(b'"token"') == with_accounts
        )
        crowd.stop()
        await running
        first = accounts.read_bytes()
        assert first.count(b'"token"') == with_accounts
        again = make_crowd(relay.url, tmp_path / "people")
        running = asyncio.get_running_loop().create_task(again.run())
        await until(lambda: int(str(again.statistics()["said"])) > 3)
        again.stop()
        await running
        assert accounts.read_bytes() == first


async def test_crowd_when_the_relay_was_away_then_comes_back_by_itself(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data") as relay:
        crowd = make_crowd(relay.url, tmp_path / "people")
        running = asyncio.get_running_loop().create_task(crowd.run())
        await until(lambda: crowd.statistics()["watching"] == VIEWERS)
        relay.kill()
        await until(lambda: crowd.statistics()["watching"] == 0)
        await asyncio.to_thread(relay.start)
        await until(lambda: crowd.statistics()["watching"] == VIEWERS)
        crowd.stop()
        await running


async def test_crowd_when_it_cannot_begin_then_says_why(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data", rooms=()) as relay:
        with pytest.raises(BadInput, match="no public room"):
            await make_crowd(relay.url, tmp_path).run()
        with pytest.raises(RelayRefused, match="'attic'"):
            await make_crowd(relay.url, tmp_path, rooms=("attic",)).run()
    with pytest.raises(RelayUnreachable, match="nothing listens there"):
        await make_crowd(relay.url, tmp_path).run()
