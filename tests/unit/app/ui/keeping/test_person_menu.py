"""What a menu offers on a message and its writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtWidgets import QMenu, QWidget

from app.state.keeping import SANCTION_PRESETS_S, KeptRoom, target_of
from app.state.room_lead import RoomLead
from app.ui.keeping.person_menu import PersonMenu
from app.ui.keeping.sanction_dialog import SanctionDialog
from tests.unit.app.state.test_room import ROOM, posted
from wire import chat_commands, event_base, order_commands

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    return page


def opened(
    people: PersonMenu, page: QWidget, number: int = 1, role: event_base.Role = "viewer"
) -> dict[str, QAction]:
    """The entries by their words."""
    menu = QMenu(page)
    message = msgspec.structs.replace(posted(number), role=role)
    people.fill(menu, target_of(message))
    return {action.text(): action for action in menu.actions() if action.text()}


def presets_of(action: QAction) -> dict[str, QAction]:
    menu = action.menu()
    assert isinstance(menu, QMenu)
    return {entry.text(): entry for entry in menu.actions() if entry.text()}


def sanction(kind: order_commands.SanctionKind, **fields: object) -> object:
    made = order_commands.ImposeSanction(id=0, user_id=posted(1).user_id, room_id=ROOM, kind=kind)
    return msgspec.structs.replace(made, **fields)


def keeper(
    page: QWidget, role: event_base.Role, **fields: object
) -> tuple[PersonMenu, list[object]]:
    people, heard = PersonMenu(page), []
    people.wanted.connect(heard.append)
    people.render_kept(KeptRoom(ROOM, role, **fields))
    return people, heard


def test_menu_when_a_moderator_pins_then_asked_and_the_pinned_one_can_be_unpinned(
    page: QWidget,
) -> None:
    people, heard = keeper(page, "moderator")
    opened(people, page)["Pin"].trigger()
    assert heard == [chat_commands.PinMessage(id=0, room_id=ROOM, message_id=posted(1).message_id)]
    people.render_kept(KeptRoom(ROOM, "moderator", RoomLead(pinned=posted(1))))
    heard.clear()
    opened(people, page)["Unpin"].trigger()
    assert heard == [chat_commands.PinMessage(id=0, room_id=ROOM, message_id=None)]
    assert "Pin" in opened(people, page, 2)


def test_menu_when_announced_then_the_text_stands_above_the_chat(page: QWidget) -> None:
    people, heard = keeper(page, "streamer")
    opened(people, page)["Announce this"].trigger()
    assert heard == [chat_commands.Announce(id=0, room_id=ROOM, text=posted(1).text)]


def test_menu_when_a_viewer_opens_it_then_only_reporting_once_somebody_takes_it(
    page: QWidget,
) -> None:
    people, _ = keeper(page, "viewer")
    assert opened(people, page) == {}
    people.offers_report = True
    reported: list[object] = []
    people.report_asked.connect(reported.append)
    entries = opened(people, page)
    assert list(entries) == ["Report…"]
    entries["Report…"].trigger()
    assert reported == [target_of(posted(1))]


@pytest.mark.parametrize("kind", ["mute", "ban"])
def test_menu_when_a_preset_is_chosen_then_imposed_at_once(
    page: QWidget, kind: order_commands.SanctionKind
) -> None:
    people, heard = keeper(page, "moderator")
    presets = presets_of(opened(people, page)[kind.title()])
    assert list(presets) == [
        "1 minute",
        "10 minutes",
        "1 hour",
        "1 day",
        "1 week",
        "For ever",
        "With a reason…",
    ]
    for preset in list(presets.values())[:-1]:
        preset.trigger()
    assert heard == [sanction(kind, duration_s=seconds) for seconds in SANCTION_PRESETS_S]


def test_menu_when_with_a_reason_then_asked_how_long_and_why(page: QWidget) -> None:
    people, heard = keeper(page, "streamer")
    presets_of(opened(people, page)["Ban"])["With a reason…"].trigger()
    (dialog,) = page.findChildren(SanctionDialog)
    dialog.span.setCurrentIndex(3)
    dialog.reason.setText(" spam ")
    dialog.deletes.click()
    assert heard == []
    dialog.yes_button.click()
    assert heard == [sanction("ban", duration_s=86_400, reason="spam", deletes_messages=True)]


def test_menu_when_removed_then_no_length_is_asked(page: QWidget) -> None:
    people, heard = keeper(page, "moderator")
    opened(people, page)["Remove from the room…"].trigger()
    (dialog,) = page.findChildren(SanctionDialog)
    assert dialog.span.isHidden()
    dialog.yes_button.click()
    assert heard == [sanction("kick")]


def test_menu_when_one_message_or_all_are_deleted_then_asked(page: QWidget) -> None:
    people, heard = keeper(page, "moderator")
    entries = opened(people, page)
    entries["Delete the message"].trigger()
    entries["Delete all that they wrote"].trigger()
    message = posted(1)
    assert heard == [
        order_commands.DeleteDanmaku(id=0, room_id=ROOM, message_id=message.message_id),
        order_commands.DeleteDanmakuOf(id=0, room_id=ROOM, user_id=message.user_id),
    ]


def test_menu_when_the_role_is_out_of_reach_then_the_reason_stands_there(page: QWidget) -> None:
    people, _ = keeper(page, "moderator")
    entries = opened(people, page, role="moderator")
    assert not {"Mute", "Delete the message"} & set(entries)
    assert not entries["A moderator: only the owner and admins can act"].isEnabled()
    assert "Make a moderator" not in entries


def test_menu_when_the_owner_makes_a_moderator_then_asked_and_taken_back(page: QWidget) -> None:
    people, heard = keeper(page, "streamer")
    opened(people, page)["Make a moderator"].trigger()
    opened(people, page, role="moderator")["No longer a moderator"].trigger()
    assert [command.granted for command in heard] == [True, False]


def test_menu_when_it_is_ones_own_message_then_no_sanctions(page: QWidget) -> None:
    people, _ = keeper(page, "streamer")
    people.own_user_id = lambda: posted(1).user_id
    people.offers_report = True
    entries = opened(people, page)
    assert "Delete the message" in entries
    assert not {"Mute", "Ban", "Report…", "Make a moderator"} & set(entries)
