"""Links: addresses of the web as people write them, also with the dot taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from server.moderation.folding import CLAUSE, GAP, LETTERS, Letters

if TYPE_CHECKING:
    from collections.abc import Collection

_ENDINGS_TEXT: Final = """
app asia biz cc cn co com cyou de dev edu eu fr gg gov hk icu info io jp kr loan lol ltd ly
mobi mx net nl org ph porn pw ren ru sbs su th tk tv tw uk vip vn wang webcam website wiki
ws xin xxx xyz
"""
_WORDS_TOO_TEXT: Final = """
at be in is it me my no so to am us bet blog bond buzz casino chat click cloud club company
digital email finance fun games group ink kim life link live men money news one online page
poker press pro pub red rest sexy shop site space store stream tech top uno win work world zone
"""
_ENDINGS: Final = frozenset(_ENDINGS_TEXT.split())
_WORDS_TOO: Final = frozenset(_WORDS_TOO_TEXT.split())
"""English words as well: a domain's end only with a scheme, a path, or a digit in the name."""
_DOT_WORDS: Final = re.compile(
    r"(?<=\w)\s*[\[({<【（]?\s*(?:dot|点|點|d0t)\s*[\])}>】）]?\s*(?=\w)"
)
_DOTS: Final = re.compile(
    r"\s*[\[({<【（]\s*[.。．·・｡]\s*[\])}>】）]\s*|[。．｡]|(?<=\w) ?[.·・] ?(?=\w)"
)
_SPACED: Final = re.compile(r"(?<!\w)\w(?:[ _*-]\w|\s*\.\s*\w){3,}(?!\w)")
_DOMAIN: Final = re.compile(
    r"(?P<scheme>https?://)?"
    r"(?P<domain>(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,5}(?P<ending>[a-z]{2,12}))"
    r"(?![a-z0-9-])(?P<path>[/:?#]\S?)?"
)
_MAY_HAVE_LETTERS: Final = re.compile(
    "[A-Za-z\uff21-\uff5a\u1d00-\u1d6a\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff]"
)
"""An address needs an ending, in whatever alphabet it is drawn."""
_IP: Final = re.compile(r"https?://(\d{1,3}(?:\.\d{1,3}){3})")


class Link(NamedTuple):
    domain: str


def find_link(text: str, allowed: Collection[str]) -> Link | None:
    """The first link to a domain that is neither allowed nor below one that is."""
    if not _MAY_HAVE_LETTERS.search(text):
        return None
    lowered = _lower(text)
    if "." not in lowered and not any(dot in lowered for dot in _OTHER_DOTS):
        return None
    seen = {lowered, _DOTS.sub(".", lowered), _DOTS.sub(".", _DOT_WORDS.sub(".", lowered))}
    seen.add(_SPACED.sub(lambda found: re.sub(r"[ _*-]", "", found[0]), lowered))
    for reading in sorted(seen, key=len, reverse=True):
        numbers = _IP.search(reading)
        if numbers and numbers[1] not in allowed:
            return Link(numbers[1])
        for found in _DOMAIN.finditer(reading):
            if _is_domain(found) and not _is_allowed(found["domain"], allowed):
                return Link(found["domain"])
    return None


_OTHER_DOTS: Final = ("dot", "d0t", "点", "點", "。", "·", "・")


class _Lower(Letters):
    """Width, styled letters and case are one; signs stay, for they make an address."""

    def fold(self, character: str) -> str:
        folded = LETTERS[character]
        return character if folded in {GAP, CLAUSE} else folded


_LOWER: Final = _Lower({"．": ".", "｡": "。", "：": ":", "／": "/"})


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_LOWER.__getitem__, text))


def _is_domain(found: re.Match[str]) -> bool:
    ending = found["ending"]
    has_sign = bool(found["scheme"] or found["path"]) or found["domain"].startswith("www.")
    name = found["domain"].removesuffix("." + ending)
    has_letter = any(c.isalpha() for c in name)
    if ending in _WORDS_TOO:
        return has_sign or (has_letter and any(c.isdecimal() for c in name))
    if ending not in _ENDINGS:
        return bool(found["scheme"])
    return has_sign or (len(name) > 1 and has_letter)


def _is_allowed(domain: str, allowed: Collection[str]) -> bool:
    parts = domain.split(".")
    return any(".".join(parts[at:]) in allowed for at in range(len(parts)))
