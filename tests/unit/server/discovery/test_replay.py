"""What could be known before an act: nothing of the act, nothing later."""

import numpy as np
import pytest

from server.discovery.features import NAMES, Features
from server.discovery.log import Availability, Log
from server.discovery.neighbours import find_neighbours
from server.discovery.replay import choose_half_lives, collect, moments
from server.discovery.taste import DAY_S, HalfLives, Tastes
from tests.unit.server.discovery.made_log import START_S, make_log


def rows_at(log: Log, cut: int, index: int) -> np.ndarray:
    """The features of the moment before act `index`; neighbours from before act `cut`."""
    tastes = Tastes(HalfLives())
    availability = Availability(make_log())
    for act in range(cut):
        tastes.add(log.act(act))
    neighbours = find_neighbours(
        tastes,
        float(log.at_s[cut - 1]),
        users=log.users_count,
        streamers=log.streamers_count,
    )
    features = Features(tastes, neighbours)
    wanted = np.zeros(len(log), dtype=bool)
    wanted[index] = True
    for moment in moments(log, tastes, availability, first=cut, last=len(log), wanted=wanted):
        return features.rows(moment.user, moment.candidates, moment.at_s)
    raise AssertionError("the moment was not reached")


def changed_after(log: Log, index: int) -> Log:
    """The same past; from act `index` on everybody does something else, and more of it."""
    rng = np.random.default_rng(9)
    later = np.arange(len(log)) >= index
    streamers = np.where(later, rng.integers(0, log.streamers_count, len(log)), log.streamers)
    # The act itself is still by the same user: what it asks about must be there to be chosen.
    streamers[index] = log.streamers[index]
    users = np.where(later, rng.integers(0, log.users_count, len(log)), log.users)
    users[index] = log.users[index]
    return Log(
        users, streamers, log.at_s, np.where(later, log.weights * 50, log.weights),
        log.users_count, log.streamers_count,
    )  # fmt: skip


@pytest.mark.parametrize("index", [700, 1_000, 1_500])
def test_features_when_the_act_and_all_later_ones_change_then_stay(index):
    log = make_log()
    cut = 600
    before = rows_at(log, cut, index)
    assert np.array_equal(before, rows_at(changed_after(log, index), cut, index))
    assert np.abs(before).sum() > 0


def test_features_when_an_earlier_act_changes_then_change():
    log = make_log()
    users = log.users.copy()
    user = users[1_000]
    own = np.flatnonzero(users[:1_000] == user)[-1]
    users[own] = (user + 1) % log.users_count
    other = Log(users, log.streamers, log.at_s, log.weights, log.users_count, log.streamers_count)
    assert not np.array_equal(rows_at(log, 600, 1_000), rows_at(other, 600, 1_000))


def test_moments_when_acts_share_an_instant_then_none_is_anothers_past():
    log = Log(
        np.array([0, 0, 0]), np.array([0, 1, 0]), np.array([START_S, START_S + 5, START_S + 5]),
        np.ones(3), 1, 2,
    )  # fmt: skip
    tastes = Tastes(HalfLives())
    seen = []
    for moment in moments(
        log, tastes, Availability(log), first=0, last=3, wanted=np.ones(3, dtype=bool)
    ):
        history = tastes.history(moment.user)
        seen.append(dict(zip(history.streamers, history.count, strict=True)) if history else {})
    assert seen == [{}, {0: 1.0}, {0: 1.0}]


def test_moments_when_streamers_are_live_only_at_times_then_only_those_are_candidates():
    log = make_log(with_shows=True)
    tastes = Tastes(HalfLives())
    sizes = [
        len(moment.candidates)
        for moment in moments(
            log, tastes, Availability(log), first=0, last=len(log),
            wanted=np.ones(len(log), dtype=bool),
        )
    ]  # fmt: skip
    assert len(sizes) == len(log)
    assert max(sizes) < log.streamers_count


def test_collect_when_done_then_every_list_has_one_choice_and_stands_for_all_candidates():
    log = make_log().sessionised()
    bounds = np.linspace(len(log) // 2, len(log), 3).astype(np.int64)
    segments, tastes, _ = collect(log, bounds, HalfLives(), np.random.default_rng(1))
    assert len(segments) == 2
    for segment in segments:
        assert segment.teaching
        assert segment.checking
        for one in segment.teaching:
            assert one.y.sum() == 1
            assert one.weights.sum() == pytest.approx(40, abs=1)
            assert one.x.shape[1] == len(NAMES)
    assert tastes.last_s == log.at_s[-1]


def test_half_lives_when_habits_turn_over_fast_then_are_short():
    rng = np.random.default_rng(2)
    rows = []
    for user in range(40):
        for week in range(30):
            # Each week another favourite, long before forgotten ones.
            favourite = int(rng.integers(0, 25))
            rows += [
                (user, favourite, START_S + week * 7 * DAY_S + day * DAY_S + rng.uniform(0, 3_600))
                for day in range(6)
            ]
    table = np.array(rows)
    log = Log(
        table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2],
        np.ones(len(table)), 40, 25,
    ).sorted()  # fmt: skip
    found = choose_half_lives(log, len(log), np.random.default_rng(1))
    assert found.long_s <= 7 * DAY_S
    assert choose_half_lives(log, 10, np.random.default_rng(1)) == HalfLives()
