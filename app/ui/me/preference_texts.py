"""The words for the settings that app/state/preferences.py lists."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def name_of(preference: str) -> str:
    """A setting's label."""
    translate = QCoreApplication.translate
    names = {
        "language": translate("Preferences", "Language"),
        "theme": translate("Preferences", "Colours"),
        "sound_output": translate("Preferences", "Sound output"),
        "effects_are_on": translate("Preferences", "Hearts and effects over the picture"),
        "return_at_start": translate("Preferences", "At the start, go back to where I was"),
    }
    return names[preference]


def choice_text(choice: str) -> str:
    """One value of a setting."""
    translate = QCoreApplication.translate
    texts = {
        "system": translate("Preferences", "As the system"),
        "en": "English",
        "zh_CN": "简体中文",
        "dark": translate("Preferences", "Dark"),
        "light": translate("Preferences", "Light"),
    }
    return texts[choice]


def device_text(name: str, *, is_there: bool) -> str:
    """A device in a list; the empty name is the system's choice."""
    translate = QCoreApplication.translate
    if not name:
        return translate("Preferences", "System default")
    return name if is_there else translate("Preferences", "%1 (not there)").replace("%1", name)
