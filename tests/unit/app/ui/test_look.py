"""The typeface: one that has both languages, where the system has one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontDatabase

from app.ui.look import prepare

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def test_application_when_prepared_then_chinese_has_a_simplified_face(
    qapp: QApplication,
) -> None:
    if sys.platform in {"win32", "darwin"}:
        pytest.skip("the system's own typeface is kept there")
    if "Noto Sans CJK SC" not in QFontDatabase.families():
        pytest.skip("needs the font Noto Sans CJK SC")
    before = qapp.font()
    try:
        prepare(qapp)
        assert "Noto Sans CJK SC" in qapp.font().families()[:2]
        assert qapp.style().objectName() == "fusion"
        families = qapp.font().families()
        prepare(qapp)
        assert qapp.font().families() == families
    finally:
        qapp.setFont(before)
