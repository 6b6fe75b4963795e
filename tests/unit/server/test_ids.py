from __future__ import annotations

import secrets

from hypothesis import given
from hypothesis import strategies as st

from server.ids import MessageIds, derive_secret, digest, make_id, make_secret
from wire.limits import ID_CHARACTERS_MAX, TOKEN_CHARACTERS_MAX


def test_make_id_when_made_then_short_and_lower_case() -> None:
    made = make_id(secrets.token_bytes)
    assert made == made.lower()
    assert made.isalnum()
    assert len(made) == 16


def test_make_secret_when_made_then_256_bits_and_url_safe() -> None:
    secret = make_secret(lambda size: b"\xff" * size)
    assert len(secret) == 43 <= TOKEN_CHARACTERS_MAX
    assert secret.replace("-", "").replace("_", "").isalnum()
    assert secret not in digest(secret)


def test_derive_secret_when_purpose_or_master_differ_then_another() -> None:
    one = derive_secret(b"k" * 32, "room:a")
    assert one == derive_secret(b"k" * 32, "room:a")
    assert len({one, derive_secret(b"k" * 32, "room:b"), derive_secret(b"j" * 32, "room:a")}) == 3


@given(st.lists(st.integers(min_value=0, max_value=2**45), min_size=2, max_size=50))
def test_message_ids_when_the_clock_does_anything_then_they_grow(times_ms: list[int]) -> None:
    ids = MessageIds(secrets.token_bytes)
    made = [ids.make(time_ms) for time_ms in times_ms]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(len(message_id) <= ID_CHARACTERS_MAX for message_id in made)


def test_message_ids_when_a_later_one_is_stored_then_they_go_on_after_it() -> None:
    stored = MessageIds(secrets.token_bytes).make(5_000)
    ids = MessageIds(secrets.token_bytes)
    ids.advance_past(stored)
    assert ids.make(1_000) > stored


def test_message_ids_when_a_millisecond_is_full_then_the_next_is_used() -> None:
    ids = MessageIds(lambda _size: b"\xff\xff\xff\xff")
    ids._last = (7, 32**4 - 1)
    last = ids.make(7)
    assert ids.make(7) > last
    assert ids._last == (8, 1)
