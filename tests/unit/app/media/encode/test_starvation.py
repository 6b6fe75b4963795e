from __future__ import annotations

import pytest

from app.media.encode.starvation import KEPT_S, StarvationWatch

LOOK_S = 0.1
STREAM_BPS = 2_628_000
IDLE: tuple[int, int | None] = (0, 0)
UNKNOWN: tuple[int, int | None] = (0, None)


class Machine:
    """Time goes in looks, each so much later than it should be."""

    def __init__(self) -> None:
        self.watch = StarvationWatch(LOOK_S)
        self.now_s = 50.0

    def look(self, late_ms: float, fill: tuple[int, int | None] = IDLE) -> bool:
        self.now_s += LOOK_S + late_ms / 1000
        return self.watch.look(
            self.now_s,
            refused_bytes=fill[0],
            unacknowledged_bytes=fill[1],
            stream_bps=STREAM_BPS,
        )


def starve(machine: Machine, fill: tuple[int, int | None] = IDLE) -> bool:
    """As it was measured when acknowledgements were late and the link was not."""
    return [machine.look(late_ms, fill) for late_ms in (1, 73, 85, 60, 107)][-1]


@pytest.mark.parametrize("late_ms", [0, 1, 9, 20])
def test_look_when_it_is_made_about_in_time_then_the_computer_is_not_blamed(
    late_ms: float,
) -> None:
    machine = Machine()
    assert not any(machine.look(late_ms) for _ in range(600))


def test_look_when_one_is_late_alone_then_the_computer_is_not_blamed() -> None:
    machine = Machine()
    late_ms = [200, *[1] * 19] * 10
    assert not any(machine.look(one) for one in late_ms)


@pytest.mark.parametrize("fill", [IDLE, UNKNOWN, (0, 20_000)])
def test_look_when_this_program_is_woken_late_and_the_link_takes_all_then_the_computer_is_blamed(
    fill: tuple[int, int | None],
) -> None:
    assert starve(Machine(), fill)


def test_look_when_one_was_very_late_then_that_is_enough() -> None:
    machine = Machine()
    machine.look(0)
    assert machine.look(2_400)


@pytest.mark.parametrize("fill", [(17_117, 21_490), (4_371, None), (0, 60_000)])
def test_look_when_the_kernel_holds_much_then_the_link_is_to_blame_however_late_looks_are(
    fill: tuple[int, int | None],
) -> None:
    assert not starve(Machine(), fill)


def test_look_when_the_kernel_held_a_keyframe_for_a_moment_then_the_link_is_not_blamed() -> None:
    machine = Machine()
    assert starve(machine)
    assert machine.look(80, (30_000, 60_000))
    assert machine.look(80)


def test_look_when_the_link_fills_after_the_computer_was_blamed_then_it_is_the_link_at_once() -> (
    None
):
    machine = Machine()
    assert starve(machine)
    machine.look(80, (17_117, 21_490))
    assert not machine.look(80, (17_117, 21_490))


def test_look_when_the_computer_is_free_again_then_it_is_blamed_for_a_moment_only() -> None:
    machine = Machine()
    assert starve(machine)
    assert machine.look(0)
    looks = round((KEPT_S + 1.5) / LOOK_S)
    assert not [machine.look(0) for _ in range(looks)][-1]


def test_forget_when_nobody_looked_on_purpose_then_that_is_not_lateness() -> None:
    machine = Machine()
    machine.look(0)
    machine.watch.forget()
    assert not machine.look(20_000)


def test_forget_when_the_computer_was_blamed_then_a_new_link_begins_without_blame() -> None:
    machine = Machine()
    assert starve(machine)
    machine.watch.forget()
    assert not machine.look(0)
