"""A moderator and a viewer in a room of a real relay: what one does reaches the other in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.app.test_room_session import Viewer, visiting
from tests.support.relay_process import RelayProcess, running_relay
from wire import command_base, events, order_commands, room_commands, room_events
from wire.errors import ErrorCode
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from app.state.room import RoomState


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    folder: Path = tmp_path_factory.mktemp("relay")
    with running_relay(folder / "data", rooms=("hall",)) as running:
        yield running


async def open_room(owner: Viewer, name: str) -> RoomId:
    created = await owner.request(
        room_commands.CreateRoom(id=0, name=name), room_events.RoomDetails
    )
    return created.room.room_id


async def make_moderator(owner: Viewer, room_id: RoomId, viewer: Viewer) -> None:
    await viewer.until(lambda state: state.phase == "joined")
    user_id = UserId(viewer.user_id)
    command = room_commands.SetModerator(id=0, room_id=room_id, user_id=user_id, granted=True)
    await owner.request(command, events.Ok)
    await viewer.until(lambda state: state.role == "moderator")


async def keep(keeper: Viewer, command: command_base.Command) -> None:
    assert keeper.session is not None
    await keeper.session.lead(command)


async def undo_newest(keeper: Viewer, room_id: RoomId) -> None:
    await keep(keeper, order_commands.ListActs(id=0, room_id=room_id))
    assert keeper.session is not None
    act = next(one for one in keeper.session.state.keeping.acts if one.can_undo)
    assert keeper.session.state.kept.may_undo(act)
    await keep(keeper, order_commands.UndoAct(id=0, act_id=act.act_id))
    await keeper.until(lambda state: has_undone(state, act.act_id))


def has_undone(state: RoomState, act_id: str) -> bool:
    return any(
        one.act_id == act_id and one.undone_at_unix_ms is not None for one in state.keeping.acts
    )


def impose(
    room_id: RoomId, viewer: Viewer, kind: order_commands.SanctionKind
) -> order_commands.ImposeSanction:
    return order_commands.ImposeSanction(
        id=0,
        user_id=UserId(viewer.user_id),
        room_id=room_id,
        kind=kind,
        duration_s=600,
        reason="spam",
    )


async def test_message_when_deleted_and_restored_then_gone_and_back_for_all(
    relay: RelayProcess,
) -> None:
    async with visiting(relay, relay.room_id, "owner1") as owner:
        room_id = await open_room(owner, "den")
        async with visiting(relay, room_id, "mia1") as mia, visiting(relay, room_id, "bob1") as bob:
            await make_moderator(owner, room_id, mia)
            await bob.until(lambda state: state.phase == "joined")
            assert bob.session is not None
            message_id = await bob.session.send("rude", mode=1, color=0xFF)
            await mia.until(lambda state: len(state.messages) == 1)
            await keep(
                mia,
                order_commands.DeleteDanmaku(id=0, room_id=room_id, message_id=message_id),
            )
            for viewer in (mia, bob):
                state = await viewer.until(lambda state: not state.messages)
                assert state.keeping.gone == (message_id,)
            await undo_newest(mia, room_id)
            for viewer in (mia, bob):
                state = await viewer.until(lambda state: bool(state.messages))
                assert [one.text for one in state.messages] == ["rude"]


async def test_person_when_muted_then_told_why_and_by_whom_until_it_is_undone(
    relay: RelayProcess,
) -> None:
    async with visiting(relay, relay.room_id, "owner2") as owner:
        room_id = await open_room(owner, "den 2")
        async with visiting(relay, room_id, "mia2") as mia, visiting(relay, room_id, "bob2") as bob:
            await make_moderator(owner, room_id, mia)
            await bob.until(lambda state: state.phase == "joined")
            await keep(mia, impose(room_id, bob, "mute"))
            state = await bob.until(lambda state: bool(state.keeping.own))
            own = state.keeping.own[0]
            assert (own.kind, own.reason, own.by) == ("mute", "spam", "mia2")
            assert not own.is_everywhere
            assert own.until_mono_ms is not None
            assert bob.session is not None
            assert await bob.session.send("hm", mode=1, color=0xFF) == ""
            refusal = bob.session.state.send_refusal
            assert refusal is not None
            assert refusal.code is ErrorCode.MUTED
            await undo_newest(mia, room_id)
            await bob.until(lambda state: not state.keeping.own and state.send_refusal is None)
            assert await bob.session.send("thanks", mode=1, color=0xFF)


async def test_person_when_banned_then_out_at_once_and_in_again_when_it_is_undone(
    relay: RelayProcess,
) -> None:
    async with visiting(relay, relay.room_id, "owner3") as owner:
        room_id = await open_room(owner, "den 3")
        async with visiting(relay, room_id, "mia3") as mia, visiting(relay, room_id, "bob3") as bob:
            await make_moderator(owner, room_id, mia)
            await bob.until(lambda state: state.phase == "joined")
            await keep(mia, impose(room_id, bob, "ban"))
            state = await bob.until(lambda state: bool(state.keeping.own))
            assert state.phase == "refused"
            assert state.refusal is not None
            assert state.refusal[0] is ErrorCode.BANNED
            await undo_newest(mia, room_id)
            await bob.until(lambda state: state.phase == "joined")


async def test_moderator_when_no_longer_one_then_loses_the_controls_at_once(
    relay: RelayProcess,
) -> None:
    async with visiting(relay, relay.room_id, "owner4") as owner:
        room_id = await open_room(owner, "den 4")
        async with visiting(relay, room_id, "mia4") as mia:
            await make_moderator(owner, room_id, mia)
            command = room_commands.SetModerator(
                id=0, room_id=room_id, user_id=UserId(mia.user_id), granted=False
            )
            await owner.request(command, events.Ok)
            state = await mia.until(lambda state: state.role == "viewer")
            assert state.kept.keeps_room_id is None
