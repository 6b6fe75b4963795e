from __future__ import annotations

import pytest

from app.danmaku.choices import DanmakuSettings
from app.danmaku.lanes import Mode
from app.danmaku.saying import Saying, fly
from app.live.burning import BurnedDanmaku, measured, stage_for
from tests.unit.app.live.replay_parts import PlainPainter

SETTINGS = DanmakuSettings()


def test_texts_when_laid_then_they_are_where_the_rule_has_them() -> None:
    sayings = [
        Saying(at_ms, f"{mode.name} {chr(0x4E00 + at_ms)}", mode)
        for at_ms in range(10, 4000, 153)
        for mode in (Mode.SCROLL_RTL, Mode.TOP)
    ]
    painter = PlainPainter()
    burned = BurnedDanmaku(sayings, painter, SETTINGS)
    stage = stage_for(640, 360, SETTINGS)
    flights = fly(sayings, stage, measured(sayings, stage, painter))
    for at_ms in range(0, 6000, 40):
        expected = {
            (round(one.flight.x(stage, at_ms)), round(one.flight.y(stage)))
            for one in flights
            if one.from_ms <= at_ms < one.to_ms
            and -one.flight.text.width < one.flight.x(stage, at_ms) < 640
        }
        got = {(one.x, one.y) for one in burned.lay(float(at_ms), 640, 360, True)}
        assert got == expected
    assert len(painter.painted) == len(set(painter.painted))


def test_counts_when_texts_are_equal_then_their_badge_is_painted_at_its_moment() -> None:
    full = [Saying(0, f"{number:02}" + "x" * 60) for number in range(18)]
    again = [Saying(1000, full[0].text), Saying(2000, full[0].text)]
    painter = PlainPainter()
    burned = BurnedDanmaku([*full, *again], painter, SETTINGS)
    for at_ms in (500.0, 1500.0, 2500.0):
        burned.lay(at_ms, 1280, 720, True)
    assert [one for one in painter.painted if one.startswith("×")] == ["×2", "×3"]


def test_stage_when_made_then_it_is_as_the_window_makes_it() -> None:
    stage = stage_for(1280, 720, DanmakuSettings(font=30, area=0.5, speed=2.0))
    assert stage.font == 30
    assert stage.lanes == 7
    assert stage.duration_ms == pytest.approx(4000)
    assert stage_for(320, 180, SETTINGS).font == 12
