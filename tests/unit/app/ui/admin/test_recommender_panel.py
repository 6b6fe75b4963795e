"""The panel "Recommender" under the hand: training, cancelling, going back to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.live import recommending
from app.ui.admin.model_words import training_failure
from app.ui.admin.recommender_panel import FAST_MS, SLOW_MS, RecommenderPanel
from app.ui.question import Question
from tests.unit.app.ui.admin.recommender_states import models, nothing_yet, quality

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop
    from wire.discovery_events import Models

LEFT = Qt.MouseButton.LeftButton


def say(words: str) -> str:
    return words


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def replace(name: str, state: str) -> None:
        async def ask(_house: object, *args: str) -> Models:
            found.append(" ".join((name, *args)))
            return models(say, state)  # type: ignore[arg-type]  # one of its words

        monkeypatch.setattr(recommending, name, ask)

    replace("train", "running")
    replace("cancel_training", "cancelled")
    replace("roll_back", "done")
    return found


@pytest.fixture
def panel(still_desktop: Desktop, asked: list[str]) -> RecommenderPanel:
    still_desktop.window.set_admin(is_admin=True)
    still_desktop.window.show_page("admin")
    still_desktop.admin.show_section("recommendations")
    panel = still_desktop.admin.recommendations
    panel.render_state(quality(say))
    asked.clear()
    return panel


def test_panel_when_shown_then_ours_is_held_against_the_most_popular(
    panel: RecommenderPanel,
) -> None:
    graph = panel.graphs["ndcg"]
    assert graph.accessibleDescription() == "0.392, peak 0.392, most popular: 0.205"
    assert "most popular" not in panel.graphs["coverage"].accessibleDescription()
    assert panel.bars.accessibleDescription().startswith("Own history, long +0.412")
    assert panel.models.rowCount() == 3
    assert panel.scores.item(0, 0).text() == "Gradient boosting"
    assert not panel.back_button.isEnabled(), "none is chosen"
    shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("1,236 choices in 30 days") for text in shown)


def test_training_when_begun_then_its_step_shows_and_it_can_be_cancelled(
    panel: RecommenderPanel, asked: list[str], qtbot: QtBot
) -> None:
    QTest.mouseClick(panel.train_button, LEFT)
    qtbot.waitUntil(lambda: panel.state.is_training)
    assert panel.progress.isVisible()
    assert panel.progress.value() == 400
    assert panel._training.text() == "Training: checking Random forest"
    assert panel.refresh_ms == FAST_MS
    assert not panel.train_button.isVisible()
    QTest.mouseClick(panel.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not panel.state.is_training)
    assert panel._training.text() == "The last training was cancelled."
    assert panel.refresh_ms == SLOW_MS
    assert asked == ["train", "cancel_training"]


def test_model_when_chosen_then_used_after_a_question(
    panel: RecommenderPanel, asked: list[str], qtbot: QtBot
) -> None:
    panel.models.selectRow(1)
    assert panel.models.chosen_id == "m1"
    assert panel.back_button.isEnabled()
    QTest.mouseClick(panel.back_button, LEFT)
    (question,) = panel.findChildren(Question)
    assert asked == []
    QTest.mouseClick(question.yes_button, LEFT)
    qtbot.waitUntil(lambda: asked == ["roll_back m1"])
    panel.models.selectRow(0)
    assert not panel.back_button.isEnabled(), "it is in use"


def test_panel_when_nothing_was_learned_yet_then_says_what_it_needs(
    panel: RecommenderPanel,
) -> None:
    panel.render_state(nothing_yet())
    assert panel._summary.text().startswith("Nothing is measured yet")
    assert panel.scores.rowCount() == 0
    assert panel.train_button.isEnabled()


def test_training_when_there_is_too_little_then_said_in_words() -> None:
    words = "at least 200 visits are needed, there are 25"
    assert training_failure(words) == "it needs 200 visits, and there are 25"
    assert training_failure("<b>no\nspace</b>") == "<b>no space</b>"
