"""The settings that can be changed while the relay runs: name, kind, bounds, default, text.

Only what takes effect at once is here; what needs a restart is a flag of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wire.errors import ErrorCode, WireError
from wire.limits import CHAT_SLOW_S_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wire.admin_events import SettingKind

ON: Final = "on"
OFF: Final = "off"


@dataclass(frozen=True, kw_only=True)
class Setting:
    name: str
    kind: SettingKind
    default: str
    text: str
    unit: str = ""
    low: int = 0
    """Of a number, as `high`; of a text, `high` is its length."""
    high: int = 0
    choices: tuple[str, ...] = ()


def _switch(name: str, default: str, text: str) -> Setting:
    return Setting(name=name, kind="switch", default=default, text=text, choices=(ON, OFF))


def _number(name: str, default: int, low: int, high: int, unit: str, text: str) -> Setting:
    return Setting(
        name=name, kind="number", default=str(default), low=low, high=high, unit=unit, text=text
    )


SIGN_UP: Final = Setting(
    name="sign_up",
    kind="choice",
    default="open",
    choices=("open", "code", "closed"),
    text="Who may make an account: anybody, whoever has the code, or nobody",
)
SIGN_UP_CODE: Final = Setting(
    name="sign_up_code",
    kind="text",
    default="",
    high=40,
    text="The code that opens sign-up while it needs one; empty opens to nobody",
)
GUESTS_MAY_ENTER: Final = _switch(
    "guests_may_enter", ON, "People without an account may look around and watch"
)
USERS_MAY_MAKE_ROOMS: Final = _switch(
    "users_may_make_rooms", ON, "Users may make rooms of their own; admins always may"
)
ROOMS_PER_USER_MAX: Final = _number(
    "rooms_per_user_max", 50, 1, 500, "rooms", "Rooms that one user may own"
)
NEW_ROOM_SLOW_S: Final = _number(
    "new_room_slow_s", 0, 0, CHAT_SLOW_S_MAX, "s", "Slow mode that a new room begins with"
)
NEW_ROOM_FOLLOWERS_ONLY: Final = _switch(
    "new_room_followers_only", OFF, "In a new room only followers write, until its owner says so"
)
NEW_ROOM_IS_HELD: Final = _switch(
    "new_room_is_held", OFF, "In a new room every message waits for a moderator's eye"
)


def _days(name: str, default: int, text: str) -> Setting:
    return _number(name, default, 0, 3_650, "days", f"{text}; 0: until it is erased")


MESSAGES_DAYS: Final = _days("messages_days", 365, "How long chat is kept")
ROUNDS_DAYS: Final = _days("rounds_days", 365, "How long closed polls and draws are kept")
BEHAVIOUR_DAYS: Final = _days("behaviour_days", 180, "How long it is kept what was watched")
HELD_DAYS: Final = _days("held_days", 30, "How long it is kept what was held back from a chat")
AUDIT_DAYS: Final = _days("audit_days", 365, "How long the book of acts is kept")
RETENTION: Final = (MESSAGES_DAYS, ROUNDS_DAYS, BEHAVIOUR_DAYS, HELD_DAYS, AUDIT_DAYS)
"""Named as the fields of `settings.Retention`."""
FIGURES_DAYS_KEPT: Final = _number(
    "figures_days_kept", 30, 1, 365, "days", "How long the overview's figures are kept"
)
BACKUP_EVERY_HOURS: Final = _number(
    "backup_every_hours", 24, 0, 720, "hours", "A backup by itself this often; 0: never"
)
BACKUPS_KEPT: Final = _number(
    "backups_kept", 7, 1, 100, "backups", "After a new backup the oldest beyond these go"
)
SOCKETS_MAX: Final = _number(
    "sockets_max", 2_000, 50, 20_000, "sockets", "Open sockets, of everybody together"
)
SOCKETS_PER_ADDRESS_MAX: Final = _number(
    "sockets_per_address_max", 500, 5, 20_000, "sockets", "Open sockets of one address"
)
BROADCAST_AWAY_S_MAX: Final = _number(
    "broadcast_away_s_max", 300, 10, 3_600, "s", "How long a streamer who was cut off is waited for"
)
FINDS_RAIDS: Final = _switch(
    "finds_raids", ON, "Raids are met by themselves: only known people write until they are over"
)
SCORES_PEOPLE: Final = _switch(
    "scores_people", ON, "Who behaves badly is held back or muted for a while by itself"
)
RAID_IDENTITIES: Final = _number(
    "raid_identities", 8, 4, 200, "people", "So many newcomers who act as one are a raid"
)
TROLL_MODE_MIN: Final = _number(
    "troll_mode_min", 15, 1, 1_440, "min", "How long only known people write after a raid"
)
RAID_MUTE_MIN: Final = _number(
    "raid_mute_min", 60, 1, 43_200, "min", "How long those of a raid are muted in its room"
)

SETTINGS: Final[tuple[Setting, ...]] = (
    SIGN_UP,
    SIGN_UP_CODE,
    GUESTS_MAY_ENTER,
    USERS_MAY_MAKE_ROOMS,
    ROOMS_PER_USER_MAX,
    NEW_ROOM_SLOW_S,
    NEW_ROOM_FOLLOWERS_ONLY,
    NEW_ROOM_IS_HELD,
    *RETENTION,
    FIGURES_DAYS_KEPT,
    BACKUP_EVERY_HOURS,
    BACKUPS_KEPT,
    SOCKETS_MAX,
    SOCKETS_PER_ADDRESS_MAX,
    BROADCAST_AWAY_S_MAX,
    FINDS_RAIDS,
    SCORES_PEOPLE,
    RAID_IDENTITIES,
    TROLL_MODE_MIN,
    RAID_MUTE_MIN,
)
"""In the order in which they are shown."""
BY_NAME: Final[Mapping[str, Setting]] = {setting.name: setting for setting in SETTINGS}


def find_setting(name: str) -> Setting:
    """Raises WireError(NOT_FOUND)."""
    setting = BY_NAME.get(name)
    if setting is None:
        raise WireError(ErrorCode.NOT_FOUND, f"there is no setting {name[:40]}", field="name")
    return setting


def check_value(setting: Setting, value: str) -> str:
    """The value as it is kept. Raises WireError(INVALID_VALUE) with words for a person."""
    cleaned = " ".join(value.split())
    match setting.kind:
        case "number":
            return str(_check_number(setting, cleaned))
        case "switch" | "choice":
            if cleaned not in setting.choices:
                raise _invalid(f"{setting.name} is one of {', '.join(setting.choices)}")
            return cleaned
        case "text":
            if len(cleaned) > setting.high:
                raise _invalid(f"{setting.name} has at most {setting.high} characters")
            if not cleaned.isprintable():
                raise _invalid(f"{setting.name} is one line of ordinary characters")
            return cleaned


def is_good(setting: Setting, value: str) -> bool:
    """Whether a value that was stored, perhaps by another version, is still one."""
    try:
        return check_value(setting, value) == value
    except WireError:
        return False


def _check_number(setting: Setting, value: str) -> int:
    # int() alone would take "1_0", "+5" and digits of other scripts.
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise _invalid(f"{setting.name} is a whole number")
    number = int(value)
    if not setting.low <= number <= setting.high:
        raise _invalid(f"{setting.name} is from {setting.low} to {setting.high}")
    return number


def _invalid(words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field="value")
