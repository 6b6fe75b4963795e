"""Reporting and the feedback centre, with clicks and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.errors import RelayRefused
from app.state.inbox import FeedbackDraft, InboxState, ReportTarget
from app.ui import inbox_desk
from app.ui.me.feedback_card import FeedbackCard
from app.ui.me.feedback_dialog import FeedbackDialog
from app.ui.room.report_dialog import ReportDialog, ask_report
from app.ui.screenshot import pack_screenshot
from wire import limits
from wire.errors import ErrorCode
from wire.event_base import UserInfo
from wire.ids import MessageId, RoomId, SanctionId, UserId
from wire.inbox_commands import SendReport
from wire.inbox_events import (
    Appeals,
    FeedbackAnswered,
    Inbox,
    OwnFeedback,
    OwnReport,
    ReportDecided,
    ReportTaken,
)
from wire.order_events import SanctionInfo

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop

HOSTILE = "<img src=x><b>Bob</b>\u202e & co"
TARGET = ReportTarget(
    room_id=RoomId("r"),
    name=HOSTILE,
    text=HOSTILE,
    message_id=MessageId("m"),
    user_id=UserId("u"),
)
ANSWERED = OwnFeedback(
    feedback_id="f1",
    category="idea",
    text=HOSTILE,
    sent_at_unix_ms=1,
    status="answered",
    answer="Yes",
    is_unread=True,
)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown_texts(widget: QWidget) -> list[str]:
    labels = widget.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    return [label.text() for label in labels if label.isVisibleTo(widget)]


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


# --- reporting ----------------------------------------------------------------------------------


def test_report_when_a_reason_is_chosen_then_sent_with_what_was_said(
    parent: QWidget, qtbot: QtBot
) -> None:
    dialog = ReportDialog(parent, TARGET)
    assert not dialog.send_button.isEnabled()
    assert any("<img src=x><b>Bob</b> & co" in text for text in shown_texts(dialog))
    dialog.choose("hate")
    QTest.keyClicks(dialog.text.edit, "every minute")
    with qtbot.waitSignal(dialog.wanted) as wanted:
        click(dialog.send_button)
    assert wanted.args == [
        SendReport(
            id=0,
            room_id=RoomId("r"),
            message_id=MessageId("m"),
            reason="hate",
            text="every minute",
        )
    ]


def test_report_when_the_reason_is_another_then_words_are_needed(parent: QWidget) -> None:
    dialog = ReportDialog(parent, TARGET)
    dialog.choose("other")
    assert not dialog.send_button.isEnabled()
    QTest.keyClicks(dialog.text.edit, "x")
    assert dialog.send_button.isEnabled()


def test_report_when_used_by_keys_then_space_chooses_and_return_sends(
    parent: QWidget, qtbot: QtBot
) -> None:
    dialog = ReportDialog(parent, TARGET)
    dialog.show()
    QTest.keyClick(dialog.reasons["harassment"], Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.wanted) as wanted:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert wanted.args[0].reason == "harassment"


def test_words_when_too_long_then_cut_at_the_limit_and_said(parent: QWidget) -> None:
    dialog = ReportDialog(parent, TARGET)
    dialog.text.edit.setPlainText("x" * (limits.REPORT_TEXT_CHARACTERS_MAX + 5))
    assert len(dialog.text.text()) == limits.REPORT_TEXT_CHARACTERS_MAX
    assert any("0 characters left" in text for text in shown_texts(dialog))


def test_report_when_asked_anywhere_in_the_window_then_it_reaches_the_windows_signal(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    window = still_desktop.window
    window.report_wanted.disconnect()
    dialog = ask_report(still_desktop.room.chat.list, TARGET)
    assert dialog.parent() is window
    dialog.choose("spam")
    with qtbot.waitSignal(window.report_wanted) as wanted:
        click(dialog.send_button)
    assert wanted.args[0].reason == "spam"


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (ReportTaken(report_id="r"), "Reported"),
        (ReportTaken(report_id="r", is_repeat=True), "reported this before"),
        (ReportTaken(report_id="r", state="acted"), "judged already"),
    ],
)
def test_report_when_taken_then_the_toast_says_how(
    still_desktop: Desktop, taken: ReportTaken, words: str
) -> None:
    still_desktop.inbox._on_reported(taken)
    assert words in still_desktop.window._toast.text()


# --- feedback -----------------------------------------------------------------------------------


def picture(width: int = 1600, height: int = 1000) -> QImage:
    """Hard to pack: every few pixels another colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for x in range(0, width, 8):
        for y in range(0, height, 8):
            painter.fillRect(QRect(x, y, 8, 8), QColor(x * 7 % 256, y * 5 % 256, x * y % 256))
    painter.end()
    return image


def test_screenshot_when_hard_to_pack_then_still_within_the_limit(qapp: object) -> None:
    del qapp
    packed = pack_screenshot(picture())
    assert packed is not None
    assert packed.startswith(b"\xff\xd8\xff")
    assert len(packed) <= limits.SCREENSHOT_BYTES_MAX
    assert pack_screenshot(QImage()) is None


def test_feedback_when_nothing_is_ticked_then_only_the_words_go(
    parent: QWidget, qtbot: QtBot
) -> None:
    dialog = FeedbackDialog(parent, picture())
    dialog.show()
    dialog.show_diagnostics("system: Linux")
    assert not dialog.send_button.isEnabled()
    QTest.keyClicks(dialog.text.edit, "More mugs")
    click(dialog.categories["idea"])
    with qtbot.waitSignal(dialog.wanted) as wanted:
        click(dialog.send_button)
    assert wanted.args == [FeedbackDraft(category="idea", text="More mugs")]
    assert not dialog.send_button.isEnabled()
    dialog.set_sending(is_sending=False)
    assert dialog.send_button.isEnabled()


def test_feedback_when_ticked_then_what_is_shown_is_what_is_sent(parent: QWidget) -> None:
    dialog = FeedbackDialog(parent, picture())
    dialog.text.edit.setPlainText("No sound")
    dialog.with_picture.setChecked(True)
    dialog.with_diagnostics.setChecked(True)
    assert not dialog.send_button.isEnabled()  # nobody has seen them yet
    dialog.show_diagnostics("system: Linux")
    assert dialog.send_button.isEnabled()
    draft = dialog.draft()
    assert draft.diagnostics == dialog.diagnostics.toPlainText() == "system: Linux"
    assert draft.screenshot is not None
    shown = QImage.fromData(draft.screenshot)
    assert dialog._sent_picture.size() == shown.size()


def test_feedback_when_an_appeal_then_without_kinds_and_of_the_sanction(parent: QWidget) -> None:
    dialog = FeedbackDialog(
        parent, QImage(), sanction_id=SanctionId("s1"), about=HOSTILE, has_extras=False
    )
    assert dialog.categories == {}
    assert not dialog.with_picture.isVisibleTo(dialog)
    assert "<img src=x><b>Bob</b> & co" in shown_texts(dialog)
    dialog.text.edit.setPlainText("Why?")
    assert dialog.draft() == FeedbackDraft(
        category="appeal", text="Why?", sanction_id=SanctionId("s1")
    )


def test_card_when_there_is_much_then_a_few_are_shown_and_more_on_demand(
    qtbot: QtBot,
) -> None:
    card = FeedbackCard()
    qtbot.addWidget(card)
    feedback = tuple(
        OwnFeedback(
            feedback_id=f"f{number}", category="idea", text=f"idea {number}", sent_at_unix_ms=number
        )
        for number in range(5)
    )
    page = Inbox(feedback=feedback, feedback_total=9)
    card.render_state(InboxState().with_page(page))
    assert "idea 4" in shown_texts(card)
    assert "idea 0" not in shown_texts(card)
    with qtbot.waitSignal(card.more_wanted):
        click(card.more)
    assert "idea 0" in shown_texts(card)


def test_answer_when_it_comes_then_toast_mark_and_row_until_it_was_seen(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    window = still_desktop.window
    window.show_page("discover")
    inbox = still_desktop.inbox._inbox
    still_desktop._loop.call(inbox._on_event, FeedbackAnswered(feedback=ANSWERED))
    qtbot.waitUntil(lambda: window._rail.button("me").text() == "Me (1)")
    assert "was answered" in window._toast.text()
    window.show_page("me")
    qtbot.waitUntil(lambda: window._rail.button("me").text() == "Me")
    assert "<img src=x><b>Bob</b> & co" in shown_texts(still_desktop.me.feedback)


def test_verdict_when_it_comes_while_one_looks_then_no_mark_stays(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    window = still_desktop.window
    window.show_page("me")
    judged = OwnReport(
        report_id="r",
        kind="message",
        room_name="Hall",
        accused_name="Bob",
        reason="spam",
        at_unix_ms=1,
        state="acted",
        verdict="Muted for a day",
        is_unread=True,
    )
    inbox = still_desktop.inbox._inbox
    still_desktop._loop.call(inbox._on_event, ReportDecided(report=judged))
    qtbot.waitUntil(lambda: "Muted for a day" in shown_texts(still_desktop.me.feedback))
    assert "was judged" in window._toast.text()
    qtbot.waitUntil(lambda: inbox.state.unread == 0)
    assert window._rail.button("me").text() == "Me"


# --- appeals ------------------------------------------------------------------------------------


def ban(sanction_id: str = "s1") -> SanctionInfo:
    return SanctionInfo(
        sanction_id=SanctionId(sanction_id),
        kind="ban",
        user=UserInfo(user_id=UserId("u"), name="Bob"),
        reason=HOSTILE,
        role="admin",
        imposed_at_unix_ms=1,
    )


def test_sanction_when_it_stands_then_it_can_be_appealed_from_its_row_once(qtbot: QtBot) -> None:
    card = FeedbackCard()
    qtbot.addWidget(card)
    state = InboxState().with_sanctions((ban(),))
    card.render_state(state)
    assert "You are banned from this house. Reason: <img src=x><b>Bob</b> & co" in shown_texts(card)
    (button,) = (one for one in card.findChildren(QPushButton) if one.text() == "Appeal")
    with qtbot.waitSignal(card.appeal_wanted) as wanted:
        click(button)
    assert wanted.args == [ban()]
    appeal = OwnFeedback(
        feedback_id="f",
        category="appeal",
        text="Why?",
        sanction_id=SanctionId("s1"),
        sent_at_unix_ms=1,
    )
    card.render_state(state.sent(appeal))
    buttons = [one for one in card.findChildren(QPushButton) if one.text() == "Appeal"]
    assert not buttons[-1].isEnabled()


def test_login_when_the_user_is_banned_then_an_appeal_is_offered_and_sent_with_the_password(
    still_desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str, str]] = []

    async def answer(
        _control: object, name: str, password: str, *, text: str = "", **_: object
    ) -> Appeals:
        asked.append((name, password, text))
        return Appeals(sanctions=(ban(),))

    monkeypatch.setattr(inbox_desk, "appeal_ban", answer)
    error = RelayRefused(ErrorCode.BANNED, "you are banned here")
    still_desktop.me._on_login_failed(error, "Bob", "pass word")
    qtbot.waitUntil(lambda: still_desktop.inbox.dialog is not None)
    dialog = still_desktop.inbox.dialog
    assert dialog is not None
    dialog.text.edit.setPlainText("It was my brother")
    click(dialog.send_button)
    qtbot.waitUntil(lambda: still_desktop.inbox.dialog is None)
    assert asked == [("Bob", "pass word", ""), ("Bob", "pass word", "It was my brother")]


def test_dialogs_when_one_came_over_another_then_the_first_to_go_leaves_the_other(
    still_desktop: Desktop,
) -> None:
    desk = still_desktop.inbox
    desk.write()
    first = desk.dialog
    desk.appeal(ban())
    second = desk.dialog
    assert first is not None
    assert second is not None
    assert first is not second
    first.reject()
    assert desk.dialog is second
    second.reject()
    assert desk.dialog is None


def test_login_when_the_password_is_wrong_then_no_appeal_is_offered(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    error = RelayRefused(ErrorCode.BAD_CREDENTIALS, "no")
    with qtbot.assertNotEmitted(still_desktop.me.kept_out):
        still_desktop.me._on_login_failed(error, "Bob", "pass word")
