"""What an admin asks of the whole house. Everything here is refused to everybody else."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits
from wire.command_base import (
    Command,
    Count,
    Label,
    Name,
    Password,
    Privacy,
    RoomIdField,
    RoomName,
    Secret,
    UserIdField,
)
from wire.ids import GiftId

OverviewSpan = Literal["hour", "day", "week"]
HouseRoomKind = Literal["all", "live", "private", "featured", "planned"]
HouseUserKind = Literal["all", "online", "admins"]
JobKind = Literal["backup", "check"]

Cursor = Annotated[str, Meta(max_length=limits.TOKEN_CHARACTERS_MAX)]
Search = Annotated[str, Meta(max_length=limits.SEARCH_CHARACTERS_MAX)]
Title = Annotated[str, Meta(max_length=limits.ROOM_TITLE_CHARACTERS_MAX * 4)]
BackupName = Annotated[str, Meta(max_length=limits.BACKUP_NAME_CHARACTERS_MAX)]


class GetOverview(Command, frozen=True, kw_only=True):
    """The house's figures over time. Answer: Overview."""

    span: OverviewSpan = "hour"
    since_unix_ms: Count = 0
    """Only what was measured after this."""


class ListHouseRooms(Command, frozen=True, kw_only=True):
    """All rooms, the private ones too; live ones first. Answer: HouseRooms."""

    search: Search = ""
    kind: HouseRoomKind = "all"
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=limits.HOUSE_LIST_MAX)] = 60


class CreateRoomFor(Command, frozen=True, kw_only=True):
    """Make a room that belongs to somebody else. Answer: RoomDetails."""

    user_id: UserIdField
    name: RoomName
    title: Title = ""
    privacy: Privacy = "public"
    passphrase: Password = ""


class FeatureRoom(Command, frozen=True, kw_only=True):
    """Show a room before the others, or no longer. Answer: Ok."""

    room_id: RoomIdField
    is_featured: bool


class PlanBroadcast(Command, frozen=True, kw_only=True):
    """When the room means to be live next, for whoever looks. Answer: Ok."""

    room_id: RoomIdField
    starts_at_unix_ms: Count = 0
    """0: nothing is planned."""
    title: Title = ""


class AnnounceToHouse(Command, frozen=True, kw_only=True):
    """The same announcement above every room where somebody is. Answer: HouseAnnounced."""

    text: Annotated[str, Meta(max_length=limits.ANNOUNCEMENT_CHARACTERS_MAX * 4)]


class ListUsers(Command, frozen=True, kw_only=True):
    """All users, by name. Answer: HouseUsers."""

    search: Search = ""
    kind: HouseUserKind = "all"
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=limits.HOUSE_LIST_MAX)] = 60


class GetUserPage(Command, frozen=True, kw_only=True):
    """Everything about one user that an admin may see. Answer: UserPage."""

    user_id: UserIdField


class ListMovementsOf(Command, frozen=True, kw_only=True):
    """Somebody else's statement, newest first. Answer: Movements."""

    user_id: UserIdField
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=limits.MOVEMENT_LIST_MAX)] = 20


class SetAdmin(Command, frozen=True, kw_only=True):
    """Make somebody an admin, or no longer; the last one stays. Answer: Ok."""

    user_id: UserIdField
    granted: bool


class EndSessionsOf(Command, frozen=True, kw_only=True):
    """Log somebody out, everywhere or on one device. Answer: Ok."""

    user_id: UserIdField
    session_id: Annotated[str, Meta(max_length=limits.ID_CHARACTERS_MAX)] = ""
    """Empty: all of them."""


class MakePasswordReset(Command, frozen=True, kw_only=True):
    """A secret with which somebody chooses a new password, once. Answer: PasswordResetMade."""

    user_id: UserIdField


class RedeemPasswordReset(Command, frozen=True, kw_only=True):
    """A guest chooses a new password with an admin's secret. Answer: LoggedIn."""

    name: Name
    secret: Secret
    new_password: Password
    device: Label = ""


class ListHouseGifts(Command, frozen=True, kw_only=True):
    """The whole catalogue, with what is switched off. Answer: HouseGifts."""


class SetGift(Command, frozen=True, kw_only=True):
    """Offer a gift or not, and at what price. Answer: Ok."""

    gift_id: Annotated[GiftId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    is_on: bool
    price_coins: Annotated[int, Meta(ge=0, le=limits.COINS_MAX)] = 0
    """0: the catalogue's own."""


class ListRelaySettings(Command, frozen=True, kw_only=True):
    """What can be changed while the relay runs. Answer: RelaySettings."""


class ChangeRelaySetting(Command, frozen=True, kw_only=True):
    """Change one of them, from now on and after a restart. Answer: RelaySettings."""

    name: Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    value: Annotated[str, Meta(max_length=limits.SETTING_CHARACTERS_MAX * 4)]
    """As `RelaySetting` writes it: a number in digits, a switch as on or off."""


class GetStorage(Command, frozen=True, kw_only=True):
    """Database, disk, backups, and the work that is under way. Answer: Storage."""


class StartJob(Command, frozen=True, kw_only=True):
    """Begin a backup or a check of the database; `GetStorage` tells how far it is. Answer: Ok."""

    kind: JobKind


class DeleteBackup(Command, frozen=True, kw_only=True):
    """Remove one of the relay's own backups. Answer: Ok."""

    name: BackupName


class PrepareRestore(Command, frozen=True, kw_only=True):
    """Put a backup in the database's place at the relay's next start. Answer: Ok."""

    name: BackupName = ""
    """Empty: not after all."""


AdminCommand = (
    GetOverview
    | ListHouseRooms
    | CreateRoomFor
    | FeatureRoom
    | PlanBroadcast
    | AnnounceToHouse
    | ListUsers
    | GetUserPage
    | ListMovementsOf
    | SetAdmin
    | EndSessionsOf
    | MakePasswordReset
    | RedeemPasswordReset
    | ListHouseGifts
    | SetGift
    | ListRelaySettings
    | ChangeRelaySetting
    | GetStorage
    | StartJob
    | DeleteBackup
    | PrepareRestore
)
