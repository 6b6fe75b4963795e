"""A viewer's session in a room of a real relay: chat, and what becomes of the broadcast."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import pytest

from app.live.room_session import RoomSession, RoomSinks
from app.live.watching import monotonic_us
from app.media.playback.chosen_output import ChosenOutput, OutputState
from app.net.address import parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.state.room import RoomState
from tests.support.relay_clients import publisher
from tests.support.relay_process import RelayProcess, running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    account_commands,
    account_events,
    command_base,
    event_base,
    events,
    media_commands,
)
from wire.errors import ErrorCode
from wire.ids import RoomId
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from app.media.playback.audio_ring import AudioRing

_Answer = TypeVar("_Answer", bound=event_base.Answer)
PASSWORD = "a long pass phrase 77"


class Viewer:
    """A session, what it told, and the control link that it goes over."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client: ControlClient | None = None
        self.user_id = ""
        self.changed = asyncio.Event()
        self.states: list[RoomState] = []
        self.flown: list[str] = []
        self.session: RoomSession | None = None

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        assert self.client is not None
        fields = {f: getattr(command, f) for f in command.__struct_fields__}
        return await self.client.request(
            type(command)(**{**fields, "id": self.client.next_id()}), answer
        )

    def relay_settings(self) -> tuple[str, str | None]:
        return self.url, None

    def own_user_id(self) -> str:
        return self.user_id

    def on_state(self, state: RoomState) -> None:
        self.states.append(state)
        self.changed.set()

    def on_event(self, event: events.RoomEvent) -> None:
        if self.session is not None:
            self.session.on_room_event(event)

    async def until(self, holds: Callable[[RoomState], bool], timeout_s: float = 30.0) -> RoomState:
        assert self.session is not None
        async with asyncio.timeout(timeout_s):
            while not holds(self.session.state):
                self.changed.clear()
                await self.changed.wait()
        return self.session.state


def silent_output(device: str, on_change: Callable[[OutputState], None]) -> ChosenOutput:
    def fail(_device: str, _ring: AudioRing) -> NoReturn:
        raise RuntimeError("no device")

    return ChosenOutput(device, monotonic_us=monotonic_us, on_change=on_change, open_output=fail)


@contextlib.asynccontextmanager
async def visiting(relay: RelayProcess, room_id: str, name: str) -> AsyncIterator[Viewer]:
    viewer = Viewer(relay.url)
    address = parse_relay_address(relay.url)
    async with open_control(address, on_event=viewer.on_event) as client:
        viewer.client = client
        register = account_commands.Register(
            id=client.next_id(), name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
        )
        viewer.user_id = (await client.request(register, account_events.LoggedIn)).user.user_id
        session = viewer.session = RoomSession(
            viewer,
            RoomId(room_id),
            begin=RoomState(),
            sinks=RoomSinks(
                on_state=viewer.on_state,
                on_danmaku=lambda posted: viewer.flown.append(posted.text),
                on_picture=lambda _frame, _pts: None,
            ),
            random=lambda: 0.5,
            unix_us=lambda: 0,
            make_output=silent_output,
        )
        running = asyncio.get_running_loop().create_task(session.run())
        try:
            yield viewer
        finally:
            session.stop()
            async with asyncio.timeout(8):
                await running


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    folder: Path = tmp_path_factory.mktemp("relay")
    with running_relay(folder / "data", rooms=("hall",)) as running:
        yield running


async def test_session_follows_the_broadcast_from_dark_to_its_end(relay: RelayProcess) -> None:
    media = SyntheticMedia()
    async with visiting(relay, relay.room_id, "ann") as viewer:
        assert (await viewer.until(lambda s: s.stage == "offline")).role == "viewer"
        await viewer.until(lambda s: s.link == "connected")
        key = relay.publish_key
        async with publisher(relay.url, relay.room_id, media, publish_key=key) as source:
            await source.stream(media, 10)
            await viewer.until(lambda s: s.stage == "live")
        await viewer.until(lambda s: s.stage == "away")
        again = source.accepted.broadcast_id
        async with publisher(
            relay.url, relay.room_id, media, publish_key=key, broadcast_id=again
        ) as source:
            await viewer.until(lambda s: s.stage == "live")
            await source.say(media_commands.EndPublishing())
            await viewer.until(lambda s: s.stage == "ended")
    assert viewer.states[-1].sound_missing == "no device"


async def test_own_text_does_not_fly_twice_and_refusals_carry_their_seconds(
    relay: RelayProcess,
) -> None:
    async with (
        visiting(relay, relay.room_id, "bea") as bea,
        visiting(relay, relay.room_id, "cid") as cid,
    ):
        for viewer in (bea, cid):
            await viewer.until(lambda s: s.phase == "joined")
        assert bea.session is not None
        results = [
            await bea.session.send(f"text {n}", mode=1, color=0xFF, size="large") for n in range(6)
        ]
        assert results[-1] == ""
        refusal = bea.session.state.send_refusal
        assert refusal is not None
        assert refusal.code is ErrorCode.RATE_LIMITED
        assert refusal.retry_at_mono_ms is not None
        state = await cid.until(lambda s: len(s.messages) >= 3)
        assert results[:3] == [m.message_id for m in state.messages[:3]]
        assert [m.size for m in state.messages[:3]] == ["large"] * 3
        assert cid.flown[:3] == ["text 0", "text 1", "text 2"]
        assert bea.flown == []
        assert [m.text for m in bea.session.state.messages][:3] == cid.flown[:3]


async def test_states_come_at_most_twenty_times_a_second(relay: RelayProcess) -> None:
    async with visiting(relay, relay.room_id, "dan") as viewer:
        await viewer.until(lambda s: s.phase == "joined")
        assert viewer.session is not None
        viewer.states.clear()
        for number in range(400):
            viewer.session.choose_delay(number)
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.1)
        assert viewer.states[-1].delay_ms == 399
        assert len(viewer.states) <= 30


async def test_a_room_that_is_gone_is_said_in_words(relay: RelayProcess) -> None:
    async with visiting(relay, "nosuchroom", "eve") as viewer:
        refused = await viewer.until(lambda s: s.phase == "refused")
    assert refused.refusal is not None
    assert refused.refusal[0] is ErrorCode.NOT_FOUND


async def test_session_cancelled_again_and_again_leaves_no_thread(relay: RelayProcess) -> None:
    async with visiting(relay, relay.room_id, "fay") as viewer:
        await viewer.until(lambda s: s.link == "connected")
    async with open_control(parse_relay_address(relay.url)) as client:
        other = Viewer(relay.url)
        other.client = client
        session = RoomSession(
            other,
            RoomId(relay.room_id),
            begin=RoomState(),
            sinks=RoomSinks(
                on_state=other.on_state,
                on_danmaku=lambda _posted: None,
                on_picture=lambda _frame, _pts: None,
            ),
            random=lambda: 0.5,
            unix_us=lambda: 0,
            make_output=silent_output,
        )
        other.session = session
        running = asyncio.get_running_loop().create_task(session.run())
        await other.until(lambda s: s.link == "connected")
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if task is running or "Watching" in repr(task) or "_run_media" in repr(task):
                task.cancel()
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    async with asyncio.timeout(20):
        while media_threads():
            await asyncio.to_thread(time.sleep, 0.05)


def media_threads() -> list[str]:
    names = {"audio-null", "audio-player", "video-decoder", "video-presenter"}
    return [thread.name for thread in threading.enumerate() if thread.name in names]
