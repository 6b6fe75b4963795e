"""Whatever people of all roles try in whatever order: nobody acts against the order of roles."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.server_parts import Parts, Socket
from wire import (
    account_commands,
    events,
    order_commands,
    order_events,
    room_commands,
    room_events,
)

if TYPE_CHECKING:
    from wire.ids import RoomId, SanctionId, UserId

NAMES = ("Vera", "Vito", "Mona", "Milo", "Owen", "Ada")
ROLE_RANKS = {"viewer": 1, "moderator": 2, "streamer": 3, "admin": 4}
STEPS = 100


@dataclass
class Stage:
    """Viewers, moderators, the owner and the only admin; and what is known to stand."""

    parts: Parts
    room_id: RoomId
    sockets: dict[str, Socket]
    ids: dict[str, UserId]
    standing: dict[SanctionId, tuple[int, str]] = field(default_factory=dict)
    """Each sanction: the rank of who imposed it, and against whom."""

    async def rank(self, name: str) -> int:
        if name in {"Owen", "Ada"}:
            return 3 if name == "Owen" else 4
        card = await self.parts.rooms.card(self.room_id)
        return 2 if self.ids[name] in card.moderator_ids else 1

    async def forget_ended(self, against: str) -> dict[SanctionId, int]:
        """What stands against somebody no more, with the rank of who had imposed it."""
        answer = await self.parts.sanctions.list_own(self.ids[against], limit=100)
        now = {one.sanction_id for one in answer.sanctions}
        ended = {
            one: rank
            for one, (rank, whom) in self.standing.items()
            if whom == against and one not in now
        }
        for one in ended:
            del self.standing[one]
        return ended


async def build(parts: Parts) -> Stage:
    sockets, ids = {}, {}
    for number, name in enumerate(NAMES):
        sockets[name] = Socket(parts, f"192.0.2.{number}")
        ids[name] = (await sockets[name].register(name)).user.user_id
    secret = await parts.accounts.console_secret()
    await sockets["Ada"].ask(account_commands.ClaimAdmin, secret=secret)
    made = await sockets["Owen"].ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(made, room_events.RoomDetails)
    stage = Stage(parts, made.room.room_id, sockets, ids)
    for name in ("Mona", "Milo"):
        await sockets["Owen"].ask(
            room_commands.SetModerator, room_id=stage.room_id, user_id=ids[name], granted=True
        )
    return stage


async def impose(stage: Stage, chance: random.Random) -> bool:
    by, against = chance.choice(NAMES), chance.choice(NAMES)
    await stage.forget_ended(against)
    answer = await stage.sockets[by].ask(
        order_commands.ImposeSanction,
        user_id=stage.ids[against],
        room_id=stage.room_id,
        kind=chance.choice(["mute", "kick", "ban"]),
        duration_s=chance.choice([1, 600, None]),
    )
    if not isinstance(answer, order_events.SanctionDetails):
        return False
    rank = await stage.rank(by)
    assert rank > await stage.rank(against), f"{by} against {against}"
    for earlier in (await stage.forget_ended(against)).values():
        assert rank >= earlier, f"{by} replaced what somebody above had imposed"
    stage.standing[answer.sanction.sanction_id] = (rank, against)
    return True


async def lift(stage: Stage, chance: random.Random) -> bool:
    if not stage.standing:
        return False
    by, sanction_id = chance.choice(NAMES), chance.choice(list(stage.standing))
    imposed, against = stage.standing[sanction_id]
    answer = await stage.sockets[by].ask(order_commands.LiftSanction, sanction_id=sanction_id)
    if not isinstance(answer, order_events.SanctionDetails):
        return False
    assert await stage.rank(by) >= max(2, imposed)
    assert by != against, f"{by} lifted what stood against themselves"
    return True


async def undo(stage: Stage, chance: random.Random) -> bool:
    listed = await stage.sockets["Ada"].ask(order_commands.ListActs, room_id=stage.room_id)
    assert isinstance(listed, order_events.ActList)
    by, act = chance.choice(NAMES), chance.choice(listed.acts)
    rank, card = await stage.rank(by), await stage.parts.rooms.card(stage.room_id)
    answer = await stage.sockets[by].ask(order_commands.UndoAct, act_id=act.act_id)
    if not isinstance(answer, order_events.ActDetails):
        return False
    closed_by = ROLE_RANKS[card.closed_role] if card.closed_reason is not None else 0
    assert not act.action.endswith("_room") or rank >= closed_by
    assert rank >= max(2, ROLE_RANKS[act.role]), f"{by} undid {act}"
    assert act.action != "set_moderator" or rank >= 3
    if act.action in {"mute", "kick", "ban"}:
        assert act.user is not None
        assert by != act.user.name, f"{by} undid what stood against themselves"
    return True


async def close_or_open(stage: Stage, chance: random.Random) -> bool:
    by = chance.choice(NAMES)
    card = await stage.parts.rooms.card(stage.room_id)
    closed, kind = card.closed_reason is not None, order_commands.CloseRoom
    if closed:
        kind = order_commands.ReopenRoom
    answer = await stage.sockets[by].ask(kind, room_id=stage.room_id)
    if not isinstance(answer, events.Ok):
        return False
    assert await stage.rank(by) >= (ROLE_RANKS[card.closed_role] if closed else 3)
    return True


@pytest.mark.parametrize("seed", range(2))
async def test_order_when_all_try_everything_then_nobody_acts_against_it(
    parts: Parts, seed: int
) -> None:
    stage, chance = await build(parts), random.Random(seed)
    done = dict.fromkeys((impose, lift, undo, close_or_open), 0)
    for _ in range(STEPS):
        step = chance.choice([impose, impose, lift, undo, close_or_open])
        done[step] += await step(stage, chance)
        parts.time.pass_s(chance.choice([0.1, 0.5, 30.0]))
    assert all(done.values()), "each was allowed at least once"
    own = await parts.sanctions.list_own(stage.ids["Ada"], limit=100)
    assert own.sanctions == (), "the last admin is out of everybody's reach"
    answer = await stage.sockets["Ada"].ask(room_commands.JoinRoom, room_id=stage.room_id)
    assert isinstance(answer, room_events.RoomJoined)
