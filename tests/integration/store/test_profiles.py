"""Names and what users say of themselves."""

from __future__ import annotations

import pytest

from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode
from wire.limits import USER_ABOUT_CHARACTERS_MAX


async def edit(socket: Socket, **fields: object) -> account_events.Profile:
    answer = await socket.ask(account_commands.EditProfile, **fields)
    assert isinstance(answer, account_events.Profile), answer
    return answer


async def edit_in_vain(socket: Socket, **fields: object) -> events.Error:
    answer = await socket.ask(account_commands.EditProfile, **fields)
    assert isinstance(answer, events.Error), answer
    return answer


async def test_edit_when_given_a_part_then_the_rest_stays(parts: Parts) -> None:
    ada = Socket(parts)
    user_id = (await ada.register("Ada")).user.user_id
    await edit(ada, about="  Counts  ")
    profile = await edit(ada, name="Countess")
    assert (profile.user.user_id, profile.user.name) == (user_id, "Countess")
    assert profile.about == "Counts"
    other = Socket(parts)
    await other.register("Bob")
    seen = await other.ask(account_commands.GetProfile, user_id=user_id)
    assert isinstance(seen, account_events.Profile)
    assert (seen.user.name, seen.about) == ("Countess", "Counts")
    assert (await edit(ada, about="")).about == ""


async def test_edit_when_renamed_then_the_new_name_logs_in_and_the_old_is_free(
    parts: Parts,
) -> None:
    ada, bob = Socket(parts), Socket(parts)
    await ada.register("Ada")
    await edit(ada, name="Countess")
    again = await Socket(parts).ask(account_commands.Login, name="countess", password=PASSWORD)
    assert isinstance(again, account_events.LoggedIn)
    assert again.user.name == "Countess"
    refused = await Socket(parts).ask(account_commands.Login, name="Ada", password=PASSWORD)
    assert isinstance(refused, events.Error)
    assert (await bob.register("Ada")).user.name == "Ada"


async def test_edit_when_renamed_then_other_sockets_rooms_and_chat_show_it(parts: Parts) -> None:
    ada, phone, bob = Socket(parts), Socket(parts), Socket(parts)
    token = (await ada.register("Ada")).token
    await phone.ask(account_commands.Resume, token=token)
    await bob.register("Bob")
    details = await ada.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(details, room_events.RoomDetails)
    room_id = details.room.room_id
    for socket in (phone, bob):
        await socket.ask(room_commands.JoinRoom, room_id=room_id)
    await phone.ask(chat_commands.SendDanmaku, room_id=room_id, text="before")
    await edit(ada, name="Countess")
    await phone.ask(chat_commands.SendDanmaku, room_id=room_id, text="after")
    changed = [event for event in bob.channel.events if isinstance(event, room_events.RoomChanged)]
    assert [event.room.owner.name for event in changed] == ["Countess"]
    said = [event for event in bob.channel.events if isinstance(event, event_base.DanmakuPosted)]
    assert [(event.text, event.name) for event in said][-1] == ("after", "Countess")
    joined = await bob.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.room.owner.name == "Countess"
    assert {message.name for message in joined.messages} == {"Countess"}


@pytest.mark.parametrize("wish", ["BOB", "\uff22ob", "B0b", "livehouse", "1ivehouse"])
async def test_edit_when_the_name_is_or_looks_taken_then_name_taken(
    parts: Parts, wish: str
) -> None:
    ada, bob = Socket(parts), Socket(parts)
    await ada.register("Ada")
    await bob.register("Bob")
    assert (await edit_in_vain(ada, name=wish)).code is ErrorCode.NAME_TAKEN
    assert (await edit(ada, about="x")).user.name == "Ada"


async def test_edit_when_only_the_case_changes_then_ones_own_name_is_not_in_the_way(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    assert (await edit(ada, name="ADA")).user.name == "ADA"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "<b>Ada</b>"}, "name"),
        ({"name": "a" * 128}, "name"),
        ({"about": "two\nlines"}, "about"),
        ({"about": "turned \u202e round"}, "about"),
        ({"about": "nul \0"}, "about"),
        ({"about": "e" + "\u0301" * 100}, "about"),
    ],
)
async def test_edit_when_hostile_then_the_field_is_named_and_nothing_changes(
    parts: Parts, fields: dict[str, str], field: str
) -> None:
    ada = Socket(parts)
    user_id = (await ada.register("Ada")).user.user_id
    error = await edit_in_vain(ada, **{"about": "kept out", **fields})
    assert (error.code, error.field) == (ErrorCode.INVALID_VALUE, field)
    profile = await ada.ask(account_commands.GetProfile, user_id=user_id)
    assert isinstance(profile, account_events.Profile)
    assert (profile.user.name, profile.about) == ("Ada", "")


async def test_edit_when_about_is_as_long_as_may_be_then_taken(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    about = "\u754c" * USER_ABOUT_CHARACTERS_MAX
    assert (await edit(ada, about=about)).about == about


async def test_edit_when_renamed_again_and_again_then_limited(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    for index in range(5):
        await edit(ada, name=f"Name {index}")
    error = await edit_in_vain(ada, name="One more")
    assert error.code is ErrorCode.RATE_LIMITED
    assert error.retry_after_ms is not None
    assert (await edit(ada, about="still")).about == "still"
    parts.time.pass_s(601)
    assert (await edit(ada, name="One more")).user.name == "One more"


async def test_profile_when_nobody_has_the_id_then_not_found(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    for user_id in ("nobody", "a\0b"):
        answer = await ada.ask(account_commands.GetProfile, user_id=user_id)
        assert isinstance(answer, events.Error)
        assert answer.code is ErrorCode.NOT_FOUND


async def test_list_when_own_only_then_ones_rooms_of_any_privacy(parts: Parts) -> None:
    ada, bob, guest = Socket(parts), Socket(parts), Socket(parts)
    await ada.register("Ada")
    await bob.register("Bob")
    await ada.ask(room_commands.CreateRoom, name="Closed", privacy="invite")
    await bob.ask(room_commands.CreateRoom, name="Open")

    async def names(socket: Socket) -> list[str]:
        answer = await socket.ask(room_commands.ListRooms, own_only=True)
        assert isinstance(answer, room_events.RoomList)
        return [room.name for room in answer.rooms]

    assert [await names(socket) for socket in (ada, bob, guest)] == [["Closed"], ["Open"], []]


async def test_guest_when_it_has_the_invite_then_joins_and_gets_a_ticket(parts: Parts) -> None:
    ada, guest = Socket(parts), Socket(parts)
    await ada.register("Ada")
    details = await ada.ask(room_commands.CreateRoom, name="Hall", title="Plans", privacy="invite")
    assert isinstance(details, room_events.RoomDetails)
    room_id = details.room.room_id
    made = await ada.ask(room_commands.CreateInvite, room_id=room_id)
    assert isinstance(made, room_events.InviteCreated)
    for wrong in ("", "nonsense"):
        refused = await guest.ask(room_commands.JoinRoom, room_id=room_id, invite=wrong)
        assert isinstance(refused, events.Error)
        assert refused.code is ErrorCode.INVITE_REQUIRED
    unseen = await guest.ask(room_commands.GetRoom, room=room_id)
    assert isinstance(unseen, events.Error)
    assert unseen.code is ErrorCode.LOGIN_REQUIRED
    guessed = await guest.ask(room_commands.GetRoom, room=room_id, invite="nonsense")
    assert isinstance(guessed, events.Error)
    assert guessed.code is ErrorCode.INVITE_REQUIRED
    seen = await guest.ask(room_commands.GetRoom, room=room_id, invite=made.invite)
    assert isinstance(seen, room_events.RoomDetails)
    assert seen.room.title == "Plans"
    no_ticket = await guest.ask(room_commands.RequestSubscribeTicket, room_id=room_id)
    assert isinstance(no_ticket, events.Error)
    joined = await guest.ask(room_commands.JoinRoom, room_id=room_id, invite=made.invite)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.role == "guest"
    ticket = await guest.ask(room_commands.RequestSubscribeTicket, room_id=room_id)
    assert isinstance(ticket, room_events.TicketIssued)
