from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.moderation.words import WordList, is_findable

LATIN_WORDS = [
    *("fool", "ass", "penis", "anus", "god", "slut", "kill", "buy followers", "hoe", "sb", "dull"),
]
CHINESE_WORDS = ["傻瓜蛋", "笨蛋", "加微信", "妈的", "台独分子"]
LISTED = WordList([*LATIN_WORDS, *CHINESE_WORDS])


def found_in(text: str, words: WordList = LISTED) -> set[str]:
    return {found.entry for found in words.find(text)}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("you fool!", "fool"),
        ("FoOl", "fool"),
        ("ｆｏｏｌ", "fool"),
        ("f o o l", "fool"),
        ("f.o-o_l", "fool"),
        ("f00l", "fool"),
        ("fоοl", "fool"),
        ("f\u0301ool", "fool"),
        ("foooool", "fool"),
        ("ffooooll", "fool"),
        ("foo1", "fool"),
        ("fools", "fool"),
        ("this fool", "fool"),
        ("a$$", "ass"),
        ("a s s", "ass"),
        ("dul-ly l dul-l", "dull"),
        ("asss", "ass"),
        ("s1ut", "slut"),
        ("k!ll", "kill"),
        ("pen1s", "penis"),
        ("p.e.n.i.s", "penis"),
        ("buy   followers", "buy followers"),
        ("BuyFollowers", "buy followers"),
        ("你sb吗", "sb"),
        ("\U0001f1eb\U0001f1f4\U0001f1f4\U0001f1f1", "fool"),
        ("你个笨蛋", "笨蛋"),
        ("笨 蛋", "笨蛋"),
        ("笨🐶蛋", "笨蛋"),
        ("笨笨蛋蛋", "笨蛋"),
        ("ben蛋", "笨蛋"),
        ("笨dan", "笨蛋"),
        ("bendan", "笨蛋"),
        ("Ben Dan", "笨蛋"),
        ("bèndàn", "笨蛋"),
        ("ben4dan4", "笨蛋"),
        ("加，微，信", "加微信"),
        ("臺獨份子 臺獨分子", "台独分子"),
    ],
)
def test_find_when_disguised_then_found(text: str, word: str) -> None:
    assert word in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("class", "as", "pass as such", "assassin", "bass"),
        *("the pen is red", "an us citizen", "it is as simple as that"),
        *("good", "goods", "so good", "shoes", "hoed"),
        *("50 455 a 55 inch screen", "the bus A55"),
        *("他真笨，蛋都打碎了", "妈妈的", "微信加我", "benevolent dance", "bendandy"),
        *("", "   ", "!!!", "\u200b", "哈哈哈哈"),
    ],
)
def test_find_when_something_else_is_said_then_nothing(text: str) -> None:
    assert found_in(text) == set()


def test_find_when_found_then_the_place_is_that_of_the_text() -> None:
    text = "oh, you f\u200b o-o l, you"
    (found,) = LISTED.find(text)
    assert text[found.start : found.end] == "f\u200b o-o l"


def test_is_findable_when_there_is_no_letter_then_false() -> None:
    assert [is_findable(word) for word in ("!!!", " ", "\u200b", "a", "8", "笨")] == [
        *(False, False, False, True, True, True),
    ]


han = st.text("天地玄黄宇宙洪荒日月", min_size=1, max_size=4)
latin = st.text("abco", min_size=1, max_size=5)


@given(
    st.lists(han, min_size=1, max_size=30, unique=True),
    st.text("天地玄黄宇宙洪荒日月", max_size=40),
)
def test_find_when_han_then_as_a_search_for_each_word(words: list[str], text: str) -> None:
    # What a run of one character says is not what a search for characters says.
    assume(all(a != b for a, b in pairwise(text)))
    plain = {word for word in words if word in text}
    assert found_in(text, WordList(words)) == plain


@given(st.lists(latin, min_size=1, max_size=20, unique=True), st.text("abco .10", max_size=30))
def test_find_when_many_words_then_as_each_alone(words: list[str], text: str) -> None:
    alone = {word for word in words if found_in(text, WordList([word]))}
    assert found_in(text, WordList(words)) == alone


@given(st.lists(latin, min_size=1, max_size=20, unique=True), st.lists(latin, max_size=8))
def test_find_when_plain_words_stand_apart_then_each_is_found(
    words: list[str], said: list[str]
) -> None:
    assert set(words) & set(said) <= found_in(" ".join(said), WordList(words))
