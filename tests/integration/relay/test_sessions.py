"""What a session or a key opened is cut with it, on every socket, within a second."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.relay_clients import (
    PASSWORD,
    ControlClient,
    control,
    new_key,
    publisher,
    subscriber,
)
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    account_commands,
    command_base,
    commands,
    events,
    media_events,
    room_commands,
    room_events,
)
from wire.errors import CloseCode

if TYPE_CHECKING:
    from tests.support.relay_clients import Client
    from tests.support.relay_process import RelayProcess

CUT_S_MAX = 1.0


async def _open_media(
    stack: AsyncExitStack, relay: RelayProcess, owner: ControlClient, room_id: str
) -> list[Client]:
    """A publisher and a subscriber on this session's word."""
    request = room_commands.RequestPublishTicket(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
    publish = await owner.ask(request)
    watch = await owner.ask(room_commands.RequestSubscribeTicket(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
    source = await stack.enter_async_context(
        publisher(relay.url, room_id, SyntheticMedia(), ticket=publish.ticket)
    )
    assert source.accepted
    viewer = await stack.enter_async_context(subscriber(relay.url, room_id, ticket=watch.ticket))
    assert viewer.of(media_events.Subscribed)
    return [source, viewer]


async def _assert_cut(clients: list[Client], code: CloseCode, since_s: float) -> None:
    for client in clients:
        assert await client.wait_closed(timeout_s=CUT_S_MAX) == code
    assert time.monotonic() - since_s < CUT_S_MAX


async def test_sockets_when_their_session_logs_out_then_are_cut_and_others_stay(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    async with (
        AsyncExitStack() as stack,
        control(relay.url) as same_session,
        control(relay.url) as other_session,
        subscriber(relay.url, room_id) as guest,
    ):
        await same_session.ask(account_commands.Resume(id=0, token=owner.token))
        await other_session.ask(account_commands.Login(id=0, name=owner.name, password=PASSWORD))
        media = await _open_media(stack, relay, owner, room_id)
        began_s = time.monotonic()
        await owner.ask(account_commands.Logout(id=0))
        await _assert_cut([*media, same_session], CloseCode.SESSION_ENDED, began_s)
        await other_session.ask(commands.Ping(id=0))
        await owner.ask(commands.Ping(id=0))
        assert guest.close_code is None
        error = await owner.ask_in_vain(account_commands.Resume(id=0, token=owner.token))
        assert error.code == "session_ended"


async def test_session_when_ended_from_another_device_then_its_sockets_are_cut_and_others_stay(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    async with AsyncExitStack() as stack, control(relay.url) as elsewhere:
        login = account_commands.Login(
            id=0, name=owner.name, password=PASSWORD, device="old laptop"
        )
        there = await elsewhere.ask(login)
        media = await _open_media(stack, relay, elsewhere, room_id)
        ticket = await elsewhere.ask(room_commands.RequestSubscribeTicket(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        listed = (await owner.ask(account_commands.ListSessions(id=0))).sessions
        assert [one.is_this for one in listed] == [True, False]
        assert (listed[1].session_id, listed[1].device) == (there.session_id, "old laptop")
        began_s = time.monotonic()
        await owner.ask(account_commands.EndSession(id=0, session_id=there.session_id))
        await _assert_cut([elsewhere, *media], CloseCode.SESSION_ENDED, began_s)
        assert len((await owner.ask(account_commands.ListSessions(id=0))).sessions) == 1
        async with subscriber(relay.url, room_id, ticket=ticket.ticket) as late:
            assert late.of(events.Error)[0].code == "ticket_invalid"


@pytest.mark.parametrize(
    "is_by_password", [True, False], ids=["password changed", "logged out everywhere"]
)
async def test_sockets_when_all_sessions_end_then_are_cut_everywhere(
    is_by_password: bool, relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    async with AsyncExitStack() as stack, control(relay.url) as elsewhere:
        await elsewhere.ask(account_commands.Login(id=0, name=owner.name, password=PASSWORD))
        media = await _open_media(stack, relay, elsewhere, room_id)
        began_s = time.monotonic()
        if is_by_password:
            command: command_base.Command = account_commands.ChangePassword(
                id=0, old_password=PASSWORD, new_password=f"{PASSWORD} renewed"
            )
        else:
            command = account_commands.Logout(id=0, everywhere=True)
        await owner.ask(command)
        await _assert_cut([elsewhere, *media], CloseCode.SESSION_ENDED, began_s)
        await owner.ask(commands.Ping(id=0))


async def test_publisher_when_its_key_is_revoked_then_is_cut_and_may_not_return(
    relay: RelayProcess, owner: ControlClient, room_id: str, publish_key: str
) -> None:
    second_key = await new_key(owner, room_id)
    media = SyntheticMedia()
    async with publisher(relay.url, room_id, media, publish_key=second_key.publish_key) as source:
        assert source.accepted
        began_s = time.monotonic()
        await owner.ask(
            room_commands.RevokePublishKey(id=0, room_id=room_id, key_id=second_key.key_id)  # type: ignore[arg-type]  # plain text here
        )
        await _assert_cut([source], CloseCode.FORBIDDEN, began_s)
        await owner.wait_for(room_events.BroadcastAway)
    async with publisher(relay.url, room_id, media, publish_key=second_key.publish_key) as refused:
        assert refused.of(events.Error)[0].code == "bad_credentials"
    async with publisher(relay.url, room_id, media, publish_key=publish_key) as other_key:
        assert other_key.accepted.resumed


async def test_publisher_when_its_key_is_revoked_while_it_is_let_in_then_does_not_stay(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    for _ in range(10):
        key = await new_key(owner, room_id)
        async with AsyncExitStack() as stack:
            source, _ = await asyncio.gather(
                stack.enter_async_context(
                    publisher(relay.url, room_id, SyntheticMedia(), publish_key=key.publish_key)
                ),
                owner.ask(
                    room_commands.RevokePublishKey(id=0, room_id=room_id, key_id=key.key_id)  # type: ignore[arg-type]  # plain text here
                ),
            )
            assert await source.wait_closed(timeout_s=CUT_S_MAX) in {
                CloseCode.FORBIDDEN,
                CloseCode.UNAUTHENTICATED,
            }
