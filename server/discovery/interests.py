"""What a newcomer may choose to like, before there is anything to learn from. Pure.

Categories of rooms are free text, so that the same thing has many names: those of the interests
that every house offers are known here, in both languages of the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

OFFERED_MAX: Final = 18
OF_HOUSE_MAX: Final = 12
SUBJECT: Final = "interest:"
ASKED: Final = "asked:interests"
"""The user has answered, perhaps with nothing, and is not asked again."""
KNOWN_AFTER_VISITS: Final = 3
"""Whoever has watched so often needs no question."""

BUILT_IN: Final[dict[str, tuple[str, ...]]] = {
    "music": ("songs", "singing", "音乐", "唱歌"),
    "games": ("game", "gaming", "游戏"),
    "talk": ("chat", "chatting", "聊天", "杂谈"),
    "drawing": ("art", "painting", "绘画", "画画", "艺术"),
    "making": ("craft", "crafts", "handmade", "diy", "手工"),
    "outdoors": ("nature", "travel", "户外", "旅行", "自然"),
    "food": ("cooking", "美食", "做饭", "烹饪"),
    "learning": ("study", "education", "学习", "教育"),
    "technology": ("tech", "programming", "coding", "科技", "编程"),
    "sports": ("sport", "fitness", "运动", "体育", "健身"),
}
"""A key is what a client says in its own words."""
_KEYS: Final = {other: key for key, others in BUILT_IN.items() for other in (key, *others)}


def key_of(name: str) -> str:
    """The same for all names of one interest."""
    folded = fold(name)
    return _KEYS.get(folded, folded)


def offer(categories: Iterable[str]) -> tuple[str, ...]:
    """What can be chosen: the house's own categories, most used first, then what every house has.

    Those that every house has are their keys.
    """
    offered: dict[str, str] = {}
    for name in categories:
        key = key_of(name)
        if key and len(offered) < OF_HOUSE_MAX:
            offered.setdefault(key, key if key in BUILT_IN else name)
    for key in BUILT_IN:
        if len(offered) < OFFERED_MAX:
            offered.setdefault(key, key)
    return tuple(offered.values())


def chosen_of(wishes: Collection[str]) -> tuple[str, ...]:
    """Of subjects as in `tables.TasteWish`."""
    return tuple(one.removeprefix(SUBJECT) for one in wishes if one.startswith(SUBJECT))


def is_to_be_asked(wishes: Mapping[str, float], *, visits: int) -> bool:
    return ASKED not in wishes and not chosen_of(wishes) and visits < KNOWN_AFTER_VISITS
