"""Banners and effects of gifts: combos, the bounded queues, and what is dropped."""

from __future__ import annotations

from app.state.gift_show import (
    BANNER_MS,
    BANNER_WAITS_MS_MAX,
    BANNERS_MAX,
    BANNERS_WAITING_MAX,
    STAGE_MS,
    STAGE_WAITING_MAX,
    GiftShow,
    ShownGift,
)


def gift(
    key: str = "a", count: int = 1, value: int = 1, *, is_stage: bool = False, is_own: bool = False
) -> ShownGift:
    return ShownGift(
        combo_key=key,
        sender=f"sender {key}",
        gift_id="flower",
        name="Flower",
        count=count,
        value_coins=value,
        is_stage=is_stage,
        is_own=is_own,
    )


def shown(show: GiftShow) -> list[str]:
    return [banner.gift.combo_key for banner in sorted(show.banners, key=lambda one: one.row)]


def test_combo_when_it_goes_on_then_one_banner_counts_up_and_stays_longer() -> None:
    show = GiftShow()
    show.offer(gift(count=1), 0)
    show.offer(gift(count=2), 2000)
    assert [banner.gift.count for banner in show.banners] == [2]
    show.advance(BANNER_MS + 1000)
    assert shown(show) == ["a"]
    show.advance(2000 + BANNER_MS)
    assert not show.is_moving


def test_combo_when_answers_overtake_each_other_then_count_never_falls() -> None:
    show = GiftShow()
    show.offer(gift(count=5), 0)
    show.offer(gift(count=4), 10)
    assert show.banners[0].gift.count == 5


def test_banners_when_all_rows_are_taken_then_the_next_waits_for_a_row() -> None:
    show = GiftShow()
    for number in range(BANNERS_MAX + 1):
        show.offer(gift(str(number)), 0)
    assert shown(show) == ["0", "1", "2"]
    show.offer(gift("3", count=7), 100)
    show.offer(gift("0", count=2), 1000)
    show.advance(BANNER_MS)
    assert shown(show) == ["0", "3"]
    assert [banner.gift.count for banner in show.banners] == [2, 7]


def test_gift_when_one_of_its_combo_has_waited_too_long_then_shows_all_the_same() -> None:
    show = GiftShow()
    for number in range(BANNERS_MAX + 1):
        show.offer(gift(str(number)), 0)
    show.offer(gift("3", count=2), BANNER_WAITS_MS_MAX + 1)  # nothing was painted meanwhile
    assert shown(show) == ["3"]


def test_waiting_when_full_then_the_newest_of_the_least_value_is_dropped_and_counted() -> None:
    show = GiftShow()
    for number in range(BANNERS_MAX + BANNERS_WAITING_MAX):
        show.offer(gift(str(number), value=10), 0)
    show.offer(gift("dear", value=100), 0)
    show.offer(gift("cheap", value=1), 0)
    assert show.dropped == 2
    waiting = [one.gift.combo_key for one in show._banners_waiting]
    assert len(waiting) == BANNERS_WAITING_MAX
    assert "dear" in waiting
    assert "cheap" not in waiting
    assert waiting[0] == str(BANNERS_MAX)


def test_waiting_when_too_old_then_only_ones_own_is_still_shown() -> None:
    show = GiftShow()
    for number in range(BANNERS_MAX):
        show.offer(gift(str(number)), 0)
    show.offer(gift("late"), 0)
    show.offer(gift("own", is_own=True), 0)
    show.advance(BANNER_WAITS_MS_MAX + 1)
    assert shown(show) == ["own"]
    assert show.dropped == 1


def test_stage_effects_when_several_come_then_they_follow_each_other() -> None:
    show = GiftShow()
    show.offer(gift("a", is_stage=True), 0)
    show.offer(gift("b", is_stage=True), 0)
    assert show.effect is not None
    assert show.effect.gift.combo_key == "a"
    assert show.effect.progress(STAGE_MS / 2) == 0.5
    show.advance(STAGE_MS)
    assert show.effect is not None
    assert show.effect.gift.combo_key == "b"
    show.advance(2 * STAGE_MS)
    assert show.effect is None


def test_stage_effects_when_too_many_wait_then_queue_is_bounded_and_own_is_kept() -> None:
    show = GiftShow()
    show.offer(gift("own", is_stage=True, is_own=True, value=1), 0)
    for number in range(50):
        show.offer(gift(str(number), is_stage=True, value=number), 0)
    show.offer(gift("own too", is_stage=True, is_own=True, value=1), 0)
    kept = [one.gift.combo_key for one in show._effects_waiting]
    assert len(kept) == STAGE_WAITING_MAX
    assert "own too" in kept
    assert "49" in kept


def test_show_when_cleared_then_nothing_moves() -> None:
    show = GiftShow()
    for number in range(10):
        show.offer(gift(str(number), is_stage=True), 0)
    show.clear()
    assert not show.is_moving
