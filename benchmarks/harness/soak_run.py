"""A soak from its house to its last sample: who lives there, what goes wrong, what is counted."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

import psutil

from benchmarks.harness import report
from benchmarks.harness.soak_faults import Faults
from benchmarks.harness.soak_figures import LEFT_OVER_MAX, Outcome, Sample
from benchmarks.harness.soak_misfits import Misfits
from benchmarks.harness.soak_people import GIFT_COINS, PAUSE_S, Person, Tally, Witness
from benchmarks.harness.soak_publisher import SoakPublisher
from benchmarks.harness.soak_viewers import Seen, watch
from server import maintenance
from tests.faults.tcp_proxy import FaultProxy, fault_proxy
from tests.support.raids import make_older
from tests.support.relay_clients import PASSWORD, control, new_key
from tests.support.relay_process import RelayProcess
from wire import account_commands, chat_commands, coin_commands

COINS: Final = 1_000_000
SAMPLE_EVERY_S: Final = 5.0
SETTLE_S: Final = 2.0
START_S_MAX: Final = 60.0
HEAL_S_MAX: Final = 60.0
"""Beyond it a fault counts as one that never healed."""
GONE_S_MAX: Final = 30.0
NO_SAMPLE: Final = (OSError, HTTPException)
"""The relay may stand still just now, on purpose."""
_TELLING: Final = (
    "Traceback",
    "never retrieved",
    "was destroyed but it is pending",
    "never awaited",
)


@dataclass(frozen=True)
class Plan:
    seconds: float
    seed: int
    every_s: float = 30.0
    """From one fault to the next."""
    near: int = 15
    far: int = 15
    misfits_each: int = 4
    """Of five kinds."""
    people: int = 6
    pause_s: tuple[float, float] = PAUSE_S
    """Of a person between two gifts."""


@dataclass(frozen=True)
class House:
    relay: RelayProcess
    room_id: str
    publish_key: str
    tokens: dict[str, str]


@dataclass(frozen=True)
class Crowd:
    people: list[Person]
    tally: Tally
    witness: Witness


@dataclass(frozen=True)
class Scene:
    """What `go_wrong` is given."""

    plan: Plan
    faults: Faults
    began_s: float
    viewers: list[Seen]
    outcome: Outcome

    async def wait_healed(self, name: str) -> None:
        """Until every good viewer has a picture from after now."""
        healed_s, healed_us = time.monotonic(), time.time_ns() // 1000
        if await _until(_all_fresh(self.viewers, healed_us), HEAL_S_MAX):
            took_s = time.monotonic() - healed_s
            self.outcome.healed_s.setdefault(name, []).append(took_s)
            words = f"healed in {took_s:.1f} s"
        else:
            self.outcome.never_healed.append(name)
            words = "NOT healed"
        report.progress(f"{healed_s - self.began_s:6.0f} s  {name}: {words}")


async def one_after_another(scene: Scene) -> None:
    """A soak: each kind of fault in turn, until the time is over."""
    plan = scene.plan
    for number, (name, fault) in enumerate(scene.faults.rounds(), start=1):
        due_s = scene.began_s + number * plan.every_s
        if due_s + plan.every_s / 2 > scene.began_s + plan.seconds:
            break
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        await fault()
        await scene.wait_healed(name)
    await asyncio.sleep(max(0.0, scene.began_s + plan.seconds - time.monotonic()))


async def soak(
    data_dir: Path,
    plan: Plan,
    go_wrong: Callable[[Scene], Awaitable[None]] = one_after_another,
) -> Outcome:
    outcome = Outcome(plan.seed)
    async with _house(data_dir, plan.people) as house:
        relay = house.relay
        await asyncio.sleep(SETTLE_S)
        outcome.before = await _sample(relay, 0.0)
        tally, witness = Tally(), Witness()
        async with (
            fault_proxy(relay.port, seed=plan.seed) as up,
            fault_proxy(relay.port, seed=plan.seed + 1) as far,
        ):
            people = _people(house, far.url, plan, tally)
            crowd = Crowd(people, tally, witness)
            await _live(house, plan, outcome, (up, far), crowd, go_wrong)
        for person in people:
            await person.settle(relay.url)
        outcome.after = await _when_all_have_gone(relay, outcome)
        _count_people(outcome, people, tally, witness)
        outcome.log_lines = relay.log().count("\n")
        relay.stop()
        outcome.unhandled = sum(relay.log().count(words) for words in _TELLING)
    await asyncio.to_thread(_check_book, data_dir, outcome, people, tally)
    return outcome


async def _live(
    house: House,
    plan: Plan,
    outcome: Outcome,
    links: tuple[FaultProxy, FaultProxy],
    crowd: Crowd,
    go_wrong: Callable[[Scene], Awaitable[None]],
) -> None:
    """Everybody comes, things go wrong, everybody goes."""
    relay, (up, far) = house.relay, links
    publisher = SoakPublisher(up.url, house.room_id, house.publish_key)
    publisher.start()
    near_seen = [Seen() for _ in range(plan.near)]
    far_seen = [Seen() for _ in range(plan.far)]
    misfits = Misfits(relay.port, relay.url, house.room_id, plan.seed)
    began_s = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        others = [
            tasks.create_task(watch(url, house.room_id, seen))
            for url, group in ((relay.url, near_seen), (far.url, far_seen))
            for seen in group
        ]
        others.append(tasks.create_task(crowd.witness.attend(relay.url, house.room_id)))
        await _until(lambda: all(seen.pictures for seen in near_seen + far_seen), START_S_MAX)
        talk = [tasks.create_task(person.live()) for person in crowd.people]
        others += misfits.start(tasks, plan.misfits_each)
        others.append(tasks.create_task(_take_samples(relay, began_s, outcome)))
        faults = Faults(relay, publisher, up, far, _chance(plan.seed))
        await go_wrong(Scene(plan, faults, began_s, near_seen + far_seen, outcome))
        await _say_goodbye(talk, lambda: crowd.tally.accepted <= crowd.witness.shown.keys())
        for task in others:
            task.cancel()
    outcome.seconds = time.monotonic() - began_s
    await publisher.kill()
    outcome.publishers = publisher.programs
    outcome.broadcasts = len(
        publisher.broadcasts.union(*(seen.broadcasts for seen in near_seen + far_seen))
    )
    outcome.misbehaved = dict(misfits.counts)
    outcome.bench_errors = misfits.errors
    outcome.pictures = sum(seen.pictures for seen in near_seen + far_seen)
    outcome.wrong = dict(sum((seen.wrong for seen in near_seen + far_seen), Counter[str]()))
    outcome.near_gaps = sum(seen.gaps for seen in near_seen)
    outcome.near_reconnects = sum(seen.connections - 1 for seen in near_seen)
    outcome.far_reconnects = sum(seen.connections - 1 for seen in far_seen)


async def _say_goodbye(talk: list[asyncio.Task[None]], all_seen: Callable[[], bool]) -> None:
    """People go first; what they said last is still on its way to the witness."""
    for task in talk:
        task.cancel()
    await asyncio.wait(talk)
    await _until(all_seen, HEAL_S_MAX / 2)


def _all_fresh(viewers: list[Seen], since_us: int) -> Callable[[], bool]:
    return lambda: all(one.newest_captured_us > since_us for one in viewers)


async def _until(holds: Callable[[], bool], timeout_s: float) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline_s:
            return False
        await asyncio.sleep(0.05)
    return True


# --- the relay's process ------------------------------------------------------------------------


async def _take_samples(relay: RelayProcess, began_s: float, outcome: Outcome) -> None:
    while True:
        with contextlib.suppress(*NO_SAMPLE):
            outcome.samples.append(await _sample(relay, time.monotonic() - began_s))
        await asyncio.sleep(SAMPLE_EVERY_S)


async def _sample(relay: RelayProcess, at_s: float) -> Sample:
    figures = await asyncio.to_thread(relay.metrics)
    return Sample(
        at_s=at_s,
        memory_mb=relay.rss_mb(),
        open_files=_open_files(relay.pid),
        tasks=int(figures["livehouse_tasks"]),
        sockets=int(figures["livehouse_sockets"]),
        lag_max_s=figures["livehouse_event_loop_lag_max_seconds"],
    )


def _open_files(pid: int) -> int:
    process = psutil.Process(pid)
    return int(process.num_handles() if sys.platform == "win32" else process.num_fds())


async def _when_all_have_gone(relay: RelayProcess, outcome: Outcome) -> Sample | None:
    before, deadline_s = outcome.before, time.monotonic() + GONE_S_MAX
    while True:
        now = None
        with contextlib.suppress(*NO_SAMPLE):
            now = await _sample(relay, outcome.seconds)
        is_empty = (
            before is not None
            and now is not None
            and now.sockets <= before.sockets
            and now.tasks <= before.tasks + LEFT_OVER_MAX
            and now.open_files <= before.open_files + LEFT_OVER_MAX
        )
        if is_empty or time.monotonic() > deadline_s:
            return now
        await asyncio.sleep(0.1)


# --- the house and its people -------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _house(data_dir: Path, people: int) -> AsyncIterator[House]:
    """Whoever lives there has been for a month: newcomers that all write look like a raid."""
    await asyncio.to_thread(
        maintenance.create_user, data_dir, "", name="admin", password=PASSWORD, is_admin=True
    )
    relay = RelayProcess(data_dir)
    relay.start()
    try:
        tokens = {}
        async with control(relay.url) as admin:
            await admin.ask(account_commands.Login(id=0, name="admin", password=PASSWORD))
            room_id = await admin.create_room("soak")
            key = await new_key(admin, room_id)
            for number in range(people):
                async with control(relay.url) as person:
                    made = await person.register(f"person {number}")
                    tokens[person.name] = made.token
                    await person.join(room_id)
                    await person.ask(
                        chat_commands.SendDanmaku(
                            id=0, room_id=room_id, text=f"hello, {person.name}"
                        )  # type: ignore[arg-type]  # plain text
                    )
                await admin.ask(
                    coin_commands.GrantCoins(
                        id=0,
                        user_id=made.user.user_id,
                        coins=COINS,
                        note="",
                        idempotency_key=f"grant {number}",
                    )
                )
        relay.stop()
        make_older(data_dir)
        relay.start()
        yield House(relay, room_id, key.publish_key, tokens)
    finally:
        relay.kill()


def _chance(*parts: object) -> random.Random:
    return random.Random(" ".join(map(str, parts)))  # noqa: S311 # the same faults each time


def _people(house: House, url: str, plan: Plan, tally: Tally) -> list[Person]:
    return [
        Person(name, token, url, house.room_id, _chance(plan.seed, name), tally, plan.pause_s)
        for name, token in house.tokens.items()
    ]


def _count_people(outcome: Outcome, people: list[Person], tally: Tally, witness: Witness) -> None:
    outcome.said = len(tally.accepted)
    # While the witness itself was out it could see nothing.
    outcome.chat_lost = (
        len(tally.accepted - witness.shown.keys()) if witness.connections == 1 else 0
    )
    outcome.chat_doubled = sum(count - 1 for count in witness.shown.values())
    if witness.connections != 1:
        outcome.bench_errors.append(f"the witness came {witness.connections} times")
    outcome.refusals = dict(tally.refusals)
    outcome.stuck = tally.stuck
    outcome.gifts = len(tally.gifts)
    outcome.gifts_asked_again = tally.asked_again
    outcome.gifts_unanswered = sum(len(person.pending) for person in people)
    outcome.bench_errors += tally.wrong


def _check_book(data_dir: Path, outcome: Outcome, people: list[Person], tally: Tally) -> None:
    checked = maintenance.verify_ledger(data_dir, "")
    outcome.ledger_problems = tuple(str(problem) for problem in checked.problems)
    for person in people:
        statement = maintenance.read_statement(data_dir, "", person.name)
        mine = {value for key, value in tally.gifts.items() if key.startswith(f"{person.name} ")}
        booked = [line.transfer_id for line in statement.movements if line.kind == "gift"]
        outcome.coins_wrong += len(mine.symmetric_difference(booked))
        outcome.coins_wrong += len(booked) - len(set(booked))
        outcome.coins_wrong += abs(statement.coins - (COINS - GIFT_COINS * len(mine)))
