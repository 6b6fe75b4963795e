"""Sums that fade: the key form against the plain sum."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.discovery import decay

HALF_LIFE_S = 86_400.0
TAU = decay.tau_s(HALF_LIFE_S)
START_S = 1.8e9

events = st.lists(
    st.tuples(st.floats(0, 30 * 86_400), st.floats(1e-3, 1e4)), min_size=1, max_size=30
)


@given(events)
def test_value_when_added_in_any_order_then_is_the_decayed_sum(given_events):
    now_s = START_S + 31 * 86_400
    key = decay.NEVER
    for after_s, weight in given_events:
        key = decay.add(key, weight, START_S + after_s, TAU)
    expected = sum(
        weight * 2.0 ** (-(now_s - START_S - after_s) / HALF_LIFE_S)
        for after_s, weight in given_events
    )
    assert decay.value(key, now_s, TAU) == pytest.approx(expected, rel=1e-6)


@given(events, events)
def test_order_of_keys_when_time_passes_then_stays_the_order_of_sums(ours, theirs):
    keys = []
    for part in (ours, theirs):
        key = decay.NEVER
        for after_s, weight in part:
            key = decay.add(key, weight, START_S + after_s, TAU)
        keys.append(key)
    for days in (31, 100, 365):
        sums = decay.values(np.array(keys), START_S + days * 86_400, TAU)
        assert (keys[0] > keys[1]) == (sums[0] > sums[1]) or math.isclose(*sums, rel_tol=1e-9)


def test_add_when_the_weight_is_nothing_then_the_key_stays():
    assert decay.add(decay.NEVER, 0.0, START_S, TAU) == decay.NEVER
    assert decay.add(5.0, -1.0, START_S, TAU) == 5.0
    assert decay.value(decay.NEVER, START_S, TAU) == 0.0
