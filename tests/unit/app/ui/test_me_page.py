"""Me: profile, account, devices and house, without a relay."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.errors import LivehouseError
from app.state.house import HouseState
from app.state.privacy import ExportProgress
from app.ui.me.account_card import AccountCard
from app.ui.me.data_card import DataCard
from app.ui.me.devices_card import DevicesCard
from app.ui.me.erase_dialog import EraseDialog
from app.ui.me.house_card import HouseCard
from app.ui.me.profile_card import ProfileCard
from wire.account_events import Profile
from wire.event_base import SessionInfo, UserInfo
from wire.ids import SessionId, UserId
from wire.privacy_events import DataCount, MyData, PrivacyTerms

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop

NOW = 1_700_000_000_000
ADA = UserInfo(user_id=UserId("a"), name="Ada")
LINK = "livehouse://10.0.0.1:7788/room?pin=" + "ab" * 32


def session(
    key: str, *, device: str = "desk", ago_ms: int = 0, is_this: bool = False
) -> SessionInfo:
    return SessionInfo(
        session_id=SessionId(key),
        device=device,
        created_at_unix_ms=NOW - 9 * ago_ms,
        last_seen_at_unix_ms=NOW - ago_ms,
        is_this=is_this,
    )


def texts(card: DevicesCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]


def test_profile_when_nothing_was_typed_then_there_is_nothing_to_save(qtbot: QtBot) -> None:
    card = ProfileCard()
    qtbot.addWidget(card)
    card.show_profile(Profile(user=ADA, about="Counts"))
    assert (card.name_edit.text(), card.about_edit.text()) == ("Ada", "Counts")
    assert not card.save_button.isEnabled()


def test_profile_when_a_part_was_typed_then_only_that_is_saved(qtbot: QtBot) -> None:
    card = ProfileCard()
    qtbot.addWidget(card)
    card.show_profile(Profile(user=ADA, about="Counts"))
    card.about_edit.clear()
    QTest.keyClicks(card.about_edit, "Sings")
    with qtbot.waitSignal(card.save_wanted) as wanted:
        QTest.mouseClick(card.save_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [None, "Sings"]
    assert card.save_button.isEnabled()  # until the relay has said yes
    card.show_saved(Profile(user=ADA, about="Sings"))
    assert not card.save_button.isEnabled()


def test_devices_when_shown_then_each_other_one_can_be_logged_out_by_its_name(
    qtbot: QtBot,
) -> None:
    card = DevicesCard()
    qtbot.addWidget(card)
    sessions = (
        session("this", is_this=True),
        session("phone", device="<b>phone</b>", ago_ms=5 * 60_000),
        session("old", device="", ago_ms=26 * 3_600_000),
    )
    card.show_sessions(sessions, NOW)
    shown = texts(card)
    assert "This device" in shown
    assert "Last seen 5 minutes ago" in shown
    assert "Last seen yesterday" in shown
    assert "A device without a name" in shown
    name = next(label for label in card.findChildren(QLabel) if label.text() == "<b>phone</b>")
    assert name.textFormat() is Qt.TextFormat.PlainText
    assert set(card.end_buttons) == {"phone", "old"}
    assert card.end_buttons["phone"].accessibleName() == "Log out <b>phone</b>"
    with qtbot.waitSignal(card.end_wanted) as wanted:
        QTest.mouseClick(card.end_buttons["phone"], Qt.MouseButton.LeftButton)
    assert wanted.args == ["phone"]
    card.show_sessions(sessions[:1], NOW)
    assert card.end_buttons == {}


@pytest.mark.parametrize("has_made_password", [True, False])
def test_account_when_the_password_was_made_up_then_the_old_one_is_not_asked_for(
    qtbot: QtBot, has_made_password: bool
) -> None:
    card = AccountCard()
    qtbot.addWidget(card)
    card.render_state(
        HouseState(link="connected", user=ADA, has_made_password=has_made_password, is_hosted=True)
    )
    assert card.old_edit.isVisibleTo(card) is not has_made_password
    assert card.new_edit.isVisibleTo(card)
    QTest.keyClicks(card.new_edit, "a new long one")
    with qtbot.waitSignal(card.password_wanted) as wanted:
        QTest.keyClick(card.new_edit, Qt.Key.Key_Return)
    assert wanted.args == ["", "a new long one"]


def test_house_when_others_can_come_then_the_address_stands_there_and_the_link_is_selected(
    qtbot: QtBot,
) -> None:
    card = HouseCard()
    qtbot.addWidget(card)
    card.show()
    state = HouseState(url="wss://x:1", link="connected", is_hosted=True, invite_link=LINK)
    card.render_state(HouseState(**{**fields(state), "lan_host": "10.0.0.1"}))
    assert "10.0.0.1" in card._address.text()
    # As Tab does it; a display without a window manager activates no window.
    QApplication.sendEvent(card.invite_edit, QFocusEvent(QEvent.Type.FocusIn))
    qtbot.waitUntil(lambda: card.invite_edit.selectedText() == LINK)
    card.render_state(state)
    assert "this computer only" in card._invite_words.text()
    assert "no network" in card._address.text()


def fields(state: HouseState) -> dict[str, object]:
    return {name: getattr(state, name) for name in HouseState.__slots__}


def test_account_when_the_words_are_not_agreed_to_then_none_can_be_made(qtbot: QtBot) -> None:
    card = AccountCard()
    qtbot.addWidget(card)
    card.render_state(HouseState(url="wss://h:1", link="connected"))
    assert not card.register_button.isEnabled()
    assert card.login_button.isEnabled()
    card.name_edit.setText("Ada")
    card.password_edit.setText("a long one")
    card.consent.tick.click()
    with qtbot.waitSignal(card.register_wanted) as wanted:
        QTest.mouseClick(card.register_button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["Ada", "a long one"]
    card.clear_passwords()  # another account would be another person's
    assert not card.register_button.isEnabled()


def test_consent_when_the_relay_says_how_long_then_the_words_say_so(qtbot: QtBot) -> None:
    card = AccountCard()
    qtbot.addWidget(card)
    card.consent.show_terms(terms(messages_days=12, behaviour_days=0))
    words = " ".join(label.text() for label in card.consent.findChildren(QLabel))
    assert "12 days" in words
    assert "minutes watched" not in words


def terms(**days: int) -> PrivacyTerms:
    known = {"messages_days": 1, "behaviour_days": 1, "sessions_days": 1, "audit_days": 1}
    return PrivacyTerms(version=1, backups_days=1, **{**known, **days})


def test_data_when_shown_then_counts_by_name_and_what_is_chosen(qtbot: QtBot) -> None:
    card = DataCard()
    qtbot.addWidget(card)
    assert not card.recording.isEnabled()
    counts = (DataCount(name="profile", rows=1), DataCount(name="messages", rows=10_000))
    card.show_data(MyData(counts=counts, is_recorded=False))
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
    assert {"Messages: 10,000", "Other entries: 1"} <= set(shown)
    assert (card.recording.isEnabled(), card.recording.isChecked()) == (True, False)
    with qtbot.waitSignal(card.recording_wanted) as wanted:
        card.recording.click()
    assert wanted.args == [True]


def test_data_when_a_copy_is_being_saved_then_it_can_be_cancelled(qtbot: QtBot) -> None:
    card = DataCard()
    qtbot.addWidget(card)
    card.show_progress(ExportProgress(rows_done=1, rows=2))
    assert card.cancel.isVisibleTo(card)
    assert not card.export.isVisibleTo(card)
    assert card.bar.value() > 0
    with qtbot.waitSignal(card.cancel_wanted):
        card.cancel.click()
    card.show_progress(None)
    assert card.export.isVisibleTo(card)


@pytest.mark.parametrize("needs_password", [True, False])
def test_erase_when_a_password_is_needed_then_not_without_it(
    qtbot: QtBot, needs_password: bool
) -> None:
    parent = DataCard()
    qtbot.addWidget(parent)
    dialog = EraseDialog(parent, needs_password=needs_password, is_hosted=False)
    assert dialog.yes_button.isEnabled() is not needs_password
    assert dialog.password.isVisibleTo(dialog) is needs_password
    dialog.password.setText("mine" if needs_password else "")
    with qtbot.waitSignal(dialog.erase_wanted) as wanted:
        dialog.yes_button.click()
    assert wanted.args == ["mine" if needs_password else ""]


def test_account_when_a_button_is_pressed_twice_before_the_answer_then_it_is_asked_once(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answered = threading.Event()
    said: list[tuple[str, str]] = []
    me = desktop.me
    me.said.connect(lambda words, kind: said.append((words, kind)))

    async def change_password(old: str, _new: str) -> None:
        asked.append(old)
        await asyncio.to_thread(answered.wait, 30)
        if len(asked) == 2:
            raise LivehouseError("no")

    monkeypatch.setattr(desktop._house, "change_password", change_password)
    for _ in range(2):
        me.account.password_wanted.emit("old", "new")
    answered.set()
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert said == [("The password is changed.", "good")]
    assert len(asked) == 1
    me.account.password_wanted.emit("old", "new")
    qtbot.waitUntil(lambda: len(said) == 2, timeout=30_000)
    assert said[1][1] == "bad"
    me.account.password_wanted.emit("old", "new")
    qtbot.waitUntil(lambda: len(asked) == 3, timeout=30_000)
