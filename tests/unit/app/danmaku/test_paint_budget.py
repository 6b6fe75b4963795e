from __future__ import annotations

from app.danmaku.paint_budget import SHARE_MIN, PaintBudget


def paint(budget: PaintBudget, paint_ms: float, *, from_ms: float) -> None:
    for frame in range(61):
        budget.observe(paint_ms, from_ms + frame * 17)


def test_share_falls_by_a_fifth_after_a_second_of_slow_painting() -> None:
    budget = PaintBudget()
    paint(budget, 9.0, from_ms=0)
    assert budget.share == 0.8
    assert sum(budget.admit() for _ in range(100)) == 80


def test_share_never_falls_to_nothing_and_comes_back() -> None:
    budget = PaintBudget()
    for second in range(30):
        paint(budget, 20.0, from_ms=second * 1100.0)
    assert budget.share == SHARE_MIN
    for second in range(30, 60):
        paint(budget, 1.0, from_ms=second * 1100.0)
    assert budget.share == 1.0
    assert all(budget.admit() for _ in range(10))
