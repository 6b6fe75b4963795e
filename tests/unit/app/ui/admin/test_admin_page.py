"""The admin tab under the hand: sorting, choosing, and what each control asks for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit

from app.live import admin, inbox, order, words
from app.state.admin_overview import NOTHING_WAITS, OverviewState, Seen, WaitingCounts
from app.ui.admin.panel import Panel
from app.ui.admin.sanction_form import SanctionForm
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.admin.words_panel import FILE_BYTES_MAX
from app.ui.number_box import NumberBox
from app.ui.small_pictures import pack
from tests.emote_pictures import make_png
from tests.unit.app.ui.admin.admin_states import (
    act,
    case,
    feedback_details,
    gifts,
    house_room,
    house_user,
    movements,
    overview,
    person,
    recordings,
    room_sanction,
    rules_now,
    sanction,
    settings,
    storage,
    user_page,
)
from tests.unit.app.ui.admin.admin_states import words as word_entries
from wire.admin_events import HouseRooms
from wire.order_commands import ActName

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def asked(
    monkeypatch: pytest.MonkeyPatch,
) -> list[tuple[str, tuple[object, ...], dict[str, object]]]:
    """What is asked of the house, instead of asking it."""
    found: list[tuple[str, tuple[object, ...], dict[str, object]]] = []
    for module in (admin, order, inbox, words):
        for name in vars(module):
            if name.startswith(("list_", "load_", "find_", "read_", "get_")) or name[0] in "_ABC":
                continue
            if (
                callable(getattr(module, name))
                and getattr(module, name).__module__ == module.__name__
            ):

                def ask(_house: object, *args: object, _name: str = name, **fields: object) -> str:
                    found.append((_name, args, fields))
                    return _name

                monkeypatch.setattr(module, name, ask)
    monkeypatch.setattr(Panel, "do", lambda *_what: None)
    return found


# --- tables -------------------------------------------------------------------------------------


def table(qtbot: QtBot) -> SortTable:
    made = SortTable((Column(is_wide=True), Column(is_number=True)))
    qtbot.addWidget(made)
    made.set_titles(("Name", "Coins"))
    made.show_rows(
        [
            Row(name, (Cell(name), Cell(f"{n:,}", n)))
            for name, n in (("b", 9), ("a", 1_000), ("C", 20))
        ]
    )
    return made


def names(made: SortTable) -> list[str]:
    return [made.item(number, 0).text() for number in range(made.rowCount())]


def test_table_when_shown_then_sorted_by_its_first_column_whatever_the_case(qtbot: QtBot) -> None:
    assert names(table(qtbot)) == ["a", "b", "C"]


def test_table_when_a_head_is_clicked_then_numbers_sort_as_numbers(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.resize(400, 200)
    made.show()
    header = made.horizontalHeader()
    place = header.sectionViewportPosition(1) + 10
    QTest.mouseClick(header.viewport(), LEFT, pos=header.viewport().rect().topLeft() + _at(place))
    assert names(made) == ["b", "C", "a"]
    QTest.mouseClick(header.viewport(), LEFT, pos=header.viewport().rect().topLeft() + _at(place))
    assert names(made) == ["a", "C", "b"]


def _at(x: int):
    from PySide6.QtCore import QPoint  # noqa: PLC0415 # only here

    return QPoint(x, 8)


def test_table_when_sorted_by_keys_then_column_and_direction_change(qtbot: QtBot) -> None:
    made = table(qtbot)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(made, Qt.Key.Key_Right, control)
    assert names(made) == ["b", "C", "a"]
    QTest.keyClick(made, Qt.Key.Key_Down, control)
    assert names(made) == ["a", "C", "b"]


def test_table_when_filled_anew_then_what_is_chosen_stays_or_is_told_to_be_gone(
    qtbot: QtBot,
) -> None:
    made = table(qtbot)
    made.selectRow(1)
    assert made.chosen_id == "b"
    told: list[str] = []
    made.row_chosen.connect(told.append)
    made.show_rows([Row(name, (Cell(name), Cell("0", 0))) for name in ("0", "b")])
    assert (made.chosen_id, told) == ("b", [])
    made.show_rows([Row("0", (Cell("0"), Cell("0", 0)))])
    assert (made.chosen_id, told) == ("", [""])


# --- sections -----------------------------------------------------------------------------------


def test_sections_when_chosen_then_only_the_one_in_front_asks(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Panel, "refresh", lambda self: asked.append(self.title()))
    page = desktop.admin
    desktop.window.show_page("admin")
    page.sections["users"].click()
    assert asked == ["Overview", "Users"]
    assert not page.overview._timer.isActive()
    assert page.users._timer.isActive()
    desktop.window.show_page("me")
    assert not page.users._timer.isActive()


def test_role_when_it_is_taken_away_then_the_tab_closes(desktop: Desktop) -> None:
    from app.state.house import HouseState  # noqa: PLC0415 # only here

    state = HouseState(url="ws://x", link="connected", user=person(str, is_admin=True))
    desktop._on_house(state)
    desktop.window.show_page("admin")
    desktop._on_house(HouseState(url="ws://x", link="connected", user=person(str)))
    assert desktop.window.current_key == "me"


def test_rooms_when_one_is_chosen_then_its_buttons_ask_for_it(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.rooms
    still_desktop.window.show_page("admin")
    still_desktop.admin.show_section("rooms")
    panel.show_rooms((house_room(str), house_room(str, 2)), 2)
    QTest.mouseClick(panel.grid.cards[0], LEFT)
    panel.details.buttons["feature"].click()
    panel.details.buttons["mute"].click()
    assert asked[0] == ("feature_room", ("r1",), {"is_featured": False})
    assert (asked[1][0], asked[1][2]) == ("mute_room", {"is_muted": True})
    went: list[str] = []
    panel.room_wanted.connect(went.append)
    panel.details.buttons["open"].click()
    assert went == ["r1"]


def test_rooms_when_one_is_live_no_more_then_its_picture_is_forgotten(
    still_desktop: Desktop,
) -> None:
    panel = still_desktop.admin.rooms
    live, resting = house_room(str), house_room(str, 2)
    assert live.room.broadcast is not None
    picture = QImage(16, 9, QImage.Format.Format_RGB32)
    picture.fill(0)
    pictures = {live.room.broadcast.broadcast_id: pack(picture, "JPG")}
    panel.load((HouseRooms(rooms=(live, resting), total=2), pictures))
    assert set(panel._pictures) == set(pictures)
    panel.load((HouseRooms(rooms=(resting,), total=1), {}))
    assert not panel._pictures


def test_rooms_when_one_is_closed_with_a_reason_then_so_it_is_asked(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.rooms
    panel.show_rooms((house_room(str), house_room(str, 3)), 2)
    panel.choose("r1")
    panel.details.buttons["close"].click()
    form = panel.findChild(QDialog)
    form.findChild(QLineEdit).setText("too loud")
    form.accept()
    panel.choose("r3")
    panel.details.buttons["close"].click()
    assert asked == [("close_room", ("r1", "too loud"), {}), ("reopen_room", ("r3",), {})]


def test_user_when_coins_are_given_then_once_with_a_key(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    details = still_desktop.admin.users.details
    details.show_user(user_page(str), movements(str))
    details.buttons["grant"].click()
    form = details.findChild(QDialog)
    form.findChild(NumberBox).setValue(250)
    form.accept()
    ((name, args, fields),) = asked
    assert (name, args, fields["coins"]) == ("grant_coins", ("u-Ann",), 250)
    assert fields["key"]


def test_user_when_made_an_admin_then_only_after_the_question(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    details = still_desktop.admin.users.details
    details.show_user(user_page(str), movements(str))
    details.buttons["admin"].click()
    assert asked == []
    details.findChild(QDialog).accept()
    assert asked == [("set_admin", ("u-Ann",), {"granted": True})]


def test_users_when_none_is_left_chosen_then_the_details_are_forgotten(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = still_desktop.admin.users
    monkeypatch.setattr(panel, "_ask_for", lambda _user_id: None)
    panel.show_users((house_user(str),), 1)
    panel.table.selectRow(0)
    panel.details.show_user(user_page(str), movements(str))
    panel.show_users((), 0)
    assert panel.details._page is None


def test_settings_when_a_control_is_used_then_name_and_value_as_the_wire_writes_them(
    still_desktop: Desktop,
) -> None:
    card = still_desktop.admin.settings.settings
    changed: list[tuple[str, str]] = []
    card.changed.disconnect()
    card.changed.connect(lambda name, value: changed.append((name, value)))
    card.show_settings(settings(str))
    switch, combo = card.controls["guests_may_enter"], card.controls["sign_up"]
    number = card.controls["rooms_per_user_max"]
    assert isinstance(switch, QCheckBox)
    assert isinstance(combo, QComboBox)
    assert isinstance(number, NumberBox)
    switch.click()
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    number.setValue(7)
    number.editingFinished.emit()
    card.controls["sign_up_code"].editingFinished.emit()
    assert changed == [
        ("guests_may_enter", "off"),
        ("sign_up", "closed"),
        ("rooms_per_user_max", "7"),
    ]


def test_storage_when_a_backup_runs_then_no_second_one_is_offered(still_desktop: Desktop) -> None:
    card = still_desktop.admin.settings.storage
    card.show_storage(storage("running"))
    assert not card.backup_button.isEnabled()
    assert card.progress.value() == 400
    card.show_storage(storage("done"))
    assert card.backup_button.isEnabled()


def test_storage_when_a_restore_is_wanted_then_only_after_the_question(
    still_desktop: Desktop,
) -> None:
    card = still_desktop.admin.settings.storage
    card.restore_wanted.disconnect()
    wanted: list[str] = []
    card.restore_wanted.connect(wanted.append)
    card.show_storage(storage())
    assert not card.restore_button.isEnabled()
    card.table.selectRow(0)
    card.restore_button.click()
    assert wanted == []
    card.findChild(QDialog).accept()
    assert wanted == ["livehouse-20260102-030405.db"]


def test_recordings_when_known_then_whose_they_are_and_what_is_to_be_done(
    still_desktop: Desktop,
) -> None:
    panel = still_desktop.admin.settings
    card = panel.recordings
    panel._on_storage(msgspec.structs.replace(storage(), recordings=recordings()))
    assert [card.table.item(0, column).text() for column in range(3)] == ["Stage", "9", "8.4 GB"]
    assert card.used.value() == 485
    assert card.advice.isHidden()
    card.show_share(recordings(is_full=True))
    assert "--recordings-gb" in card.advice.text()
    card.show_share(recordings(is_full=True, free_bytes=10**9))
    assert "1.1 GB" in card.advice.text()
    card.show_share(recordings(rooms=(), is_on=False))
    assert "--no-record" in card.advice.text()
    assert card.table.isHidden()
    panel._on_storage(storage())
    assert card.isHidden()


def test_gifts_when_switched_or_reset_then_asked_with_the_price(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.gifts
    panel.show_gifts(gifts())
    panel.lines["castle"].reset.click()
    panel.lines["castle"].is_on.click()
    assert [fields for _, _, fields in asked] == [
        {"is_on": True, "price_coins": 0},
        {"is_on": False, "price_coins": 5_200},
    ]


def test_audit_when_an_act_cannot_be_undone_then_the_button_is_off(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.audit
    panel.show_acts((act(str), act(str, 2, "ban")))
    panel.table.selectRow(0)  # the newest: undone already
    assert (panel.table.chosen_id, panel.undo_button.isEnabled()) == ("a2", False)
    panel.table.selectRow(1)
    panel.undo_button.click()
    assert asked == [("undo_act", ("a1",), {})]


def test_audit_when_an_act_was_undone_then_its_details_begin_with_that(
    still_desktop: Desktop,
) -> None:
    panel = still_desktop.admin.audit
    panel.show_acts((act(str), act(str, 2, "ban")))
    details = [panel.table.item(row, 3) for row in range(2)]
    assert [one is not None and one.text().startswith("Undone") for one in details] == [True, False]


def test_audit_when_saved_then_the_ending_says_how(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    acts = (act(str), act(str, 2, "ban"))
    monkeypatch.setattr(order, "read_all_acts", lambda _house, **_fields: acts)
    panel = still_desktop.admin.audit
    monkeypatch.setattr(panel, "do", lambda found, _said, then: then(found))
    for name in ("acts.csv", "acts.json"):
        panel.export(str(tmp_path / name))
    assert (tmp_path / "acts.csv").read_text("utf-8").startswith("\ufeffact_id,at,")
    assert (tmp_path / "acts.json").read_text("utf-8").startswith("[")
    panel.export(str(tmp_path / "missing" / "acts.csv"))
    assert "could not be written" in still_desktop.window._toast.text()


def test_words_when_added_removed_and_ruled_then_so_it_is_asked(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.words
    panel.show_words(word_entries(str), rules_now())
    panel.word.setText("  paper  ")
    panel.level.setCurrentIndex(1)
    QTest.keyClick(panel.word, Qt.Key.Key_Return)
    panel.table.selectRow(0)
    panel.remove_button.click()
    panel.rules["caps"].setCurrentIndex(1)
    panel.rules["caps"].activated.emit(1)
    assert asked[:2] == [("add_word", ("paper", "refuse"), {}), ("remove_word", ("another",), {})]
    changed = asked[2][1][0]
    assert (changed.links, changed.caps, changed.flood_many) == ("hold", "hold", "refuse")


def test_words_when_a_file_is_imported_then_by_the_chosen_level_or_refused_in_words(
    still_desktop: Desktop,
    asked: list[tuple[str, tuple[object, ...], dict[str, object]]],
    tmp_path: Path,
) -> None:
    panel = still_desktop.admin.words
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeffone\r\n二\n".encode())
    panel.import_file(str(file))
    assert asked == [("import_words", (["one", "二"], "hold"), {})]
    file.write_bytes(b"\xff\xfe\x00")
    panel.import_file(str(file))
    assert len(asked) == 1
    assert "words.txt" in still_desktop.window._toast.text()


def test_words_when_what_is_imported_is_no_such_file_then_says_so_and_what_to_do(
    still_desktop: Desktop,
    asked: list[tuple[str, tuple[object, ...], dict[str, object]]],
    tmp_path: Path,
) -> None:
    panel, toast = still_desktop.admin.words, still_desktop.window._toast
    (tmp_path / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    (tmp_path / "large.txt").write_bytes(b"word\n" * (FILE_BYTES_MAX // 5 + 1))
    (tmp_path / "folder.txt").mkdir()
    told = []
    for name in ("latin.txt", "large.txt", "folder.txt", "gone.txt", "nul\0.txt"):
        panel.import_file(str(tmp_path / name))
        told.append(toast.text())
    unreadable = "cannot be read. Is it still there, and are you allowed to read it?"
    assert told == [
        "latin.txt is no text in UTF-8. Save it as such, and import it again.",
        "large.txt is larger than 2 MB. Import it in several parts.",
        f"folder.txt {unreadable}",
        f"gone.txt {unreadable}",
        f"nul.txt {unreadable}",
    ]
    assert asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX")
def test_words_when_what_is_imported_is_a_pipe_then_it_is_not_waited_for(
    still_desktop: Desktop, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    still_desktop.admin.words.import_file(str(tmp_path / "pipe.txt"))
    assert "pipe.txt cannot be read" in still_desktop.window._toast.text()


def test_report_when_decided_then_with_the_words_for_its_reporters(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.reports
    panel.show_case(case(str))
    panel.claim_button.click()
    panel.verdict.setText("we spoke with them")
    panel.act_button.click()
    assert asked == [
        ("claim_report", ("p1",), {"is_claimed": False}),
        ("decide_report", ("p1", "acted", "we spoke with them"), {}),
    ]


def test_feedback_when_answered_or_granted_then_so_it_is_asked(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.feedback
    panel.show_case(feedback_details(str))
    assert not panel.answer_button.isEnabled()
    panel.answer.setPlainText("we looked")
    panel.answer_button.click()
    panel.grant_button.click()
    assert asked == [
        ("answer_feedback", ("f1", "we looked"), {"is_closed": False, "is_granted": False}),
        ("answer_feedback", ("f1", ""), {"is_closed": False, "is_granted": True}),
    ]


def test_feedback_when_the_answer_is_refused_then_its_words_are_there_again(
    still_desktop: Desktop,
    asked: list[tuple[str, tuple[object, ...], dict[str, object]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusals: list[Callable[[], object]] = []
    monkeypatch.setattr(Panel, "do", lambda *what: refusals.append(what[-1]))
    panel = still_desktop.admin.feedback
    panel.show_case(feedback_details(str))
    panel.answer.setPlainText("we look into it")
    panel.answer_button.click()
    assert len(asked) == 1
    assert panel.answer.toPlainText() == ""
    refusals[0]()
    assert panel.answer.toPlainText() == "we look into it"


def test_cases_when_another_is_chosen_then_what_was_written_stays_behind(
    still_desktop: Desktop,
) -> None:
    feedback, reports = still_desktop.admin.feedback, still_desktop.admin.reports
    first = feedback_details(str)
    feedback.show_case(first)
    feedback.answer.setPlainText("to the first")
    feedback.show_case(first)
    assert feedback.answer.toPlainText() == "to the first"
    second = msgspec.structs.replace(first.feedback, feedback_id="f9")
    feedback.show_case(msgspec.structs.replace(first, feedback=second))
    assert feedback.answer.toPlainText() == ""
    reports.show_case(case(str))
    reports.verdict.setText("of the first")
    other = msgspec.structs.replace(case(str).report, report_id="p9")
    reports.show_case(msgspec.structs.replace(case(str), report=other))
    assert reports.verdict.text() == ""


def test_reports_when_decided_while_another_is_chosen_then_that_one_stays_in_sight(
    still_desktop: Desktop,
) -> None:
    reports = still_desktop.admin.reports
    reports.show_case(case(str))
    name = reports.card.title.text()
    other = msgspec.structs.replace(
        case(str).report, report_id="p9", accused=person(str, "somebody else")
    )
    reports._show_if_chosen(msgspec.structs.replace(case(str), report=other))
    reports._give_back("p9", "of the other")
    assert reports.card.title.text() == name
    assert reports.verdict.text() == ""


def test_picture_when_it_cannot_be_read_then_the_one_before_is_not_shown(
    still_desktop: Desktop,
) -> None:
    reports = still_desktop.admin.reports
    reports.show_case(msgspec.structs.replace(case(str), thumbnail=make_png(64, 36)))
    assert not reports._picture.isHidden()
    other = msgspec.structs.replace(case(str).report, report_id="p9")
    reports.show_case(msgspec.structs.replace(case(str), report=other, thumbnail=b"no picture"))
    assert reports._picture.isHidden()


def test_audit_when_its_filter_is_opened_then_every_act_has_words_of_its_own(
    still_desktop: Desktop,
) -> None:
    action = still_desktop.admin.audit.action
    shown = [action.itemText(index) for index in range(1, action.count())]
    assert len(shown) == len(get_args(ActName))
    assert not set(shown) & set(get_args(ActName))
    assert {"Added an emote", "Removed an emote"} <= set(shown)


def test_sanctions_when_one_is_lifted_then_it_is_the_chosen_one(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.sanctions
    panel.show_sanctions((sanction(str), sanction(str, 2)))
    assert not panel.lift_button.isEnabled()
    panel.table.selectRow(0)
    panel.lift_button.click()
    assert asked == [("lift_sanction", (panel.table.chosen_id,), {})]


def test_sanctions_when_of_rooms_then_where_is_said_and_the_scope_is_asked(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = still_desktop.admin.sanctions
    panel.show_sanctions((sanction(str), room_sanction(str)))
    texts = {panel.table.item(row, 2).text() for row in range(2)}
    assert texts == {"The whole house", "stage 1"}
    asked: list[object] = []
    monkeypatch.setattr(panel, "refresh", lambda: asked.append(panel.scope.currentData()))
    panel.scope.setCurrentIndex(2)
    panel.more.click()
    assert asked == ["rooms", "rooms"]


# --- what waits ---------------------------------------------------------------------------------


def test_waiting_when_told_then_on_the_rail_and_behind_the_sections(
    still_desktop: Desktop,
) -> None:
    page, rail = still_desktop.admin, still_desktop.window._rail
    page.show_waiting(WaitingCounts(reports=2, feedback=1))
    assert rail.button("admin").text() == "Admin (3)"
    assert page.sections["reports"].text() == "Reports (2)"
    assert page.sections["feedback"].text() == "Feedback (1)"
    page.show_waiting(NOTHING_WAITS)
    assert rail.button("admin").text() == "Admin"
    assert page.sections["reports"].text() == "Reports"


def test_overview_when_reports_wait_then_their_button_leads_to_them(
    still_desktop: Desktop,
) -> None:
    page = still_desktop.admin
    waiting = msgspec.structs.replace(overview(), reports_open=2)
    page.overview.render_state(OverviewState().apply(Seen("hour", waiting)))
    button = page.overview.waiting["reports"]
    assert button.text() == "Reports waiting: 2"
    assert page.overview.waiting["feedback"].text() == "New feedback: 0"
    button.click()
    assert page.sections["reports"].isChecked()
    assert page._current() is page.reports


def test_report_when_banned_from_it_then_sanction_and_verdict_in_one(
    still_desktop: Desktop, asked: list[tuple[str, tuple[object, ...], dict[str, object]]]
) -> None:
    panel = still_desktop.admin.reports
    panel.show_case(case(str))
    panel.verdict.setText("they are gone")
    panel.ban_button.click()
    form = panel.findChild(SanctionForm)
    assert form is not None
    assert form.what is None
    assert form.where is not None
    form.where.setCurrentIndex(1)
    form.span.setCurrentIndex(3)
    form.yes_button.click()
    assert asked == [
        (
            "act_on_report",
            (case(str).report,),
            {
                "kind": "ban",
                "duration_s": 86_400,
                "reason": "Insults or harassment",
                "is_in_room": True,
                "verdict": "they are gone",
            },
        )
    ]


def test_words_when_searched_then_the_relay_is_asked_for_the_first_page(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    panel = still_desktop.admin.words
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(panel, "refresh", lambda: asked.append((panel.search.text(), panel._pages)))
    panel.show_words(word_entries(str), rules_now(), 400, has_more=True)
    assert panel._count.text() == "2 of 400 shown"
    panel.more.click()
    QTest.keyClicks(panel.search, "bad")
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked == [("", 2), ("bad", 1)]


# --- asking -------------------------------------------------------------------------------------


def test_panel_when_asked_anew_while_it_waits_then_only_the_newest_is_shown(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = still_desktop.admin.sanctions
    sent: list[Callable[[object], object]] = []
    shown: list[object] = []
    monkeypatch.setattr(panel, "question", object)
    monkeypatch.setattr(panel, "load", shown.append)
    monkeypatch.setattr(panel.desk, "ask", lambda _what, done, _failed: sent.append(done))
    panel._is_in_front = True
    panel.refresh()
    panel._on_tick()
    panel.refresh()
    assert len(sent) == 1
    sent[0]("old")
    assert (len(sent), shown) == (2, [])
    sent[1]("new")
    assert (len(sent), shown) == (2, ["new"])


def test_table_when_it_is_narrow_then_minor_columns_go_and_come_back(qtbot: QtBot) -> None:
    made = SortTable((Column(is_wide=True), Column(is_minor=True), Column(is_number=True)))
    qtbot.addWidget(made)
    made.set_titles(("Name", "Rooms", "Coins"))
    made.show_rows([Row("a", (Cell("Ann"), Cell("twelve"), Cell("12", 12)))])
    made.resize(620, 200)
    made.show()
    assert not made.isColumnHidden(1)
    made.resize(230, 200)
    qtbot.waitUntil(lambda: made.isColumnHidden(1))
    made.resize(620, 200)
    qtbot.waitUntil(lambda: not made.isColumnHidden(1))
