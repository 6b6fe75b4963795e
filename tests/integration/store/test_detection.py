"""Raids, scores and people who come back, as sockets see them, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from server.detection.rules import Thresholds
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    chat_events,
    detection_commands,
    event_base,
    events,
    order_commands,
    order_events,
    room_commands,
    room_events,
)
from wire.detection_events import RaidDetected, ReturnFlagged
from wire.errors import ErrorCode
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.ids import RoomId

RAIDERS = 8
_Event = TypeVar("_Event")


async def settled(parts: Parts) -> None:
    """What the relay does by itself is done."""
    raids = parts.detection.raids
    while len(raids._tasks):
        await parts.store.read(lambda _session: None)
    for _ in range(5):
        await parts.store.read(lambda _session: None)


async def house(parts: Parts) -> tuple[Socket, RoomId]:
    """An owner in a room of their own, a day ago."""
    owner = Socket(parts)
    await owner.register("Ada")
    room = await owner.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(room, room_events.RoomDetails)
    await owner.ask(room_commands.JoinRoom, room_id=room.room.room_id)
    parts.time.pass_s(86_400)
    return owner, room.room.room_id


async def visitor(parts: Parts, room_id: RoomId, name: str, address: str = "192.0.2.9") -> Socket:
    socket = Socket(parts, address)
    await socket.register(name)
    await socket.ask(room_commands.JoinRoom, room_id=room_id)
    return socket


async def say(socket: Socket, room_id: RoomId, text: str) -> event_base.Answer:
    return await socket.ask(chat_commands.SendDanmaku, room_id=room_id, text=text)


async def raid(parts: Parts, room_id: RoomId, name: str = "Raider") -> list[Socket]:
    raiders = [await visitor(parts, room_id, f"{name} {n}", f"192.0.2.{n}") for n in range(RAIDERS)]
    answers = [await say(one, room_id, "all leave this room at once") for one in raiders]
    assert [type(one) for one in answers[:-1]] == [chat_events.DanmakuAccepted] * (RAIDERS - 1)
    refused = answers[-1]
    assert isinstance(refused, events.Error)
    assert refused.code == ErrorCode.KNOWN_ONLY
    await settled(parts)
    return raiders


def last(socket: Socket, kind: type[_Event]) -> _Event:
    return [one for one in socket.channel.events if isinstance(one, kind)][-1]


async def test_raid_when_found_then_room_is_shut_lines_are_gone_and_its_people_muted(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    regular = await visitor(parts, room_id, "Reg")
    await say(regular, room_id, "good evening")
    parts.time.pass_s(300)
    raiders = await raid(parts, room_id)
    told = last(owner, RaidDetected).raid
    assert (told.identities, told.muted, told.removed) == (RAIDERS, RAIDERS, RAIDERS - 1)
    assert told.remaining_ms == 900_000
    assert [one.text for one in parts.chat.history(room_id)] == ["good evening"]
    muted = await say(raiders[0], room_id, "hm")
    assert isinstance(muted, events.Error)
    assert muted.code == ErrorCode.MUTED
    assert "auto:raid x8 " in muted.message
    newcomer = await say(await visitor(parts, room_id, "New"), room_id, "hello")
    assert isinstance(newcomer, events.Error)
    assert newcomer.code == ErrorCode.KNOWN_ONLY
    assert isinstance(await say(regular, room_id, "still here"), chat_events.DanmakuAccepted)
    assert not [one for one in regular.channel.events if isinstance(one, RaidDetected)]


async def test_raid_when_taken_back_then_all_is_as_it_was_and_once(parts: Parts) -> None:
    owner, room_id = await house(parts)
    raiders = await raid(parts, room_id)
    act_id = last(owner, RaidDetected).raid.act_id
    for by, code in ((raiders[0], ErrorCode.FORBIDDEN), (Socket(parts), ErrorCode.LOGIN_REQUIRED)):
        refused = await by.ask(order_commands.UndoAct, act_id=act_id)
        assert isinstance(refused, events.Error)
        assert refused.code == code
    undone = await owner.ask(order_commands.UndoAct, act_id=act_id)
    assert isinstance(undone, order_events.ActDetails)
    assert last(owner, RaidDetected).raid.state == "undone"
    assert len(parts.chat.history(room_id)) == RAIDERS - 1
    parts.time.pass_s(3)
    for one in raiders:
        said = await say(one, room_id, "all leave this room at once")
        assert isinstance(said, chat_events.DanmakuAccepted), said
    again = await owner.ask(order_commands.UndoAct, act_id=act_id)
    assert isinstance(again, events.Error)
    assert again.code == ErrorCode.ALREADY_DONE
    assert parts.detection.raids.find(room_id) is None


async def test_raid_when_its_time_is_over_then_everybody_may_write_but_the_muted(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    raiders = await raid(parts, room_id)
    raid_id = last(owner, RaidDetected).raid.raid_id
    kept = await owner.ask(detection_commands.KeepRaid, room_id=room_id, raid_id=raid_id)
    assert isinstance(kept, events.Ok), kept
    assert last(owner, RaidDetected).raid.state == "kept"
    parts.time.pass_s(901)
    await parts.detection.raids.tick()
    assert last(owner, RaidDetected).raid.state == "over"
    newcomer = await say(await visitor(parts, room_id, "New"), room_id, "hello")
    assert isinstance(newcomer, chat_events.DanmakuAccepted), newcomer
    muted = await say(raiders[0], room_id, "hm")
    assert isinstance(muted, events.Error)
    late = await owner.ask(detection_commands.KeepRaid, room_id=room_id, raid_id=raid_id)
    assert isinstance(late, events.Error)
    assert late.code == ErrorCode.NOT_FOUND
    undone = await owner.ask(order_commands.UndoAct, act_id=last(owner, RaidDetected).raid.act_id)
    assert isinstance(undone, order_events.ActDetails)
    assert isinstance(await say(raiders[1], room_id, "thanks"), chat_events.DanmakuAccepted)


async def test_room_when_its_owner_has_let_newcomers_in_again_then_the_end_changes_nothing(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    await raid(parts, room_id)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, slow_s=5)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, known_only=True)
    parts.time.pass_s(901)
    await parts.detection.raids.tick()
    assert (await parts.chat.rules_of(room_id)).known_only


async def test_second_raid_when_the_owner_has_let_newcomers_in_again_then_met_too(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    await raid(parts, room_id)
    first = last(owner, RaidDetected).raid
    await owner.ask(chat_commands.SetChatRules, room_id=room_id)
    parts.time.pass_s(60)
    await raid(parts, room_id, "Next")
    second = last(owner, RaidDetected).raid
    assert second.raid_id != first.raid_id
    assert second.removed == RAIDERS - 1
    assert (await parts.chat.rules_of(room_id)).known_only


async def test_raid_when_the_relay_starts_again_then_goes_on_and_ends(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    _, room_id = await house(parts)
    await raid(parts, room_id)
    later = Parts(open_store(), first_id=9_000)
    later.time.pass_s(parts.time.mono_s - later.time.mono_s + 60)
    await later.detection.raids.restore()
    found = later.detection.raids.find(room_id)
    assert found is not None
    assert (found.muted, found.removed) == (RAIDERS, RAIDERS - 1)
    assert 800_000 < found.remaining_ms <= 840_000
    later.time.pass_s(841)
    await later.detection.raids.tick()
    assert not (await later.chat.rules_of(room_id)).known_only
    await parts.close()
    await later.close()


async def test_spammer_when_going_on_then_held_then_muted_with_reasons_that_can_be_undone(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    spammer = await visitor(parts, room_id, "Spam")
    answers: list[event_base.Answer] = []
    for _ in range(30):
        answers.append(await say(spammer, room_id, "buy gold at my place"))
        parts.time.pass_s(0.4)
    await settled(parts)
    held = [one for one in answers if isinstance(one, chat_events.DanmakuAccepted) and one.is_held]
    assert held
    assert held[0].reason is not None
    assert held[0].reason.rule == "behaviour"
    assert "repeats_itself=" in held[0].reason.words
    imposed = last(spammer, order_events.SanctionImposed).sanction
    assert (imposed.kind, imposed.imposed_by, imposed.role) == ("mute", None, "automatic")
    assert "repeats_itself=" in imposed.reason
    act = last(owner, order_events.ActRecorded).act
    assert act.action == "mute"
    undone = await owner.ask(order_commands.UndoAct, act_id=act.act_id)
    assert isinstance(undone, order_events.ActDetails)
    parts.time.pass_s(5)
    assert isinstance(await say(spammer, room_id, "sorry"), chat_events.DanmakuAccepted)


async def ban(parts: Parts, owner: Socket, room_id: RoomId) -> str:
    """Somebody writes, and is banned. Returns the token of their device."""
    villain = Socket(parts, "198.51.100.7")
    token = (await villain.register("Villain")).device_token
    user_id = villain.session.user_id
    await parts.detection.identities.write()
    await owner.ask(order_commands.ImposeSanction, room_id=room_id, user_id=user_id, kind="ban")
    return token


async def come_back(
    parts: Parts, room_id: RoomId, name: str, *, address: str, device_token: str = ""
) -> Socket:
    socket = Socket(parts, address)
    answer = await socket.ask(
        account_commands.Register,
        name=name,
        password=PASSWORD,
        agreed_version=PRIVACY_VERSION,
        device_token=device_token,
    )
    assert isinstance(answer, account_events.LoggedIn), answer
    await socket.ask(room_commands.JoinRoom, room_id=room_id)
    return socket


async def test_banned_one_when_back_with_the_device_then_flagged_and_held_until_trusted(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    token = await ban(parts, owner, room_id)
    back = await come_back(parts, room_id, "Lamb", address="203.0.113.5", device_token=token)
    said = await say(back, room_id, "hello, I am new")
    assert isinstance(said, chat_events.DanmakuAccepted)
    assert said.is_held
    flag = last(owner, ReturnFlagged)
    assert (flag.user.name, flag.banned.name, flag.is_held) == ("Lamb", "Villain", True)
    assert [one.name for one in flag.reasons] == ["banned_device"]
    act = last(owner, order_events.ActRecorded).act
    assert act.action == "flag_return"
    await owner.ask(order_commands.UndoAct, act_id=act.act_id)
    parts.time.pass_s(5)
    free = await say(back, room_id, "thank you")
    assert isinstance(free, chat_events.DanmakuAccepted)
    assert not free.is_held


async def test_neighbour_when_behind_the_same_address_then_flagged_and_not_held(
    parts: Parts,
) -> None:
    owner, room_id = await house(parts)
    await ban(parts, owner, room_id)
    neighbour = await come_back(parts, room_id, "Next", address="198.51.100.7")
    said = await say(neighbour, room_id, "hello, I am new")
    assert isinstance(said, chat_events.DanmakuAccepted)
    assert not said.is_held
    flag = last(owner, ReturnFlagged)
    assert not flag.is_held
    assert [one.name for one in flag.reasons] == ["banned_address"]


async def test_marks_when_stored_then_neither_token_nor_address_can_be_read(parts: Parts) -> None:
    owner, room_id = await house(parts)
    token = await ban(parts, owner, room_id)
    rows = await parts.store.read(
        lambda session: (
            session.connection().exec_driver_sql("SELECT mark FROM identity_marks").scalars().all()
        )
    )
    assert len(rows) == 4
    assert not any(token in mark or "198.51.100" in mark for mark in rows)


async def test_detection_when_switched_off_then_nothing_is_done(parts: Parts) -> None:
    _, room_id = await house(parts)
    parts.detection.watch.thresholds = Thresholds(finds_raids=False, scores_people=False)
    raiders = [await visitor(parts, room_id, f"R {n}") for n in range(RAIDERS + 1)]
    for one in raiders:
        said = await say(one, room_id, "all leave this room at once")
        assert isinstance(said, chat_events.DanmakuAccepted), said
