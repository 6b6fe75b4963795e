"""The house's admins over control sessions, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from server.admin.figures import STORED_MS
from server.admin.rules import NEW_ROOM_SLOW_S
from server.detection.rules import Thresholds, check_thresholds
from server.gateway.admin_commands import ADMIN_USE_CASES
from server.settings import Retention
from tests.integration.store.test_control_session import code_of, fields_of, open_room
from tests.integration.store.test_gifts import go_live
from tests.integration.store.test_inbox import heard
from tests.server_parts import PASSWORD, START_UNIX_US, Parts, Socket
from wire import (
    account_commands,
    account_events,
    admin_commands,
    admin_events,
    chat_commands,
    chat_events,
    coin_commands,
    coin_events,
    command_base,
    event_base,
    events,
    inbox_commands,
    inbox_events,
    order_commands,
    order_events,
    room_commands,
    room_events,
    words_commands,
    words_events,
)
from wire.errors import CloseCode, ErrorCode, WireError
from wire.ids import GiftId
from wire.limits import WORDS_IMPORT_MAX, WORDS_PAGE_MAX
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from server.store.store import Store

NOW_MS = START_UNIX_US // 1_000
NEW_PASSWORD = "another good one"
FOR_OTHERS = {admin_commands.PlanBroadcast, admin_commands.RedeemPasswordReset}


async def make_admin(parts: Parts, name: str = "Root") -> Socket:
    admin = Socket(parts)
    await admin.register(name)
    secret = await parts.accounts.console_secret()
    assert isinstance(await admin.ask(account_commands.ClaimAdmin, secret=secret), events.Ok)
    return admin


async def make_user(parts: Parts, name: str) -> tuple[Socket, event_base.UserInfo]:
    socket = Socket(parts)
    return socket, (await socket.register(name)).user


@pytest.mark.parametrize(
    "kind", sorted(set(ADMIN_USE_CASES) - FOR_OTHERS, key=lambda kind: kind.__name__)
)
async def test_command_when_no_admin_gives_it_then_forbidden(
    parts: Parts, kind: type[command_base.Command]
) -> None:
    owner = Socket(parts)
    await owner.register("Ada")
    room_id = await open_room(parts, owner)
    answer = await owner.ask(kind, **fields_of(kind, room_id))
    assert code_of(answer) is ErrorCode.FORBIDDEN


# --- figures ------------------------------------------------------------------------------------


async def test_overview_when_sampled_then_what_went_on_and_how_many_there_are(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    room_id = await open_room(parts, admin)
    await admin.ask(room_commands.JoinRoom, room_id=room_id)
    await admin.ask(chat_commands.SendDanmaku, room_id=room_id, text="hello")
    assert parts.tally.messages == 1
    parts.time.pass_s(5)
    parts.reading = replace(
        parts.reading,
        at_mono_s=parts.time.mono_s,
        at_unix_ms=NOW_MS + 5_000,
        viewers=12,
        bytes_out=5_000_000,
        messages=parts.tally.messages,
    )
    await parts.admin.sampling.sample()
    answer = await admin.ask(admin_commands.GetOverview)
    assert isinstance(answer, admin_events.Overview)
    assert (answer.users, answer.rooms) == (1, 1)
    assert (answer.at_unix_ms, answer.viewers) == ((NOW_MS + 5_000,), (12,))
    assert (answer.bytes_out_per_s, answer.messages) == ((1_000_000,), (12,))
    since = await admin.ask(admin_commands.GetOverview, since_unix_ms=NOW_MS + 5_000)
    assert isinstance(since, admin_events.Overview)
    assert since.at_unix_ms == ()


async def test_overview_when_the_relay_starts_again_then_the_week_is_still_there(
    open_store: Callable[[], Store],
) -> None:
    first = Parts(open_store())
    for quarter in range(3):
        at_unix_ms = NOW_MS + quarter * STORED_MS
        first.reading = replace(first.reading, at_unix_ms=at_unix_ms, viewers=quarter + 1)
        await first.admin.sampling.sample()
    await first.close()
    again = Parts(open_store(), first_id=1_000)
    await again.admin.load()
    seen = await again.admin.sampling.overview(
        admin_commands.GetOverview(id=1, span="week", since_unix_ms=0)
    )
    assert seen.viewers == (1, 2)
    await again.close()


# --- rooms --------------------------------------------------------------------------------------


async def list_rooms(admin: Socket, **fields: object) -> list[str]:
    answer = await admin.ask(admin_commands.ListHouseRooms, **fields)
    assert isinstance(answer, admin_events.HouseRooms), answer
    return [one.room.name for one in answer.rooms]


async def test_rooms_when_listed_then_private_ones_too_and_live_ones_first(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, owner = await make_user(parts, "Ada")
    await open_room(parts, ada, "Hidden", privacy="invite", title="My title")
    live = await open_room(parts, ada, "On air")
    await open_room(parts, ada, "Resting")
    go_live(parts, live)
    await parts.broadcasts.begin(live, user_id=owner.user_id, resume=None)
    assert (await list_rooms(admin))[0] == "On air"
    assert set(await list_rooms(admin)) == {"Hidden", "On air", "Resting"}
    assert await list_rooms(admin, kind="live") == ["On air"]
    assert await list_rooms(admin, kind="private") == ["Hidden"]
    assert await list_rooms(admin, search="my TITLE") == ["Hidden"]
    assert await list_rooms(admin, search="\ud7ff nobody") == []


async def test_rooms_when_paged_then_each_once_and_the_total_on_every_page(parts: Parts) -> None:
    admin = await make_admin(parts)
    for number in range(5):
        await open_room(parts, admin, f"Room {number}")
    seen: list[str] = []
    cursor = ""
    while True:
        page = await admin.ask(admin_commands.ListHouseRooms, limit=2, cursor=cursor)
        assert isinstance(page, admin_events.HouseRooms)
        assert page.total == 5
        seen += [one.room.name for one in page.rooms]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == [f"Room {number}" for number in range(5)]
    bad = await admin.ask(admin_commands.ListHouseRooms, cursor="-1")
    assert code_of(bad) is ErrorCode.INVALID_VALUE


async def test_create_for_when_done_then_it_is_the_users_room(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    answer = await admin.ask(
        admin_commands.CreateRoomFor, user_id=user.user_id, name="Gift", title="For Ada"
    )
    assert isinstance(answer, room_events.RoomDetails), answer
    assert (answer.room.owner, answer.room.title) == (user, "For Ada")
    ticket = await ada.ask(room_commands.RequestPublishTicket, room_id=answer.room.room_id)
    assert isinstance(ticket, room_events.TicketIssued)
    nobody = await admin.ask(admin_commands.CreateRoomFor, user_id="nobody", name="Other")
    assert code_of(nobody) is ErrorCode.NOT_FOUND


async def test_feature_when_set_then_members_hear_and_lists_show_it_first(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    rooms = [await open_room(parts, ada, name) for name in ("One", "Two")]
    for room_id in rooms:
        go_live(parts, room_id)
        await parts.broadcasts.begin(room_id, user_id=user.user_id, resume=None)
    parts.plane.viewer_counts[rooms[0]] = 50
    await ada.ask(room_commands.JoinRoom, room_id=rooms[1])
    done = await admin.ask(admin_commands.FeatureRoom, room_id=rooms[1], is_featured=True)
    assert isinstance(done, events.Ok)
    await ada.ask(room_commands.ListRooms)  # the hub tells within a turn of the loop
    (changed,) = [one for one in ada.channel.events if isinstance(one, room_events.RoomChanged)]
    assert changed.room.is_featured
    listed = await ada.ask(room_commands.ListRooms)
    assert isinstance(listed, room_events.RoomList)
    assert [(one.name, one.is_featured) for one in listed.rooms] == [("Two", True), ("One", False)]
    assert await list_rooms(admin, kind="featured") == ["Two"]


async def test_plan_when_the_owner_makes_it_then_shown_until_it_is_long_over(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    bob, _ = await make_user(parts, "Bob")
    room_id = await open_room(parts, ada)
    plan = {"room_id": room_id, "starts_at_unix_ms": NOW_MS + 3_600_000, "title": "Paper boats"}
    assert code_of(await bob.ask(admin_commands.PlanBroadcast, **plan)) is ErrorCode.FORBIDDEN
    assert isinstance(await ada.ask(admin_commands.PlanBroadcast, **plan), events.Ok)

    async def seen() -> tuple[int, str]:
        details = await bob.ask(room_commands.GetRoom, room=room_id)
        assert isinstance(details, room_events.RoomDetails)
        return details.room.starts_at_unix_ms, details.room.starts_title

    assert await seen() == (NOW_MS + 3_600_000, "Paper boats")
    assert await list_rooms(admin, kind="planned") == ["Hall"]
    parts.time.pass_s(8 * 3_600)
    assert await seen() == (0, "")
    assert await list_rooms(admin, kind="planned") == []
    late = {**plan, "starts_at_unix_ms": 1_000}
    assert code_of(await admin.ask(admin_commands.PlanBroadcast, **late)) is ErrorCode.INVALID_VALUE
    assert isinstance(await ada.ask(admin_commands.PlanBroadcast, room_id=room_id), events.Ok)


async def test_announce_when_to_the_house_then_in_every_room_where_somebody_is(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    rooms = [await open_room(parts, ada, name) for name in ("One", "Two", "Empty")]
    for room_id in rooms[:2]:
        await ada.ask(room_commands.JoinRoom, room_id=room_id)
    answer = await admin.ask(admin_commands.AnnounceToHouse, text="We close at ten")
    assert isinstance(answer, admin_events.HouseAnnounced)
    assert answer.rooms == 2
    await ada.ask(room_commands.ListRooms)  # the hub tells within a turn of the loop
    told = [one for one in ada.channel.events if isinstance(one, chat_events.Announced)]
    assert {one.room_id for one in told} == set(rooms[:2])
    assert {one.announcement.text for one in told if one.announcement} == {"We close at ten"}


# --- users --------------------------------------------------------------------------------------


async def test_users_when_listed_then_by_name_with_what_they_have(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    await make_user(parts, "Bob")
    await open_room(parts, ada)
    await parts.ledger.grant(user.user_id, user.user_id, coins=30, note="", key="k")
    everybody = await admin.ask(admin_commands.ListUsers)
    assert isinstance(everybody, admin_events.HouseUsers)
    assert [one.user.name for one in everybody.users] == ["Ada", "Bob", "Root"]
    first = everybody.users[0]
    assert (first.rooms, first.coins, first.sessions, first.is_online) == (1, 30, 1, True)
    for kind, names in (("admins", ["Root"]), ("online", ["Ada", "Bob", "Root"])):
        some = await admin.ask(admin_commands.ListUsers, kind=kind)
        assert isinstance(some, admin_events.HouseUsers)
        assert [one.user.name for one in some.users] == names
    parts.registry.forget(ada.channel)
    online = await admin.ask(admin_commands.ListUsers, kind="online", search="a")
    assert isinstance(online, admin_events.HouseUsers)
    assert (online.users, online.total) == ((), 0)


async def test_user_page_when_asked_then_all_of_one(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    await open_room(parts, ada, "Hidden", privacy="invite", title="Mine")
    await parts.ledger.grant(user.user_id, user.user_id, coins=30, note="hello", key="k")
    page = await admin.ask(admin_commands.GetUserPage, user_id=user.user_id)
    assert isinstance(page, admin_events.UserPage)
    assert [one.title for one in page.rooms] == ["Mine"]
    assert [one.is_this for one in page.sessions] == [False]
    assert page.user.coins == 30
    moved = await admin.ask(admin_commands.ListMovementsOf, user_id=user.user_id)
    assert isinstance(moved, coin_events.Movements)
    assert [one.amount for one in moved.movements] == [30]
    unknown = await admin.ask(admin_commands.GetUserPage, user_id="nobody")
    assert code_of(unknown) is ErrorCode.NOT_FOUND


async def test_set_admin_when_granted_then_at_once_and_the_last_one_stays(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    root_id = admin.session.user_id
    alone = await admin.ask(admin_commands.SetAdmin, user_id=root_id, granted=False)
    assert code_of(alone) is ErrorCode.WRONG_STATE
    done = await admin.ask(admin_commands.SetAdmin, user_id=user.user_id, granted=True)
    assert isinstance(done, events.Ok)
    assert isinstance(await ada.ask(admin_commands.ListRelaySettings), admin_events.RelaySettings)
    gone = await ada.ask(admin_commands.SetAdmin, user_id=root_id, granted=False)
    assert isinstance(gone, events.Ok)
    assert code_of(await admin.ask(admin_commands.ListRelaySettings)) is ErrorCode.FORBIDDEN


async def test_end_sessions_when_done_then_cut_and_not_resumed(parts: Parts) -> None:
    admin = await make_admin(parts)
    first, second = Socket(parts), Socket(parts)
    login = await first.register("Ada")
    other = await second.ask(account_commands.Login, name="Ada", password=PASSWORD)
    assert isinstance(other, account_events.LoggedIn)
    user_id = login.user.user_id
    one = {"user_id": user_id, "session_id": other.session_id}
    assert isinstance(await admin.ask(admin_commands.EndSessionsOf, **one), events.Ok)
    assert second.channel.closed_with is not None
    assert first.channel.closed_with is None
    assert isinstance(await admin.ask(admin_commands.EndSessionsOf, user_id=user_id), events.Ok)
    assert first.channel.closed_with is not None
    assert first.channel.closed_with[0] == CloseCode.SESSION_ENDED
    again = await Socket(parts).ask(account_commands.Resume, token=login.token)
    assert code_of(again) is ErrorCode.SESSION_ENDED


async def make_reset(admin: Socket, user_id: str) -> str:
    made = await admin.ask(admin_commands.MakePasswordReset, user_id=user_id)
    assert isinstance(made, admin_events.PasswordResetMade), made
    return made.secret


async def redeem(parts: Parts, secret: str, **fields: object) -> event_base.Answer:
    wish = {"name": "Ada", "secret": secret, "new_password": NEW_PASSWORD, **fields}
    return await Socket(parts).ask(admin_commands.RedeemPasswordReset, **wish)


async def test_reset_when_redeemed_then_once_and_everything_else_is_logged_out(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    old = await make_reset(admin, user.user_id)
    secret = await make_reset(admin, user.user_id)
    assert code_of(await redeem(parts, old)) is ErrorCode.BAD_CREDENTIALS
    weak = await redeem(parts, secret, new_password="12345678")
    assert code_of(weak) is ErrorCode.WEAK_PASSWORD
    answer = await redeem(parts, secret)
    assert isinstance(answer, account_events.LoggedIn), answer
    assert answer.user == user
    assert ada.channel.closed_with is not None
    assert code_of(await redeem(parts, secret)) is ErrorCode.BAD_CREDENTIALS
    for password, is_good in ((PASSWORD, False), (NEW_PASSWORD, True)):
        login = await Socket(parts).ask(account_commands.Login, name="Ada", password=password)
        assert isinstance(login, account_events.LoggedIn) is is_good


async def test_reset_when_old_or_of_another_then_refused_and_guesses_are_slowed(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    _, user = await make_user(parts, "Ada")
    await make_user(parts, "Bob")
    secret = await make_reset(admin, user.user_id)
    assert code_of(await redeem(parts, secret, name="Bob")) is ErrorCode.BAD_CREDENTIALS
    parts.time.pass_s(25 * 3_600)
    assert code_of(await redeem(parts, secret)) is ErrorCode.BAD_CREDENTIALS
    codes = {code_of(await redeem(parts, f"guess {number}")) for number in range(20)}
    assert codes == {ErrorCode.BAD_CREDENTIALS, ErrorCode.RATE_LIMITED}


# --- gifts and settings -------------------------------------------------------------------------


async def test_gift_when_priced_and_switched_off_then_so_it_is_offered(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    admin = await make_admin(parts)
    set_gift = admin_commands.SetGift
    assert isinstance(
        await admin.ask(set_gift, gift_id="candy", is_on=True, price_coins=77), events.Ok
    )
    assert isinstance(await admin.ask(set_gift, gift_id="flower", is_on=False), events.Ok)
    unknown = await admin.ask(set_gift, gift_id="nothing", is_on=True)
    assert code_of(unknown) is ErrorCode.NOT_FOUND
    await parts.close()
    again = Parts(open_store(), first_id=1_000)
    await again.admin.load()
    prices = {one.gift_id: one.price_coins for one in again.gifts.catalogue().gifts}
    assert prices["candy"] == 77
    assert "flower" not in prices
    listed = {one.gift_id: one for one in again.gift_choices.list_all().gifts}
    assert (listed["candy"].price_coins, listed["flower"].is_on) == (77, False)
    assert listed["candy"].default_price_coins != 77
    await again.close()


async def change(admin: Socket, name: str, value: str) -> event_base.Answer:
    return await admin.ask(admin_commands.ChangeRelaySetting, name=name, value=value)


async def test_setting_when_changed_then_it_stays_and_wrong_ones_are_refused_in_words(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    admin = await make_admin(parts)
    answer = await change(admin, "rooms_per_user_max", "1")
    assert isinstance(answer, admin_events.RelaySettings)
    kept = next(one for one in answer.settings if one.name == "rooms_per_user_max")
    assert (kept.value, kept.default, kept.changed_by) == ("1", "50", "Root")
    wrong = await change(admin, "rooms_per_user_max", "many")
    assert isinstance(wrong, events.Error)
    assert (wrong.code, wrong.field) == (ErrorCode.INVALID_VALUE, "value")
    assert "whole number" in wrong.message
    assert code_of(await change(admin, "walls", "red")) is ErrorCode.NOT_FOUND
    await open_room(parts, admin, "First")
    full = await admin.ask(room_commands.CreateRoom, name="Second")
    assert code_of(full) is ErrorCode.FULL
    await parts.close()
    again = Parts(open_store(), first_id=1_000)
    await again.admin.load()
    assert {one.name: one.value for one in again.house.list_all().settings}[
        "rooms_per_user_max"
    ] == "1"
    await again.close()


async def test_setting_when_sign_up_is_shut_then_nobody_or_whoever_has_the_code(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)

    async def register(name: str, code: str = "") -> event_base.Answer:
        return await Socket(parts).ask(
            account_commands.Register,
            name=name,
            password=PASSWORD,
            code=code,
            agreed_version=PRIVACY_VERSION,
        )

    await change(admin, "sign_up", "closed")
    shut = await register("Ada")
    assert isinstance(shut, events.Error)
    assert (shut.code, shut.field) == (ErrorCode.FORBIDDEN, "sign_up")
    await change(admin, "sign_up", "code")
    assert code_of(await register("Ada")) is ErrorCode.FORBIDDEN
    await change(admin, "sign_up_code", "paper boats")
    assert code_of(await register("Ada", "paper")) is ErrorCode.FORBIDDEN
    assert isinstance(await register("Ada", "paper boats"), account_events.LoggedIn)


async def test_setting_when_guests_stay_outside_then_only_users_look_and_watch(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    room_id = await open_room(parts, admin)
    guest = Socket(parts)
    assert isinstance(await guest.ask(room_commands.ListRooms), room_events.RoomList)
    await change(admin, "guests_may_enter", "off")
    for kind, fields in (
        (room_commands.ListRooms, {}),
        (room_commands.GetRoom, {"room": room_id}),
        (room_commands.JoinRoom, {"room_id": room_id}),
    ):
        assert code_of(await guest.ask(kind, **fields)) is ErrorCode.LOGIN_REQUIRED
    with pytest.raises(WireError) as caught:
        await parts.rooms.media.authorize_subscribe(room_id, ticket="")
    assert caught.value.code is ErrorCode.LOGIN_REQUIRED
    ticket = await admin.ask(room_commands.RequestSubscribeTicket, room_id=room_id)
    assert isinstance(ticket, room_events.TicketIssued)
    grant = await parts.rooms.media.authorize_subscribe(room_id, ticket=ticket.ticket)
    assert grant.user_id == admin.session.user_id


async def test_setting_when_users_make_no_rooms_then_admins_still_do(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    await change(admin, "users_may_make_rooms", "off")
    refused = await ada.ask(room_commands.CreateRoom, name="Mine")
    assert isinstance(refused, events.Error)
    assert (refused.code, refused.field) == (ErrorCode.FORBIDDEN, "rooms")
    await open_room(parts, admin)


async def test_setting_when_new_rooms_begin_slow_then_they_do(parts: Parts) -> None:
    admin = await make_admin(parts)
    await change(admin, "new_room_slow_s", "30")
    room_id = await open_room(parts, admin)
    assert (await parts.chat.rules_of(room_id)).slow_s == 30


async def test_retention_when_changed_then_the_relay_promises_and_keeps_that(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    base = Retention(sessions_days=3)
    parts.house.add_listener(
        lambda: parts.privacy.service.set_retention(parts.house.retention(base))
    )
    await change(admin, "messages_days", "7")
    kept = parts.privacy.service._retention
    assert (kept.messages_days, kept.audit_days, kept.sessions_days) == (7, 365, 3)


# --- the book of acts ---------------------------------------------------------------------------


async def list_acts(admin: Socket, **fields: int) -> tuple[order_events.ActInfo, ...]:
    answer = await admin.ask(order_commands.ListActs, **fields)
    assert isinstance(answer, order_events.ActList), answer
    return answer.acts


async def last_act(admin: Socket) -> order_events.ActInfo:
    return (await list_acts(admin, limit=1))[0]


async def undo(admin: Socket, act: order_events.ActInfo) -> event_base.Answer:
    return await admin.ask(order_commands.UndoAct, act_id=act.act_id)


async def test_acts_when_a_setting_changes_then_in_the_book_and_taken_back_once(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    await change(admin, "new_room_slow_s", "30")
    act = await last_act(admin)
    assert (act.action, act.can_undo) == ("change_setting", True)
    assert act.detail is not None
    assert act.detail.text == "new_room_slow_s: 0 → 30"
    assert act.actor is not None
    assert act.actor.name == "Root"
    assert isinstance(await undo(admin, act), order_events.ActDetails)
    assert parts.house.number(NEW_ROOM_SLOW_S) == 0
    assert code_of(await undo(admin, act)) is ErrorCode.ALREADY_DONE
    await change(admin, "new_room_slow_s", "9999")
    assert (await last_act(admin)).act_id == act.act_id


async def test_acts_when_rooms_users_and_gifts_are_kept_then_each_is_taken_back(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    room_id = await open_room(parts, ada)

    async def look() -> tuple[bool, bool, int]:
        room = await admin.ask(room_commands.GetRoom, room=room_id)
        assert isinstance(room, room_events.RoomDetails)
        kept = (await parts.admin.users.get(user.user_id)).user
        price = parts.gift_choices.choice(GiftId("candy"))[1]
        return room.room.is_featured, kept.is_admin, price

    before = await look()
    for kind, fields in (
        (admin_commands.FeatureRoom, {"room_id": room_id, "is_featured": True}),
        (admin_commands.SetAdmin, {"user_id": user.user_id, "granted": True}),
        (admin_commands.SetGift, {"gift_id": "candy", "is_on": True, "price_coins": 77}),
    ):
        assert isinstance(await admin.ask(kind, **fields), events.Ok)
        assert await look() != before
        assert isinstance(await undo(admin, await last_act(admin)), order_events.ActDetails)
        assert await look() == before


async def test_acts_when_nothing_can_be_undone_then_they_are_still_in_the_book(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    _, user = await make_user(parts, "Ada")
    user_id = user.user_id
    for action, kind, fields in (
        ("create_room_for", admin_commands.CreateRoomFor, {"user_id": user_id, "name": "New"}),
        ("announce_to_house", admin_commands.AnnounceToHouse, {"text": "Hello"}),
        ("make_password_reset", admin_commands.MakePasswordReset, {"user_id": user_id}),
        ("end_sessions", admin_commands.EndSessionsOf, {"user_id": user_id}),
        (
            "grant_coins",
            coin_commands.GrantCoins,
            {"user_id": user_id, "coins": 5, "note": "prize", "idempotency_key": "k"},
        ),
    ):
        assert not isinstance(await admin.ask(kind, **fields), events.Error), action
        act = await last_act(admin)
        assert (act.action, act.can_undo) == (action, False)
        assert code_of(await undo(admin, act)) is ErrorCode.GONE


# --- what waits for admins ----------------------------------------------------------------------


async def test_report_and_feedback_when_they_come_then_admins_are_told_and_others_not(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    room_id = await open_room(parts, ada)
    viewer, _ = await make_user(parts, "Bob")
    await viewer.ask(inbox_commands.SendReport, room_id=room_id, reason="spam")
    assert heard(admin, admin_events.HouseWaiting)[-1].reports == 1
    for key in ("one", "two"):
        await viewer.ask(
            inbox_commands.SendFeedback, idempotency_key=key * 8, category="idea", text="stars"
        )
    told = heard(admin, admin_events.HouseWaiting)[-1]
    assert (told.reports, told.feedback) == (1, 2)
    seen = await admin.ask(admin_commands.GetOverview)
    assert isinstance(seen, admin_events.Overview)
    assert (seen.reports_open, seen.feedback_new) == (1, 2)
    listed = await admin.ask(inbox_commands.ListReports)
    assert isinstance(listed, inbox_events.ReportList)
    await admin.ask(
        inbox_commands.DecideReport, report_id=listed.reports[0].report_id, decision="dismissed"
    )
    assert heard(admin, admin_events.HouseWaiting)[-1].reports == 0
    for other in (ada, viewer):
        assert not heard(other, admin_events.HouseWaiting)


async def test_role_when_it_changes_or_is_undone_then_the_user_is_told(parts: Parts) -> None:
    admin = await make_admin(parts)
    ada, user = await make_user(parts, "Ada")
    await admin.ask(admin_commands.SetAdmin, user_id=user.user_id, granted=True)
    assert [one.is_admin for one in heard(ada, admin_events.HouseRoleChanged)] == [True]
    acts = await admin.ask(order_commands.ListActs, action="set_admin")
    assert isinstance(acts, order_events.ActList)
    await admin.ask(order_commands.UndoAct, act_id=acts.acts[0].act_id)
    assert [one.is_admin for one in heard(ada, admin_events.HouseRoleChanged)] == [True, False]
    assert not heard(admin, admin_events.HouseRoleChanged)


async def test_sanctions_when_listed_everywhere_then_rooms_have_names_and_scopes_hold(
    parts: Parts,
) -> None:
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    room_id = await open_room(parts, ada, "Stage")
    _, bob = await make_user(parts, "Bob")
    for where in (None, room_id):
        await admin.ask(
            order_commands.ImposeSanction, user_id=bob.user_id, room_id=where, kind="mute"
        )

    async def names(scope: str) -> list[str]:
        found = await admin.ask(order_commands.ListSanctions, scope=scope)
        assert isinstance(found, order_events.SanctionList)
        return [one.room_name for one in found.sanctions]

    assert await names("all") == ["Stage", ""]
    assert await names("rooms") == ["Stage"]
    assert await names("place") == [""]
    for scope in ("all", "rooms"):
        answer = await ada.ask(order_commands.ListSanctions, scope=scope)
        assert code_of(answer) is ErrorCode.FORBIDDEN


async def test_words_when_searched_then_found_in_any_case_on_all_pages(parts: Parts) -> None:
    admin = await make_admin(parts)
    many = tuple(f"word{number:03}" for number in range(WORDS_PAGE_MAX + 20))
    for start in range(0, len(many), WORDS_IMPORT_MAX):
        await admin.ask(words_commands.ImportWords, words=many[start : start + WORDS_IMPORT_MAX])
    await admin.ask(words_commands.ImportWords, words=("Loud", "50% off", "吵闹"))

    async def find(search: str, after: str = "") -> words_events.WordPage:
        page = await admin.ask(words_commands.ListWords, search=search, after=after)
        assert isinstance(page, words_events.WordPage)
        return page

    first = await find("WORD")
    assert (first.total, first.has_more, len(first.words)) == (len(many), True, WORDS_PAGE_MAX)
    second = await find("WORD", first.words[-1].word)
    assert (len(second.words), second.has_more) == (20, False)
    for search, word in (("loud", "Loud"), ("0%", "50% off"), ("吵", "吵闹")):
        assert [one.word for one in (await find(search)).words] == [word]
    assert (await find("_ff")).total == 0


async def test_thresholds_when_set_then_as_detection_names_them(parts: Parts) -> None:
    admin = await make_admin(parts)
    for name, value in (("finds_raids", "off"), ("raid_identities", "40"), ("troll_mode_min", "5")):
        await admin.ask(admin_commands.ChangeRelaySetting, name=name, value=value)
    wanted = replace(Thresholds(), **parts.house.thresholds(sure=20))
    assert check_thresholds(wanted) is wanted
    assert (wanted.finds_raids, wanted.scores_people) == (False, True)
    assert (wanted.raid_identities, wanted.raid_identities_sure) == (40, 40)
    assert (wanted.troll_mode_s, wanted.raid_mute_s) == (300.0, 3_600)
