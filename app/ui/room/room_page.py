"""The Room page: watch, listen, and say something."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.live.room_session import RoomSession, RoomSinks
from app.live.room_visits import RoomVisits
from app.state import preferences
from app.state.keeping import target_of
from app.state.room import RoomState
from app.ui.emote_desk import EmoteDesk
from app.ui.errors_in_words import explain
from app.ui.keeping.person_menu import PersonMenu
from app.ui.keeping.words import describe_done
from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.room.chat_panel import ChatPanel
from app.ui.room.control_bar import ControlBar
from app.ui.room.danmaku_tools import DanmakuTools
from app.ui.room.gift_desk import GiftDesk
from app.ui.room.playback_choices import PlaybackChoices
from app.ui.room.quality_menu import describe_lost_choice
from app.ui.room.room_head import RoomHead
from app.ui.room.room_likes import RoomLikes
from app.ui.room.rounds_panel import RoundsPanel
from app.ui.room.stage import Stage
from app.ui.room.stage_cover import StageCover
from app.ui.room.stage_place import StagePlace
from app.ui.room.stage_words import describe_figures, describe_sound, describe_stage
from app.ui.room.viewer_choices import ViewerChoices, read_danmaku
from app.ui.theme.icons import set_lead_icon
from app.ui.toast import tell
from wire.errors import ErrorCode
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtGui import QKeyEvent

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door
    from wire import event_base
    from wire.command_base import Command, DanmakuSize

CHAT_WIDTH: Final = 296


class RoomPage(Page):
    """Renders a RoomState; the truth is with the session on the loop."""

    discover_wanted = Signal()
    room_changed = Signal()
    """Another room, or none."""

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._state = RoomState()
        self.choices = ViewerChoices(self)
        self._own_texts = 0
        self.stage = Stage()
        self.stage.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chat = ChatPanel()
        self.rounds = RoundsPanel()
        self.head = RoomHead(house, loop, door, self)
        self.lead = self.head.lead
        self.people = PersonMenu(self)
        self.people.own_user_id = house.own_user_id
        self.people.offers_report = True
        self.people.report_asked.connect(self.head.report)
        self.controls = ControlBar()
        self._likes = RoomLikes(self.controls.like, self.stage, self._ask, self)
        self.gifts = GiftDesk(
            house, loop, door, stage=self.stage, chat=self.chat, choices=self.choices
        )
        self.emotes = EmoteDesk(house, loop, door, self)
        for shown in (self.chat, self.stage.danmaku, self.lead.keep.album):
            shown.use_emotes(self.emotes.emotes)
        self._notice = _label("soft")
        self._notice.setWordWrap(True)
        self._reconnect = QPushButton()
        set_lead_icon(self._reconnect, "refresh")
        self._discover = QPushButton()
        set_lead_icon(self._discover, "discover")
        self._passphrase = QLineEdit()
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._enter = QPushButton()
        self._is_leaving = False
        """The state may still name the room that was left."""
        self._visits = RoomVisits(
            house,
            RoomSinks(
                on_state=lambda state: door.post(self.render_state, state),
                on_danmaku=lambda posted: door.post(self._on_danmaku, posted),
                on_picture=self.stage.show_picture,
            ),
            collect=lambda: door.post(gc.collect),
        )
        self._place = StagePlace(self.stage, self.controls, self.head.title, self)
        self._cover = StageCover(self.stage, self._visits, loop, door)
        self._playback = PlaybackChoices(
            self.controls, self.choices, self._visits, loop, door, self
        )
        self._lay_out()
        self._connect()
        self.retranslate()
        self.render_state(self._state)

    def title(self) -> str:
        return self.tr("Room")

    def open_room(self, room_id: str) -> None:
        """Leave the room before and enter this one."""
        is_in = room_id == self._state.room_id and self._state.phase != "refused"
        if self._is_leaving or not is_in:
            self._is_leaving = False
            self.stage.forget_picture()
            self._cover.forget()
            self._loop.call(self._visits.open, RoomId(room_id))

    def close_room(self) -> None:
        self._place.end_detached()
        self._is_leaving = True
        self._loop.call(self._visits.close)

    @property
    def room_id(self) -> str:
        """Of the room that one is in; empty for none."""
        return self._state.room_id or ""

    def show_instead(self, widget: QWidget | None) -> None:
        """Something in the stage's place, and the room stands still; None: it is live again."""
        self._place.show_instead(widget)
        self._playback.pause(widget is not None)

    def choose_output(self, device: str) -> None:
        """By its name, "" for the system's default."""
        self._loop.call(self._visits.choose_output, device)

    def begin_with(self, chosen: preferences.Preferences) -> None:
        """As it was left: volume, delay, danmaku and one's own size."""
        self.danmaku.begin_with(read_danmaku(chosen))
        self.gifts.begin_with(chosen)
        self.chat.choose_size(str(chosen.get(preferences.OWN_SIZE)))
        self.choose_effects(is_on=bool(chosen.get(preferences.EFFECTS_ARE_ON)))
        self._playback.begin_with(chosen)

    def choose_effects(self, *, is_on: bool) -> None:
        self._likes.choose_effects(is_on=is_on)

    def on_shown(self) -> None:
        self.stage.setFocus()
        self.stage.wake()

    def on_hidden(self) -> None:
        self.choices.save()
        self._place.give_back_the_screen()

    def toast_ground(self) -> Stage:
        """The controls are at the foot of the page."""
        return self.stage

    def retranslate(self) -> None:
        self.stage.setAccessibleName(self.tr("Stage"))
        self._place.back.setText(self.tr("Bring the picture back"))
        self._reconnect.setText(self.tr("Reconnect now"))
        self._discover.setText(self.tr("Find a room"))
        self._passphrase.setPlaceholderText(self.tr("Passphrase"))
        self._passphrase.setAccessibleName(self.tr("Passphrase"))
        self._enter.setText(self.tr("Enter"))
        self.rounds.retranslate()
        self.chat.retranslate()
        self.head.retranslate()
        self.controls.retranslate()
        self.danmaku.retranslate()
        self.gifts.retranslate()
        self.render_state(self._state)

    def render_state(self, state: RoomState) -> None:
        before, self._state = self._state, state
        if before.room_id != state.room_id:
            self.stage.forget_picture()
            self.room_changed.emit()
        if before.keeping.gone is not state.keeping.gone:
            for message_id in set(state.keeping.gone) - set(before.keeping.gone):
                self.stage.danmaku.delete(message_id)
            self.stage.wake()
        if before.is_paused != state.is_paused:
            self.stage.set_frozen(is_frozen=state.is_paused)
        self.stage.set_message(*describe_stage(state))
        self._cover.render_state(state)
        self._show_figures()
        self.emotes.render_room(state.room_id, state.lead.emotes)
        self.head.render_state(state)
        self.people.render_kept(state.kept)
        self.chat.render_state(state)
        self.chat.list.set_hidden_count(self.stage.danmaku.hidden)
        self.gifts.render_room(state)
        may_play = state.phase == "joined" and state.role != "guest"
        own = self._house.own_user_id() if may_play else ""
        self.rounds.render_rounds(
            state.rounds,
            may_play=may_play,
            own_user_id=own,
            closes_in=state.kept.keeps_room_id,
        )
        self.controls.render_state(state)
        self._likes.render_state(state)
        self.controls.setEnabled(state.phase == "joined")
        self._reconnect.setVisible(state.stage == "cut")
        self._discover.setVisible(state.phase in {"nothing", "refused"} or state.stage == "ended")
        needs = state.refusal is not None and state.refusal[0] is ErrorCode.PASSPHRASE_REQUIRED
        self._passphrase.setVisible(needs)
        self._enter.setVisible(needs)
        lost_choice = describe_lost_choice(before, state)
        if lost_choice:
            tell(self, lost_choice, "info")
        notice = describe_sound(state)
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._obey_key(event.key()):
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.danmaku = DanmakuTools(self, self.stage, self.controls, self.choices)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for widget in (self._passphrase, self._enter, self._reconnect, self._discover):
            actions.addWidget(widget)
        actions.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.head)
        left.addWidget(self._place.area, 1)
        left.addLayout(actions)
        left.addWidget(self._place.foot)
        left.addWidget(self._notice)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.rounds)
        right.addWidget(self.chat, 1)
        right.addWidget(self.gifts.bar)
        self.chat.setFixedWidth(CHAT_WIDTH)
        self.rounds.setFixedWidth(CHAT_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addLayout(right)

    def _connect(self) -> None:
        controls = self.controls
        controls.picture_in_picture_wanted.connect(lambda: self._place.toggle_detached("small"))
        controls.full_screen_wanted.connect(lambda: self._place.toggle_detached("full"))
        controls.figures_toggled.connect(lambda _on: self._show_figures())
        self.stage.double_clicked.connect(lambda: self._place.toggle_detached("full"))
        self.chat.sent.connect(self._on_send)
        self.chat.size_chosen.connect(lambda size: self.choices.put(preferences.OWN_SIZE, size))
        album = self.lead.keep.album
        self.chat.picker.manage_wanted.connect(lambda: album.open_below(self.chat.emote_button))
        self.rounds.voted.connect(lambda poll, choice: self._play(self._visits.vote(poll, choice)))
        self.rounds.entered.connect(lambda draw: self._play(self._visits.enter_draw(draw)))
        for source in (self.lead, self.chat, self.rounds, self.people):
            source.wanted.connect(self._on_lead_wanted)
        self.chat.list.extend_menu = self.people.fill
        self.lead.keep.queue.extend_menu = self.people.fill_order
        self.danmaku.extend_menu = self._extend_danmaku_menu
        self._place.key_pressed.connect(self._obey_key)
        self._reconnect.clicked.connect(self._on_reconnect)
        self._discover.clicked.connect(self.discover_wanted)
        self._passphrase.returnPressed.connect(self._on_enter)
        self._enter.clicked.connect(self._on_enter)

    # --- what is shown ------------------------------------------------------------------------

    def _show_figures(self) -> None:
        lines: list[str] = []
        if self.controls.figures.isChecked():
            lines = describe_figures(self._state.statistics, hidden=self.stage.danmaku.hidden)
        self.stage.set_figures(lines)

    def _extend_danmaku_menu(self, menu: QMenu, key: str) -> None:
        for message in reversed(self._state.messages):
            if message.message_id == key:
                if self.chat.list.may_write:
                    reply = partial(self.chat.list.reply_wanted.emit, key, message.name)
                    menu.addAction(self.tr("Reply"), reply)
                self.people.fill(menu, target_of(message))
                return

    def _on_danmaku(self, posted: event_base.DanmakuPosted) -> None:
        if posted.room_id == self._state.room_id:
            self.stage.danmaku.offer(posted)
            self.stage.wake()

    # --- what the user does -------------------------------------------------------------------

    def _obey_key(self, key: int) -> bool:
        actions = {
            Qt.Key.Key_Space: self.controls.pause.click,
            Qt.Key.Key_M: self.controls.mute.click,
            Qt.Key.Key_D: self.controls.danmaku.click,
            Qt.Key.Key_L: self.controls.like.tap,
            Qt.Key.Key_F: lambda: self._place.toggle_detached("full"),
            Qt.Key.Key_Return: self._begin_message,
            Qt.Key.Key_Enter: self._begin_message,
        }
        if key == Qt.Key.Key_Escape:
            self._place.end_detached()
            self.stage.setFocus()
            return True
        for known, action in actions.items():
            if key == known:
                action()
                return True
        return False

    def _begin_message(self) -> None:
        """The box to write in is on the page: the whole screen is given back for it."""
        self._place.give_back_the_screen()
        self.chat.focus_input()

    def _ask(self, action: object) -> None:
        self._loop.call(self._visits.ask, action)

    def _play(self, work: Coroutine[object, object, None]) -> None:
        done = self._loop.submit(work)
        self._door.deliver(done, lambda _none: None, self._on_failed)

    def _on_reconnect(self) -> None:
        self._ask(RoomSession.reconnect_now)

    def _on_lead_wanted(self, command: Command) -> None:
        done = self._loop.submit(self._visits.lead(command))
        self._door.deliver(done, lambda _: self._tell_done(command), self._on_lead_refused)

    def _tell_done(self, command: Command) -> None:
        words = describe_done(command)
        if words:
            tell(self, words, "good")

    def _on_lead_refused(self, error: LivehouseError) -> None:
        self.lead.keep.on_refused()
        self._on_failed(error)

    def _on_failed(self, error: LivehouseError) -> None:
        tell(self, explain(error), "bad")

    def _on_send(self, text: str, mode: int, color: int, size: DanmakuSize) -> None:
        """One's own text flies at once and is taken back if it is refused."""
        self._own_texts += 1
        key = f"own {self._own_texts}"
        self.stage.danmaku.offer_own(key, text, mode=mode, color=color, size=size)
        self.stage.wake()

        def take_back(_error: LivehouseError | None = None) -> None:
            self.chat.end_sending(text, is_taken=False)
            self.stage.danmaku.take_back(key)
            self.stage.wake()

        def on_answer(message_id: str) -> None:
            if message_id:
                self.chat.end_sending(text, is_taken=True)
                self.stage.danmaku.name_own(key, message_id)
            else:
                take_back()

        done = self._loop.submit(self._visits.send(text, mode, color, size, self.chat.reply_to))
        self._door.deliver(done, on_answer, take_back)

    def _on_enter(self) -> None:
        if self._state.room_id is not None and self._passphrase.text():
            self._loop.call(self._visits.open, self._state.room_id, self._passphrase.text())
            self._passphrase.clear()


def _label(name: str) -> PlainLabel:
    label = PlainLabel()
    label.setObjectName(name)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
