from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.danmaku.choices import (
    BLOCKS_CHARACTERS_MAX,
    USERS_MAX,
    WORD_CHARACTERS_MAX,
    WORDS_MAX,
    BlockedUser,
    Blocks,
    Share,
    Sieve,
    pack_share,
    pack_users,
    pack_words,
    parse_share,
    parse_users,
    parse_words,
)


@given(words=st.lists(st.text(), max_size=20), users=st.lists(st.text(min_size=1), max_size=20))
def test_blocks_when_packed_then_parse_to_the_same(words: list[str], users: list[str]) -> None:
    blocks = Blocks()
    for word in words:
        blocks = blocks.with_word(word)
    for user in users:
        blocks = blocks.with_user(user, user[::-1])
    lines = pack_words(blocks.words), pack_users(blocks.users)
    assert all(line.isprintable() for line in lines)
    assert parse_words(lines[0]) == blocks.words
    assert parse_users(lines[1]) == blocks.users


def test_blocks_when_there_are_too_many_then_the_oldest_leave_and_the_line_stays_bounded() -> None:
    blocks = Blocks()
    for number in range(WORDS_MAX + 5):
        blocks = blocks.with_word(f"{number:03}" + "😀" * WORD_CHARACTERS_MAX)
    for number in range(USERS_MAX + 5):
        blocks = blocks.with_user(f"{number:064}", "😀" * 100)
    assert (len(blocks.words), len(blocks.users)) == (WORDS_MAX, USERS_MAX)
    assert blocks.words[0].startswith("104")
    assert len(pack_words(blocks.words)) <= BLOCKS_CHARACTERS_MAX
    assert len(pack_users(blocks.users)) <= BLOCKS_CHARACTERS_MAX


@pytest.mark.parametrize("line", ["", "{", "3", '{"a": 1}', "[1, [2]]", '[["a"]]', "[" * 5000])
def test_lines_that_are_damaged_when_parsed_then_are_nothing(line: str) -> None:
    assert parse_words(line) == ()
    assert parse_users(line) == ()
    assert parse_share(line) is None


def test_sieve_when_asked_then_matches_folded_words_anywhere_and_users() -> None:
    sieve = Sieve(Blocks(words=("Spoiler",), users=(BlockedUser("u1", "Bob"),)))
    assert sieve.blocks("a ＳＰＯＩＬＥＲ!", "u2")
    assert sieve.blocks("hello", "u1")
    assert not sieve.blocks("hello", "u2")


def test_word_when_it_says_nothing_or_the_same_then_is_not_added() -> None:
    blocks = Blocks().with_word("spoiler")
    assert blocks.with_word("  ") == blocks
    assert blocks.with_word("SPOILER!!") == blocks
    assert blocks.without_word("spoiler") == Blocks()


def test_share_when_packed_then_parses_to_the_same_and_a_line_is_no_box() -> None:
    share = Share(0.1, 0.2, 0.5, 0.75)
    assert parse_share(pack_share(share)) == share
    assert parse_share("[0.1,0.2,0.1,0.9]") is None
    assert parse_share("[-3,0,9,1]") == Share(0, 0, 1, 1)
    assert pack_share(None) == ""
