from __future__ import annotations

from app.danmaku.timing import HELD_MAX, STALE_MS, WAIT_MS_MAX, PictureTiming


def test_text_when_its_picture_is_to_come_then_waits_for_it() -> None:
    timing: PictureTiming[str] = PictureTiming()
    timing.show_picture(1_000_000, 0.0)
    assert list(timing.offer("goal", 1_200_000, 10.0)) == []
    assert timing.take_due(100.0) == []
    timing.show_picture(1_199_999, 190.0)
    assert timing.take_due(190.0) == []
    timing.show_picture(1_200_000, 200.0)
    assert timing.take_due(200.0) == ["goal"]
    assert len(timing) == 0


def test_text_when_it_has_no_moment_or_no_picture_is_there_then_shows_at_once() -> None:
    timing: PictureTiming[str] = PictureTiming()
    assert list(timing.offer("early", 5_000_000, 0.0)) == ["early"]
    timing.show_picture(0, 0.0)
    assert list(timing.offer("idle", None, 0.0)) == ["idle"]
    assert list(timing.offer("past", 0, 0.0)) == ["past"]


def test_text_when_the_picture_stands_then_waits_no_longer() -> None:
    timing: PictureTiming[str] = PictureTiming()
    timing.show_picture(0, 0.0)
    assert list(timing.offer("a", 900_000, 1.0)) == []
    assert timing.take_due(STALE_MS) == []
    assert timing.take_due(STALE_MS + 1) == ["a"]


def test_text_when_its_moment_never_comes_then_shows_after_the_bound() -> None:
    timing: PictureTiming[str] = PictureTiming()
    timing.show_picture(0, 0.0)
    assert list(timing.offer("of another broadcast", 10**12, 0.0)) == []
    for frame in range(int(WAIT_MS_MAX) // 100):
        timing.show_picture(frame * 100_000, frame * 100.0)
        assert timing.take_due(frame * 100.0) == []
    assert timing.take_due(WAIT_MS_MAX) == ["of another broadcast"]


def test_texts_when_there_are_too_many_then_the_oldest_show() -> None:
    timing: PictureTiming[int] = PictureTiming()
    timing.show_picture(0, 0.0)
    shown = [one for number in range(HELD_MAX + 3) for one in timing.offer(number, 9**9, 0.0)]
    assert shown == [0, 1, 2]
    timing.clear()
    assert len(timing) == 0
