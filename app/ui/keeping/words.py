"""What the keeping of a room reads like. Names, texts and reasons are strangers' words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.ui.cause_words import describe_cause, list_words
from app.ui.plain_text import join_sentences, one_line
from wire import order_commands

if TYPE_CHECKING:
    from app.state.keeping import OwnSanction
    from wire.detection_events import RaidInfo, Signal
    from wire.event_base import ChatRules, Role
    from wire.order_commands import SanctionKind
    from wire.order_events import ActInfo
    from wire.words_events import HeldReason

NAME_CHARACTERS_MAX: Final = 32
TEXT_CHARACTERS_MAX: Final = 80


def describe_rules(rules: ChatRules) -> str:
    """What is on now, on one line or two."""
    words = name_rules(rules)
    if not words:
        return QCoreApplication.translate(
            "Keeping", "Now: everybody may write, and all is shown at once."
        )
    return QCoreApplication.translate("Keeping", "Now: {0}").format(words)


def name_rules(rules: ChatRules) -> str:
    """Those that are on; empty where none is."""
    translate = QCoreApplication.translate
    parts = []
    if rules.is_muted:
        parts.append(translate("Keeping", "nobody may write"))
    if rules.known_only:
        parts.append(translate("Keeping", "only people known here"))
    if rules.followers_only:
        parts.append(translate("Keeping", "only followers"))
    if rules.emoji_only:
        parts.append(translate("Keeping", "only emoji"))
    if rules.is_held:
        parts.append(translate("Keeping", "held for review"))
    if rules.slow_s:
        words = translate("Keeping", "one message in {0} s")
        parts.append(words.format(rules.slow_s))
    if rules.delay_s:
        parts.append(translate("Keeping", "shown {0} s later").format(rules.delay_s))
    return " · ".join(parts)


def describe_held(reason: HeldReason) -> str:
    """Why a message waits."""
    translate = QCoreApplication.translate
    words = {
        "review": translate("Keeping", "The room holds every message"),
        "word": translate("Keeping", "A word on the list: {0}"),
        "link": translate("Keeping", "A link: {0}"),
        "caps": translate("Keeping", "Nothing but capitals"),
        "flood_one": translate("Keeping", "The same again and again"),
        "flood_many": translate("Keeping", "The same from many people"),
        "behaviour": translate("Keeping", "How the writer behaves: {0}"),
    }[reason.rule]
    return words.replace("{0}", describe_cause(reason.words, TEXT_CHARACTERS_MAX))


def describe_done(command: object) -> str:
    """What was just done, and how it is taken back; empty where it shows by itself."""
    translate = QCoreApplication.translate
    if isinstance(command, order_commands.UndoAct):
        return translate("Keeping", "Undone.")
    undo = translate("Keeping", "“What was done here” can undo it.")
    if isinstance(command, order_commands.DeleteDanmaku | order_commands.DeleteDanmakuOf):
        deleted = translate("Keeping", "Deleted for all.")
        return join_sentences(deleted, undo)
    if not isinstance(command, order_commands.ImposeSanction):
        return ""
    words = {
        "mute": translate("Keeping", "Muted: {0}."),
        "kick": translate("Keeping", "Removed from the room."),
        "ban": translate("Keeping", "Banned: {0}."),
    }[command.kind]
    return join_sentences(words.format(preset_name(command.duration_s)), undo)


def preset_name(seconds: int | None) -> str:
    """How long, as menus and dialogs offer it."""
    translate = QCoreApplication.translate
    names = {
        60: translate("Keeping", "1 minute"),
        600: translate("Keeping", "10 minutes"),
        3_600: translate("Keeping", "1 hour"),
        86_400: translate("Keeping", "1 day"),
        604_800: translate("Keeping", "1 week"),
        None: translate("Keeping", "For ever"),
    }
    return names.get(seconds) or describe_span(seconds or 0)


def describe_span(seconds: float) -> str:
    """Rounded up, in its largest fitting unit."""
    translate = QCoreApplication.translate
    for unit_s, words in (
        (86_400, translate("Keeping", "{0} d")),
        (3_600, translate("Keeping", "{0} h")),
        (60, translate("Keeping", "{0} min")),
    ):
        if seconds > 2 * unit_s:
            return words.format(-(-round(seconds) // unit_s))
    return translate("Keeping", "{0} s").format(max(1, round(seconds)))


def sanction_verb(kind: SanctionKind) -> str:
    translate = QCoreApplication.translate
    return {
        "mute": translate("Keeping", "Mute"),
        "kick": translate("Keeping", "Remove"),
        "ban": translate("Keeping", "Ban"),
    }[kind]


def sanction_heading(kind: SanctionKind, name: str) -> str:
    translate = QCoreApplication.translate
    words = {
        "mute": translate("Keeping", "Mute {0}: they may read on, but not write"),
        "kick": translate("Keeping", "Remove {0} from the room: they may come back in a minute"),
        "ban": translate("Keeping", "Ban {0}: they may not enter this room"),
    }
    return words[kind].format(_name(name))


def describe_barrier(role: Role) -> str:
    """Why somebody of this role cannot be muted or banned here."""
    translate = QCoreApplication.translate
    words = {
        "moderator": translate("Keeping", "A moderator: only the owner and admins can act"),
        "streamer": translate("Keeping", "The owner: only admins can act"),
    }
    return words.get(role, translate("Keeping", "An admin: nobody here can act"))


def describe_own(sanction: OwnSanction, room: str, now_mono_ms: int) -> str:
    """To the one concerned: what, where, how long, why and by whom."""
    translate = QCoreApplication.translate
    place = translate("Keeping", "“{0}”").format(one_line(room, TEXT_CHARACTERS_MAX))
    if sanction.is_everywhere or not room:
        place = translate("Keeping", "this whole relay")
        if not sanction.is_everywhere:
            place = translate("Keeping", "this room")
    if sanction.until_mono_ms is None:
        words = {
            "mute": translate("Keeping", "You are muted in {0} for ever."),
            "kick": translate("Keeping", "You were removed from {0}."),
            "ban": translate("Keeping", "You are banned from {0} for ever."),
        }[sanction.kind]
        parts = [words.format(place)]
    else:
        words = {
            "mute": translate("Keeping", "You are muted in {0} for another {1}."),
            "kick": translate("Keeping", "You were removed from {0}. Come back in {1}."),
            "ban": translate("Keeping", "You are banned from {0} for another {1}."),
        }[sanction.kind]
        left_s = max(0, sanction.until_mono_ms - now_mono_ms) / 1000
        parts = [words.format(place, describe_span(left_s))]
    reason = describe_cause(sanction.reason)
    if reason and sanction.by:
        words = translate("Keeping", "Reason from {0}: {1}")
        parts.append(words.format(_name(sanction.by), reason))
    elif reason:
        parts.append(translate("Keeping", "Reason: {0}").format(reason))
    elif sanction.by:
        parts.append(translate("Keeping", "Imposed by {0}.").format(_name(sanction.by)))
    return join_sentences(*parts)


def describe_raid(raid: RaidInfo) -> str:
    """What happened and what was done, on two or three lines."""
    translate = QCoreApplication.translate
    first = translate("Keeping", "A raid was stopped: {0} new people wrote at once.")
    done = translate("Keeping", "{0} messages removed, {1} people muted here.")
    lines = [first.format(raid.identities), done.format(raid.removed, raid.muted)]
    why = [name_raid_reason(one) for one in raid.reasons]
    if any(why):
        said = list_words(one for one in why if one)
        lines.append(translate("Keeping", "Why: {0}.").format(said))
    return "\n".join(lines)


def describe_raid_end(raid: RaidInfo) -> str:
    words = QCoreApplication.translate(
        "Keeping", "Until {0}, only people known here before may write."
    )
    ends = datetime.now().astimezone() + timedelta(milliseconds=raid.remaining_ms)
    return words.format(f"{ends:%H:%M}")


def name_raid_reason(signal: Signal) -> str:
    """Empty for one that this program does not know."""
    translate = QCoreApplication.translate
    words = {
        "young_account": translate("Keeping", "{0} with young accounts"),
        "came_just_now": translate("Keeping", "{0} new here"),
        "writes_fast": translate("Keeping", "{0} with many messages"),
        "same_text": translate("Keeping", "{0} with one text"),
        "same_device": translate("Keeping", "{0} on one device"),
        "same_address": translate("Keeping", "{0} behind one address"),
        "refused": translate("Keeping", "{0} with refused messages"),
    }
    known = words.get(signal.name)
    return known.format(signal.count) if known is not None else ""


def describe_act(act: ActInfo) -> str:
    """Two lines: who did what to whom, and when, why, and whether it was undone."""
    translate = QCoreApplication.translate
    actor = _name(act.actor.name) if act.actor is not None else translate("Keeping", "The relay")
    user = _name(act.user.name) if act.user is not None else ""
    words = {
        "mute": translate("Keeping", "{0} muted {1}"),
        "kick": translate("Keeping", "{0} removed {1}"),
        "ban": translate("Keeping", "{0} banned {1}"),
        "lift": translate("Keeping", "{0} lifted a sanction of {1}"),
        "delete_messages": translate("Keeping", "{0} deleted what {1} wrote"),
        "set_chat_rules": translate("Keeping", "{0} changed the chat rules"),
        "pin": translate("Keeping", "{0} changed the pinned message"),
        "announce": translate("Keeping", "{0} changed the announcement"),
        "set_moderator": translate("Keeping", "{0} made {1} a moderator"),
        "close_room": translate("Keeping", "{0} closed the room"),
        "reopen_room": translate("Keeping", "{0} opened the room again"),
        "raid": translate("Keeping", "{0} stopped a raid"),
        "flag_return": translate("Keeping", "{0} found that {1} may be somebody banned"),
        "add_words": translate("Keeping", "{0} put words on the list"),
        "remove_word": translate("Keeping", "{0} took a word off the list"),
        "set_text_rules": translate("Keeping", "{0} changed the rules for texts"),
        "add_emote": translate("Keeping", "{0} added an emote"),
        "remove_emote": translate("Keeping", "{0} removed an emote"),
        "remove_cover": translate("Keeping", "{0} took the room's cover away"),
        "edit_room": translate("Keeping", "{0} changed the room"),
        "create_room_for": translate("Keeping", "{0} made the room"),
        "feature_room": translate("Keeping", "{0} changed whether the room is featured"),
        "plan_broadcast": translate("Keeping", "{0} planned a broadcast"),
    }
    detail = act.detail
    if act.action == "set_moderator" and detail is not None and detail.is_on is False:
        words["set_moderator"] = translate("Keeping", "{0} took the moderator's role from {1}")
    known = words.get(act.action)
    line = f"{actor}: {one_line(act.action)} {user}" if known is None else known.format(actor, user)
    moment = datetime.fromtimestamp(act.at_unix_ms / 1000).astimezone()
    below = [f"{moment:%H:%M}"]
    if act.action in {"mute", "ban"}:
        below.append(preset_name(detail.duration_s if detail is not None else None))
    if detail is not None and detail.rules is not None:
        below.append(name_rules(detail.rules) or translate("Keeping", "no rule"))
    if detail is not None and detail.text:
        below.append(one_line(detail.text, TEXT_CHARACTERS_MAX))
    if act.reason:
        below.append(describe_cause(act.reason, TEXT_CHARACTERS_MAX))
    if act.undone_at_unix_ms is not None:
        by = _name(act.undone_by.name) if act.undone_by else translate("Keeping", "The relay")
        below.append(translate("Keeping", "undone by {0}").format(by))
    return f"{line}\n{' · '.join(below)}"


def _name(name: str) -> str:
    return one_line(name, NAME_CHARACTERS_MAX)
