"""Who may watch and publish in which room, on the media sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.relay_clients import ControlClient, control, new_key, publisher, subscriber
from tests.support.synthetic_media import SyntheticMedia
from wire import command_base, event_base, events, room_commands, room_events
from wire.errors import CLOSE_CODES, ErrorCode
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_process import RelayProcess

PASSPHRASE = "open sesame 42"


async def _ticket(client: ControlClient, room_id: str, kind: type[command_base.Command]) -> str:
    answer = await client.ask(kind(id=0, room_id=room_id))  # type: ignore[call-arg]  # both kinds have it
    assert isinstance(answer, room_events.TicketIssued)
    return answer.ticket


async def test_guest_when_the_room_is_public_then_watches_without_a_ticket(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id) as guest,
    ):
        await source.stream(media, 3)
        await guest.wait_for_sequence(Kind.VIDEO, 2)


@pytest.mark.parametrize(
    ("door", "refusal"),
    [
        ({"privacy": "passphrase", "passphrase": PASSPHRASE}, ErrorCode.PASSPHRASE_REQUIRED),
        ({"privacy": "invite"}, ErrorCode.INVITE_REQUIRED),
    ],
    ids=["passphrase", "invite"],
)
async def test_viewer_when_the_room_is_private_then_watches_with_a_ticket_alone(
    door: dict[str, Any],
    refusal: ErrorCode,
    relay: RelayProcess,
    owner: ControlClient,
    unique: Callable[[str], str],
) -> None:
    room_id = await owner.create_room(unique("private"), **door)
    key = await new_key(owner, room_id)
    media = SyntheticMedia()
    way_in = {"passphrase": PASSPHRASE}
    if refusal is ErrorCode.INVITE_REQUIRED:
        created = await owner.ask(room_commands.CreateInvite(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        way_in = {"invite": created.invite}

    async with (
        publisher(relay.url, room_id, media, publish_key=key.publish_key) as source,
        control(relay.url) as member,
        subscriber(relay.url, room_id) as uninvited,
    ):
        assert uninvited.of(events.Error)[0].code is refusal
        assert await uninvited.wait_closed() == CLOSE_CODES[refusal]
        await source.stream(media, 3)
        assert not uninvited.packets

        await member.register(unique("member"))
        request = room_commands.RequestSubscribeTicket(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
        assert (await member.ask_in_vain(request)).code is refusal
        error = await member.ask_in_vain(room_commands.JoinRoom(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        assert error.code is refusal
        await member.join(room_id, **way_in)
        ticket = await _ticket(member, room_id, room_commands.RequestSubscribeTicket)
        async with subscriber(relay.url, room_id, ticket=ticket) as viewer:
            await viewer.wait_for_sequence(Kind.VIDEO, 2)
        async with subscriber(relay.url, room_id, ticket=ticket) as second:
            assert second.of(events.Error)[0].code is ErrorCode.TICKET_INVALID
            assert await second.wait_closed() == CLOSE_CODES[ErrorCode.TICKET_INVALID]


async def test_owner_when_it_has_a_publish_ticket_then_goes_live_with_it_once(
    relay: RelayProcess, room_id: str, owner: ControlClient
) -> None:
    media = SyntheticMedia()
    ticket = await _ticket(owner, room_id, room_commands.RequestPublishTicket)
    async with publisher(relay.url, room_id, media, ticket=ticket) as source:
        assert not source.accepted.resumed
        await owner.wait_for(room_events.BroadcastStarted)
        async with publisher(relay.url, room_id, media, ticket=ticket) as thief:
            assert thief.of(events.Error)[0].code is ErrorCode.TICKET_INVALID
        await source.stream(media, 2)
        assert source.close_code is None, "a refused publisher replaces nobody"


async def test_ticket_when_made_for_watching_then_does_not_publish(
    relay: RelayProcess, room_id: str, owner: ControlClient
) -> None:
    ticket = await _ticket(owner, room_id, room_commands.RequestSubscribeTicket)
    async with publisher(relay.url, room_id, SyntheticMedia(), ticket=ticket) as refused:
        assert refused.of(events.Error)[0].code is ErrorCode.TICKET_INVALID


async def test_guests_when_the_room_becomes_private_then_are_shown_out(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    media = SyntheticMedia()
    async with (
        control(relay.url) as guest_control,
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id) as guest,
    ):
        await guest_control.join(room_id)
        ticket = await _ticket(owner, room_id, room_commands.RequestSubscribeTicket)
        async with subscriber(relay.url, room_id, ticket=ticket) as host:
            await owner.ask(room_commands.EditRoom(id=0, room_id=room_id, privacy="invite"))  # type: ignore[arg-type]  # plain text here
            assert await guest.wait_closed(timeout_s=1) == CLOSE_CODES[ErrorCode.FORBIDDEN]
            await guest_control.wait_for(room_events.RoomChanged)
            await owner.say(room_id, "between us")
            await owner.wait_for(event_base.DanmakuPosted)
            await source.stream(media, 3)
            await host.wait_for_sequence(Kind.VIDEO, 2)
            assert not guest_control.of(event_base.DanmakuPosted)
