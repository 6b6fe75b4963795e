"""Known faults of the locked packages, as PyPI tells them, less those that are accepted.

    python -m distribution.audit requirements.lock

Needs pip-audit, which `dev.py audit` installs beside. Exit codes: 0 nothing new, 1 a finding or an
acceptance that ran out, 3 PyPI did not know the packages, so that nothing was checked.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

ACCEPTED: Final = Path(__file__).resolve().parent / "accepted_findings.toml"
TIMEOUT_S: Final = 600
NOT_CHECKED: Final = 3


def judge(
    report: dict[str, Any], accepted: list[dict[str, Any]], today: dt.date
) -> tuple[int, list[str]]:
    """Exit code and lines, of pip-audit's JSON."""
    packages = report.get("dependencies", [])
    checked = [one for one in packages if "skip_reason" not in one]
    if not checked:
        return NOT_CHECKED, [f"none of {len(packages)} packages could be checked: no answer"]
    lines: list[str] = []
    failed = False
    reasons = {one["id"]: one for one in accepted}
    for package in checked:
        for fault in package.get("vulns", []):
            names = {fault["id"], *fault.get("aliases", [])}
            reason = next((reasons[name] for name in names if name in reasons), None)
            title = f"{package['name']} {package['version']}: {fault['id']}"
            if reason is None:
                fixed = ", ".join(fault.get("fix_versions", [])) or "nowhere yet"
                lines.append(f"{title}, mended in {fixed}")
                failed = True
            elif reason["until"] < today:
                lines.append(f"{title}: accepted until {reason['until']}, judge it anew")
                failed = True
            else:
                lines.append(f"{title}: accepted, {reason['why']}")
    skipped = len(packages) - len(checked)
    lines.append(f"{len(checked)} packages checked, {skipped} unknown to PyPI")
    return (1 if failed else 0), lines


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", sys.argv[1], "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--format", "json"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
        report = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        sys.stdout.write("pip-audit gave no answer: nothing was checked\n")
        return NOT_CHECKED
    accepted = tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])
    code, lines = judge(report, accepted, dt.datetime.now(dt.UTC).date())
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
