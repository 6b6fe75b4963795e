"""Progress is one line on a terminal, and gone before any words."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from server import recommender
from server.errors import SettingsError
from server.recommender_cli import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_when_the_work_fails_then_its_line_is_gone_before_what_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_path: Path, *, advance: Callable[[str, float], None], **_options: object) -> None:
        advance("reading", 0.5)
        raise SettingsError("the file has no rows")

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(recommender, "evaluate_file", fail)
    with pytest.raises(SettingsError):
        evaluate(tmp_path)
    last = terminal.getvalue().rsplit("\r", 2)[1:]
    assert last == [" " * 40, ""]
