from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.moderation import folding
from server.moderation.folding import CLAUSE, GAP, LETTERS, Letters, fold

MARKS = "\u0300\u0301\u0308\u0336\u20dd\u0e34\ufe0f"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＳＰＡＭ", "spam"),
        ("𝓼𝓹𝓪𝓶", "spam"),
        ("s\u0301p\u0308a\u0336m", "spam"),
        ("Ⓢⓟⓐⓜ", "spam"),
        ("🅂🄿🄰🄼 🆂🅿🅰🅼", "spam spam"),
        ("ѕраm", "spam"),
        ("sᴘᴀᴍ", "spam"),
        ("s\u200bp\u2060a\u00adm", "spam"),
        ("ŝþøł", "sþol"),
        ("憂鬱", "忧郁"),
        ("⼥人", "女人"),
        ("a, b。 c", "a, b, c"),
        ("  a -_- b  ", "a b"),
        ("ﬁn½", "fin1 2"),
        ("각가", "각가"),
    ],
)
def test_fold_when_disguised_then_plain(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_fold_when_folded_again_then_the_same(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letters_when_any_character_of_unicode_then_still_after_one_folding() -> None:
    moving = []
    for code in range(0x110000):
        folded = Letters().fold(chr(code)) if not 0xD800 <= code < 0xE000 else ""
        if "".join(map(LETTERS.__getitem__, folded)) != folded:
            moving.append(hex(code))
    assert moving == []


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_fold_when_any_text_then_no_case_no_marks_no_signs(text: str) -> None:
    for character in fold(text):
        assert character in {GAP, CLAUSE} or character.isalnum()
        assert unicodedata.category(character)[0] != "M"


@given(st.text(MARKS + "a", max_size=2_000))
def test_fold_when_flooded_with_marks_then_none_reach_the_normalisation_together(text: str) -> None:
    asked: list[str] = []

    def normalize(form: str, part: str) -> str:
        asked.append(part)
        return unicodedata.normalize(form, part)

    class Unicode:
        def __getattr__(self, name: str) -> object:
            return normalize if name == "normalize" else getattr(unicodedata, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "unicodedata", Unicode())
        patch.setattr(folding, "LETTERS", Letters())
        assert set(fold(text)) <= {"a"}
    assert all(len(part) == 1 for part in asked)
    # Each character is looked at once, however often it comes.
    assert len(asked) <= len(set(text))
