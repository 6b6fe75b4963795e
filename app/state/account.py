"""What Me shows of the user's account. Frozen; times are arguments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from wire.account_events import Profile

AgeUnit = Literal["now", "minutes", "hours", "days"]
_STEPS: Final[tuple[tuple[AgeUnit, int], ...]] = (
    ("days", 86_400_000),
    ("hours", 3_600_000),
    ("minutes", 60_000),
)


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago, in the largest unit that fits."""

    unit: AgeUnit
    count: int = 0


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What was typed beside what is."""

    profile: Profile | None = None
    name: str = ""
    about: str = ""

    @property
    def new_name(self) -> str | None:
        """None where the name stays."""
        kept = " ".join(self.name.split())
        if self.profile is None or not kept or kept == self.profile.user.name:
            return None
        return kept

    @property
    def new_about(self) -> str | None:
        """None where it stays; empty says nothing any more."""
        kept = self.about.strip()
        return None if self.profile is None or kept == self.profile.about else kept

    @property
    def can_save(self) -> bool:
        return self.new_name is not None or self.new_about is not None

    def apply(self, profile: Profile) -> ProfileDraft:
        """The relay's word. What was typed stays, unless it was the old word."""
        before = self.profile
        keeps_name = before is not None and self.new_name is not None
        keeps_about = before is not None and self.new_about is not None
        is_other = before is not None and before.user.user_id != profile.user.user_id
        return replace(
            self,
            profile=profile,
            name=self.name if keeps_name and not is_other else profile.user.name,
            about=self.about if keeps_about and not is_other else profile.about,
        )


def measure_age(seen_unix_ms: int, now_unix_ms: int) -> Age:
    """The relay's clock may be ahead of this one: what is to come was just now."""
    passed = now_unix_ms - seen_unix_ms
    for unit, length in _STEPS:
        if passed >= length:
            return Age(unit, passed // length)
    return Age("now")
