"""What a spreadsheet must not take for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads a file in the system's old encoding."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""... and their full-width forms, which some take for the same."""


def harmless(value: str) -> str:
    """What a spreadsheet would take for a formula gets a quote before it."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """CSV with its mark and a heading. Numbers stay numbers; words are made harmless."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(columns)
    for row in rows:
        lines.writerow([harmless(one) if isinstance(one, str) else one for one in row])
    return out.getvalue()
