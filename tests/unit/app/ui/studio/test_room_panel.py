"""What of the room is changed in Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.state.studio import StudioState
from app.state.studio_events import Privacy, RoomNamed
from app.ui.studio.room_panel import AWAY_CHOICES_S, RoomPanel
from wire.limits import AWAY_S_MAX, AWAY_S_MIN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def panel(qtbot: QtBot) -> RoomPanel:
    made = RoomPanel()
    qtbot.addWidget(made)
    return made


def named(
    away_s: int = 0, *, title: str = "Jazz", privacy: Privacy = "public", room: str = "home"
) -> StudioState:
    event = RoomNamed("ada", title, "Music", privacy, away_s, room_id=room)
    return StudioState().apply(event)


def test_time_away_when_offered_then_is_within_the_bounds_of_the_wire() -> None:
    assert AWAY_CHOICES_S[0] == 0
    assert all(AWAY_S_MIN <= seconds <= AWAY_S_MAX for seconds in AWAY_CHOICES_S[1:])


def test_time_away_when_chosen_then_is_saved_with_the_rest(panel: RoomPanel) -> None:
    saved: list[tuple[object, ...]] = []
    panel.saved.connect(lambda *values: saved.append(values))
    panel.render_state(named(300))
    assert panel._away.currentText() == "5 minutes"
    assert not panel._save.isEnabled()
    panel._away.setCurrentIndex(AWAY_CHOICES_S.index(30))
    assert panel._away.currentText() == "30 seconds"
    panel._save.click()
    assert saved == [("Jazz", "Music", "public", "", 30)]


def test_time_away_when_another_client_chose_it_then_is_shown_as_it_is(panel: RoomPanel) -> None:
    panel.render_state(named(420))
    assert panel._away.currentText() == "7 minutes"
    assert not panel._save.isEnabled()


def test_title_when_another_changed_the_room_meanwhile_then_what_is_typed_stays(
    panel: RoomPanel,
) -> None:
    panel.render_state(named())
    panel._title.setText("Jazz tonight, wi")
    panel.render_state(named(30, title="Quiet", privacy="invite"))
    assert panel._title.text() == "Jazz tonight, wi"
    assert panel._away.currentData() == 30
    assert panel._privacy.currentData() == "invite"
    assert panel._save.isEnabled()


def test_title_when_nobody_types_then_is_as_another_changed_it(panel: RoomPanel) -> None:
    panel.render_state(named())
    panel.render_state(named(title="Quiet"))
    assert panel._title.text() == "Quiet"
    assert not panel._save.isEnabled()


def test_fields_when_it_is_another_room_then_are_that_rooms(panel: RoomPanel) -> None:
    panel.render_state(named(privacy="passphrase"))
    panel._title.setText("typed for home")
    panel._passphrase.setText("typed for home")
    panel.render_state(named(room="den"))
    assert panel._title.text() == "Jazz"
    assert panel._passphrase.text() == ""
    assert not panel._save.isEnabled()


def test_passphrase_when_it_is_saved_then_the_field_is_empty_and_nothing_is_left_to_save(
    panel: RoomPanel,
) -> None:
    panel.render_state(named(privacy="passphrase"))
    panel._passphrase.setText("open sesame")
    panel.end_saving("Jazz", "Music", "another")
    assert panel._save.isEnabled()
    panel.end_saving("Jazz", "Music", "open sesame")
    assert panel._passphrase.text() == ""
    assert not panel._save.isEnabled()


def test_title_when_the_relay_writes_it_otherwise_then_nothing_is_left_to_save(
    panel: RoomPanel,
) -> None:
    panel.render_state(named())
    panel._title.setText("cafe\u0301 ")
    panel._category.setText("Talk")
    panel.render_state(named(title="caf\u00e9"))
    panel.end_saving("cafe\u0301", "Music", "")
    assert panel._title.text() == "caf\u00e9"
    assert panel._category.text() == "Talk", "typed since"
    panel._category.setText("Music")
    assert not panel._save.isEnabled()


def test_passphrase_when_another_opens_the_room_meanwhile_then_what_is_typed_stays(
    panel: RoomPanel,
) -> None:
    panel.render_state(named(privacy="passphrase"))
    panel._passphrase.setText("open ses")
    panel.render_state(named(privacy="public"))
    assert panel._passphrase.text() == "open ses"
    assert panel._privacy.currentData() == "passphrase"


def test_title_when_something_else_changed_then_its_cursor_stays(panel: RoomPanel) -> None:
    panel.render_state(named())
    panel._title.setCursorPosition(1)
    panel.render_state(named(30))
    assert panel._title.cursorPosition() == 1
    assert panel._away.currentData() == 30
