"""What an admin is answered: the house's figures, rooms, users, settings and storage."""

from __future__ import annotations

from typing import Literal

from wire.admin_commands import JobKind
from wire.event_base import Answer, ChatRules, Data, Event, RoomInfo, SessionInfo, UserInfo
from wire.ids import GiftId
from wire.replay_events import RecordingShare

SettingKind = Literal["switch", "number", "choice", "text"]
JobState = Literal["running", "done", "failed"]


class Overview(Answer, frozen=True, kw_only=True):
    """One list for each figure, all equally long: column by column is a third of the bytes."""

    started_at_unix_ms: int
    """The relay's."""
    version: str
    users: int
    rooms: int
    at_unix_ms: tuple[int, ...]
    """When each sample ended, the oldest first."""
    viewers: tuple[int, ...]
    rooms_live: tuple[int, ...]
    sockets: tuple[int, ...]
    bytes_in_per_s: tuple[int, ...]
    """Media from publishers."""
    bytes_out_per_s: tuple[int, ...]
    """Media to subscribers."""
    cpu_permille: tuple[int, ...]
    """Of one core, by the relay's process: 1000 is a whole one."""
    memory_bytes: tuple[int, ...]
    """The relay's process; 0 where the system does not say."""
    lag_us_max: tuple[int, ...]
    """How late the event loop's timer was at most."""
    messages: tuple[int, ...]
    """Chat messages in a minute, at the sample's pace."""
    coins: tuple[int, ...]
    """Given in a minute, at the sample's pace."""
    refusals: tuple[int, ...]
    """Commands that were refused in a minute, at the sample's pace."""
    sanctions: tuple[int, ...]
    """That stand against somebody."""
    reports_open: int = 0
    """Cases that wait for a verdict, now."""
    feedback_new: int = 0
    """That nobody has read, now."""


class HouseRoom(Data, frozen=True, kw_only=True):
    room: RoomInfo
    created_at_unix_ms: int
    chat_rules: ChatRules = ChatRules()


class HouseRooms(Answer, frozen=True, kw_only=True):
    rooms: tuple[HouseRoom, ...]
    total: int
    """Of this search, on all pages."""
    next_cursor: str = ""
    """Empty on the last page."""


class HouseAnnounced(Answer, frozen=True, kw_only=True):
    rooms: int
    """In how many it stands now."""


class HouseUser(Data, frozen=True, kw_only=True):
    user: UserInfo
    created_at_unix_ms: int
    last_seen_at_unix_ms: int = 0
    """0: no session is left that would say."""
    is_online: bool = False
    rooms: int = 0
    coins: int = 0
    sessions: int = 0


class HouseUsers(Answer, frozen=True, kw_only=True):
    users: tuple[HouseUser, ...]
    total: int
    """Of this search, on all pages."""
    next_cursor: str = ""
    """Empty on the last page."""


class UserPage(Answer, frozen=True, kw_only=True):
    user: HouseUser
    about: str = ""
    sessions: tuple[SessionInfo, ...] = ()
    rooms: tuple[RoomInfo, ...] = ()
    beans: int = 0
    spent_day_coins: int = 0
    spent_month_coins: int = 0


class PasswordResetMade(Answer, frozen=True, kw_only=True):
    secret: str
    """Shown this once; the relay keeps only its hash. An older one opens nothing any more."""
    expires_at_unix_ms: int


class HouseGift(Data, frozen=True, kw_only=True):
    gift_id: GiftId
    names: dict[str, str]
    """By language: "en" and "zh_CN"."""
    effect: Literal["banner", "combo", "stage"]
    price_coins: int
    """What it costs now."""
    default_price_coins: int
    """The catalogue's."""
    is_on: bool = True


class HouseGifts(Answer, frozen=True, kw_only=True):
    gifts: tuple[HouseGift, ...]


class RelaySetting(Data, frozen=True, kw_only=True):
    name: str
    kind: SettingKind
    value: str
    default: str
    text: str
    """What it does, in English, for a client that does not know the name."""
    unit: str = ""
    low: int = 0
    """Of a number, as `high`; of a text, `high` is its length."""
    high: int = 0
    choices: tuple[str, ...] = ()
    changed_by: str = ""
    """The admin's name now."""
    changed_at_unix_ms: int = 0
    """0: never changed."""


class RelaySettings(Answer, frozen=True, kw_only=True):
    settings: tuple[RelaySetting, ...]


class BackupInfo(Data, frozen=True, kw_only=True):
    name: str
    bytes: int
    made_at_unix_ms: int


class JobInfo(Data, frozen=True, kw_only=True):
    kind: JobKind
    state: JobState
    done_permille: int = 0
    words: str = ""
    """The new backup's name, or what was found wrong."""
    at_unix_ms: int


class Storage(Answer, frozen=True, kw_only=True):
    database: Literal["sqlite", "postgresql"]
    data_dir: str
    database_bytes: int
    disk_free_bytes: int
    disk_total_bytes: int
    schema: str
    backups: tuple[BackupInfo, ...] = ()
    """The newest first. The relay makes none of PostgreSQL: use pg_dump."""
    job: JobInfo | None = None
    """What runs, or what ran last."""
    restores: str = ""
    """The backup that takes the database's place at the next start."""
    recordings: RecordingShare | None = None
    """None: this relay does not say."""


class HouseWaiting(Event, frozen=True, kw_only=True):
    """To the house's admins: what waits for them is another."""

    reports: int
    feedback: int


class HouseRoleChanged(Event, frozen=True, kw_only=True):
    """To somebody who has become an admin, or is none any more."""

    is_admin: bool


AdminAnswer = (
    Overview
    | HouseRooms
    | HouseAnnounced
    | HouseUsers
    | UserPage
    | PasswordResetMade
    | HouseGifts
    | RelaySettings
    | Storage
)
