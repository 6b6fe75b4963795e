"""What a viewer chose in the room, for the next start: volume, delay, danmaku."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.danmaku import choices as danmaku_choices
from app.danmaku.choices import Blocks, DanmakuSettings
from app.state import preferences

SAVE_AFTER_MS: Final = 600


class ViewerChoices(QObject):
    """Gathers until the hand rests: a slider that is drawn would write the file at every step."""

    saved = Signal(str, object)
    """A preference's name and value."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._choices: dict[str, preferences.Value] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SAVE_AFTER_MS)
        self._rest.timeout.connect(self.save)

    def put(self, preference: preferences.Preference, value: preferences.Value) -> None:
        self._choices[preference.name] = value
        self._rest.start()

    def put_danmaku(self, settings: DanmakuSettings) -> None:
        self.put(preferences.DANMAKU_IS_ON, settings.is_on)
        self.put(preferences.DANMAKU_AREA, settings.area)
        self.put(preferences.DANMAKU_OPACITY, settings.opacity)
        self.put(preferences.DANMAKU_FONT, settings.font)
        self.put(preferences.DANMAKU_SPEED, settings.speed)
        self.put(preferences.DANMAKU_DENSITY, settings.density)
        self.put(preferences.DANMAKU_IS_LIST, settings.is_list)
        clear = danmaku_choices.pack_share(settings.keep_clear)
        self.put(preferences.DANMAKU_KEEP_CLEAR, clear)
        words = danmaku_choices.pack_words(settings.blocks.words)
        self.put(preferences.DANMAKU_BLOCKED_WORDS, words)
        users = danmaku_choices.pack_users(settings.blocks.users)
        self.put(preferences.DANMAKU_BLOCKED_USERS, users)

    def save(self) -> None:
        """At once: the page is left, or the window closes."""
        self._rest.stop()
        choices, self._choices = self._choices, {}
        for name, value in choices.items():
            self.saved.emit(name, value)


def read_danmaku(chosen: preferences.Preferences) -> DanmakuSettings:
    """As they were put."""
    return DanmakuSettings(
        is_on=bool(chosen.get(preferences.DANMAKU_IS_ON)),
        area=float(chosen.get(preferences.DANMAKU_AREA)),
        opacity=float(chosen.get(preferences.DANMAKU_OPACITY)),
        font=float(chosen.get(preferences.DANMAKU_FONT)),
        speed=float(chosen.get(preferences.DANMAKU_SPEED)),
        density=float(chosen.get(preferences.DANMAKU_DENSITY)),
        is_list=bool(chosen.get(preferences.DANMAKU_IS_LIST)),
        keep_clear=danmaku_choices.parse_share(str(chosen.get(preferences.DANMAKU_KEEP_CLEAR))),
        blocks=Blocks(
            words=danmaku_choices.parse_words(str(chosen.get(preferences.DANMAKU_BLOCKED_WORDS))),
            users=danmaku_choices.parse_users(str(chosen.get(preferences.DANMAKU_BLOCKED_USERS))),
        ),
    )
