"""What was seen and chosen comes to the relay: in batches, once, and never of another relay."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from app.errors import RelayRefused, RelayUnreachable
from app.live import impressions as module
from app.live.impressions import WAITING_MAX, Impressions
from app.state import seen_cards
from app.state.seen_cards import ShownCard
from wire import command_base, events
from wire.discovery_commands import Impression, RecordImpressions
from wire.errors import ErrorCode
from wire.ids import ReplayId, RoomId
from wire.limits import IMPRESSIONS_MAX


class FakeRelay:
    def __init__(self) -> None:
        self.batches: list[tuple[Impression, ...]] = []
        self.failure: Exception | None = None
        self.url = "ws://one"
        self.heard = asyncio.Event()

    async def request(self, command: command_base.Command, _answer: type[Any]) -> Any:
        assert isinstance(command, RecordImpressions)
        if self.failure is not None:
            raise self.failure
        self.batches.append(command.impressions)
        self.heard.set()
        return events.Ok()

    def relay_settings(self) -> tuple[str, str | None]:
        return self.url, None


def card(number: int) -> ShownCard:
    return ShownCard(RoomId(f"r{number}"), number, "watched")


def make(relay: FakeRelay) -> Impressions:
    keys = itertools.count()
    return Impressions(relay, make_key=lambda: f"k{next(keys)}", interval_s=0.01)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_cards, "SEEN_AFTER_S", 0.0)


async def test_cards_when_seen_and_chosen_then_sent_with_place_and_reason() -> None:
    relay = FakeRelay()
    sender = make(relay)
    running = asyncio.get_running_loop().create_task(sender.run())
    sender.look([card(0), card(1)])
    async with asyncio.timeout(5):
        await relay.heard.wait()
    sender.click(card(1))
    sender.stop()
    async with asyncio.timeout(5):
        await running
    sent = [one for batch in relay.batches for one in batch]
    assert [(one.room_id, one.position, one.is_clicked) for one in sent] == [
        ("r0", 0, False),
        ("r1", 1, False),
        ("r1", 1, True),
    ]
    assert {one.reason for one in sent} == {"watched"}
    assert len({one.key for one in sent}) == 3


async def test_recording_when_seen_and_chosen_then_sent_as_one_of_its_room() -> None:
    relay = FakeRelay()
    sender = make(relay)
    recorded = ShownCard(RoomId("r0"), 0, "recent", ReplayId("v1"))
    sender.look([recorded])
    sender.click(recorded)
    await sender.send()
    (sent,) = relay.batches
    assert sorted((one.room_id, one.replay_id, one.is_clicked) for one in sent) == [
        ("r0", "v1", False),
        ("r0", "v1", True),
    ]


@pytest.mark.parametrize(
    "failure",
    [RelayUnreachable("cut"), RelayRefused(ErrorCode.RATE_LIMITED, "slowly", retry_after_ms=9)],
)
async def test_cards_when_the_relay_does_not_take_them_then_the_same_come_again(
    failure: Exception,
) -> None:
    relay = FakeRelay()
    sender = make(relay)
    sender.click(card(0))
    relay.failure = failure
    await sender.send()
    relay.failure = None
    await sender.send()
    await sender.send()
    assert [[one.key for one in batch] for batch in relay.batches] == [["k0"]]


async def test_cards_when_the_relay_refuses_them_for_good_then_given_up() -> None:
    relay = FakeRelay()
    sender = make(relay)
    sender.click(card(0))
    relay.failure = RelayRefused(ErrorCode.LOGIN_REQUIRED, "log in first")
    await sender.send()
    relay.failure = None
    await sender.send()
    assert relay.batches == []


async def test_cards_when_very_many_then_bounded_and_cut_into_batches() -> None:
    relay = FakeRelay()
    sender = make(relay)
    for number in range(WAITING_MAX + 7):
        sender.click(card(number))
    await sender.send()
    assert [len(batch) for batch in relay.batches] == [IMPRESSIONS_MAX] * 5
    assert relay.batches[0][0].room_id == "r7", "the oldest are given up"


async def test_cards_when_another_relay_is_joined_then_not_told_to_it() -> None:
    relay = FakeRelay()
    sender = make(relay)
    await sender.send()
    sender.click(card(0))
    relay.url = "ws://two"
    await sender.send()
    assert relay.batches == []


def test_key_when_made_then_the_wire_takes_it() -> None:
    assert len({module._make_key() for _ in range(9)}) == 9
