"""What a bench shows: a table for people, JSON for programs, and the machine without its name."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LIBRARIES = ("websockets", "msgspec", "av", "PySide6-Essentials")


class Spread(NamedTuple):
    """One figure over several rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Raises ValueError when there are none."""
        ordered = sorted(values)
        if not ordered:
            raise ValueError("no rounds")
        return cls(statistics.median(ordered), ordered[0], ordered[-1])

    def text(self, digits: int = 2) -> str:
        if self.low == self.high:
            return f"{self.median:.{digits}f}"
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}-{self.high:.{digits}f})"

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in self._asdict().items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all are not above (nearest rank)."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(0, min(len(ordered), rank) - 1)]


def make_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column is words, the others are figures and stand to the right."""
    lines = [list(header), *[list(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def tell_meets(*, meets: bool | None) -> str:
    return {True: "yes", False: "NO", None: "not measured"}[meets]


def describe_machine() -> dict[str, Any]:
    """What figures depend on; no host name, no path."""
    versions = {}
    for library in LIBRARIES:
        try:
            versions[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": versions,
    }


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def progress(text: str) -> None:
    """To stderr, so that stdout holds the report alone."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def write_json(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None:
        text = json.dumps(report, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
