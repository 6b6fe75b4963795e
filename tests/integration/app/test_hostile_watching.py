"""Must hold in the window: hostile media never stalls it, and a good stream is shown again.

All troubles and the exact figures are `dev.py bench isolation`; here are those that cost most.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.hostile_watching import Material, watch_through

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

STALL_MS_MAX = 1_000
"""The promise is 100 ms; ten times that for a machine that does other things too."""
BACK_MS_MAX = 20_000
"""The promise is 2 s."""


@pytest.fixture(scope="module")
def material() -> Material:
    return Material()


@pytest.mark.parametrize(
    "trouble",
    [
        "bits",
        "8192x8192",
        "sizes in turn",
        "many units",
        "wild times",
        pytest.param(
            "child stopped",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX"),
        ),
    ],
)
def test_window_when_its_stream_is_hostile_then_it_answers_and_the_picture_comes_back(
    qapp: QApplication, material: Material, trouble: str
) -> None:
    assert qapp is not None
    outcome = watch_through(trouble, material)
    assert outcome.pictures > 0
    assert outcome.stall_ms < STALL_MS_MAX
    assert outcome.back_ms is not None
    assert outcome.back_ms < BACK_MS_MAX
