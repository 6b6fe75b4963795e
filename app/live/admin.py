"""What an admin asks of the house. All raise LivehouseError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.live.inbox import decide_report
from app.live.order import impose_sanction
from wire import (
    admin_commands,
    chat_commands,
    coin_commands,
    coin_events,
    command_base,
    cover_commands,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.admin_events import (
    HouseAnnounced,
    HouseGifts,
    HouseRooms,
    HouseUsers,
    Overview,
    PasswordResetMade,
    RelaySettings,
    Storage,
    UserPage,
)
from wire.order_commands import CloseRoom, ReopenRoom

if TYPE_CHECKING:
    from wire.admin_commands import HouseRoomKind, HouseUserKind, JobKind, OverviewSpan
    from wire.ids import GiftId, RoomId, SessionId, TransferId, UserId
    from wire.inbox_events import ReportBrief, ReportDetails
    from wire.order_commands import SanctionKind

_Answer = TypeVar("_Answer", bound=event_base.Answer)

ROOMS: Final = 60
USERS: Final = 100
"""Rows of a page."""
MOVEMENTS: Final = 12


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def load_overview(control: Control, span: OverviewSpan, since_unix_ms: int) -> Overview:
    command = admin_commands.GetOverview(id=0, span=span, since_unix_ms=since_unix_ms)
    return await control.request(command, Overview)


# --- rooms ------------------------------------------------------------------------------------


async def list_rooms(
    control: Control, *, search: str, kind: HouseRoomKind, cursor: str = ""
) -> HouseRooms:
    command = admin_commands.ListHouseRooms(
        id=0, search=search, kind=kind, cursor=cursor, limit=ROOMS
    )
    return await control.request(command, HouseRooms)


async def find_user(control: Control, name: str) -> UserId | None:
    """Who has exactly this name, whatever its case."""
    command = admin_commands.ListUsers(id=0, search=name, limit=USERS)
    users = (await control.request(command, HouseUsers)).users
    wanted = name.strip().casefold()
    return next((one.user.user_id for one in users if one.user.name.casefold() == wanted), None)


async def create_room_for(
    control: Control, user_id: UserId, *, name: str, title: str
) -> room_events.RoomDetails:
    command = admin_commands.CreateRoomFor(id=0, user_id=user_id, name=name, title=title)
    return await control.request(command, room_events.RoomDetails)


async def edit_room(
    control: Control, room_id: RoomId, *, title: str, category: str
) -> room_events.RoomDetails:
    command = room_commands.EditRoom(id=0, room_id=room_id, title=title, category=category)
    return await control.request(command, room_events.RoomDetails)


async def take_cover_away(control: Control, room_id: RoomId) -> room_events.RoomDetails:
    command = cover_commands.SetCover(id=0, room_id=room_id, picture=None)
    return await control.request(command, room_events.RoomDetails)


async def feature_room(control: Control, room_id: RoomId, *, is_featured: bool) -> events.Ok:
    command = admin_commands.FeatureRoom(id=0, room_id=room_id, is_featured=is_featured)
    return await control.request(command, events.Ok)


async def mute_room(
    control: Control, room_id: RoomId, rules: event_base.ChatRules, *, is_muted: bool
) -> events.Ok:
    """The other rules stay."""
    command = chat_commands.SetChatRules(
        id=0,
        room_id=room_id,
        slow_s=rules.slow_s,
        followers_only=rules.followers_only,
        emoji_only=rules.emoji_only,
        is_held=rules.is_held,
        delay_s=rules.delay_s,
        known_only=rules.known_only,
        is_muted=is_muted,
    )
    return await control.request(command, events.Ok)


async def close_room(control: Control, room_id: RoomId, reason: str) -> events.Ok:
    return await control.request(CloseRoom(id=0, room_id=room_id, reason=reason), events.Ok)


async def reopen_room(control: Control, room_id: RoomId) -> events.Ok:
    return await control.request(ReopenRoom(id=0, room_id=room_id), events.Ok)


async def plan_broadcast(
    control: Control, room_id: RoomId, starts_at_unix_ms: int, title: str
) -> events.Ok:
    """At 0 nothing is planned any more."""
    command = admin_commands.PlanBroadcast(
        id=0, room_id=room_id, starts_at_unix_ms=starts_at_unix_ms, title=title
    )
    return await control.request(command, events.Ok)


async def announce(control: Control, room_id: RoomId, text: str) -> events.Ok:
    return await control.request(
        chat_commands.Announce(id=0, room_id=room_id, text=text), events.Ok
    )


async def announce_to_house(control: Control, text: str) -> HouseAnnounced:
    return await control.request(admin_commands.AnnounceToHouse(id=0, text=text), HouseAnnounced)


# --- users ------------------------------------------------------------------------------------


async def list_users(
    control: Control, *, search: str, kind: HouseUserKind, cursor: str = ""
) -> HouseUsers:
    command = admin_commands.ListUsers(id=0, search=search, kind=kind, cursor=cursor, limit=USERS)
    return await control.request(command, HouseUsers)


async def load_user(control: Control, user_id: UserId) -> tuple[UserPage, coin_events.Movements]:
    page = await control.request(admin_commands.GetUserPage(id=0, user_id=user_id), UserPage)
    moved = admin_commands.ListMovementsOf(id=0, user_id=user_id, limit=MOVEMENTS)
    return page, await control.request(moved, coin_events.Movements)


async def set_admin(control: Control, user_id: UserId, *, granted: bool) -> events.Ok:
    command = admin_commands.SetAdmin(id=0, user_id=user_id, granted=granted)
    return await control.request(command, events.Ok)


async def end_sessions(
    control: Control, user_id: UserId, session_id: SessionId | None = None
) -> events.Ok:
    """Of one device, or all."""
    command = admin_commands.EndSessionsOf(id=0, user_id=user_id, session_id=session_id or "")
    return await control.request(command, events.Ok)


async def make_password_reset(control: Control, user_id: UserId) -> PasswordResetMade:
    command = admin_commands.MakePasswordReset(id=0, user_id=user_id)
    return await control.request(command, PasswordResetMade)


async def grant_coins(
    control: Control, user_id: UserId, *, coins: int, note: str, key: str
) -> events.Ok:
    command = coin_commands.GrantCoins(
        id=0, user_id=user_id, coins=coins, note=note, idempotency_key=key
    )
    return await control.request(command, events.Ok)


async def refund(control: Control, transfer_id: TransferId) -> events.Ok:
    command = coin_commands.RefundTransfer(id=0, transfer_id=transfer_id, note="")
    return await control.request(command, events.Ok)


# --- reports ----------------------------------------------------------------------------------


async def act_on_report(
    control: Control,
    report: ReportBrief,
    *,
    kind: SanctionKind,
    duration_s: int | None,
    reason: str,
    is_in_room: bool,
    verdict: str,
) -> ReportDetails:
    """Mute or ban whom it is about, and then decide it: a sanction refused decides nothing."""
    await impose_sanction(
        control,
        report.accused.user_id,
        kind=kind,
        duration_s=duration_s,
        reason=reason,
        room_id=report.room_id if is_in_room else None,
    )
    return await decide_report(control, report.report_id, "acted", verdict)


# --- gifts, settings, storage -----------------------------------------------------------------


async def list_gifts(control: Control) -> HouseGifts:
    return await control.request(admin_commands.ListHouseGifts(id=0), HouseGifts)


async def set_gift(
    control: Control, gift_id: GiftId, *, is_on: bool, price_coins: int
) -> HouseGifts:
    command = admin_commands.SetGift(id=0, gift_id=gift_id, is_on=is_on, price_coins=price_coins)
    await control.request(command, events.Ok)
    return await list_gifts(control)


async def list_settings(control: Control) -> RelaySettings:
    return await control.request(admin_commands.ListRelaySettings(id=0), RelaySettings)


async def change_setting(control: Control, name: str, value: str) -> RelaySettings:
    command = admin_commands.ChangeRelaySetting(id=0, name=name, value=value)
    return await control.request(command, RelaySettings)


async def load_storage(control: Control) -> Storage:
    return await control.request(admin_commands.GetStorage(id=0), Storage)


async def start_job(control: Control, kind: JobKind) -> Storage:
    await control.request(admin_commands.StartJob(id=0, kind=kind), events.Ok)
    return await load_storage(control)


async def delete_backup(control: Control, name: str) -> Storage:
    await control.request(admin_commands.DeleteBackup(id=0, name=name), events.Ok)
    return await load_storage(control)


async def prepare_restore(control: Control, name: str) -> Storage:
    """An empty name: not after all."""
    await control.request(admin_commands.PrepareRestore(id=0, name=name), events.Ok)
    return await load_storage(control)
