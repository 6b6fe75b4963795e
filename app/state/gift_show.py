"""When each gift shows over the stage: banners at the left, and one full-stage effect at a time.

Pure: time is an argument, in milliseconds of any one clock. Nothing here paints.

What is dropped when gifts come faster than they can be shown:
- A gift of a combo whose banner shows or waits raises its count and takes no banner of its own;
  what fills the stage is shown for each.
- Where `BANNERS_WAITING_MAX` (or `STAGE_WAITING_MAX`) wait, the one of the least value gives way,
  of equals the newest; one's own gifts are worth more than any other.
- What has waited longer than its limit is not shown any more, unless it is one's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

BANNERS_MAX: Final = 3
BANNER_MS: Final = 3500.0
"""How long a banner stays after the last gift of its combo."""
BANNER_LEAVES_MS: Final = 300.0
BANNERS_WAITING_MAX: Final = 40
BANNER_WAITS_MS_MAX: Final = 15_000.0
STAGE_MS: Final = 4200.0
STAGE_WAITING_MAX: Final = 5
STAGE_WAITS_MS_MAX: Final = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGift:
    """A gift, or the newest one of a combo."""

    combo_key: str
    """The same for all gifts of one combo."""
    sender: str
    gift_id: str
    name: str
    """The gift's, in the viewer's language."""
    count: int
    """Of the whole combo up to now."""
    value_coins: int
    is_stage: bool = False
    """Has a full-stage effect besides its banner."""
    is_own: bool = False


@dataclass(slots=True)
class Banner:
    """One row at the left of the stage."""

    gift: ShownGift
    row: int
    shown_at_ms: float
    raised_at_ms: float
    """When its count grew last."""

    @property
    def ends_at_ms(self) -> float:
        return self.raised_at_ms + BANNER_MS


@dataclass(frozen=True, slots=True)
class StageEffect:
    gift: ShownGift
    began_at_ms: float

    def progress(self, now_ms: float) -> float:
        """From 0 to 1."""
        return min(1.0, max(0.0, (now_ms - self.began_at_ms) / STAGE_MS))


@dataclass(slots=True)
class _Waiting:
    gift: ShownGift
    since_ms: float


class GiftShow:
    """`offer` gifts, `advance` the time, and paint `banners` and `effect`."""

    def __init__(self) -> None:
        self.banners: list[Banner] = []
        self.effect: StageEffect | None = None
        self.dropped = 0
        """Banners and effects that were never shown."""
        self._banners_waiting: list[_Waiting] = []
        self._effects_waiting: list[_Waiting] = []

    @property
    def is_moving(self) -> bool:
        """Whether there is something to paint anew."""
        return bool(self.banners or self.effect or self._banners_waiting or self._effects_waiting)

    def offer(self, gift: ShownGift, now_ms: float) -> None:
        """A gift was sent; its banner shows, waits, or raises the one of its combo."""
        self.advance(now_ms)
        if gift.is_stage:
            self._queue(self._effects_waiting, gift, now_ms, STAGE_WAITING_MAX)
        if not self._raise(gift, now_ms):
            self._queue(self._banners_waiting, gift, now_ms, BANNERS_WAITING_MAX)
        self.advance(now_ms)

    def advance(self, now_ms: float) -> None:
        """What has ended goes, and what waits takes its place."""
        self.banners = [banner for banner in self.banners if banner.ends_at_ms > now_ms]
        self._forget_late(self._banners_waiting, now_ms, BANNER_WAITS_MS_MAX)
        for row in range(BANNERS_MAX):
            if self._banners_waiting and all(banner.row != row for banner in self.banners):
                gift = self._banners_waiting.pop(0).gift
                self.banners.append(Banner(gift, row, now_ms, now_ms))
        if self.effect is not None and self.effect.progress(now_ms) >= 1.0:
            self.effect = None
        self._forget_late(self._effects_waiting, now_ms, STAGE_WAITS_MS_MAX)
        if self.effect is None and self._effects_waiting:
            self.effect = StageEffect(self._effects_waiting.pop(0).gift, now_ms)

    def clear(self) -> None:
        """Another room, or effects are muted."""
        self.banners = []
        self.effect = None
        self._banners_waiting.clear()
        self._effects_waiting.clear()

    def _raise(self, gift: ShownGift, now_ms: float) -> bool:
        for banner in self.banners:
            if banner.gift.combo_key == gift.combo_key and banner.ends_at_ms > now_ms:
                banner.gift = _newer(banner.gift, gift)
                banner.raised_at_ms = now_ms
                return True
        for waiting in self._banners_waiting:
            if waiting.gift.combo_key == gift.combo_key:
                waiting.gift = _newer(waiting.gift, gift)
                return True
        return False

    def _queue(
        self, waiting: list[_Waiting], gift: ShownGift, now_ms: float, waiting_max: int
    ) -> None:
        waiting.append(_Waiting(gift, now_ms))
        if len(waiting) > waiting_max:
            # The newest of the least: those before it have waited for their turn.
            least = min(reversed(waiting), key=lambda one: _worth(one.gift))
            waiting.remove(least)
            self.dropped += 1

    def _forget_late(self, waiting: list[_Waiting], now_ms: float, wait_ms_max: float) -> None:
        kept = [one for one in waiting if one.gift.is_own or now_ms - one.since_ms <= wait_ms_max]
        self.dropped += len(waiting) - len(kept)
        waiting[:] = kept


def _newer(before: ShownGift, gift: ShownGift) -> ShownGift:
    """Answers may overtake each other: a combo's count never falls."""
    return replace(gift, count=max(before.count, gift.count))


def _worth(gift: ShownGift) -> tuple[bool, int]:
    return (gift.is_own, gift.value_coins)
