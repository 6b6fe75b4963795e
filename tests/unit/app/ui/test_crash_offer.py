"""The question of the next start: shown, saved, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.ui.crash_offer import CrashOffer, attach
from app.ui.door import Door
from app.ui.main_window import MainWindow
from app.ui.page import Page

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

REPORT = "Livehouse crash report\n\nversion: 1\n<b>not markup</b>\n"


class Crashes:
    def __init__(self, report: str = REPORT) -> None:
        self.report = report
        self.has_crashed = True
        self.on_failure: Callable[[], None] = lambda: None

    def read_pending(self) -> str:
        return self.report

    def forget_pending(self) -> None:
        self.report = ""


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow({}, Page())
    qtbot.addWidget(made)
    made.show()
    return made


def test_report_when_it_waits_then_is_offered_shown_and_saved_once(
    window: MainWindow, tmp_path: Path
) -> None:
    crashes = Crashes()
    offer = attach(window, crashes, Door())
    assert isinstance(offer, CrashOffer)
    assert offer.isVisible()
    assert not offer.isModal()
    assert not offer.text.isVisible()
    offer.show_button.click()
    assert offer.text.isVisible()
    assert offer.text.toPlainText() == REPORT
    offer.save_to(tmp_path / "missing" / "report.txt")
    assert offer.isVisible()
    assert crashes.report
    offer.save_to(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text() == REPORT
    assert not crashes.report
    assert attach(window, crashes, Door()) is None


def test_report_when_it_is_dismissed_then_is_gone(window: MainWindow) -> None:
    crashes = Crashes()
    offer = attach(window, crashes, Door())
    assert offer is not None
    offer.dismiss_button.click()
    assert not crashes.report


def test_offer_when_it_is_closed_unanswered_then_the_report_waits(window: MainWindow) -> None:
    crashes = Crashes()
    offer = attach(window, crashes, Door())
    assert offer is not None
    offer.reject()
    assert crashes.report


def test_failure_when_it_happens_then_the_window_says_so_in_words(
    window: MainWindow, qtbot: QtBot
) -> None:
    crashes, door = Crashes(""), Door()
    assert attach(window, crashes, door) is None
    crashes.on_failure()
    qtbot.waitUntil(window._toast.isVisible)
    assert "Something failed inside Livehouse" in window._toast.text()
