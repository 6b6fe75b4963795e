"""What the chat list shows of messages: replies, mentions, blocks, names to complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from app.state.chat_rows import (
    NAMES_MAX,
    ChatRows,
    Viewer,
    complete_mention,
    find_begun_mention,
    mentions,
)
from tests.unit.app.state.test_room import posted
from wire.ids import MessageId, UserId

if TYPE_CHECKING:
    from wire import event_base


def say(
    number: int, text: str = "hello", *, by: str = "bob", reply_to: int | None = None
) -> event_base.DanmakuPosted:
    return msgspec.structs.replace(
        posted(number),
        user_id=UserId(f"id of {by}"),
        name=by,
        text=text,
        reply_to=MessageId(f"m{reply_to:06}") if reply_to is not None else None,
    )


def test_take_when_messages_come_again_then_gives_each_once() -> None:
    rows = ChatRows()
    assert len(rows.take([say(1), say(2)])) == 2
    assert [row.message_id for row in rows.take([say(1), say(2), say(3)])] == ["m000003"]


def test_take_when_an_older_message_comes_late_then_is_shown_too() -> None:
    rows = ChatRows()
    rows.take([say(5)])
    assert [row.message_id for row in rows.take([say(5), say(3)])] == ["m000003"]


def test_reply_when_the_message_is_known_then_quotes_it() -> None:
    rows = ChatRows()
    rows.take([say(1, "what is this song?", by="ada")])
    (row,) = rows.take([say(2, "Clair de lune", reply_to=1)])
    assert row.quoted == ("ada", "what is this song?")


def test_reply_when_the_message_is_unknown_or_blocked_then_says_no_words_of_it() -> None:
    rows = ChatRows()
    rows.take([say(1, "rude", by="eve")])
    rows.blocked.add(UserId("id of eve"))
    assert rows.take([say(2, reply_to=1)])[0].quoted == ("", "")
    assert rows.take([say(3, reply_to=99)])[0].quoted == ("", "")


def test_blocked_user_gives_no_rows() -> None:
    rows = ChatRows(blocked={UserId("id of eve")})
    assert [row.name for row in rows.take([say(1, by="eve"), say(2)])] == ["bob"]


def test_mention_of_the_viewer_or_an_answer_to_them_is_marked() -> None:
    rows = ChatRows(viewer=Viewer("id of ada", "Ada"))
    taken = rows.take(
        [
            say(1, "mine @Ada", by="ada"),
            say(2, "hi @ada!"),
            say(3, "hello", reply_to=1),
            say(4, "@adam"),
        ]
    )
    assert [row.is_mention for row in taken] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("@bob", "bob", True),
        ("@bobby", "bob", False),
        ("@bobby @bob", "bob", True),
        ("@小明你好", "小明", True),
        ("bob", "bob", False),
        ("@", "", False),
    ],
)
def test_mentions_where_the_name_ends(text: str, name: str, *, expected: bool) -> None:
    assert mentions(text, name) is expected


def test_complete_offers_newest_first_without_the_viewer() -> None:
    rows = ChatRows(viewer=Viewer("id of ada", "ada"))
    rows.take([say(1, by="ada"), say(2, by="bob"), say(3, by="Bea"), say(4, by="carl")])
    assert rows.complete("b") == ["Bea", "bob"]
    assert rows.complete("") == ["carl", "Bea", "bob"]


def test_complete_remembers_a_bounded_number_of_names() -> None:
    rows = ChatRows()
    rows.take([say(n, by=f"u{n}") for n in range(NAMES_MAX + 1)])
    assert rows.complete("u0") == []


@pytest.mark.parametrize(
    ("text", "begun"),
    [("@", ""), ("hi @bo", "bo"), ("@bob ", None), ("mail a@b", None), ("", None)],
)
def test_find_begun_mention(text: str, begun: str | None) -> None:
    assert find_begun_mention(text) == begun


def test_complete_mention_writes_the_name_out() -> None:
    assert complete_mention("hi @bo", "bob b") == "hi @bob b "
    assert complete_mention("", "bob") == "@bob "
