"""Every case of docs/ledger.md is held by a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

from server.ledger.rules import (
    DAILY_GRANT_COINS,
    WATCH_GRANT_COINS_MAX,
    WATCH_STEP_COINS,
    WATCH_STEP_MINUTES,
)

ROOT = Path(__file__).parents[4]
TEXT = (ROOT / "docs" / "ledger.md").read_text("utf-8")


def test_cases_when_read_then_numbered_and_each_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| `(test_\w+)` \|$", TEXT, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 20
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for _, name in rows if f"def {name}(" not in sources] == []


def test_grants_when_written_down_then_are_those_of_the_rules() -> None:
    assert f"| {DAILY_GRANT_COINS} coins once a day" in TEXT
    watching = f"{WATCH_STEP_COINS} coins for each {WATCH_STEP_MINUTES} minutes"
    assert f"| {watching}, {WATCH_GRANT_COINS_MAX} a day" in TEXT
