from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from server.accounts.actor import Actor
from server.rooms.door import (
    ADDRESS_FAILURES_MAX,
    PASSPHRASE_FAILURES_MAX,
    PASSPHRASE_WINDOW_S,
)
from tests.server_parts import Parts
from wire import room_commands
from wire.errors import ErrorCode, WireError
from wire.event_base import BroadcastInfo
from wire.ids import InviteId, PublishKeyId, RoomId, UserId
from wire.limits import AWAY_S_MIN, TICKET_LIFETIME_S
from wire.permissions import Action

if TYPE_CHECKING:
    from server.store.store import Store

GUEST = Actor("192.0.2.9")


async def refused(work: Awaitable[object]) -> ErrorCode:
    with pytest.raises(WireError) as caught:
        await work
    return caught.value.code


async def join(
    parts: Parts, actor: Actor, room_id: RoomId, *, passphrase: str = "", invite: str = ""
) -> str:
    entered = await parts.rooms.join(actor, room_id, passphrase=passphrase, invite=invite)
    return entered.role


async def go_live(parts: Parts, owner: Actor, room_id: RoomId, viewers: int) -> None:
    begun = await parts.broadcasts.begin(
        room_id, user_id=owner.require_login().user.user_id, resume=None
    )
    parts.plane.live[room_id] = BroadcastInfo(
        broadcast_id=begun.broadcast_id, started_at_unix_us=1, state="live"
    )
    parts.plane.viewer_counts[room_id] = viewers


async def test_create_when_allowed_then_found_by_id_and_by_name(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, "The Hall", title="Jazz")
    for query in (room_id, "the hall", "The  Hall"):
        details = await parts.rooms.get(GUEST, query)
        assert details.room.room_id == room_id
        assert details.room.title == "Jazz"
        assert details.role == "guest"
    assert (await parts.rooms.get(ada, room_id)).role == "streamer"


@pytest.mark.parametrize("name", ["hall", "Ha11", "\u041dall"])
async def test_create_when_the_name_looks_taken_then_refused(parts: Parts, name: str) -> None:
    ada = await parts.register("Ada")
    await parts.create_room(ada, "Hall")
    assert await refused(parts.create_room(ada, name)) is ErrorCode.NAME_TAKEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("name", "a\u202eb"),
        ("name", "zero\u200bwidth"),
        ("title", "a" + "\u0301" * 4),
        ("description", "a\0b"),
        ("passphrase", "open sesame"),
    ],
)
async def test_create_when_a_text_is_bad_then_the_field_is_named(
    parts: Parts, field: str, value: str
) -> None:
    ada = await parts.register("Ada")
    with pytest.raises(WireError) as caught:
        await parts.create_room(ada, **{"name": "Hall", field: value})
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, field)


async def test_edit_when_fields_are_left_out_then_they_stay(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, title="Jazz", description="Every night\nat nine")
    edited = await parts.rooms.edit(
        ada, room_commands.EditRoom(id=1, room_id=room_id, title="Blues")
    )
    assert edited.details.room.title == "Blues"
    assert edited.details.room.description == "Every night\nat nine"
    assert not edited.is_closed_to_guests


async def test_edit_when_a_public_room_closes_then_guests_are_cut(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    await parts.rooms.media.authorize_subscribe(room_id, ticket="")
    edited = await parts.rooms.edit(
        ada, room_commands.EditRoom(id=1, room_id=room_id, privacy="invite")
    )
    assert edited.is_closed_to_guests
    assert parts.plane.cut_rooms == [room_id]
    assert await refused(parts.rooms.media.authorize_subscribe(room_id, ticket="")) is (
        ErrorCode.INVITE_REQUIRED
    )


async def test_edit_when_the_time_away_is_set_then_is_kept_bounded_and_told_to_the_plane(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    edited = await parts.rooms.edit(ada, room_commands.EditRoom(id=1, room_id=room_id, away_s=120))
    assert edited.details.room.away_s == 120
    assert parts.plane.away_s == {room_id: 120}
    for away_s in (1, AWAY_S_MIN - 1):
        command = room_commands.EditRoom(id=1, room_id=room_id, away_s=away_s)
        assert await refused(parts.rooms.edit(ada, command)) is ErrorCode.INVALID_VALUE
    await parts.rooms.edit(ada, room_commands.EditRoom(id=1, room_id=room_id, title="Blues"))
    key = await parts.rooms.media.create_publish_key(ada, room_id, "studio")
    grant = await parts.rooms.media.authorize_publish(
        room_id, ticket="", publish_key=key.publish_key
    )
    assert grant.away_s == 120
    await parts.rooms.edit(ada, room_commands.EditRoom(id=1, room_id=room_id, away_s=0))
    assert (await parts.rooms.get(ada, room_id)).room.away_s == 0


async def test_edit_when_not_the_owner_then_refused(parts: Parts) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada)
    command = room_commands.EditRoom(id=1, room_id=room_id, title="Mine")
    assert await refused(parts.rooms.edit(bob, command)) is ErrorCode.FORBIDDEN
    assert await refused(parts.rooms.edit(GUEST, command)) is ErrorCode.LOGIN_REQUIRED


async def test_join_when_a_passphrase_is_needed_then_only_the_right_one_opens(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada, privacy="passphrase", passphrase="open sesame")
    assert await refused(join(parts, GUEST, room_id)) is ErrorCode.PASSPHRASE_REQUIRED
    assert await refused(join(parts, bob, room_id)) is ErrorCode.PASSPHRASE_REQUIRED
    assert await refused(join(parts, bob, room_id, passphrase="wrong")) is (
        ErrorCode.PASSPHRASE_REQUIRED
    )
    assert await join(parts, bob, room_id, passphrase="open sesame") == "viewer"
    assert await join(parts, GUEST, room_id, passphrase="open sesame") == "guest"
    assert await join(parts, ada, room_id) == "streamer"
    await parts.rooms.edit(
        ada, room_commands.EditRoom(id=1, room_id=room_id, passphrase="another word")
    )
    assert await refused(join(parts, bob, room_id, passphrase="open sesame")) is (
        ErrorCode.PASSPHRASE_REQUIRED
    )


async def test_join_when_the_passphrase_is_guessed_then_limited_even_for_the_right_one(
    parts: Parts,
) -> None:
    ada, bob, eve = [await parts.register(name) for name in ("Ada", "Bob", "Eve")]
    room_id = await parts.create_room(ada, privacy="passphrase", passphrase="open sesame")
    await join(parts, bob, room_id, passphrase="open sesame")
    for _ in range(PASSPHRASE_FAILURES_MAX):
        await refused(join(parts, eve, room_id, passphrase="a guess"))
    assert await refused(join(parts, eve, room_id, passphrase="open sesame")) is (
        ErrorCode.RATE_LIMITED
    )
    await join(parts, bob, room_id, passphrase="open sesame")


async def guess(parts: Parts, room_id: RoomId, address: str, times: int) -> None:
    """Wrong passphrases, by new accounts whenever one has used its own up."""
    for start in range(0, times, PASSPHRASE_FAILURES_MAX):
        parts.time.pass_s(10)  # accounts are not made faster
        eve = await parts.register(f"Eve {address} {start}", address)
        for _ in range(min(PASSPHRASE_FAILURES_MAX, times - start)):
            code = await refused(join(parts, eve, room_id, passphrase="a guess"))
            assert code is ErrorCode.PASSPHRASE_REQUIRED


async def test_join_when_new_accounts_guess_from_one_address_then_limited_there_alone(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, privacy="passphrase", passphrase="open sesame")
    await guess(parts, room_id, "203.0.113.9", ADDRESS_FAILURES_MAX)
    fresh = await parts.register("Mallory", "203.0.113.9")
    for actor in (fresh, Actor("203.0.113.9")):
        assert await refused(join(parts, actor, room_id, passphrase="open sesame")) is (
            ErrorCode.RATE_LIMITED
        )
    elsewhere = await parts.register("Bob", "203.0.113.10")
    for actor in (elsewhere, Actor("203.0.113.10")):
        await join(parts, actor, room_id, passphrase="open sesame")
    other = await parts.create_room(ada, "Cellar", privacy="passphrase", passphrase="open sesame")
    await join(parts, fresh, other, passphrase="open sesame")
    parts.time.pass_s(PASSPHRASE_WINDOW_S)
    await join(parts, fresh, room_id, passphrase="open sesame")


async def test_join_when_all_come_through_a_proxy_here_then_others_typing_errors_lock_nobody_out(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, privacy="passphrase", passphrase="open sesame")
    await guess(parts, room_id, "127.0.0.1", 3 * ADDRESS_FAILURES_MAX)
    for actor in (await parts.register("Bob", "127.0.0.1"), Actor("127.0.0.1")):
        await join(parts, actor, room_id, passphrase="open sesame")


async def test_join_when_the_passphrase_is_right_then_uses_no_guesses_of_the_address(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, privacy="passphrase", passphrase="open sesame")
    await guess(parts, room_id, GUEST.address, ADDRESS_FAILURES_MAX - 1)
    for number in range(3):
        # A new one each time, so that each is looked at in earnest.
        words = f"open sesame {number}"
        await parts.rooms.edit(ada, room_commands.EditRoom(id=1, room_id=room_id, passphrase=words))
        await join(parts, GUEST, room_id, passphrase=words)
    assert await refused(join(parts, GUEST, room_id, passphrase="a guess")) is (
        ErrorCode.PASSPHRASE_REQUIRED
    )
    assert await refused(join(parts, GUEST, room_id, passphrase="a guess")) is (
        ErrorCode.RATE_LIMITED
    )


async def test_join_when_an_invite_is_revoked_then_it_opens_no_more(parts: Parts) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada, privacy="invite")
    invite = await parts.rooms.create_invite(ada, room_id, "for Bob")
    assert await refused(join(parts, bob, room_id)) is ErrorCode.INVITE_REQUIRED
    assert await refused(join(parts, bob, room_id, invite="wrong")) is ErrorCode.INVITE_REQUIRED
    assert await join(parts, bob, room_id, invite=invite.invite) == "viewer"
    await parts.rooms.revoke_invite(ada, room_id, InviteId("unknown"))
    await parts.rooms.revoke_invite(ada, room_id, invite.invite_id)
    assert await refused(join(parts, bob, room_id, invite=invite.invite)) is (
        ErrorCode.INVITE_REQUIRED
    )


async def test_get_when_a_room_is_private_then_outsiders_see_only_its_door(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada, privacy="invite", description="secret plans")
    await go_live(parts, ada, room_id, viewers=3)
    assert await refused(parts.rooms.get(GUEST, "Hall")) is ErrorCode.LOGIN_REQUIRED
    outside = (await parts.rooms.get(bob, "Hall")).room
    assert (outside.description, outside.viewers, outside.broadcast) == ("", 0, None)
    inside = (await parts.rooms.get(ada, "Hall")).room
    assert (inside.description, inside.viewers) == ("secret plans", 3)


async def test_moderator_when_granted_then_enters_freely_until_it_ends(parts: Parts) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    bob_id = bob.require_login().user.user_id
    room_id = await parts.create_room(ada, privacy="invite")
    for _ in range(2):
        await parts.rooms.set_moderator(ada, room_id, bob_id, granted=True)
    assert await join(parts, bob, room_id) == "moderator"
    assert (
        await refused(parts.rooms.set_moderator(bob, room_id, bob_id, granted=True))
        is ErrorCode.FORBIDDEN
    )
    for _ in range(2):
        await parts.rooms.set_moderator(ada, room_id, bob_id, granted=False)
    assert await refused(join(parts, bob, room_id)) is ErrorCode.INVITE_REQUIRED
    assert (
        await refused(parts.rooms.set_moderator(ada, room_id, UserId("nobody"), granted=True))
        is ErrorCode.NOT_FOUND
    )


async def test_list_when_paged_then_live_rooms_first_and_each_room_once(parts: Parts) -> None:
    ada = await parts.register("Ada")
    ids = []
    for number in range(7):
        ids.append(await parts.create_room(ada, f"Room number {number}"))
        parts.time.pass_s(1)
    await go_live(parts, ada, ids[1], viewers=5)
    await go_live(parts, ada, ids[2], viewers=9)
    await go_live(parts, ada, ids[4], viewers=1)
    for limit in (1, 2, 3, 4, 7, 50):
        shown: list[RoomId] = []
        cursor = ""
        while True:
            page = await parts.rooms.list(
                GUEST, room_commands.ListRooms(id=1, cursor=cursor, limit=limit)
            )
            shown += [room.room_id for room in page.rooms]
            cursor = page.next_cursor
            if not cursor:
                break
            assert len(page.rooms) == limit
        assert shown == [ids[2], ids[1], ids[4], ids[6], ids[5], ids[3], ids[0]]
    live = await parts.rooms.list(GUEST, room_commands.ListRooms(id=1, live_only=True, limit=2))
    assert [room.room_id for room in live.rooms] == [ids[2], ids[1]]


async def test_list_when_an_owner_is_followed_then_their_live_rooms_come_first(
    parts: Parts,
) -> None:
    ada, bob, cleo = [await parts.register(name) for name in ("Ada", "Bob", "Cleo")]
    big = await parts.create_room(ada, "Big")
    small = await parts.create_room(bob, "Small")
    resting = await parts.create_room(bob, "Resting")
    await go_live(parts, ada, big, viewers=9)
    await go_live(parts, bob, small, viewers=1)
    cleo_id, bob_id = (one.require_login().user.user_id for one in (cleo, bob))
    await parts.follows.follow(cleo_id, bob_id, is_following=True)
    followed = await parts.follows.followed_by(cleo_id)
    assert followed == {bob_id}
    page = await parts.rooms.list(cleo, room_commands.ListRooms(id=1), followed=followed)
    assert [room.room_id for room in page.rooms] == [small, big, resting]
    assert page.followed == (small, resting)
    first = await parts.rooms.list(cleo, room_commands.ListRooms(id=1, limit=1), followed=followed)
    command = room_commands.ListRooms(id=1, limit=1, cursor=first.next_cursor)
    second = await parts.rooms.list(cleo, command, followed=followed)
    assert [room.room_id for room in (*first.rooms, *second.rooms)] == [small, big]
    assert second.followed == ()
    guests = await parts.rooms.list(GUEST, room_commands.ListRooms(id=1))
    assert [room.room_id for room in guests.rooms] == [big, small, resting]
    assert guests.followed == ()


async def test_list_when_searched_then_folded_and_without_wildcards(parts: Parts) -> None:
    ada = await parts.register("Ada")
    jazz = await parts.create_room(ada, "One", title="Late JAZZ", category="music")
    percent = await parts.create_room(ada, "Two", title="100% live")

    async def find(**fields: str) -> list[RoomId]:
        page = await parts.rooms.list(GUEST, room_commands.ListRooms(id=1, **fields))
        return [room.room_id for room in page.rooms]

    assert await find(search="\uff2aazz") == [jazz]
    assert await find(search="%") == [percent]
    assert await find(search="_") == []
    assert await find(search="' OR 1=1 --") == []
    assert await find(category="music") == [jazz]


async def test_list_when_rooms_are_private_then_only_owner_and_admin_see_them(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    await parts.create_room(ada, privacy="invite")
    secret = await parts.accounts.console_secret()
    assert secret is not None

    async def count(actor: Actor) -> int:
        return len((await parts.rooms.list(actor, room_commands.ListRooms(id=1))).rooms)

    assert [await count(actor) for actor in (GUEST, bob, ada)] == [0, 0, 1]
    await parts.accounts.claim_admin(bob.require_login(), secret)
    bob_again = await parts.accounts.find_users([bob.require_login().user.user_id])
    (user,) = bob_again.values()
    assert user.is_admin


@pytest.mark.parametrize("cursor", ["x", "live.", "live.-1", "rest.1", "rest.x.y", "live.1e9"])
async def test_list_when_the_cursor_is_nonsense_then_refused(parts: Parts, cursor: str) -> None:
    command = room_commands.ListRooms(id=1, cursor=cursor)
    assert await refused(parts.rooms.list(GUEST, command)) is ErrorCode.INVALID_VALUE


async def test_publish_ticket_when_used_then_once_here_and_in_time(parts: Parts) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada)
    other_id = await parts.create_room(ada, "Other")

    async def use(ticket: str, room: RoomId = room_id) -> UserId:
        return (
            await parts.rooms.media.authorize_publish(room, ticket=ticket, publish_key="")
        ).user_id

    async def issue() -> str:
        return (await parts.rooms.media.issue_publish_ticket(ada, room_id)).ticket

    ticket = await issue()
    assert await use(ticket) == ada.require_login().user.user_id
    assert await refused(use(ticket)) is ErrorCode.TICKET_INVALID
    assert await refused(use(await issue(), other_id)) is ErrorCode.TICKET_INVALID
    late = await issue()
    parts.time.pass_s(TICKET_LIFETIME_S)
    assert await refused(use(late)) is ErrorCode.TICKET_INVALID
    revoked = await issue()
    parts.rooms.media.revoke_tickets(session_id=ada.require_login().session_id)
    assert await refused(use(revoked)) is ErrorCode.TICKET_INVALID
    subscribe = await parts.rooms.media.issue_subscribe_ticket(ada, room_id, is_member=True)
    assert await refused(use(subscribe.ticket)) is ErrorCode.TICKET_INVALID
    assert await refused(use("")) is ErrorCode.TICKET_INVALID
    assert (
        await refused(parts.rooms.media.issue_publish_ticket(bob, room_id)) is ErrorCode.FORBIDDEN
    )


async def test_subscribe_ticket_when_the_room_is_private_then_members_only(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada, privacy="invite")
    issue = parts.rooms.media.issue_subscribe_ticket
    assert await refused(issue(bob, room_id, is_member=False)) is ErrorCode.INVITE_REQUIRED
    assert await refused(issue(GUEST, room_id, is_member=False)) is ErrorCode.INVITE_REQUIRED
    guest = await issue(GUEST, room_id, is_member=True)
    nobody = await parts.rooms.media.authorize_subscribe(room_id, ticket=guest.ticket)
    assert (nobody.user_id, nobody.session_id) == (None, None)
    ticket = await issue(bob, room_id, is_member=True)
    grant = await parts.rooms.media.authorize_subscribe(room_id, ticket=ticket.ticket)
    assert grant.user_id == bob.require_login().user.user_id
    assert grant.session_id == bob.require_login().session_id


async def test_authorize_subscribe_when_public_and_known_then_no_database(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    await parts.rooms.media.authorize_subscribe(room_id, ticket="")
    parts.store.close()
    grant = await parts.rooms.media.authorize_subscribe(room_id, ticket="")
    assert grant.user_id is None


async def test_publish_key_when_revoked_then_it_opens_no_more(parts: Parts) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await parts.create_room(ada)
    other_id = await parts.create_room(bob, "Other")
    key = await parts.rooms.media.create_publish_key(ada, room_id, "encoder in the cellar")

    async def use(room: RoomId) -> PublishKeyId | None:
        grant = await parts.rooms.media.authorize_publish(
            room, ticket="", publish_key=key.publish_key
        )
        assert grant.user_id == ada.require_login().user.user_id
        return grant.key_id

    assert await use(room_id) == key.key_id
    assert await refused(use(other_id)) is ErrorCode.BAD_CREDENTIALS
    (listed,) = await parts.rooms.media.list_publish_keys(ada, room_id)
    assert (listed.label, listed.last_used_at_unix_ms is None) == ("encoder in the cellar", False)
    assert not await parts.rooms.media.revoke_publish_key(bob, other_id, key.key_id)
    assert await parts.rooms.media.revoke_publish_key(ada, room_id, key.key_id)
    assert not await parts.rooms.media.revoke_publish_key(ada, room_id, key.key_id)
    assert await refused(use(room_id)) is ErrorCode.BAD_CREDENTIALS
    assert (
        await refused(parts.rooms.media.create_publish_key(bob, room_id, "")) is ErrorCode.FORBIDDEN
    )


async def test_ensure_public_room_when_restarted_then_same_room_and_key(
    open_store: Callable[[], Store],
) -> None:
    first, second = Parts(open_store()), Parts(open_store())
    one = await first.rooms.ensure_public_room("Demo")
    again = await first.rooms.ensure_public_room("demo")
    after = await second.rooms.ensure_public_room("Demo")
    assert one == again == after
    grant = await second.rooms.media.authorize_publish(
        one.room_id, ticket="", publish_key=one.publish_key
    )
    assert grant.room_name == "Demo"
    await first.close()
    await second.close()


@pytest.mark.parametrize("room", ["no-such-room", "\ud800", "nul\0"])
async def test_get_when_there_is_no_such_room_then_not_found(parts: Parts, room: str) -> None:
    assert await refused(parts.rooms.get(GUEST, room)) is ErrorCode.NOT_FOUND
    assert await refused(parts.rooms.role_in(GUEST, RoomId(room), Action.CHAT)) is (
        ErrorCode.NOT_FOUND
    )
    assert (
        await refused(parts.rooms.media.authorize_publish(RoomId(room), ticket="", publish_key="x"))
        is ErrorCode.NOT_FOUND
    )
