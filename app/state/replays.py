"""What the Replays page shows, and small rules of watching a recording. Frozen; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from wire.replay_events import Chapter, ReplayInfo

SHOWN_MAX: Final = 500
CODE_CHARACTERS_MIN: Final = 12
RESUME_FROM_MS: Final = 10_000
"""Whoever left in the first seconds begins anew."""
RESUME_BEFORE_END_MS: Final = 15_000
"""As does whoever has seen it."""
CHAPTER_BACK_MS: Final = 2_000
"""Going back within the first seconds of a chapter is going to the one before."""

Emptiness = Literal["loading", "failed", "no_match", "no_replays", "not_empty"]


@dataclass(frozen=True, slots=True)
class SearchChanged:
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of what was asked for."""

    replays: tuple[ReplayInfo, ...]
    next: str
    search: str
    before: str = ""
    """Where the page begins; empty: at the newest."""


@dataclass(frozen=True, slots=True)
class ListFailed:
    error: LivehouseError


@dataclass(frozen=True, slots=True)
class ReplayChanged:
    """Of one that is shown, or a new one, which comes first."""

    replay: ReplayInfo


@dataclass(frozen=True, slots=True)
class ReplayGone:
    replay_id: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Another relay."""


Change = SearchChanged | Listed | ListFailed | ReplayChanged | ReplayGone | Forgotten


@dataclass(frozen=True, slots=True)
class ReplaysState:
    """Newest first, as the relay lists them."""

    replays: tuple[ReplayInfo, ...] = ()
    search: str = ""
    listed_search: str | None = None
    """Of what is shown; None: nothing was listed yet."""
    next: str = ""
    failure: LivehouseError | None = None

    @property
    def emptiness(self) -> Emptiness:
        if self.replays:
            return "not_empty"
        if self.failure is not None:
            return "failed"
        if self.listed_search is None:
            return "loading"
        return "no_match" if self.listed_search else "no_replays"

    @property
    def has_more(self) -> bool:
        return bool(self.next) and len(self.replays) < SHOWN_MAX

    def apply(self, change: Change) -> ReplaysState:
        match change:
            case SearchChanged(text):
                return replace(self, search=text)
            case Listed():
                return self._list(change)
            case ListFailed(error):
                return replace(self, failure=error)
            case ReplayChanged(info):
                return self._put(info)
            case ReplayGone(replay_id):
                kept = tuple(one for one in self.replays if one.replay_id != replay_id)
                return replace(self, replays=kept)
            case Forgotten():
                return ReplaysState(search=self.search)

    def find(self, replay_id: str) -> ReplayInfo | None:
        return next((one for one in self.replays if one.replay_id == replay_id), None)

    def _list(self, page: Listed) -> ReplaysState:
        if page.search != self.search:
            return self  # an answer to what was typed before
        if page.before and page.before != self.next:
            return self  # of a list that has begun anew: what lies between would be missing
        shown = self.replays if page.before else ()
        known = {one.replay_id for one in shown}
        fresh = tuple(one for one in page.replays if one.replay_id not in known)
        return replace(
            self,
            replays=(*shown, *fresh)[:SHOWN_MAX],
            next=page.next,
            listed_search=page.search,
            failure=None,
        )

    def _put(self, info: ReplayInfo) -> ReplaysState:
        if self.find(info.replay_id) is None:
            replays = (info, *self.replays)[:SHOWN_MAX]
            return self if self.search else replace(self, replays=replays)
        changed = tuple(info if one.replay_id == info.replay_id else one for one in self.replays)
        return replace(self, replays=changed)


def is_code(text: str) -> bool:
    """Whether it may be a recording's own id, which its keeper gave to somebody."""
    is_plain = text.isascii() and text.isalnum() and text == text.lower()
    return is_plain and len(text) >= CODE_CHARACTERS_MIN


def resume_ms(kept_ms: int, duration_ms: int) -> int:
    """Where to begin for somebody who was there before; 0: at the start."""
    is_inside = RESUME_FROM_MS <= kept_ms <= duration_ms - RESUME_BEFORE_END_MS
    return kept_ms if is_inside else 0


def chapter_at(chapters: tuple[Chapter, ...], at_ms: int) -> Chapter | None:
    """The one that the moment lies in."""
    begun = [one for one in chapters if one.at_ms <= at_ms]
    return max(begun, key=lambda one: one.at_ms, default=None)


def next_chapter_ms(chapters: tuple[Chapter, ...], at_ms: int, *, is_back: bool) -> int | None:
    """Where the next one begins, or the one before."""
    if is_back:
        before = [one.at_ms for one in chapters if one.at_ms < at_ms - CHAPTER_BACK_MS]
        return max(before, default=0)
    return min((one.at_ms for one in chapters if one.at_ms > at_ms), default=None)
