from __future__ import annotations

from app.danmaku.lanes import Text
from app.danmaku.listing import LEAST_MS, LINES_MAX, SHOW_MS, TextList


def text(key: str, words: str = "", **fields: bool) -> Text:
    return Text(key=key, text=words or key, width=100, user_id=key, **fields)


def keys(texts: TextList) -> list[str]:
    return [line.text.key for line in texts.lines]


def test_list_when_it_is_full_then_the_oldest_line_leaves_once_it_could_be_read() -> None:
    texts = TextList()
    texts.fit(2)
    for key in "abc":
        texts.offer(text(key), 0.0)
    assert (keys(texts), texts.hidden) == (["a", "b"], 1)
    texts.offer(text("host", is_privileged=True), 1.0)
    assert keys(texts) == ["b", "host"]
    texts.offer(text("d"), LEAST_MS)
    assert keys(texts) == ["host", "d"]
    assert texts.offered == texts.shown + texts.merged + texts.hidden


def test_list_when_the_stage_has_become_lower_then_no_line_stands_outside() -> None:
    texts = TextList()
    for number in range(LINES_MAX):
        texts.offer(text(str(number)), 0.0)
    texts.fit(3)
    assert keys(texts) == ["5", "6", "7"]
    texts.offer(text("new"), LEAST_MS)
    assert keys(texts) == ["6", "7", "new"]
    assert texts.offered == texts.shown + texts.merged + texts.hidden


def test_line_when_its_time_is_over_then_leaves() -> None:
    texts = TextList()
    texts.offer(text("a"), 0.0)
    texts.offer(text("b"), 100.0)
    texts.advance(SHOW_MS)
    assert keys(texts) == ["b"]


def test_equal_texts_when_listed_then_count_up_and_own_stays_alone() -> None:
    texts = TextList()
    texts.offer(text("a", "hi"), 0.0)
    texts.offer(text("b", "HI!"), 0.0)
    texts.offer(text("own", "hi", is_own=True), 0.0)
    assert [(line.text.key, line.count) for line in texts.lines] == [("a", 2), ("own", 1)]
    texts.take_back("own")
    texts.remove(user_id="a")
    assert texts.lines == ()
    assert (texts.offered, texts.shown, texts.merged) == (2, 1, 1)
