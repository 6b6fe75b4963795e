"""Danmaku of a recording: the same rule as live, its clock the recording's own. GUI thread only.

Every text starts at the moment at which it was said, however seldom it is painted and at whatever
speed: the same recording on the same stage shows the same lanes every time. A jump lets the texts
of the last crossing fly once more through the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.danmaku.allocator import replay
from app.danmaku.lanes import HOLD_MS
from app.danmaku.listing import TextList
from app.ui.room.danmaku_layer import DanmakuLayer
from wire.event_base import DanmakuPosted

if TYPE_CHECKING:
    from app.danmaku.lanes import Text
    from wire.events import TimelineEntry

Take = Callable[[float, float], Iterable["TimelineEntry"]]
"""What happened after the one moment and up to the other."""


class ReplayDanmaku(DanmakuLayer):
    """`position_ms` is where the recording stands; `take` gives what happened."""

    def __init__(self, position_ms: Callable[[], float], take: Take) -> None:
        super().__init__()
        self._position_ms = position_ms
        self._take = take

    def jump(self) -> None:
        """The recording stands somewhere else, or more is known of what was said there."""
        at_ms = self._now_ms = self._position_ms()
        self._held = None
        span_ms = max(self.geometry.duration_ms, HOLD_MS)
        said = list(self._texts(at_ms - span_ms - 1, at_ms))
        self._lanes = replay(said, self.geometry, at_ms)
        self._list = TextList()
        self._fit_list()
        if self.settings.is_list:
            for said_ms, text in said:
                self._list.offer(text, said_ms)
            self._list.advance(at_ms)
        if not self.settings.is_on or self.settings.is_list:
            self._lanes.clear()

    def _tick(self) -> None:
        at_ms = self._position_ms()
        if self._is_paused or at_ms <= self._now_ms:
            return
        if self.settings.is_on:
            for said_ms, text in self._texts(self._now_ms, at_ms):
                self.counts.offer(text, said_ms)
        self._now_ms = at_ms

    def _texts(self, after_ms: float, to_ms: float) -> Iterable[tuple[float, Text]]:
        for entry in self._take(after_ms, to_ms):
            posted = entry.event
            if not isinstance(posted, DanmakuPosted):
                continue
            if self._sieve.blocks(posted.text, posted.user_id):
                continue
            yield float(entry.at_ms), self.measure_posted(posted)
