from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field, replace

import pytest

from app.media.encode.rate_control import (
    HOLD_S,
    STEP_S,
    STEP_S_MAX,
    Decision,
    RateController,
    RateReason,
    Uplink,
)

CAP_BPS = 2_500_000
LEAST_BPS = 80_000
AUDIO_BPS = 128_000
LOOK_S = 0.1
FEEDBACK_S = 0.5

CALM = Uplink(queued_ms=0, queued_bytes=0, received_bps=1_000_000)


def make_controller() -> RateController:
    return RateController(cap_bps=CAP_BPS, least_bps=LEAST_BPS, audio_bps=AUDIO_BPS)


def look(
    controller: RateController, uplink: Uplink, *, from_s: float, seconds: float
) -> list[Decision]:
    """The same again and again, ten times a second."""
    found = (
        controller.observe(from_s + number * LOOK_S, uplink)
        for number in range(round(seconds / LOOK_S))
    )
    return [decision for decision in found if decision is not None]


def queued(milliseconds: float, received_bps: float | None = 600_000) -> Uplink:
    return Uplink(queued_ms=milliseconds, queued_bytes=0, received_bps=received_bps)


@pytest.mark.parametrize(
    ("uplink", "rate", "reason"),
    [
        (queued(0), CAP_BPS, "start"),
        (queued(200), CAP_BPS, "start"),
        (queued(201), 412_000, "uplink_narrow"),  # 0.9 of what was taken, less the sound
        (queued(201, 1_000_000), 772_000, "uplink_narrow"),
        (queued(201, None), 1_054_600, "uplink_narrow"),  # not measured yet: half
        (queued(201, 4_000_000), CAP_BPS, "start"),  # it empties by itself
        (queued(900, 50_000), LEAST_BPS, "uplink_narrow"),
        # What waits is to be gone in three seconds.
        (Uplink(400, 37_500, received_bps=1_000_000), 672_000, "uplink_narrow"),
        (Uplink(0, 0, late_ms=199, received_bps=600_000, heard=2), CAP_BPS, "start"),
    ],
)
def test_observe_when_the_uplink_is_so_then_the_rate_is_that(
    uplink: Uplink, rate: int, reason: RateReason
) -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    decisions = look(controller, uplink, from_s=1, seconds=0.3)
    assert controller.bit_rate_bps == rate
    assert controller.reason == reason
    assert [decision.reason for decision in decisions] == ([] if reason == "start" else [reason])


def test_observe_when_one_look_alone_is_bad_then_the_rate_stays() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    assert controller.observe(1.0, queued(500)) is None
    assert look(controller, CALM, from_s=1.1, seconds=3) == []


def test_observe_when_this_program_stood_still_then_its_queue_is_not_held_against_the_link() -> (
    None
):
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    assert controller.observe(3.5, queued(2_500)) is None
    assert look(controller, CALM, from_s=3.6, seconds=3) == []


def test_observe_when_acknowledgements_come_late_then_the_link_is_narrow_though_nothing_waits() -> (
    None
):
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    late = [
        controller.observe(
            1 + number / 10,
            Uplink(0, 0, late_ms=500, received_bps=600_000, heard=1 + number // 5),
        )
        for number in range(10)
    ]
    found = [decision for decision in late if decision is not None]
    assert [decision.reason for decision in found] == ["uplink_narrow"]
    assert found[0].steady_bps == 412_000
    assert found[0].bit_rate_bps == 412_000 - 100_000  # half a second of the link, in three


def test_observe_when_the_computer_is_why_things_are_late_then_the_rate_stays() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    late = Uplink(400, 37_500, late_ms=900, received_bps=50_000, is_starved=True)
    assert look(controller, late, from_s=1, seconds=10) == []
    assert not controller.is_narrowed
    assert controller.starved > 50


def test_observe_when_the_computer_is_busy_and_nothing_is_late_then_the_rate_still_rises() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    look(controller, queued(400), from_s=1, seconds=0.5)
    look(controller, replace(CALM, is_starved=True), from_s=1.5, seconds=60)
    assert controller.bit_rate_bps == CAP_BPS
    assert controller.starved == 0


def test_observe_when_one_acknowledgement_is_late_then_it_is_counted_once() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    late = Uplink(0, 0, late_ms=500, received_bps=600_000, heard=1)
    assert look(controller, late, from_s=1, seconds=5) == []


def test_observe_when_cut_then_the_next_cut_waits_for_what_the_first_one_did() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    first = look(controller, queued(400), from_s=1, seconds=1)
    assert len(first) == 1
    second = look(controller, queued(400, 300_000), from_s=2, seconds=0.9)
    assert [decision.bit_rate_bps for decision in second] == [142_000]
    assert second[0].at_s - first[0].at_s >= HOLD_S


def test_observe_when_the_queue_is_empty_again_then_the_rate_is_what_the_link_takes() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    full = Uplink(400, 37_500, received_bps=1_000_000)
    look(controller, full, from_s=1, seconds=0.5)
    drained = look(controller, CALM, from_s=1.5, seconds=1)
    assert [(one.reason, one.bit_rate_bps) for one in drained] == [("uplink_drained", 772_000)]


def test_observe_when_calm_then_the_rate_rises_by_a_tenth_every_four_seconds_to_the_cap() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    look(controller, queued(400), from_s=1, seconds=0.5)
    rises = look(controller, CALM, from_s=1.5, seconds=60)
    assert {decision.reason for decision in rises} == {"uplink_calm"}
    rates = [412_000, *(decision.bit_rate_bps for decision in rises)]
    steps = {after - before for before, after in itertools.pairwise(rates)}
    assert steps == {CAP_BPS // 10, CAP_BPS - 412_000 - 8 * CAP_BPS // 10}
    assert rates[-1] == CAP_BPS
    gaps = [b.at_s - a.at_s for a, b in itertools.pairwise(rises)]
    assert all(STEP_S <= gap <= STEP_S + 2 * LOOK_S for gap in gaps)
    assert not controller.is_narrowed


def test_observe_when_rises_fail_then_each_next_one_waits_longer_up_to_a_bound() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    look(controller, queued(400), from_s=1, seconds=0.5)
    now_s, waits = 1.5, []
    for _ in range(4):
        since_s = now_s
        while not any(
            decision.reason == "uplink_calm"
            for decision in look(controller, CALM, from_s=now_s, seconds=LOOK_S)
        ):
            now_s += LOOK_S
        waits.append(now_s - since_s)
        now_s += LOOK_S
        look(controller, queued(400), from_s=now_s, seconds=0.5)
        now_s += 0.5
    assert waits == pytest.approx([4, 8, 12, 12], abs=0.5)
    assert max(waits) <= STEP_S_MAX + 0.5


def test_forget_when_the_link_was_cut_then_the_rate_stays_and_old_looks_do_not_count() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    look(controller, queued(400), from_s=1, seconds=0.5)
    rate_bps = controller.bit_rate_bps
    controller.forget()
    assert controller.observe(1.6, queued(900, 10_000)) is None
    assert controller.bit_rate_bps == rate_bps


def test_change_cap_when_a_layer_goes_and_comes_back_then_the_rate_follows() -> None:
    controller = make_controller()
    decision = controller.change_cap(1.0, 1_500_000, LEAST_BPS)
    assert decision is not None
    assert (decision.reason, decision.bit_rate_bps) == ("cap_changed", 1_500_000)
    again = controller.change_cap(2.0, CAP_BPS, LEAST_BPS)
    assert again is not None
    assert again.bit_rate_bps == CAP_BPS


def test_change_cap_when_the_link_is_narrow_then_more_layers_do_not_widen_it() -> None:
    controller = make_controller()
    look(controller, CALM, from_s=0, seconds=1)
    look(controller, queued(400), from_s=1, seconds=0.5)
    assert controller.change_cap(2.0, 3_500_000, LEAST_BPS) is None
    assert controller.bit_rate_bps == 412_000


@dataclass
class Link:
    """A link of some width behind a socket that hides some bytes; time goes in looks."""

    controller: RateController
    hidden_bytes_max: int = 64_000
    now_s: float = 0.0
    queue: list[tuple[float, float]] = field(default_factory=list)
    """Bytes and the moment when they were made."""
    hidden: list[tuple[float, float]] = field(default_factory=list)
    received: float = 0.0
    counted: float = 0.0
    rate_bps: float | None = None
    late_ms: float = 0.0
    heard: int = 0
    heard_at_s: float = 0.0
    delays_s: list[tuple[float, float]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def run(self, seconds: float, width_bps: float, chance: random.Random) -> None:
        for _ in range(round(seconds / LOOK_S)):
            self._step(width_bps, chance)

    def _step(self, width_bps: float, chance: random.Random) -> None:
        self.now_s += LOOK_S
        made = (self.controller.bit_rate_bps + AUDIO_BPS) / 8 * LOOK_S
        self.queue.append((made * chance.uniform(0.8, 1.2), self.now_s))
        room = width_bps / 8 * LOOK_S
        while room > 0 and self.hidden:
            size, made_at_s = self.hidden.pop(0)
            passed = min(size, room)
            room -= passed
            self.received += passed
            if passed < size:
                self.hidden.insert(0, (size - passed, made_at_s))
            else:
                self.delays_s.append((self.now_s, self.now_s - made_at_s))
        while self.queue and sum(size for size, _ in self.hidden) < self.hidden_bytes_max:
            self.hidden.append(self.queue.pop(0))
        if self.now_s - self.heard_at_s >= FEEDBACK_S:
            self.rate_bps = (self.received - self.counted) * 8 / (self.now_s - self.heard_at_s)
            self.counted, self.heard_at_s = self.received, self.now_s
            self.heard += 1
            self.late_ms = (self.now_s - self.hidden[0][1]) * 1000 if self.hidden else 0.0
        if self.queue and self.now_s - self.queue[0][1] > 1.0:
            self.queue.clear()  # as the send buffer does
        decision = self.controller.observe(
            self.now_s,
            Uplink(
                queued_ms=(self.now_s - self.queue[0][1]) * 1000 if self.queue else 0.0,
                queued_bytes=round(sum(size for size, _ in self.queue)),
                late_ms=self.late_ms,
                received_bps=self.rate_bps,
                heard=self.heard,
            ),
        )
        if decision is not None:
            self.decisions.append(decision)

    def delay_s_max(self, since_s: float, until_s: float) -> float:
        return max(
            (delay for at_s, delay in self.delays_s if since_s <= at_s <= until_s), default=0
        )


@pytest.mark.parametrize("seed", range(40))
def test_controller_on_any_link_then_the_delay_heals_and_the_users_rate_comes_back(
    seed: int,
) -> None:
    chance = random.Random(seed)
    narrow_bps = chance.uniform(300_000, 2_000_000)
    hidden = chance.choice((16_000, 48_000, 96_000))
    link = Link(make_controller(), hidden_bytes_max=hidden)
    link.run(10, 5_000_000, chance)
    assert link.controller.bit_rate_bps == CAP_BPS
    link.run(40, narrow_bps, chance)
    told = [decision for decision in link.decisions if decision.reason == "uplink_narrow"]
    assert told, "it was noticed"
    assert told[0].at_s <= 13
    hidden_s = hidden * 8 / narrow_bps
    assert link.delay_s_max(25, 50) <= hidden_s + 1.5
    link.run(75, 5_000_000, chance)
    assert link.controller.bit_rate_bps == CAP_BPS
    assert all(LEAST_BPS <= decision.bit_rate_bps <= CAP_BPS for decision in link.decisions)
    rates = [CAP_BPS, *(decision.bit_rate_bps for decision in link.decisions)]
    assert all(
        after - before <= CAP_BPS // 10 or decision.reason == "uplink_drained"
        for before, after, decision in zip(rates, rates[1:], link.decisions, strict=False)
    )


@pytest.mark.parametrize("seed", range(20))
def test_controller_on_a_link_that_is_wide_and_jitters_then_nothing_is_ever_lowered(
    seed: int,
) -> None:
    chance = random.Random(seed)
    controller = make_controller()
    for number in range(1_200):
        uplink = Uplink(
            queued_ms=chance.uniform(0, 190),
            queued_bytes=chance.randrange(60_000),
            late_ms=chance.uniform(0, 290),
            received_bps=chance.uniform(1_000_000, 4_000_000),
            heard=number // 5,
        )
        assert controller.observe(number * LOOK_S, uplink) is None
    assert controller.bit_rate_bps == CAP_BPS
