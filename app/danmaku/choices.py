"""What each viewer may choose about danmaku. Pure.

Blocks are kept in the settings as one line of JSON each, so that they survive a restart; what is
there is read with care, since the file may have been edited by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import msgspec

from app.danmaku.folding import fold_text

WORDS_MAX: Final = 100
WORD_CHARACTERS_MAX: Final = 40
USERS_MAX: Final = 100
NAME_CHARACTERS_MAX: Final = 40
ID_CHARACTERS_MAX: Final = 64
BLOCKS_CHARACTERS_MAX: Final = 60_000
"""Of one line of JSON: what the bounds above come to, with room for escapes."""
CLEAR_SHARE_MIN: Final = 0.02
"""A box thinner than this was not meant."""


class Share(NamedTuple):
    """A rectangle in shares of the stage, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_box(self) -> bool:
        wide, high = self.right - self.left, self.bottom - self.top
        return wide >= CLEAR_SHARE_MIN and high >= CLEAR_SHARE_MIN


class BlockedUser(NamedTuple):
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """Words and users that a viewer does not want to see. The newest first."""

    words: tuple[str, ...] = ()
    users: tuple[BlockedUser, ...] = ()

    def with_word(self, word: str) -> Blocks:
        """The same where it says nothing or is there; the oldest leaves when there are too many."""
        word = " ".join(word.split())[:WORD_CHARACTERS_MAX].rstrip()
        if not fold_text(word) or fold_text(word) in map(fold_text, self.words):
            return self
        return replace(self, words=(word, *self.words)[:WORDS_MAX])

    def without_word(self, word: str) -> Blocks:
        return replace(self, words=tuple(one for one in self.words if one != word))

    def with_user(self, user_id: str, name: str) -> Blocks:
        user = BlockedUser(user_id[:ID_CHARACTERS_MAX], name[:NAME_CHARACTERS_MAX])
        if not user_id or any(one.user_id == user.user_id for one in self.users):
            return self
        return replace(self, users=(user, *self.users)[:USERS_MAX])

    def without_user(self, user_id: str) -> Blocks:
        return replace(self, users=tuple(one for one in self.users if one.user_id != user_id))


@dataclass(frozen=True, slots=True)
class DanmakuSettings:
    """How danmaku look, and which."""

    is_on: bool = True
    area: float = 1.0
    opacity: float = 0.9
    font: float = 24.0
    """Pixels on a stage 720 high; scaled with the stage."""
    speed: float = 1.0
    density: float = 1.0
    """The share of what fits without overlap."""
    is_list: bool = False
    """Nothing flies: texts are listed at the bottom of the stage."""
    keep_clear: Share | None = None
    blocks: Blocks = Blocks()


class Sieve:
    """Blocks, ready to be asked about each message."""

    def __init__(self, blocks: Blocks) -> None:
        self._words = tuple(filter(None, map(fold_text, blocks.words)))
        self._users = frozenset(user.user_id for user in blocks.users)

    def blocks(self, text: str, user_id: str) -> bool:
        """Words match folded (see folding.py) and anywhere in the text."""
        if user_id in self._users:
            return True
        if not self._words:
            return False
        folded = fold_text(text)
        return any(word in folded for word in self._words)


def pack_words(words: tuple[str, ...]) -> str:
    return _pack(list(words)) if words else ""


def parse_words(line: str) -> tuple[str, ...]:
    """Whatever is not a word is left out."""
    words = [one for one in _parse_list(line) if isinstance(one, str)]
    blocks = Blocks()
    for word in reversed(words[:WORDS_MAX]):
        blocks = blocks.with_word(word)
    return blocks.words


def pack_users(users: tuple[BlockedUser, ...]) -> str:
    return _pack([list(user) for user in users]) if users else ""


def parse_users(line: str) -> tuple[BlockedUser, ...]:
    blocks = Blocks()
    for one in reversed(_parse_list(line)[:USERS_MAX]):
        match one:
            case [str(user_id), str(name)]:
                blocks = blocks.with_user(user_id, name)
    return blocks.users


def pack_share(share: Share | None) -> str:
    return _pack([round(edge, 4) for edge in share]) if share is not None else ""


def parse_share(line: str) -> Share | None:
    match _parse_list(line):
        case [
            int() | float() as left,
            int() | float() as top,
            int() | float() as right,
            int() | float() as bottom,
        ]:
            edges = (min(1.0, max(0.0, float(edge))) for edge in (left, top, right, bottom))
            share = Share(*edges)
            return share if share.is_box else None
    return None


def _pack(value: object) -> str:
    """All escaped: a settings file takes one printable line."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _parse_list(line: str) -> list[object]:
    try:
        value = msgspec.json.decode(line[:BLOCKS_CHARACTERS_MAX]) if line else []
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []
    return value if isinstance(value, list) else []
