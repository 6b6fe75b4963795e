from __future__ import annotations

import pytest

from app.media.encode.cpu_budget import RETRY_S, CpuBudget, judge_machine, order_of_leaving
from app.media.encode.layers import LADDER, LayerSpec, parse_layers

FRAME_MS = 1000 / 30
COST_MS = {"720p": 9.0, "540p": 5.0, "360p": 3.0}


def cost(specs: tuple[LayerSpec, ...], times: float) -> float:
    return times * sum(COST_MS[spec.name] for spec in specs)


@pytest.mark.parametrize(
    ("slower", "layers"),
    [
        (0.5, LADDER),
        (0.98, LADDER),
        (1.2, "720p,360p"),
        (1.8, "720p"),
        (3.0, "540p"),
        (5.0, "360p"),
        (50.0, "360p"),
    ],
)
def test_judge_machine_when_it_is_so_slow_then_that_much_of_the_ladder_fits(
    slower: float, layers: str
) -> None:
    verdict = judge_machine(lambda specs: cost(specs, slower), FRAME_MS)
    assert verdict.layers == layers
    assert verdict.is_whole == (layers == LADDER)
    assert verdict.tried[-1] == (layers, verdict.encode_ms)
    assert verdict.specs == parse_layers(layers)


def test_order_of_leaving_then_the_middle_goes_first_and_the_best_never() -> None:
    assert order_of_leaving(parse_layers(LADDER)) == (1, 0)
    assert order_of_leaving(parse_layers("720p")) == ()
    assert order_of_leaving(parse_layers("1080p,720p,540p,360p")) == (2, 1, 0)


class Encoding:
    """Three layers at 30 pictures a second; a share of them is lost."""

    def __init__(self, layers: str = LADDER) -> None:
        self.budget = CpuBudget(parse_layers(layers))
        self.now_s = 0.0
        self._frames = self._dropped = 0

    def run(self, seconds: int, lost_share: float) -> list[float]:
        """The moments of changes."""
        changes = []
        for _ in range(seconds):
            self.now_s += 1
            self._frames += 30
            self._dropped += round(30 * lost_share * len(self.budget.specs))
            if self.budget.observe(self.now_s, frames=self._frames, dropped=self._dropped):
                changes.append(self.now_s)
        return changes

    def layers(self) -> list[int]:
        return [spec.layer for spec in self.budget.specs]


def test_budget_when_encoders_keep_up_then_all_layers_stay() -> None:
    encoding = Encoding()
    assert encoding.run(60, 0.0) == []
    assert encoding.run(60, 0.03) == []
    assert encoding.layers() == [0, 1, 2]


def test_budget_when_encoders_are_too_slow_then_layers_go_one_by_one_and_the_best_stays() -> None:
    encoding = Encoding()
    encoding.run(3, 0.0)
    assert len(encoding.run(4, 0.3)) == 1
    assert encoding.layers() == [0, 2]
    assert len(encoding.run(10, 0.3)) == 1
    assert encoding.layers() == [2]
    assert encoding.run(60, 0.3) == []


def test_budget_when_one_second_alone_is_slow_then_nothing_changes() -> None:
    encoding = Encoding()
    for _ in range(10):
        assert encoding.run(1, 0.5) == []
        assert encoding.run(3, 0.0) == []


def test_budget_when_it_is_calm_again_then_layers_come_back_and_later_where_that_failed() -> None:
    encoding = Encoding()
    encoding.run(2, 0.0)
    (gone_s,) = encoding.run(4, 0.3)
    (back_s,) = encoding.run(40, 0.0)
    assert back_s - gone_s >= RETRY_S
    assert encoding.layers() == [0, 1, 2]
    encoding.run(6, 0.3)
    assert encoding.layers() == [0, 2]
    assert encoding.run(50, 0.0) == []
    assert len(encoding.run(20, 0.0)) == 1


def test_budget_when_there_is_one_layer_then_it_stays() -> None:
    encoding = Encoding("720p")
    assert encoding.run(60, 0.5) == []
