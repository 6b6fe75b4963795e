"""A room with regulars at a real relay, and a crowd of new accounts that all write at once."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.store.data_dir import DATABASE_FILE
from tests.support.relay_clients import ControlClient, control
from tests.support.relay_process import RelayProcess
from wire import account_commands, chat_events, event_base
from wire.detection_events import RaidDetected

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

REGULARS = 4
DAY_MS = 86_400_000
TALK = (
    "that corner again, nobody takes it so late",
    "my tea is cold since the second lap",
    "who made the music of this one?",
    "the left lane looked faster from here",
    "greetings from a rainy balcony",
    "I like how quiet the engine is today",
    "can you show the map once more",
    "two more laps and I have to cook",
)
"""What people say who have nothing to do with each other."""


@dataclass
class House:
    relay: RelayProcess
    room_id: str
    owner: ControlClient
    viewer: ControlClient
    """A guest who reads."""
    regulars: list[ControlClient] = field(default_factory=list)


@dataclass
class Outcome:
    """What one raid came to, as a guest in the room saw it."""

    took_s: float | None = None
    """From its first message until newcomers could no longer write; None: it was not found."""
    shown_before: int = 0
    shown_after: int = 0
    sent: int = 0
    removed: int = 0
    regular_said: int = 0
    regular_refused: list[str] = field(default_factory=list)


@contextlib.asynccontextmanager
async def house(data_dir: Path) -> AsyncIterator[House]:
    """Its regulars wrote yesterday."""
    relay = RelayProcess(data_dir)
    relay.start()
    try:
        tokens = []
        async with contextlib.AsyncExitStack() as stack:
            people = [await stack.enter_async_context(control(relay.url)) for _ in range(5)]
            for number, one in enumerate(people):
                await one.register("owner" if number == 0 else f"regular {number}")
                tokens.append(one.token)
            room_id = await people[0].create_room("race night")
            for one in people[1:]:
                await one.join(room_id)
                accepted = await (await one.say(room_id, f"here again, says {one.name}"))
                assert isinstance(accepted, chat_events.DanmakuAccepted), accepted
        relay.stop()
        make_older(data_dir)
        relay.start()
        async with contextlib.AsyncExitStack() as stack:
            owner, *regulars = [await stack.enter_async_context(control(relay.url)) for _ in tokens]
            for one, token in zip((owner, *regulars), tokens, strict=True):
                answer = await one.ask(account_commands.Resume(id=0, token=token))
                one.user = answer.user
                await one.join(room_id)
            viewer = await stack.enter_async_context(control(relay.url))
            await viewer.join(room_id)
            yield House(relay, room_id, owner, viewer, regulars)
        relay.stop()
        assert "Traceback" not in relay.log(), relay.log()[-4000:]
    finally:
        relay.kill()


def make_older(data_dir: Path) -> None:
    """Whoever is there has been for a month, and wrote yesterday."""
    with contextlib.closing(sqlite3.connect(data_dir / DATABASE_FILE)) as database, database:
        database.execute(
            "UPDATE users SET created_at_unix_ms = created_at_unix_ms - ?", (30 * DAY_MS,)
        )
        database.execute("UPDATE messages SET sent_at_unix_ms = sent_at_unix_ms - ?", (DAY_MS,))


async def newcomers(
    stack: AsyncExitStack, place: House, count: int, word: str = "raider"
) -> list[ControlClient]:
    """Accounts made now, in the room."""
    people = [await stack.enter_async_context(control(place.relay.url)) for _ in range(count)]
    for number, one in enumerate(people):
        await one.register(f"{word} {number}")
        await one.join(place.room_id)
    return people


async def raid(
    place: House,
    raiders: list[ControlClient],
    texts: Iterable[str],
    *,
    per_s: float,
    seconds: float,
    is_each: bool = False,
) -> Outcome:
    """`per_s` messages in all, or of each raider; the regulars go on talking."""
    outcome = Outcome()
    began = len(place.viewer.received)
    lines = iter(texts)
    stop = asyncio.Event()
    answers: list[asyncio.Future[Any]] = []
    ends_s = time.monotonic() + seconds
    turn = itertools.cycle(raiders)
    due_s = time.monotonic()
    async with asyncio.TaskGroup() as group:
        group.create_task(_talk(place, stop, outcome))
        while time.monotonic() < ends_s:
            now = raiders if is_each else [next(turn)]
            answers += [await one.say(place.room_id, next(lines)) for one in now]
            due_s += 1 / per_s
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        stop.set()
    await asyncio.wait(answers, timeout=10)
    await asyncio.sleep(0.5)  # the room's last events are on their way
    outcome.sent = len(answers)
    ids = {one.user.user_id for one in raiders if one.user is not None}
    _count(outcome, place.viewer.received[began:], ids)
    found = place.owner.of(RaidDetected)
    if found:
        outcome.took_s = found[-1].raid.took_ms / 1000
        outcome.removed = found[-1].raid.removed
    return outcome


def _count(outcome: Outcome, seen: list[Any], raiders: set[Any]) -> None:
    is_shut = False
    for one in seen:
        if isinstance(one, chat_events.ChatRulesChanged):
            is_shut = one.rules.known_only
        elif isinstance(one, event_base.DanmakuPosted) and one.user_id in raiders:
            if is_shut:
                outcome.shown_after += 1
            else:
                outcome.shown_before += 1


async def _talk(place: House, stop: asyncio.Event, outcome: Outcome) -> None:
    lines: Callable[[], str] = itertools.cycle(TALK).__next__
    people = itertools.cycle(place.regulars)
    while not stop.is_set():
        answer = await (await next(people).say(place.room_id, lines()))
        outcome.regular_said += 1
        if not isinstance(answer, chat_events.DanmakuAccepted) or answer.is_held:
            outcome.regular_refused.append(str(answer))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.4)
