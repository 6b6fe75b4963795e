"""The style sheet hangs on parts of the window, and the hidden ones change when they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout

from app.ui.page import Page
from app.ui.theme import current
from app.ui.theme.tokens import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    current.apply(qapp, "dark")
    page = Page()
    QVBoxLayout(page).addWidget(QPushButton("Press"))
    qtbot.addWidget(page)
    yield page
    current.apply(qapp, "dark")


def test_theme_when_it_changes_then_a_visible_page_changes_at_once(
    qapp: QApplication, qtbot: QtBot, page: Page
) -> None:
    page.show()
    qtbot.waitExposed(page)
    assert DARK.raised in page.styleSheet()
    current.apply(qapp, "light")
    assert LIGHT.raised in page.styleSheet()
    image = page.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2 - 14).lightness() > 200


def test_theme_when_it_changes_then_a_hidden_page_changes_when_it_is_shown(
    qapp: QApplication, page: Page
) -> None:
    current.apply(qapp, "light")
    assert LIGHT.raised not in page.styleSheet()
    page.show()
    assert LIGHT.raised in page.styleSheet()


def test_theme_when_it_stays_then_nothing_is_told(qapp: QApplication, page: Page) -> None:
    told: list[bool] = []

    def tell() -> None:
        told.append(True)

    current.changed.connect(tell)
    current.apply(qapp, "dark")
    current.apply(qapp, "light")
    current.changed.disconnect(tell)
    assert told == [True]
