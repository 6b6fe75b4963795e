"""The relay's settings in the user's language; what is not known here keeps the relay's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.admin_events import RelaySetting


def setting_name(setting: RelaySetting) -> str:
    return name_of_setting(setting.name) or one_line(setting.text or setting.name, 80)


def name_of_setting(name: str) -> str:
    """Empty where this program has no words for it."""
    translate = QCoreApplication.translate
    names = {
        "sign_up": translate("RelaySettings", "New accounts"),
        "sign_up_code": translate("RelaySettings", "Sign-up code"),
        "guests_may_enter": translate("RelaySettings", "Guests may look around and watch"),
        "users_may_make_rooms": translate("RelaySettings", "Users may make rooms"),
        "rooms_per_user_max": translate("RelaySettings", "Rooms of one user, at most"),
        "new_room_slow_s": translate("RelaySettings", "New rooms: slow mode"),
        "new_room_followers_only": translate("RelaySettings", "New rooms: only followers write"),
        "new_room_is_held": translate("RelaySettings", "New rooms: messages wait for review"),
        "messages_days": translate("RelaySettings", "Chat is kept"),
        "rounds_days": translate("RelaySettings", "Closed polls and draws are kept"),
        "behaviour_days": translate("RelaySettings", "What was watched is kept"),
        "held_days": translate("RelaySettings", "Held messages are kept"),
        "audit_days": translate("RelaySettings", "The book of acts is kept"),
        "figures_days_kept": translate("RelaySettings", "Figures are kept"),
        "backup_every_hours": translate("RelaySettings", "A backup by itself every"),
        "backups_kept": translate("RelaySettings", "Backups kept"),
        "sockets_max": translate("RelaySettings", "Connections, at most"),
        "sockets_per_address_max": translate("RelaySettings", "Connections of one address"),
        "broadcast_away_s_max": translate("RelaySettings", "A streamer cut off is waited for"),
        "finds_raids": translate("RelaySettings", "Raids are met by themselves"),
        "scores_people": translate("RelaySettings", "Bad behaviour is met by itself"),
        "raid_identities": translate("RelaySettings", "So many at once are a raid"),
        "troll_mode_min": translate("RelaySettings", "After a raid only known people write for"),
        "raid_mute_min": translate("RelaySettings", "Those of a raid are muted for"),
    }
    return names.get(name, "")


def setting_note(setting: RelaySetting) -> str:
    """What its name does not say; mostly nothing."""
    translate = QCoreApplication.translate
    notes = {
        "sign_up_code": translate(
            "RelaySettings", "Asked for while sign-up needs a code; empty lets nobody in."
        ),
        "guests_may_enter": translate(
            "RelaySettings", "Off: only people with an account see anything."
        ),
        "finds_raids": translate(
            "RelaySettings", "Many new people who act as one; one click takes it back."
        ),
        "scores_people": translate("RelaySettings", "Held back, or muted for ten minutes."),
        "messages_days": translate("RelaySettings", "0, here and below: until it is erased."),
        "backup_every_hours": translate("RelaySettings", "0: never by itself."),
        "backups_kept": translate("RelaySettings", "The oldest go after a new one."),
    }
    return notes.get(setting.name, "")


def choice_words(choice: str) -> str:
    translate = QCoreApplication.translate
    words = {
        "open": translate("RelaySettings", "Anybody"),
        "code": translate("RelaySettings", "With the code"),
        "closed": translate("RelaySettings", "Nobody"),
        "on": translate("RelaySettings", "On"),
        "off": translate("RelaySettings", "Off"),
    }
    return words.get(choice) or one_line(choice, 40)


def unit_words(unit: str) -> str:
    """After a number; with its space."""
    translate = QCoreApplication.translate
    words = {
        "s": translate("RelaySettings", " s"),
        "days": translate("RelaySettings", " days"),
        "hours": translate("RelaySettings", " h"),
        "min": translate("RelaySettings", " min"),
        "people": translate("RelaySettings", " people"),
    }
    return words.get(unit, "")
