"""What a menu offers on a message and its writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from app.state.keeping import KeptRoom, target_of
from app.state.room_lead import RoomLead
from app.ui.keeping.person_menu import PersonMenu
from tests.unit.app.state.test_room import ROOM, posted
from wire import commands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from wire import events


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    return page


def opened(people: PersonMenu, page: QWidget, number: int = 1) -> dict[str, QMenu]:
    """The entries by their words."""
    menu = QMenu(page)
    people.fill(menu, target_of(posted(number)))
    return {action.text(): action for action in menu.actions() if action.text()}


def keeper(page: QWidget, role: events.Role, **fields: object) -> tuple[PersonMenu, list[object]]:
    people, heard = PersonMenu(page), []
    people.wanted.connect(heard.append)
    people.render_kept(KeptRoom(ROOM, role, **fields))
    return people, heard


def test_menu_when_a_moderator_pins_then_asked_and_the_pinned_one_can_be_unpinned(
    page: QWidget,
) -> None:
    people, heard = keeper(page, "moderator")
    opened(people, page)["Pin"].trigger()
    assert heard == [commands.PinMessage(id=0, room_id=ROOM, message_id=posted(1).message_id)]
    people.render_kept(KeptRoom(ROOM, "moderator", RoomLead(pinned=posted(1))))
    heard.clear()
    opened(people, page)["Unpin"].trigger()
    assert heard == [commands.PinMessage(id=0, room_id=ROOM, message_id=None)]
    assert "Pin" in opened(people, page, 2)


def test_menu_when_announced_then_the_text_stands_above_the_chat(page: QWidget) -> None:
    people, heard = keeper(page, "streamer")
    opened(people, page)["Announce this"].trigger()
    assert heard == [commands.Announce(id=0, room_id=ROOM, text=posted(1).text)]
