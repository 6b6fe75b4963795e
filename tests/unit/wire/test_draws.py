"""The draw against an implementation of its own, written from docs/protocol.md alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import draws
from wire.ids import UserId

SEEDS = st.binary(min_size=32, max_size=32)
ENTRIES = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=40)


def independently(seed: bytes, names: list[str], winners_max: int) -> tuple[str, list[str]]:
    listing = hashlib.sha256()
    for name in names:
        listing.update(name.encode("utf-8") + b"\x0a")
    pot: dict[bytes, str] = {}
    for name in names:
        pot[hashlib.sha256(seed + listing.digest() + name.encode("utf-8")).digest()] = name
    return listing.hexdigest(), [pot[ticket] for ticket in sorted(pot)][:winners_max]


@given(SEEDS, ENTRIES.map(lambda names: [n for n in names if n.isprintable()]), st.integers(1, 50))
def test_winners_when_computed_from_the_document_then_the_same(
    seed: bytes, names: list[str], winners_max: int
) -> None:
    entries = [UserId(name) for name in names]
    listing, winners = independently(seed, names, winners_max)
    assert draws.hash_entries(entries) == listing
    assert list(draws.choose_winners(seed, entries, winners_max)) == winners
    assert len(winners) == min(winners_max, len(names))
    assert draws.commit(seed) == hashlib.sha256(seed).hexdigest()


def fair() -> dict[str, Any]:
    seed, entries = bytes(range(32)), [UserId(f"user-{number}") for number in range(20)]
    return {
        "commitment": draws.commit(seed),
        "seed": seed.hex(),
        "entries": entries,
        "entries_sha256": draws.hash_entries(entries),
        "winners_max": 3,
        "winners": draws.choose_winners(seed, entries, 3),
    }


def test_verify_when_fair_then_true() -> None:
    assert draws.verify(**fair())


@pytest.mark.parametrize(
    "change",
    [
        {"commitment": "0" * 64},
        {"seed": bytes(32).hex()},
        {"seed": "not hexadecimal"},
        {"seed": ""},
        {"entries": [UserId("user-0")]},
        {"entries_sha256": "0" * 64},
        {"winners_max": 2},
        {"winners": (UserId("user-0"), UserId("user-1"), UserId("user-2"))},
        {"winners": tuple(reversed(fair()["winners"]))},
        {"winners": ()},
    ],
)
def test_verify_when_anything_was_changed_then_false(change: dict[str, Any]) -> None:
    assert not draws.verify(**{**fair(), **change})


def test_verify_when_somebody_entered_twice_then_false() -> None:
    seed, entries = bytes(32), [UserId("a"), UserId("a"), UserId("b")]
    assert not draws.verify(
        commitment=draws.commit(seed),
        seed=seed.hex(),
        entries=entries,
        entries_sha256=draws.hash_entries(entries),
        winners_max=1,
        winners=draws.choose_winners(seed, entries, 1),
    )


def test_winners_when_many_seeds_then_everybody_wins_about_as_often() -> None:
    entries = [UserId(f"u{number}") for number in range(4)]
    seeds = (hashlib.sha256(str(number).encode()).digest() for number in range(4_000))
    wins = [draws.choose_winners(seed, entries, 1)[0] for seed in seeds]
    assert all(850 < wins.count(user) < 1_150 for user in entries)
