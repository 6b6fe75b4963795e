"""What was done to keep order, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtCore import QCoreApplication

from app.ui.admin.sanction_words import duration_words
from app.ui.admin.setting_words import name_of_setting
from app.ui.cause_words import describe_cause
from app.ui.plain_text import one_line
from wire.order_commands import ActName

if TYPE_CHECKING:
    from wire.order_events import ActInfo

ACTIONS: Final[tuple[ActName, ...]] = get_args(ActName)
_WORDS_MAX: Final = 160


def action_words(action: str) -> str:
    """What is not known here keeps the relay's own name for it."""
    translate = QCoreApplication.translate
    words = {
        "mute": translate("Acts", "Muted somebody"),
        "kick": translate("Acts", "Kicked somebody out"),
        "ban": translate("Acts", "Banned somebody"),
        "lift": translate("Acts", "Lifted a sanction"),
        "delete_messages": translate("Acts", "Deleted messages"),
        "set_chat_rules": translate("Acts", "Changed chat rules"),
        "pin": translate("Acts", "Pinned a message"),
        "announce": translate("Acts", "Announced"),
        "set_moderator": translate("Acts", "Changed a moderator"),
        "close_room": translate("Acts", "Closed a room"),
        "reopen_room": translate("Acts", "Opened a room again"),
        "raid": translate("Acts", "Stopped a raid"),
        "add_words": translate("Acts", "Put words on a list"),
        "remove_word": translate("Acts", "Took a word off a list"),
        "set_text_rules": translate("Acts", "Changed the rules for texts"),
        "add_emote": translate("Acts", "Added an emote"),
        "remove_emote": translate("Acts", "Removed an emote"),
        "remove_cover": translate("Acts", "Took a room's cover away"),
        "edit_room": translate("Acts", "Changed a room"),
        "flag_return": translate("Acts", "Flagged as perhaps banned"),
        "create_room_for": translate("Acts", "Made a room"),
        "feature_room": translate("Acts", "Featured a room"),
        "plan_broadcast": translate("Acts", "Planned a broadcast"),
        "announce_to_house": translate("Acts", "Announced to all"),
        "set_admin": translate("Acts", "Changed an admin"),
        "end_sessions": translate("Acts", "Logged somebody out"),
        "make_password_reset": translate("Acts", "Allowed a new password"),
        "set_gift": translate("Acts", "Changed a gift"),
        "grant_coins": translate("Acts", "Gave coins"),
        "refund": translate("Acts", "Gave coins back"),
        "change_setting": translate("Acts", "Changed a setting"),
        "backup": translate("Acts", "Made a backup"),
        "check": translate("Acts", "Checked the database"),
        "delete_backup": translate("Acts", "Deleted a backup"),
        "prepare_restore": translate("Acts", "Prepared a restore"),
    }
    return words.get(action) or one_line(action, 40)


def describe_act(act: ActInfo) -> str:
    """Whom or what it concerns, and why."""
    translate = QCoreApplication.translate
    detail, parts = act.detail, []
    if act.user is not None:
        parts.append(act.user.name)
    if detail is not None:
        if detail.kind is not None:
            parts.append(duration_words(detail.duration_s))
        if detail.text and act.action == "change_setting":
            parts.append(_describe_change(detail.text))
        elif detail.text:
            parts.append(detail.text)
        if detail.count:
            parts.append(f"{detail.count:,}")
        if detail.is_on is not None:
            parts.append(translate("Acts", "on") if detail.is_on else translate("Acts", "off"))
    if act.reason:
        parts.append(describe_cause(act.reason))
    return one_line(" · ".join(one_line(part, _WORDS_MAX) for part in parts), 2 * _WORDS_MAX)


def _describe_change(text: str) -> str:
    """The relay writes the setting's own name before its values."""
    name, colon, values = text.partition(":")
    return f"{name_of_setting(name) or name}{colon}{values}"
