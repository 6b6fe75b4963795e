from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import TYPE_CHECKING, cast

from app.net.send_buffer import SendBuffer
from app.net.uplink_path import UplinkPath
from tests.support.synthetic_media import SyntheticMedia
from wire.media_events import PublishFeedback
from wire.media_packet import Kind

if TYPE_CHECKING:
    from app.net.media_socket import RelaySocket

FEEDBACK_S = 0.1
ROUND_TRIP_S = 0.05


class _Socket:
    """Takes everything; says once that so much was sent."""

    round_trip_ms = ROUND_TRIP_S * 1000

    def __init__(self, awaited: int) -> None:
        self.sent: list[bytes] = []
        self.has_all = asyncio.Event()
        self._awaited = awaited

    async def send(self, message: bytes) -> None:
        self.sent.append(message)
        if len(self.sent) == self._awaited:
            self.has_all.set()


async def _path_that_sent(pictures: int) -> UplinkPath:
    path = UplinkPath(threading.Lock(), asyncio.get_running_loop())
    socket = _Socket(pictures)
    path.begin(cast("RelaySocket", socket))
    path.buffer.open()
    media = SyntheticMedia(has_audio=False)
    for _ in range(pictures):
        path.buffer.push(media.next_frame()[0])
    sending = path.send_all(cast("RelaySocket", socket), lambda: False)
    sender = asyncio.get_running_loop().create_task(sending)
    await socket.has_all.wait()
    sender.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sender
    for _ in range(2):
        path.buffer.push(media.next_frame()[0])
    return path


def _feedback(packets: int) -> PublishFeedback:
    return PublishFeedback(
        packets=packets, bytes=0, last_pts_us=0, subscribers=0, relay_unix_us=1_000_000
    )


async def test_overdue_when_no_acknowledgement_comes_then_grows_until_one_does() -> None:
    began_s = time.monotonic()
    path = await _path_that_sent(3)
    due_s = time.monotonic() + ROUND_TRIP_S + FEEDBACK_S
    assert path.overdue_s(began_s + ROUND_TRIP_S + FEEDBACK_S, FEEDBACK_S) == 0.0
    assert path.overdue_s(due_s + 10, FEEDBACK_S) >= 10
    path.hear(_feedback(3))
    assert path.overdue_s(due_s + 10, FEEDBACK_S) == 0.0, "it has nothing to acknowledge"
    path.end(is_handed_over=False)
    assert path.overdue_s(due_s, FEEDBACK_S) == float("inf")


async def test_hand_over_then_all_that_is_not_acknowledged_goes_once_and_in_order() -> None:
    path = await _path_that_sent(5)
    path.hear(_feedback(2))
    assert [packet.sequence for packet in path.hand_over()] == [2, 3, 4, 5, 6]
    assert path.buffer.pop() is None
    assert path.hand_over() == []
    assert path.end(is_handed_over=True) == [], "what the other way has is not given to it again"


async def test_end_then_what_was_sent_since_a_hand_over_is_left() -> None:
    path = await _path_that_sent(5)
    other = SendBuffer()
    other.open()
    other.take_over(packet for packet in path.end(is_handed_over=True))
    assert other.queued_us == 0
    taken = [other.pop() for _ in range(7)]
    assert all(getattr(one, "kind", None) is Kind.VIDEO for one in taken)
    assert other.pop() is None
