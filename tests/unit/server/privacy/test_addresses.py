"""Hashes of addresses: comparable for some weeks, then never again."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from server.errors import SettingsError
from server.privacy.addresses import KEPT, PERIOD_MS, SALTS_FILE, AddressHasher

ADDRESS = "192.0.2.7"


class Clock:
    def __init__(self) -> None:
        self.unix_ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.unix_ms


def make(folder: Path, clock: Clock) -> AddressHasher:
    return AddressHasher(folder, unix_ms=clock, random_bytes=os.urandom)


def test_hash_when_made_then_says_nothing_of_the_address_and_matches_it(tmp_path: Path) -> None:
    hasher = make(tmp_path, Clock())
    stored = hasher.hash(ADDRESS)
    assert re.fullmatch(r"\d+:[0-9a-f]{32}", stored)
    assert hasher.matches(ADDRESS, stored)
    assert not hasher.matches("192.0.2.8", stored)
    assert make(tmp_path.parent, Clock()).hash(ADDRESS) != stored


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("not an address", "not an address", True),
    ],
)
def test_hash_when_one_household_has_many_addresses_then_they_are_one(
    tmp_path: Path, one: str, other: str, are_one: bool
) -> None:
    hasher = make(tmp_path, Clock())
    assert (hasher.hash(one) == hasher.hash(other)) is are_one


def test_hash_when_weeks_pass_then_matches_until_its_secret_is_destroyed(tmp_path: Path) -> None:
    clock = Clock()
    stored = make(tmp_path, clock).hash(ADDRESS)
    for week in range(1, KEPT):
        clock.unix_ms += PERIOD_MS
        hasher = make(tmp_path, clock)  # another life of the relay
        fresh = hasher.hash(ADDRESS)
        assert fresh != stored
        assert hasher.matches(ADDRESS, stored), week
        assert hasher.hashes(ADDRESS)[0] == fresh
    before = (tmp_path / SALTS_FILE).read_bytes()
    clock.unix_ms += PERIOD_MS
    hasher = make(tmp_path, clock)
    hasher.rotate()
    assert not hasher.matches(ADDRESS, stored)
    assert len(hasher.hashes(ADDRESS)) <= KEPT
    assert (tmp_path / SALTS_FILE).read_bytes() != before


def test_hasher_when_the_file_is_damaged_or_open_to_others_then_refused(tmp_path: Path) -> None:
    make(tmp_path, Clock()).hash(ADDRESS)
    path = tmp_path / SALTS_FILE
    path.write_bytes(b"{")
    with pytest.raises(SettingsError, match="damaged"):
        make(tmp_path, Clock())
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="other users"):
        make(tmp_path, Clock())
