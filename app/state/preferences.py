"""The settings of the window as data: name, kind, default, choices. Unknown ones raise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.errors import BadInput
from app.settings import DELAY_MS_DEFAULT, DELAY_MS_MAX

Value = str | bool | float

TEXT_CHARS_MAX: Final = 300
BLOCKS_CHARS_MAX: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One setting. The words for it are in app/ui/me/preference_texts.py."""

    name: str
    default: Value
    choices: tuple[str, ...] = ()
    """Empty: yes or no, or a text where the default is one."""
    bounds: tuple[float, float] | None = None
    """Lowest and highest of a number."""
    characters_max: int = TEXT_CHARS_MAX
    """Of a text."""
    is_listed: bool = True
    """Stands among the settings; else it is remembered where it is used, as the volume."""

    @property
    def is_text(self) -> bool:
        """Whether it holds a name that this program cannot know, as a device's."""
        return isinstance(self.default, str) and not self.choices

    def parse(self, value: object) -> Value:
        """Raises BadInput."""
        if self.bounds is not None:
            return self._parse_number(value, *self.bounds)
        if self.is_text:
            return self._parse_text(value)
        if self.choices:
            if isinstance(value, str) and value in self.choices:
                return value
            raise BadInput(f"{self.name} takes one of {', '.join(self.choices)}, not {value!r}")
        if isinstance(value, bool):
            return value
        raise BadInput(f"{self.name} takes true or false, not {value!r}")

    def _parse_number(self, value: object, least: float, most: float) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not least <= float(str(value)) <= most:
            raise BadInput(f"{self.name} takes a number from {least:g} to {most:g}, not {value!r}")
        return float(str(value))

    def _parse_text(self, value: object) -> str:
        if not isinstance(value, str):
            raise BadInput(f"{self.name} takes a text, not {value!r}")
        if len(value) > self.characters_max or not value.isprintable():
            raise BadInput(
                f"{self.name} takes one line of at most {self.characters_max} characters"
            )
        return value


LANGUAGE: Final = Preference(name="language", default="system", choices=("system", "en", "zh_CN"))
THEME: Final = Preference(name="theme", default="system", choices=("system", "dark", "light"))
RETURN_AT_START: Final = Preference(name="return_at_start", default=True)
SOUND_OUTPUT: Final = Preference(name="sound_output", default="")
"""A device by its name; empty for the system's default."""
VOLUME: Final = Preference(name="volume", default=1.0, bounds=(0.0, 1.0), is_listed=False)
IS_MUTED: Final = Preference(name="is_muted", default=False, is_listed=False)
DELAY_MS: Final = Preference(
    name="delay_ms",
    default=float(DELAY_MS_DEFAULT),
    bounds=(0.0, float(DELAY_MS_MAX)),
    is_listed=False,
)
SAVES_DATA: Final = Preference(name="saves_data", default=False, is_listed=False)
"""No more than a small picture where the quality is automatic."""
DANMAKU_IS_ON: Final = Preference(name="danmaku_is_on", default=True, is_listed=False)
DANMAKU_AREA: Final = Preference(
    name="danmaku_area", default=1.0, bounds=(0.25, 1.0), is_listed=False
)
DANMAKU_OPACITY: Final = Preference(
    name="danmaku_opacity", default=0.9, bounds=(0.2, 1.0), is_listed=False
)
DANMAKU_FONT: Final = Preference(
    name="danmaku_font", default=24.0, bounds=(16.0, 48.0), is_listed=False
)
DANMAKU_SPEED: Final = Preference(
    name="danmaku_speed", default=1.0, bounds=(0.5, 2.0), is_listed=False
)
OWN_SIZE: Final = Preference(
    name="own_size", default="normal", choices=("small", "normal", "large"), is_listed=False
)
"""How large one's own danmaku fly, for everybody."""
GIFT_EFFECTS_ON: Final = Preference(name="gift_effects_on", default=True, is_listed=False)
DANMAKU_DENSITY: Final = Preference(
    name="danmaku_density", default=1.0, bounds=(0.25, 1.0), is_listed=False
)
DANMAKU_IS_LIST: Final = Preference(name="danmaku_is_list", default=False, is_listed=False)
DANMAKU_KEEP_CLEAR: Final = Preference(name="danmaku_keep_clear", default="", is_listed=False)
"""See app/danmaku/choices.py for this and the next two."""
DANMAKU_BLOCKED_WORDS: Final = Preference(
    name="danmaku_blocked_words", default="", characters_max=BLOCKS_CHARS_MAX, is_listed=False
)
DANMAKU_BLOCKED_USERS: Final = Preference(
    name="danmaku_blocked_users", default="", characters_max=BLOCKS_CHARS_MAX, is_listed=False
)
EFFECTS_ARE_ON: Final = Preference(name="effects_are_on", default=True)
"""What moves over the picture besides danmaku: hearts, gifts."""
RECORDING_FOLDER: Final = Preference(name="recording_folder", default="", is_listed=False)
"""Where Studio's own recordings go; empty for the usual place of films."""
SEVERAL_QUALITIES: Final = Preference(name="several_qualities", default=True, is_listed=False)
"""Studio sends as many qualities as this computer encodes at once."""
SECOND_PATH: Final = Preference(name="second_path", default="", is_listed=False)
"""An address of this machine from which Studio opens a second way up; empty for none."""
ALL: Final = (
    LANGUAGE,
    THEME,
    SOUND_OUTPUT,
    RETURN_AT_START,
    VOLUME,
    IS_MUTED,
    DELAY_MS,
    SAVES_DATA,
    DANMAKU_IS_ON,
    DANMAKU_AREA,
    DANMAKU_OPACITY,
    DANMAKU_FONT,
    DANMAKU_SPEED,
    OWN_SIZE,
    DANMAKU_DENSITY,
    DANMAKU_IS_LIST,
    DANMAKU_KEEP_CLEAR,
    DANMAKU_BLOCKED_WORDS,
    DANMAKU_BLOCKED_USERS,
    EFFECTS_ARE_ON,
    GIFT_EFFECTS_ON,
    SEVERAL_QUALITIES,
    SECOND_PATH,
    RECORDING_FOLDER,
)
_BY_NAME: Final = {preference.name: preference for preference in ALL}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen; what was not has its default."""

    chosen: tuple[tuple[str, Value], ...] = ()

    def get(self, preference: Preference) -> Value:
        return dict(self.chosen).get(preference.name, preference.default)

    def put(self, name: str, value: object) -> Preferences:
        """Raises BadInput for an unknown name or value."""
        preference = _BY_NAME.get(name)
        if preference is None:
            raise BadInput(f"there is no setting {name!r}")
        return Preferences(tuple({**dict(self.chosen), name: preference.parse(value)}.items()))
