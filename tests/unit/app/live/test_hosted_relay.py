"""The guard of the relay hosted here, with relays that die when the test says so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from app.errors import RelayUnreachable
from app.live import hosted_relay
from app.live.hosted_relay import HostedRelay
from app.net.relay_process import ReadyLine

AT_ONCE = (0.0, 0.0, 0.0)


@dataclass
class FakeRelay:
    ready: ReadyLine
    died: asyncio.Future[int] = field(default_factory=asyncio.Future)
    is_stopped: bool = False

    async def wait(self) -> int:
        return await asyncio.shield(self.died)

    async def stop(self) -> None:
        self.is_stopped = True


class Computer:
    """Starts relays, or fails to, and keeps what was told."""

    def __init__(self) -> None:
        self.relays: list[FakeRelay] = []
        self.asked_ports: list[int] = []
        self.failures: list[str] = []
        """Words of the next starts that fail."""
        self.told: asyncio.Queue[str] = asyncio.Queue(maxsize=50)

    async def start(self, port: int) -> FakeRelay:
        self.asked_ports.append(port)
        if self.failures:
            raise RelayUnreachable(self.failures.pop(0))
        self.relays.append(FakeRelay(ReadyLine(ready=True, url=f"wss://127.0.0.1:{port or 4711}")))
        return self.relays[-1]

    def host(self, delays_s: tuple[float, ...] = AT_ONCE) -> HostedRelay:
        async def give_up(words: str) -> None:
            self.told.put_nowait(f"given up: {words}")

        return HostedRelay(
            self.start,
            on_died=lambda code: self.told.put_nowait(f"died with {code}"),
            on_restarted=lambda: self.told.put_nowait("restarted"),
            on_given_up=give_up,
            delays_s=delays_s,
        )

    async def hear(self) -> str:
        async with asyncio.timeout(5):
            return await self.told.get()


@pytest.fixture
def computer() -> Computer:
    return Computer()


async def test_relay_when_it_dies_then_is_started_again_at_its_port(computer: Computer) -> None:
    hosted = computer.host()
    ready = await hosted.open(())
    assert ready.url.endswith(":4711")
    computer.relays[0].died.set_result(-9)
    assert await computer.hear() == "died with -9"
    assert await computer.hear() == "restarted"
    assert computer.asked_ports == [0, 4711]
    assert computer.relays[0].is_stopped
    await hosted.stop()
    assert computer.relays[1].is_stopped


async def test_relay_when_its_port_is_taken_at_first_then_takes_a_free_one(
    computer: Computer,
) -> None:
    computer.failures = ["the port is in use"]
    hosted = computer.host()
    await hosted.open((7788,))
    assert computer.asked_ports == [7788, 0]
    await hosted.stop()


async def test_relay_when_it_had_another_port_last_then_tries_that_first(
    computer: Computer,
) -> None:
    computer.failures = ["the port is in use"]
    hosted = computer.host()
    await hosted.open((40_000, 7788))
    assert computer.asked_ports == [40_000, 7788]
    await hosted.stop()


async def test_relay_when_it_will_not_stand_then_is_given_up_with_the_last_reason(
    computer: Computer,
) -> None:
    hosted = computer.host()
    await hosted.open((7788,))
    computer.failures = ["one", "two", "the disk is full"]
    computer.relays[0].died.set_result(1)
    assert await computer.hear() == "died with 1"
    assert await computer.hear() == "given up: the disk is full"
    assert computer.asked_ports == [7788] * 4
    await hosted.stop()


async def test_relay_when_it_dies_soon_each_time_then_its_tries_run_out(
    computer: Computer,
) -> None:
    hosted = computer.host()
    await hosted.open((7788,))
    for _ in AT_ONCE:
        computer.relays[-1].died.set_result(2)
        assert await computer.hear() == "died with 2"
        assert await computer.hear() == "restarted"
    computer.relays[-1].died.set_result(2)
    assert await computer.hear() == "died with 2"
    assert "exit code 2" in await computer.hear()
    await hosted.stop()


async def test_relay_when_it_ran_long_enough_then_its_tries_begin_anew(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted_relay, "STEADY_S", 0.0)
    hosted = computer.host(delays_s=(0.0,))
    await hosted.open((7788,))
    for _ in range(3):
        computer.relays[-1].died.set_result(2)
        assert await computer.hear() == "died with 2"
        assert await computer.hear() == "restarted"
    await hosted.stop()


async def test_hosting_when_stopped_while_it_waits_to_try_again_then_nothing_is_started(
    computer: Computer,
) -> None:
    hosted = computer.host(delays_s=(60.0,))
    await hosted.open((7788,))
    computer.relays[0].died.set_result(-9)
    assert await computer.hear() == "died with -9"
    await hosted.stop()
    assert computer.told.empty()
    assert len(computer.relays) == 1


async def test_relay_when_left_while_it_starts_then_is_not_kept(computer: Computer) -> None:
    may_stand = asyncio.Event()

    async def start(port: int) -> FakeRelay:
        await may_stand.wait()
        return await Computer.start(computer, port)

    computer.start = start  # type: ignore[method-assign] # slow, as a first start is
    hosted = computer.host()
    opening = asyncio.get_running_loop().create_task(hosted.open(()))
    await asyncio.sleep(0)
    await hosted.stop()
    may_stand.set()
    with pytest.raises(RelayUnreachable):
        await opening
    assert [relay.is_stopped for relay in computer.relays] == [True]
