from __future__ import annotations

from app.media.pushing.push_queue import WAITING_BYTES_MAX, PushItem, PushQueue


def _picture(pts_ms: int, *, key: bool = False, size: int = 100) -> PushItem:
    return PushItem("video", pts_ms * 1000, bytes(size), b"setup", key)


def _sound(pts_ms: int) -> PushItem:
    return PushItem("audio", pts_ms * 1000, b"a", b"setup")


def _opened() -> PushQueue:
    queue = PushQueue()
    queue.open()
    return queue


def _drain(queue: PushQueue) -> list[int]:
    times = []
    while (item := queue.pop()) is not None:
        times.append(item.pts_us // 1000)
    return times


def test_push_when_there_is_no_connection_then_nothing_is_kept() -> None:
    queue = PushQueue()
    assert not queue.push(_picture(0, key=True))
    queue.open()
    assert _drain(queue) == []
    assert queue.dropped == 0


def test_push_when_the_connection_is_new_then_it_begins_at_a_keyframe() -> None:
    queue = _opened()
    for item in (_picture(0), _sound(10), _picture(33, key=True), _sound(40), _picture(66)):
        queue.push(item)
    assert _drain(queue) == [33, 40, 66]


def test_push_when_too_much_time_waits_then_all_goes_and_a_keyframe_is_wanted() -> None:
    queue = _opened()
    queue.push(_picture(0, key=True))
    wanted = [queue.push(_picture(pts_ms)) for pts_ms in range(100, 3200, 100)]
    assert wanted == [False] * 30 + [True]
    assert _drain(queue) == []
    assert queue.dropped == 32
    queue.push(_picture(3300))
    queue.push(_picture(3400, key=True))
    assert _drain(queue) == [3400]


def test_push_when_too_many_bytes_wait_then_all_goes() -> None:
    queue = _opened()
    queue.push(_picture(0, key=True, size=WAITING_BYTES_MAX))
    assert queue.push(_picture(33))
    assert _drain(queue) == []


def test_close_when_something_waits_then_the_next_connection_begins_afresh() -> None:
    queue = _opened()
    queue.push(_picture(0, key=True))
    queue.close()
    queue.open()
    queue.push(_picture(33))
    assert _drain(queue) == []
