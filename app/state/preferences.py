"""The settings of the window as data: name, kind, default, choices. Unknown ones raise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.errors import BadInput

Value = str | bool

TEXT_CHARS_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One setting. The words for it are in app/ui/me/preference_texts.py."""

    name: str
    default: Value
    choices: tuple[str, ...] = ()
    """Empty: yes or no, or a text where the default is one."""

    @property
    def is_text(self) -> bool:
        """Whether it holds a name that this program cannot know, as a device's."""
        return isinstance(self.default, str) and not self.choices

    def parse(self, value: object) -> Value:
        """Raises BadInput."""
        if self.is_text:
            return self._parse_text(value)
        if self.choices:
            if isinstance(value, str) and value in self.choices:
                return value
            raise BadInput(f"{self.name} takes one of {', '.join(self.choices)}, not {value!r}")
        if isinstance(value, bool):
            return value
        raise BadInput(f"{self.name} takes true or false, not {value!r}")

    def _parse_text(self, value: object) -> str:
        if not isinstance(value, str):
            raise BadInput(f"{self.name} takes a text, not {value!r}")
        if len(value) > TEXT_CHARS_MAX or not value.isprintable():
            raise BadInput(f"{self.name} takes one line of at most {TEXT_CHARS_MAX} characters")
        return value


LANGUAGE: Final = Preference(name="language", default="system", choices=("system", "en", "zh_CN"))
THEME: Final = Preference(name="theme", default="system", choices=("system", "dark", "light"))
RETURN_AT_START: Final = Preference(name="return_at_start", default=True)
SOUND_OUTPUT: Final = Preference(name="sound_output", default="")
"""A device by its name; empty for the system's default."""
ALL: Final = (LANGUAGE, THEME, SOUND_OUTPUT, RETURN_AT_START)
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
