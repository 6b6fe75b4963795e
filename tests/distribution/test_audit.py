"""What is made of the answers about known faults."""

from __future__ import annotations

import datetime as dt

from distribution.audit import NOT_CHECKED, judge

TODAY = dt.date(2026, 6, 1)
FAULT = {
    "name": "thing",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}],
}
CLEAN = {"name": "other", "version": "2.0", "vulns": []}
UNKNOWN = {"name": "third", "skip_reason": "not found"}


def _accepted(until: dt.date) -> list[dict[str, object]]:
    return [{"id": "CVE-1", "package": "thing", "why": "never reached", "until": until}]


def test_judge_when_nothing_is_known_then_fine() -> None:
    assert judge({"dependencies": [CLEAN, UNKNOWN]}, [], TODAY) == (
        0,
        ["1 packages checked, 1 unknown to PyPI"],
    )


def test_judge_when_a_fault_is_new_then_told_with_its_cure() -> None:
    code, lines = judge({"dependencies": [FAULT]}, [], TODAY)
    assert code == 1
    assert lines[0] == "thing 1.0: PYSEC-1, mended in 1.1"


def test_judge_when_a_fault_is_accepted_then_fine_until_its_day() -> None:
    assert judge({"dependencies": [FAULT]}, _accepted(TODAY), TODAY)[0] == 0
    yesterday = TODAY - dt.timedelta(days=1)
    code, lines = judge({"dependencies": [FAULT]}, _accepted(yesterday), TODAY)
    assert code == 1
    assert "judge it anew" in lines[0]


def test_judge_when_no_package_was_answered_then_never_called_clean() -> None:
    assert judge({"dependencies": [UNKNOWN]}, [], TODAY)[0] == NOT_CHECKED
