import asyncio
import threading

from app.live.loop_thread import LoopThread


def test_submit_when_started_then_runs_on_the_loops_thread() -> None:
    loop = LoopThread()
    loop.start()

    async def name() -> str:
        return threading.current_thread().name

    assert loop.submit(name()).result(2) == "network"
    assert loop.stop()


def test_stop_when_work_is_left_then_cancels_it_before_the_last_work() -> None:
    loop = LoopThread()
    loop.start()
    order: list[str] = []
    begun = threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            order.append("work")

    async def last() -> None:
        order.append("last")

    future = loop.submit(work())
    assert begun.wait(2)
    assert loop.stop(last=last)
    assert order == ["work", "last"]
    assert future.cancelled()


def test_submit_when_stopped_then_is_cancelled_at_once() -> None:
    loop = LoopThread()
    loop.start()
    assert loop.stop()

    async def never() -> None:
        raise AssertionError

    assert loop.submit(never()).cancelled()
    loop.call(never)
