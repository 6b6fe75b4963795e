"""People of a soak: they chat and give over a link that breaks, and ask again with their key."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.harness.soak_viewers import BACK_OFF_S, LINK_ERRORS
from tests.support.relay_clients import ControlClient, control
from wire import (
    account_commands,
    chat_commands,
    chat_events,
    coin_commands,
    coin_events,
    command_base,
    event_base,
    events,
    room_commands,
)

if TYPE_CHECKING:
    import random

    from wire.errors import ErrorCode

ANSWER_S_MAX: Final = 15.0
"""Longer than any fault of the link lasts; the relay itself answers in milliseconds."""
PAUSE_S: Final = (1.0, 3.0)
GIFT_COINS: Final = 1
_WORDS_TEXT: Final = """
corner rain tyre engine lap turn driver flag tea balcony music night bridge
harbour lantern river window snow field radio
"""
_WORDS: Final = _WORDS_TEXT.split()


class Stuck(Exception):
    """Neither an answer nor the socket's end."""


@dataclass
class Tally:
    """What all of them were told."""

    accepted: set[str] = field(default_factory=set)
    """Messages that are on disk."""
    gifts: dict[str, str] = field(default_factory=dict)
    """Transfer by idempotency key."""
    asked_again: int = 0
    stuck: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Person:
    name: str
    token: str
    url: str
    room_id: str
    chance: random.Random
    tally: Tally
    pause_s: tuple[float, float] = PAUSE_S
    pending: list[str] = field(default_factory=list)
    """Keys of gifts whose answers are still owed."""
    given: int = 0

    async def live(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(*LINK_ERRORS):
                try:
                    await self._visit()
                except Stuck:
                    self.tally.stuck += 1
            await asyncio.sleep(BACK_OFF_S)

    async def settle(self, url: str) -> None:
        """At the end, over a good link: what was never answered is asked for once more."""
        async with control(url) as client:
            await self._come_in(client)
            await self._give_pending(client)

    async def _visit(self) -> None:
        async with control(self.url) as client:
            await self._come_in(client)
            await self._give_pending(client)
            while True:
                await asyncio.sleep(self.chance.uniform(*self.pause_s))
                client.received.clear()
                if self.given % 2 == 0:
                    await self._say(client)
                self.given += 1
                self.pending.append(f"{self.name} {self.given}")
                await self._give(client, self.pending[-1])

    async def _come_in(self, client: ControlClient) -> None:
        for command in (
            account_commands.Resume(id=0, token=self.token),
            room_commands.JoinRoom(id=0, room_id=self.room_id),  # type: ignore[arg-type]  # plain text
        ):
            answer = await self._ask(client, command)
            if isinstance(answer, events.Error):
                raise ConnectionError(answer.code)

    async def _say(self, client: ControlClient) -> None:
        text = " ".join(self.chance.choices(_WORDS, k=5)) + f" {self.chance.randrange(1_000)}"
        answer = await self._ask(
            client,
            chat_commands.SendDanmaku(id=0, room_id=self.room_id, text=text),  # type: ignore[arg-type]  # plain text
        )
        if isinstance(answer, chat_events.DanmakuAccepted):
            self.tally.accepted.add(str(answer.message_id))

    async def _give_pending(self, client: ControlClient) -> None:
        for key in list(self.pending):
            self.tally.asked_again += 1
            await self._give(client, key)

    async def _give(self, client: ControlClient, key: str) -> None:
        answer = await self._ask(
            client,
            coin_commands.SendGift(
                id=0,
                room_id=self.room_id,  # type: ignore[arg-type]  # plain text
                gift_id="flower",  # type: ignore[arg-type]  # plain text
                idempotency_key=key,
            ),
        )
        if isinstance(answer, coin_events.GiftAccepted):
            known = self.tally.gifts.setdefault(key, str(answer.transfer_id))
            if known != answer.transfer_id:
                self.tally.wrong.append(f"another answer to {key}")
        elif not isinstance(answer, events.Error) or answer.retry_after_ms is not None:
            return
        # Done, or refused for good.
        self.pending.remove(key)

    async def _ask(self, client: ControlClient, command: command_base.Command) -> Any:
        answer = await client.send(command)
        await asyncio.wait(
            [answer, client.ended], timeout=ANSWER_S_MAX, return_when=asyncio.FIRST_COMPLETED
        )
        if not answer.done():
            if client.ended.done():
                raise ConnectionError("the link broke")
            raise Stuck
        result = answer.result()
        if isinstance(result, events.Error):
            code: ErrorCode = result.code
            self.tally.refusals[f"{type(command).__name__}: {code}"] += 1
        return result


@dataclass
class Witness:
    """Sits in the room over a good link and counts what is shown."""

    shown: Counter[str] = field(default_factory=Counter)
    connections: int = 0

    async def attend(self, url: str, room_id: str) -> None:
        """Until cancelled. It must come once: while it is out it sees nothing."""
        while True:
            with contextlib.suppress(*LINK_ERRORS):
                async with control(url) as client:
                    await client.join(room_id)
                    self.connections += 1
                    while not client.ended.done():
                        await asyncio.wait([client.ended], timeout=0.3)
                        self._take(client)
            await asyncio.sleep(BACK_OFF_S)

    def _take(self, client: ControlClient) -> None:
        for posted in client.of(event_base.DanmakuPosted):
            self.shown[str(posted.message_id)] += 1
        client.received.clear()
