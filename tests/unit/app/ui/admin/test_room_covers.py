"""The cover of the room that is chosen on the wall, and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.live import admin
from app.ui.admin import rooms_panel
from app.ui.admin.forms import FormDialog
from app.ui.admin.panel import Panel
from tests.unit.app.ui.admin.admin_states import cover_picture, house_room

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.admin.rooms_panel import RoomsPanel
    from app.ui.desktop import Desktop

LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 30_000


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[bytes | None]:
    """What the relay gives for a cover, the next one first."""
    waiting: list[bytes | None] = []

    async def fetch(_relay: object, _cover_id: str) -> bytes | None:
        return waiting.pop(0)

    monkeypatch.setattr(rooms_panel, "fetch_cover", fetch)
    return waiting


def open_rooms(desktop: Desktop) -> RoomsPanel:
    """The first of two has a cover."""
    desktop.window.show_page("admin")
    desktop.admin.show_section("rooms")
    panel = desktop.admin.rooms
    panel.show_rooms((house_room(str), house_room(str, 2)), 2)
    return panel


def test_cover_when_its_room_is_chosen_then_shown_and_for_a_room_without_one_not(
    still_desktop: Desktop, qtbot: QtBot, fetched: list[bytes | None]
) -> None:
    fetched.append(cover_picture())
    panel = open_rooms(still_desktop)
    cover = panel.details._cover
    QTest.mouseClick(panel.grid.cards[0], LEFT)
    qtbot.waitUntil(cover.isVisible, timeout=WAIT_MS)
    assert cover.pixmap().width() <= cover.width()
    assert cover.accessibleName() == "Cover of the room"
    QTest.mouseClick(panel.grid.cards[1], LEFT)
    assert cover.isHidden()


def test_cover_when_it_is_another_picture_than_was_asked_for_then_not_shown(
    still_desktop: Desktop, qtbot: QtBot, fetched: list[bytes | None]
) -> None:
    panel = open_rooms(still_desktop)
    other = msgspec.structs.replace(house_room(str).room, cover="0" * 64)
    rooms = (msgspec.structs.replace(house_room(str), room=other),)
    fetched.append(cover_picture())
    panel.show_rooms(rooms, 1)
    panel.choose("r1")
    qtbot.waitUntil(lambda: not fetched, timeout=WAIT_MS)
    panel._on_cover("0" * 64, cover_picture())
    assert panel.details._cover.isHidden()


def test_cover_when_it_did_not_come_then_the_next_refresh_asks_again(
    still_desktop: Desktop, qtbot: QtBot, fetched: list[bytes | None]
) -> None:
    fetched.extend((None, cover_picture()))
    panel = open_rooms(still_desktop)
    panel.choose("r1")
    qtbot.waitUntil(lambda: not panel._cover, timeout=WAIT_MS)
    panel.show_rooms((house_room(str),), 1)
    qtbot.waitUntil(panel.details._cover.isVisible, timeout=WAIT_MS)


def test_taking_a_cover_away_when_wanted_then_only_after_the_question(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, fetched: list[bytes | None]
) -> None:
    fetched.append(cover_picture())
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(admin, "take_cover_away", lambda _house, *what: asked.append(what))
    monkeypatch.setattr(Panel, "do", lambda *_what: None)
    panel = open_rooms(still_desktop)
    panel.choose("r1")
    button = panel.details.buttons["cover"]
    assert button.text() == button.accessibleName() == "Take the cover away…"
    QTest.mouseClick(button, LEFT)
    form = panel.findChild(FormDialog)
    assert form is not None
    form.no_button.click()
    assert asked == []
    QTest.mouseClick(button, LEFT)
    form = next(one for one in panel.findChildren(FormDialog) if one.isVisible())
    form.yes_button.click()
    assert asked == [("r1",)]


def test_taking_a_cover_away_when_the_room_has_none_then_cannot_be_pressed(
    still_desktop: Desktop,
) -> None:
    panel = open_rooms(still_desktop)
    panel.choose("r2")
    button = panel.details.buttons["cover"]
    assert button.isVisible()
    assert not button.isEnabled()
    QTest.mouseClick(button, LEFT)
    assert panel.findChild(QDialog) is None
