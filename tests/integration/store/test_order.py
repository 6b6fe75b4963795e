"""Sanctions, deletion and the book of acts, as sockets see them, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text as sql

from server.gateway.registry import Identity
from server.sanctions.service import NewSanction
from tests.server_parts import PASSWORD, FakeChannel, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    chat_events,
    event_base,
    events,
    order_commands,
    order_events,
    room_commands,
    room_events,
)
from wire.errors import CloseCode, ErrorCode, WireError

if TYPE_CHECKING:
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import RoomId, UserId


@dataclass
class House:
    """An admin, an owner, a moderator and a viewer in the owner's room."""

    parts: Parts
    admin: Socket
    owner: Socket
    moderator: Socket
    viewer: Socket
    ids: dict[str, UserId]
    room_id: RoomId

    def id_of(self, name: str) -> UserId:
        return self.ids[name]

    async def impose(
        self, by: Socket, name: str, kind: str = "mute", *, in_house: bool = False, **fields: object
    ) -> event_base.Answer:
        return await by.ask(
            order_commands.ImposeSanction,
            user_id=self.ids[name],
            room_id=None if in_house else self.room_id,
            kind=kind,
            **fields,
        )

    async def say(self, by: Socket, text: str = "hello") -> event_base.Answer:
        return await by.ask(chat_commands.SendDanmaku, room_id=self.room_id, text=text)

    async def join(self, by: Socket) -> event_base.Answer:
        return await by.ask(room_commands.JoinRoom, room_id=self.room_id)

    async def acts(self, by: Socket, **fields: object) -> tuple[order_events.ActInfo, ...]:
        answer = await by.ask(order_commands.ListActs, room_id=self.room_id, **fields)
        assert isinstance(answer, order_events.ActList), answer
        return answer.acts

    async def undo_newest(self, by: Socket) -> event_base.Answer:
        act = (await self.acts(self.admin))[0]
        return await by.ask(order_commands.UndoAct, act_id=act.act_id)

    async def undo_newest_open(self, by: Socket) -> event_base.Answer:
        """The newest that is not undone."""
        act = next(act for act in await self.acts(self.admin) if act.can_undo)
        return await by.ask(order_commands.UndoAct, act_id=act.act_id)

    async def settle(self) -> None:
        room = self.parts.hub._rooms.get(self.room_id)
        if room is not None and room.writer is not None:
            await room.writer


async def build(parts: Parts) -> House:
    sockets, ids = {}, {}
    for name in ("Admin", "Owner", "Moderator", "Viewer"):
        sockets[name] = Socket(parts)
        ids[name] = (await sockets[name].register(name)).user.user_id
    secret = await parts.accounts.console_secret()
    assert isinstance(
        await sockets["Admin"].ask(account_commands.ClaimAdmin, secret=secret), events.Ok
    )
    made = await sockets["Owner"].ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(made, room_events.RoomDetails)
    room_id = made.room.room_id
    granted = await sockets["Owner"].ask(
        room_commands.SetModerator, room_id=room_id, user_id=ids["Moderator"], granted=True
    )
    assert isinstance(granted, events.Ok)
    for socket in sockets.values():
        assert isinstance(
            await socket.ask(room_commands.JoinRoom, room_id=room_id), room_events.RoomJoined
        )
    return House(parts, *sockets.values(), ids, room_id)


@pytest.fixture
async def house(parts: Parts) -> House:
    return await build(parts)


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


def sanction_of(answer: event_base.Answer) -> order_events.SanctionInfo:
    assert isinstance(answer, order_events.SanctionDetails), answer
    return answer.sanction


def heard(socket: Socket, kind: type[event_base.Event]) -> list[event_base.Event]:
    return [event for event in socket.channel.events if isinstance(event, kind)]


# --- sanctions ----------------------------------------------------------------------------------


async def test_mute_when_imposed_then_silent_until_it_ends(house: House) -> None:
    info = sanction_of(await house.impose(house.moderator, "Viewer", duration_s=60, reason="spam"))
    assert (info.kind, info.remaining_ms, info.role) == ("mute", 60_000, "moderator")
    refused = await house.say(house.viewer)
    assert code_of(refused) is ErrorCode.MUTED
    assert (refused.retry_after_ms, refused.message.endswith(": spam")) == (60_000, True)
    for socket in (house.viewer, house.owner, house.moderator):
        assert len(heard(socket, order_events.SanctionImposed)) == 1
    house.parts.time.pass_s(61)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)


async def test_lift_when_asked_then_speaks_again_and_both_are_in_the_book(house: House) -> None:
    info = sanction_of(await house.impose(house.moderator, "Viewer", reason="spam"))
    assert info.remaining_ms is None
    own = await house.viewer.ask(order_commands.MySanctions)
    assert isinstance(own, order_events.SanctionList)
    assert [one.reason for one in own.sanctions] == ["spam"]
    lifted = await house.owner.ask(order_commands.LiftSanction, sanction_id=info.sanction_id)
    assert sanction_of(lifted).remaining_ms == 0
    assert len(heard(house.viewer, order_events.SanctionLifted)) == 1
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)
    assert [act.action for act in (await house.acts(house.moderator))[:2]] == ["lift", "mute"]
    again = await house.owner.ask(order_commands.LiftSanction, sanction_id=info.sanction_id)
    assert code_of(again) is ErrorCode.ALREADY_DONE


async def test_impose_when_undone_then_lifted_and_undone_once_only(house: House) -> None:
    await house.impose(house.moderator, "Viewer")
    answer = await house.undo_newest(house.moderator)
    assert isinstance(answer, order_events.ActDetails)
    assert answer.act.undone_by is not None
    assert not answer.act.can_undo
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)
    assert code_of(await house.undo_newest(house.owner)) is ErrorCode.ALREADY_DONE
    told = heard(house.owner, order_events.ActRecorded)
    assert [event.act.undone_at_unix_ms is None for event in told[-2:]] == [True, False]


async def test_lift_when_undone_then_stands_again(house: House) -> None:
    info = sanction_of(await house.impose(house.moderator, "Viewer", duration_s=600))
    await house.owner.ask(order_commands.LiftSanction, sanction_id=info.sanction_id)
    assert isinstance(await house.undo_newest(house.owner), order_events.ActDetails)
    assert code_of(await house.say(house.viewer)) is ErrorCode.MUTED


async def test_kick_when_imposed_then_out_of_the_room_and_its_media_for_a_minute(
    house: House,
) -> None:
    media, elsewhere = FakeChannel(), FakeChannel()
    viewer_id = house.id_of("Viewer")
    house.parts.registry.register(media, Identity(viewer_id, room_id=house.room_id))
    house.parts.registry.register(elsewhere, Identity(viewer_id, room_id="another"))
    info = sanction_of(await house.impose(house.moderator, "Viewer", "kick"))
    assert info.remaining_ms == 60_000
    assert not house.parts.hub.is_member(house.room_id, house.viewer.channel)
    assert media.closed_with is not None
    assert media.closed_with[0] == CloseCode.KICKED
    assert elsewhere.closed_with is None
    assert house.viewer.channel.closed_with is None
    assert len(heard(house.viewer, order_events.SanctionImposed)) == 1
    assert code_of(await house.join(house.viewer)) is ErrorCode.KICKED
    ticket = await house.viewer.ask(room_commands.RequestSubscribeTicket, room_id=house.room_id)
    assert code_of(ticket) is ErrorCode.KICKED
    house.parts.time.pass_s(61)
    assert isinstance(await house.join(house.viewer), room_events.RoomJoined)


async def test_ticket_when_its_user_is_kicked_then_good_for_nothing(house: House) -> None:
    issued = await house.viewer.ask(room_commands.RequestSubscribeTicket, room_id=house.room_id)
    assert isinstance(issued, room_events.TicketIssued)
    await house.impose(house.owner, "Viewer", "kick")
    with pytest.raises(Exception, match="ticket"):
        await house.parts.rooms.media.authorize_subscribe(house.room_id, ticket=issued.ticket)


async def test_house_ban_when_imposed_then_cut_everywhere_and_login_refused(house: House) -> None:
    second = Socket(house.parts)
    await second.ask(account_commands.Login, name="Viewer", password=PASSWORD)
    await house.impose(house.admin, "Viewer", "ban", in_house=True, reason="enough")
    for socket in (house.viewer, second):
        assert len(heard(socket, order_events.SanctionImposed)) == 1
        assert socket.channel.closed_with is not None
        assert socket.channel.closed_with[1].endswith("enough")
    back = Socket(house.parts)
    refused = await back.ask(account_commands.Login, name="Viewer", password=PASSWORD)
    assert code_of(refused) is ErrorCode.BANNED
    assert code_of(await house.impose(house.owner, "Viewer", "ban", in_house=True)) is (
        ErrorCode.FORBIDDEN
    )


async def test_restart_when_sanctions_stand_then_they_still_do(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    house = await build(parts)
    await house.impose(house.owner, "Viewer", duration_s=600)
    await house.impose(house.owner, "Moderator", "ban")
    await parts.close()

    again = Parts(open_store(), first_id=10_000)
    again.time.pass_s(300)
    await again.audit.restore()
    await again.sanctions.restore()
    viewer, moderator = Socket(again), Socket(again)
    await viewer.ask(account_commands.Login, name="Viewer", password=PASSWORD)
    await moderator.ask(account_commands.Login, name="Moderator", password=PASSWORD)
    assert isinstance(
        await viewer.ask(room_commands.JoinRoom, room_id=house.room_id), room_events.RoomJoined
    )
    refused = await viewer.ask(chat_commands.SendDanmaku, room_id=house.room_id, text="hello")
    assert code_of(refused) is ErrorCode.MUTED
    assert refused.retry_after_ms == 300_000
    out = await moderator.ask(room_commands.JoinRoom, room_id=house.room_id)
    assert code_of(out) is ErrorCode.BANNED
    await again.close()


async def test_wall_clock_when_set_then_a_mute_lasts_as_long_and_its_row_is_mended(
    house: House,
) -> None:
    await house.impose(house.owner, "Viewer", duration_s=600)
    house.parts.time.unix_us += 86_400 * 1_000_000
    assert code_of(await house.say(house.viewer)) is ErrorCode.MUTED
    await house.parts.sanctions.tick()
    own = await house.viewer.ask(order_commands.MySanctions)
    assert isinstance(own, order_events.SanctionList)
    assert [one.remaining_ms for one in own.sanctions] == [600_000]
    house.parts.time.pass_s(601)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)


# --- the order of roles -------------------------------------------------------------------------

NAMES = ("Viewer", "Moderator", "Owner", "Admin")


@pytest.mark.parametrize("by", NAMES)
@pytest.mark.parametrize("against", NAMES)
async def test_sanction_when_against_the_order_of_roles_then_refused(
    house: House, by: str, against: str
) -> None:
    sockets = dict(
        zip(NAMES, (house.viewer, house.moderator, house.owner, house.admin), strict=True)
    )
    answer = await house.impose(sockets[by], against)
    is_below = NAMES.index(against) < NAMES.index(by)
    if is_below and by != "Viewer":
        assert sanction_of(answer).user.name == against
    else:
        assert code_of(answer) is ErrorCode.FORBIDDEN


async def test_sanction_when_from_above_then_not_lifted_replaced_or_undone_from_below(
    house: House,
) -> None:
    info = sanction_of(await house.impose(house.owner, "Viewer", duration_s=600))
    lift = await house.moderator.ask(order_commands.LiftSanction, sanction_id=info.sanction_id)
    assert code_of(lift) is ErrorCode.FORBIDDEN
    assert code_of(await house.impose(house.moderator, "Viewer", duration_s=1)) is (
        ErrorCode.FORBIDDEN
    )
    assert code_of(await house.undo_newest(house.moderator)) is ErrorCode.FORBIDDEN
    assert code_of(await house.say(house.viewer)) is ErrorCode.MUTED


async def test_sanction_when_automatic_then_a_moderator_takes_it_back(house: House) -> None:
    wanted = NewSanction(
        user_id=house.id_of("Viewer"), room_id=house.room_id, kind="mute", duration_s=60
    )
    info = await house.parts.sanctions.impose(None, wanted)
    assert (info.role, info.imposed_by) == ("automatic", None)
    assert isinstance(await house.undo_newest(house.moderator), order_events.ActDetails)


# --- deleting -----------------------------------------------------------------------------------


async def accepted(house: House, by: Socket, text: str) -> str:
    answer = await house.say(by, text)
    assert isinstance(answer, chat_events.DanmakuAccepted), answer
    return answer.message_id


async def texts_of_newcomer(house: House) -> list[str]:
    answer = await house.join(Socket(house.parts))
    assert isinstance(answer, room_events.RoomJoined)
    return [message.text for message in answer.messages]


async def test_delete_when_asked_then_gone_for_all_and_back_when_undone(house: House) -> None:
    await accepted(house, house.viewer, "first")
    bad = await accepted(house, house.viewer, "bad")
    await accepted(house, house.owner, "last")
    answer = await house.moderator.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=bad, reason="rude"
    )
    assert isinstance(answer, events.Ok)
    await house.settle()
    assert [one.message_ids for one in heard(house.owner, order_events.MessagesDeleted)] == [(bad,)]
    assert await texts_of_newcomer(house) == ["first", "last"]
    reply = await house.owner.ask(
        chat_commands.SendDanmaku, room_id=house.room_id, text="to it", reply_to=bad
    )
    assert code_of(reply) is ErrorCode.NOT_FOUND
    act = (await house.acts(house.moderator))[0]
    assert (act.action, act.reason, act.detail.text) == ("delete_messages", "rude", "bad")
    assert isinstance(await house.undo_newest(house.moderator), order_events.ActDetails)
    assert await texts_of_newcomer(house) == ["first", "bad", "last"]
    await house.settle()
    restored = heard(house.owner, order_events.MessagesRestored)
    assert [one.text for event in restored for one in event.messages] == ["bad"]


async def test_delete_when_on_its_way_to_the_disk_then_gone_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = house.parts.chat._writer
    write, may_write = writer._store.write, asyncio.Event()

    async def write_in_time(work: Callable[[Session], None]) -> None:
        await may_write.wait()
        await write(work)

    monkeypatch.setattr(writer, "_store", SimpleNamespace(write=write_in_time))
    request = await house.viewer.say(
        chat_commands.SendDanmaku, room_id=house.room_id, text="just now"
    )
    (message_id,) = writer.storing
    deleting = asyncio.get_running_loop().create_task(
        house.owner.ask(order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id)
    )
    await asyncio.sleep(0)
    may_write.set()
    assert isinstance(await deleting, events.Ok)
    assert any(one.re == request for one in house.viewer.channel.sent)
    assert await texts_of_newcomer(house) == []


async def test_delete_when_pinned_then_unpinned_and_pinned_again_when_undone(
    house: House,
) -> None:
    message_id = await accepted(house, house.viewer, "look")
    await house.owner.ask(chat_commands.PinMessage, room_id=house.room_id, message_id=message_id)
    await house.owner.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id
    )
    joined = await house.join(Socket(house.parts))
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.pinned is None
    await house.undo_newest(house.owner)
    joined = await house.join(Socket(house.parts))
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.pinned is not None


async def test_delete_when_held_then_dropped_and_shown_when_undone(house: House) -> None:
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, is_held=True)
    message_id = await accepted(house, house.viewer, "perhaps")
    await house.moderator.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id
    )
    assert house.parts.chat.held(house.room_id) == ()
    assert await texts_of_newcomer(house) == []
    assert isinstance(await house.undo_newest(house.moderator), order_events.ActDetails)
    assert await texts_of_newcomer(house) == ["perhaps"]


async def test_ban_when_it_deletes_messages_then_all_of_theirs_are_gone(house: House) -> None:
    for text in ("one", "two"):
        await accepted(house, house.viewer, text)
    await accepted(house, house.owner, "mine")
    await house.impose(house.moderator, "Viewer", "ban", deletes_messages=True, reason="raid")
    assert await texts_of_newcomer(house) == ["mine"]
    assert [act.action for act in (await house.acts(house.owner))[:2]] == ["delete_messages", "ban"]
    assert code_of(await house.join(house.viewer)) is ErrorCode.BANNED


async def test_house_ban_when_it_deletes_messages_then_in_every_room(house: House) -> None:
    made = await house.owner.ask(room_commands.CreateRoom, name="Attic")
    assert isinstance(made, room_events.RoomDetails)
    attic = made.room.room_id
    await house.viewer.ask(room_commands.JoinRoom, room_id=attic)
    await house.viewer.ask(chat_commands.SendDanmaku, room_id=attic, text="up here")
    await accepted(house, house.viewer, "down here")
    await house.impose(house.admin, "Viewer", "ban", in_house=True, deletes_messages=True)
    assert await texts_of_newcomer(house) == []
    joined = await house.owner.ask(room_commands.JoinRoom, room_id=attic)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.messages == ()


async def test_delete_when_written_by_somebody_above_then_refused(house: House) -> None:
    message_id = await accepted(house, house.owner, "mine")
    answer = await house.moderator.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id
    )
    assert code_of(answer) is ErrorCode.FORBIDDEN


async def test_delete_when_shown_later_then_never_shown(house: House) -> None:
    gate = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await gate.wait()

    house.parts.chat._sleep = sleep
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, delay_s=10)
    message_id = await accepted(house, house.viewer, "slow")
    await house.owner.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id
    )
    gate.set()
    await asyncio.wait(set(house.parts.chat._tasks._tasks))
    await house.settle()
    assert heard(house.owner, event_base.DanmakuPosted) == []


# --- chat rules, pins, announcements, moderators, closing ---------------------------------------


async def rules_now(house: House) -> event_base.ChatRules:
    joined = await house.join(Socket(house.parts))
    assert isinstance(joined, room_events.RoomJoined)
    return joined.chat_rules or event_base.ChatRules()


async def test_rules_when_undone_then_as_they_were(house: House) -> None:
    room_id = house.room_id
    await house.owner.ask(chat_commands.SetChatRules, room_id=room_id, slow_s=5, emoji_only=True)
    await house.moderator.ask(chat_commands.SetChatRules, room_id=room_id, slow_s=60)
    act = (await house.acts(house.moderator))[0]
    assert (act.action, act.detail.rules) == ("set_chat_rules", event_base.ChatRules(slow_s=60))
    assert isinstance(await house.undo_newest(house.moderator), order_events.ActDetails)
    assert await rules_now(house) == event_base.ChatRules(slow_s=5, emoji_only=True)


async def test_chat_when_an_admin_has_muted_it_then_only_an_admin_opens_it(house: House) -> None:
    room_id = house.room_id
    await house.moderator.ask(chat_commands.SetChatRules, room_id=room_id, slow_s=5)
    older = (await house.acts(house.admin))[0]
    await house.admin.ask(chat_commands.SetChatRules, room_id=room_id, is_muted=True)
    assert code_of(await house.say(house.viewer)) is ErrorCode.MUTED
    assert isinstance(await house.say(house.owner), chat_events.DanmakuAccepted)
    opened = await house.owner.ask(chat_commands.SetChatRules, room_id=room_id)
    assert code_of(opened) is ErrorCode.FORBIDDEN
    undone = await house.moderator.ask(order_commands.UndoAct, act_id=older.act_id)
    assert code_of(undone) is ErrorCode.FORBIDDEN
    kept = await house.owner.ask(
        chat_commands.SetChatRules, room_id=room_id, is_muted=True, emoji_only=True
    )
    assert isinstance(kept, events.Ok)
    opened = await house.owner.ask(chat_commands.SetChatRules, room_id=room_id)
    assert code_of(opened) is ErrorCode.FORBIDDEN
    await house.admin.ask(chat_commands.SetChatRules, room_id=room_id)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)


async def test_undo_when_a_closing_was_followed_by_one_from_above_then_refused(
    house: House,
) -> None:
    room_id = house.room_id
    await house.owner.ask(order_commands.CloseRoom, room_id=room_id)
    closing = (await house.acts(house.admin))[0]
    await house.owner.ask(order_commands.ReopenRoom, room_id=room_id)
    reopening = (await house.acts(house.admin))[0]
    await house.admin.ask(order_commands.CloseRoom, room_id=room_id)
    for act in (closing, reopening):
        answer = await house.owner.ask(order_commands.UndoAct, act_id=act.act_id)
        assert code_of(answer) is ErrorCode.FORBIDDEN
    assert (await house.parts.rooms.card(room_id)).closed_role == "admin"


async def test_undo_of_a_lift_when_another_has_taken_its_place_then_that_one_stays(
    house: House,
) -> None:
    first = sanction_of(await house.impose(house.moderator, "Viewer", duration_s=600))
    await house.moderator.ask(order_commands.LiftSanction, sanction_id=first.sanction_id)
    lifting = (await house.acts(house.admin))[0]
    second = sanction_of(await house.impose(house.owner, "Viewer"))
    answer = await house.moderator.ask(order_commands.UndoAct, act_id=lifting.act_id)
    assert isinstance(answer, order_events.ActDetails)
    own = await house.viewer.ask(order_commands.MySanctions)
    assert isinstance(own, order_events.SanctionList)
    assert [one.sanction_id for one in own.sanctions] == [second.sanction_id]


async def test_undo_when_asked_twice_at_once_then_done_once(house: House) -> None:
    await house.impose(house.moderator, "Viewer")
    act = (await house.acts(house.owner))[0]
    answers = await asyncio.gather(
        house.owner.ask(order_commands.UndoAct, act_id=act.act_id),
        house.moderator.ask(order_commands.UndoAct, act_id=act.act_id),
    )
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["ActDetails", "Error"]


async def test_known_only_when_on_then_regulars_and_old_followers_may_write(house: House) -> None:
    parts, room_id = house.parts, house.room_id
    follower, newcomer, late = Socket(parts), Socket(parts), Socket(parts)
    for socket, name in ((follower, "Follower"), (newcomer, "Newcomer"), (late, "Late")):
        await socket.register(name)
        await house.join(socket)
    owner_id = house.id_of("Owner")
    await follower.ask(account_commands.FollowUser, user_id=owner_id, is_following=True)
    await accepted(house, house.viewer, "I was here before")
    parts.time.pass_s(60)
    await house.owner.ask(chat_commands.SetChatRules, room_id=room_id, known_only=True)
    parts.time.pass_s(60)
    await late.ask(account_commands.FollowUser, user_id=owner_id, is_following=True)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)
    assert isinstance(await house.say(follower), chat_events.DanmakuAccepted)
    assert isinstance(await house.say(house.moderator), chat_events.DanmakuAccepted)
    for socket in (newcomer, late):
        assert code_of(await house.say(socket)) is ErrorCode.KNOWN_ONLY
    # Setting it again lets nobody in who came since.
    await house.owner.ask(chat_commands.SetChatRules, room_id=room_id, known_only=True, slow_s=1)
    assert code_of(await house.say(late)) is ErrorCode.KNOWN_ONLY
    await house.undo_newest(house.owner)
    await house.undo_newest_open(house.owner)
    assert isinstance(await house.say(newcomer), chat_events.DanmakuAccepted)


async def test_known_only_when_all_a_user_wrote_was_deleted_then_not_known(house: House) -> None:
    await accepted(house, house.viewer, "rude")
    await house.owner.ask(
        order_commands.DeleteDanmakuOf, room_id=house.room_id, user_id=house.id_of("Viewer")
    )
    house.parts.time.pass_s(60)
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, known_only=True)
    assert code_of(await house.say(house.viewer)) is ErrorCode.KNOWN_ONLY


async def test_pin_and_announcement_when_undone_then_as_they_were(house: House) -> None:
    room_id = house.room_id
    message_id = await accepted(house, house.owner, "look")
    await house.owner.ask(chat_commands.PinMessage, room_id=room_id, message_id=message_id)
    await house.owner.ask(chat_commands.PinMessage, room_id=room_id, message_id=None)
    await house.undo_newest(house.owner)
    await house.owner.ask(chat_commands.Announce, room_id=room_id, text="soon")
    await house.moderator.ask(chat_commands.Announce, room_id=room_id, text="never")
    await house.undo_newest(house.owner)
    joined = await house.join(Socket(house.parts))
    assert isinstance(joined, room_events.RoomJoined)
    assert (joined.pinned.text, joined.announcement.text) == ("look", "soon")
    assert joined.announcement.name == "Owner"


async def test_moderator_when_made_and_undone_then_leads_no_longer(house: House) -> None:
    await house.owner.ask(
        room_commands.SetModerator,
        room_id=house.room_id,
        user_id=house.id_of("Viewer"),
        granted=True,
    )
    before = len(heard(house.viewer, order_events.ActRecorded))
    await house.impose(house.owner, "Moderator", "kick")
    assert len(heard(house.viewer, order_events.ActRecorded)) == before + 1
    act = (await house.acts(house.owner, action="set_moderator"))[0]
    assert (act.user.name, act.detail.is_on) == ("Viewer", True)
    refused = await house.viewer.ask(order_commands.UndoAct, act_id=act.act_id)
    assert code_of(refused) is ErrorCode.FORBIDDEN
    undone = await house.owner.ask(order_commands.UndoAct, act_id=act.act_id)
    assert isinstance(undone, order_events.ActDetails)
    assert code_of(await house.impose(house.viewer, "Viewer")) is ErrorCode.FORBIDDEN
    await house.impose(house.owner, "Moderator", "ban")
    assert len(heard(house.viewer, order_events.ActRecorded)) == before + 1


async def test_close_when_asked_then_nothing_goes_on_until_reopened(house: House) -> None:
    room_id, media = house.room_id, FakeChannel()
    house.parts.registry.register(media, Identity(None, room_id=room_id))
    answer = await house.owner.ask(order_commands.CloseRoom, room_id=room_id, reason="night")
    assert isinstance(answer, events.Ok)
    assert house.parts.plane.ended == [(room_id, "room_closed")]
    assert media.closed_with == (CloseCode.ENDED, "this room is closed: night")
    await house.settle()
    assert heard(house.viewer, room_events.RoomChanged)[-1].room.closed_reason == "night"
    for refused in (
        await house.say(house.viewer),
        await house.join(Socket(house.parts)),
        await house.viewer.ask(room_commands.RequestSubscribeTicket, room_id=room_id),
        await house.owner.ask(room_commands.RequestPublishTicket, room_id=room_id),
    ):
        assert code_of(refused) is ErrorCode.ROOM_CLOSED
        assert refused.message.endswith(": night")
    with pytest.raises(WireError, match="closed"):
        await house.parts.rooms.media.authorize_subscribe(room_id, ticket="")
    assert isinstance(await house.join(house.owner), room_events.RoomJoined)
    again = await house.owner.ask(order_commands.CloseRoom, room_id=room_id)
    assert code_of(again) is ErrorCode.ALREADY_DONE
    assert isinstance(await house.undo_newest(house.owner), order_events.ActDetails)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)
    await house.settle()
    assert heard(house.viewer, room_events.RoomChanged)[-1].room.closed_reason is None


async def test_close_when_done_by_an_admin_then_the_owner_cannot_reopen(house: House) -> None:
    room_id = house.room_id
    await house.admin.ask(order_commands.CloseRoom, room_id=room_id, reason="law")
    for by in (house.viewer, house.moderator, house.owner):
        answer = await by.ask(order_commands.ReopenRoom, room_id=room_id)
        assert code_of(answer) is ErrorCode.FORBIDDEN
    assert code_of(await house.undo_newest(house.owner)) is ErrorCode.FORBIDDEN
    assert isinstance(await house.admin.ask(order_commands.ReopenRoom, room_id=room_id), events.Ok)
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)
    assert isinstance(await house.undo_newest(house.admin), order_events.ActDetails)
    assert code_of(await house.say(house.viewer)) is ErrorCode.ROOM_CLOSED


# --- the book -----------------------------------------------------------------------------------


async def test_acts_when_listed_then_filtered_in_pages_and_for_leaders_only(house: House) -> None:
    for duration_s in (1, 2, 3):
        await house.impose(house.moderator, "Viewer", duration_s=duration_s)
    await house.impose(house.owner, "Moderator", "kick")
    assert (
        code_of(await house.viewer.ask(order_commands.ListActs, room_id=house.room_id))
        is ErrorCode.FORBIDDEN
    )
    assert code_of(await house.owner.ask(order_commands.ListActs)) is ErrorCode.FORBIDDEN
    first = await house.owner.ask(
        order_commands.ListActs, room_id=house.room_id, action="mute", limit=2
    )
    assert isinstance(first, order_events.ActList)
    assert [act.detail.duration_s for act in first.acts] == [3, 2]
    rest = await house.owner.ask(
        order_commands.ListActs, room_id=house.room_id, action="mute", cursor=first.next_cursor
    )
    assert isinstance(rest, order_events.ActList)
    assert ([act.detail.duration_s for act in rest.acts], rest.next_cursor) == ([1], "")
    kicked = await house.acts(house.owner, user_id=house.id_of("Moderator"), action="kick")
    assert [act.action for act in kicked] == ["kick"]
    assert all(
        act.actor.name == "Moderator"
        for act in await house.acts(house.owner, actor_id=house.id_of("Moderator"))
    )


# --- pieces that meet ---------------------------------------------------------------------------


async def test_admins_when_they_ban_each_other_at_once_then_one_of_them_stays(
    house: House,
) -> None:
    other = Socket(house.parts)
    house.ids["Other"] = (await other.register("Other")).user.user_id
    await house.parts.store.write(
        lambda session: session.execute(
            sql("UPDATE users SET is_admin = true WHERE name = 'Other'")
        )
    )
    await other.ask(account_commands.Logout)
    again = await other.ask(account_commands.Login, name="Other", password=PASSWORD)
    assert isinstance(again, account_events.LoggedIn)
    assert again.user.is_admin
    answers = await asyncio.gather(
        house.impose(house.admin, "Other", "ban", in_house=True),
        house.impose(other, "Admin", "ban", in_house=True),
    )
    codes = [one.code for one in answers if isinstance(one, events.Error)]
    assert codes == [ErrorCode.BANNED], answers
    sockets = (house.admin, other)
    assert sum(one.channel.closed_with is None for one in sockets) == 1


async def test_sanction_when_imposed_twice_at_once_then_the_one_that_stands_can_be_lifted(
    house: House,
) -> None:
    answers = await asyncio.gather(
        *(house.impose(by, "Viewer") for by in (house.admin, house.owner, house.moderator))
    )
    assert all(isinstance(one, (order_events.SanctionDetails, events.Error)) for one in answers)
    own = await house.viewer.ask(order_commands.MySanctions)
    assert isinstance(own, order_events.SanctionList)
    (standing,) = own.sanctions
    lifted = await house.admin.ask(order_commands.LiftSanction, sanction_id=standing.sanction_id)
    assert isinstance(lifted, order_events.SanctionDetails), lifted
    assert isinstance(await house.say(house.viewer), chat_events.DanmakuAccepted)


async def test_sanctions_when_very_many_stand_in_a_room_then_full_until_some_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sanctions.service.STANDING_ROOM_MAX", 1)
    first = sanction_of(await house.impose(house.owner, "Viewer"))
    refused = await house.impose(house.owner, "Moderator")
    assert code_of(refused) is ErrorCode.FULL
    await house.owner.ask(order_commands.LiftSanction, sanction_id=first.sanction_id)
    sanction_of(await house.impose(house.owner, "Moderator"))


async def test_guest_when_it_logs_in_then_leads_or_is_out_as_who_it_is(house: House) -> None:
    for name, is_inside in (("Owner", True), ("Viewer", False)):
        await house.impose(house.admin, "Viewer", "ban")
        guest = Socket(house.parts)
        assert isinstance(await house.join(guest), room_events.RoomJoined)
        await guest.ask(account_commands.Login, name=name, password=PASSWORD)
        assert house.parts.hub.is_member(house.room_id, guest.channel) is is_inside
    leaders = house.parts.hub._rooms[house.room_id].leaders
    assert len(leaders) == 4  # admin, owner twice, moderator


async def test_owner_when_banned_or_muted_in_the_own_room_then_changes_nothing_in_it(
    house: House,
) -> None:
    tries = (
        (room_commands.EditRoom, {"title": "Hall of mine"}),
        (room_commands.CreateInvite, {}),
        (room_commands.CreatePublishKey, {}),
        (room_commands.ListPublishKeys, {}),
        (room_commands.SetModerator, {"user_id": house.ids["Viewer"], "granted": True}),
    )
    await house.impose(house.admin, "Owner", "ban")
    for kind, fields in tries:
        answer = await house.owner.ask(kind, room_id=house.room_id, **fields)
        assert code_of(answer) is ErrorCode.BANNED, kind
    await house.undo_newest(house.admin)
    await house.impose(house.admin, "Owner", "mute")
    titled = await house.owner.ask(
        room_commands.EditRoom, room_id=house.room_id, title="Hall of mine"
    )
    assert code_of(titled) is ErrorCode.MUTED
    invited = await house.owner.ask(room_commands.CreateInvite, room_id=house.room_id)
    assert isinstance(invited, room_events.InviteCreated)


async def test_private_room_when_asked_for_with_its_secret_then_not_shown_to_whom_it_bans(
    house: House,
) -> None:
    await house.owner.ask(
        room_commands.EditRoom,
        room_id=house.room_id,
        privacy="passphrase",
        passphrase="open sesame",
    )
    asked = {"room": house.room_id, "passphrase": "open sesame"}
    seen = await house.viewer.ask(room_commands.GetRoom, **asked)
    assert isinstance(seen, room_events.RoomDetails)
    await house.impose(house.owner, "Viewer", "ban")
    assert code_of(await house.viewer.ask(room_commands.GetRoom, **asked)) is ErrorCode.BANNED


async def test_admin_when_no_longer_a_moderator_then_still_hears_what_leaders_hear(
    house: House,
) -> None:
    for granted in (True, False):
        await house.owner.ask(
            room_commands.SetModerator,
            room_id=house.room_id,
            user_id=house.ids["Admin"],
            granted=granted,
        )
    assert house.admin.channel in house.parts.hub._rooms[house.room_id].leaders


async def test_house_ban_when_a_room_has_been_forgotten_then_what_waits_there_goes_too(
    house: House,
) -> None:
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, is_held=True)
    answer = await house.say(house.viewer, "waits")
    assert isinstance(answer, chat_events.DanmakuAccepted)
    assert answer.is_held
    house.parts.chat._recent.clear()
    await house.impose(house.admin, "Viewer", "ban", in_house=True, deletes_messages=True)
    joined = await house.join(Socket(house.parts))
    again = await house.join(house.owner)
    assert isinstance(joined, room_events.RoomJoined)
    assert isinstance(again, room_events.RoomJoined)
    assert again.held == ()
    act = (await house.acts(house.admin))[0]
    assert (act.action, act.detail.count if act.detail else 0) == ("delete_messages", 1)


async def test_delete_of_when_shown_later_and_on_its_way_to_the_disk_then_never_shown(
    house: House,
) -> None:
    gate = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await gate.wait()

    house.parts.chat._sleep = sleep
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, delay_s=10)
    await house.viewer.say(chat_commands.SendDanmaku, room_id=house.room_id, text="slow")
    await house.owner.ask(
        order_commands.DeleteDanmakuOf, room_id=house.room_id, user_id=house.ids["Viewer"]
    )
    gate.set()
    await asyncio.wait(set(house.parts.chat._tasks._tasks))
    await house.settle()
    assert heard(house.owner, event_base.DanmakuPosted) == []


async def test_delete_when_undone_before_its_time_then_shown_once(house: House) -> None:
    gate = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await gate.wait()

    house.parts.chat._sleep = sleep
    await house.owner.ask(chat_commands.SetChatRules, room_id=house.room_id, delay_s=10)
    message_id = await accepted(house, house.viewer, "slow")
    await house.owner.ask(
        order_commands.DeleteDanmaku, room_id=house.room_id, message_id=message_id
    )
    await house.undo_newest(house.owner)
    gate.set()
    await asyncio.wait(set(house.parts.chat._tasks._tasks))
    await house.settle()
    history = house.parts.chat.history(house.room_id)
    assert [one.message_id for one in history] == [message_id]
    assert heard(house.owner, event_base.DanmakuPosted) == []
    assert len(heard(house.owner, order_events.MessagesRestored)) == 1


async def test_message_when_its_author_is_muted_while_it_waits_then_refused(house: House) -> None:
    loads, goes_on = asyncio.Event(), asyncio.Event()
    load = house.parts.moderation.load

    async def slow_load(room_id: RoomId) -> None:
        loads.set()
        await goes_on.wait()
        await load(room_id)

    house.parts.moderation.load = slow_load
    async with asyncio.TaskGroup() as group:
        said = group.create_task(house.say(house.viewer, "too late"))
        await loads.wait()
        sanction_of(await house.impose(house.moderator, "Viewer"))
        goes_on.set()
    assert code_of(said.result()) is ErrorCode.MUTED
