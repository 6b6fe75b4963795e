"""A recording on the screen, with all that was said and given when it was said and given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.state import preferences
from app.state.moment import clock_words
from app.state.replay_timeline import Totals
from app.ui.chat.chat_list import ChatList
from app.ui.elided_label import ElidedLabel
from app.ui.errors_in_words import explain
from app.ui.plain_text import set_tooltip
from app.ui.replays.export_dialog import ExportDialog
from app.ui.replays.happenings import Happenings
from app.ui.replays.hover_pictures import HoverPictures
from app.ui.replays.replay_controls import ReplayControls
from app.ui.replays.replay_danmaku import ReplayDanmaku
from app.ui.replays.replay_desk import ReplayDesk
from app.ui.replays.replay_keys import ReplayKeys
from app.ui.replays.replay_totals import ReplayTotals
from app.ui.replays.replay_words import about_words, replay_title
from app.ui.replays.seek_bar import SeekBar
from app.ui.replays.seek_preview import SeekPreview
from app.ui.room.danmaku_tools import DanmakuTools
from app.ui.room.detached_window import DetachedWindow
from app.ui.room.stage import Stage
from app.ui.room.viewer_choices import read_danmaku
from app.ui.theme.icons import icon
from app.ui.toast import tell

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.replay_places import ReplayPlaces
    from app.ui.door import Door
    from app.ui.room.viewer_choices import ViewerChoices
    from wire.events import TimelineEntry
    from wire.replay_events import ReplayInfo

CHAT_WIDTH: Final = 296
VOLUME_STEP: Final = 5
STILL_SIDE_MAX: Final = 512


class ReplayView(QWidget):
    """`is_embedded`: within the Room page, which has a head and a chat of its own."""

    back_wanted = Signal()
    live_wanted = Signal()
    chapters_wanted = Signal()
    more_wanted = Signal()

    def __init__(
        self,
        house: House,
        loop: LoopThread,
        door: Door,
        *,
        places: ReplayPlaces,
        choices: ViewerChoices,
        is_embedded: bool = False,
    ) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._choices = choices
        self._is_embedded = is_embedded
        self._given_ms = -1.0
        """Gifts up to here have been shown."""
        self._detached: DetachedWindow | None = None
        self.stage = Stage(danmaku=ReplayDanmaku(self._position_ms, self._happened))
        self.stage.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.desk = ReplayDesk(house, loop, door, places, self.stage)
        self.bar = SeekBar()
        self.preview = SeekPreview(self)
        self._hover = HoverPictures(self.desk, self.bar, self.preview, door)
        self.controls = ReplayControls()
        self.danmaku = DanmakuTools(self, self.stage, self.controls, choices)
        self.chat = ChatList()
        self.happenings = Happenings(self.stage, self.chat)
        self.back = _tool()
        self.totals = ReplayTotals()
        self.clip = _tool()
        self.more = _tool()
        for button in (self.clip, self.more):
            button.hide()
        self._title, self._about = ElidedLabel(), ElidedLabel()
        self._title.setObjectName("h2")
        self._about.setProperty("soft", "true")
        self._elsewhere = QPushButton()
        self._elsewhere.hide()
        self._foot = QWidget()
        self.keys = ReplayKeys(
            self.desk, self.controls, leave=self._leave, full_screen=self._toggle_full_screen
        )
        self._lay_out()
        self._connect()
        self.retranslate()

    def _position_ms(self) -> float:
        return self.desk.position_ms()

    def _happened(self, after_ms: float, to_ms: float) -> list[TimelineEntry]:
        return self.desk.timeline.between(after_ms, to_ms)

    # --- for whoever shows it -----------------------------------------------------------------

    def begin_with(self, chosen: preferences.Preferences) -> None:
        """The same volume and danmaku as in a room."""
        volume = float(chosen.get(preferences.VOLUME))
        is_muted = bool(chosen.get(preferences.IS_MUTED))
        self.controls.show_sound(volume, is_muted=is_muted)
        self.desk.choose_volume(0.0 if is_muted else volume)
        self.stage.gifts.set_on(is_on=bool(chosen.get(preferences.GIFT_EFFECTS_ON)))
        self.choose_effects(is_on=bool(chosen.get(preferences.EFFECTS_ARE_ON)))
        self.danmaku.begin_with(read_danmaku(chosen))

    def choose_effects(self, *, is_on: bool) -> None:
        self.stage.hearts.choose(is_on=is_on)

    def open(self, replay_id: str, *, start_ms: int | None = None) -> None:
        self._forget()
        self.desk.open(replay_id, start_ms=start_ms)

    def open_live(self, room_id: str) -> None:
        self._forget()
        self.desk.open_live(room_id)

    def close_replay(self) -> None:
        self.end_full_screen()
        self.desk.close()
        self._forget()

    def end_full_screen(self) -> None:
        window, self._detached = self._detached, None
        if window is None:
            return
        stage = window.give_back()
        self._elsewhere.hide()
        self._place.insertWidget(0, stage, 1)
        self._below.addWidget(self._foot)
        self._foot.show()
        stage.show()
        stage.setFocus()

    def retranslate(self) -> None:
        self.stage.setAccessibleName(self.tr("Stage"))
        self.bar.setAccessibleName(self.tr("Position"))
        for button, name in (
            (self.back, self.tr("All replays")),
            (self.clip, self.tr("Clip or export")),
            (self.more, self.tr("More")),
        ):
            button.setAccessibleName(name)
            set_tooltip(button, name)
        self._elsewhere.setText(self.tr("Bring the picture back"))
        self.chat.set_empty_words(self.tr("Nothing was said up to here."))
        self.chat.retranslate()
        self.controls.retranslate()
        self.danmaku.retranslate()
        self.totals.retranslate()
        self._show_head()
        self._show_status()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.obey(event.key()):
            super().keyPressEvent(event)

    # --- what is shown ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(self.bar)
        foot.addWidget(self.controls)
        self._foot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._about)
        head.addWidget(self.back)
        head.addLayout(names, 1)
        head.addWidget(self.totals)
        head.addWidget(self.clip)
        head.addWidget(self.more)
        area, below = QWidget(), QWidget()  # of their own, as in app/ui/room/stage_place.py
        self._place, self._below = QVBoxLayout(area), QVBoxLayout(below)
        for rows in (self._place, self._below):
            rows.setContentsMargins(0, 0, 0, 0)
        self._place.addWidget(self.stage, 1)
        self._place.addWidget(self._elsewhere, 0, Qt.AlignmentFlag.AlignCenter)
        self._below.addWidget(self._foot)
        left = QVBoxLayout()
        left.setSpacing(8)
        if not self._is_embedded:
            left.addLayout(head)
        left.addWidget(area, 1)
        left.addWidget(below)
        margin = 0 if self._is_embedded else 16
        layout = QHBoxLayout(self)
        layout.setSpacing(16)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.addLayout(left, 1)
        self.chat.setFixedWidth(CHAT_WIDTH)
        if self._is_embedded:
            self.controls.replace_chapters(self.clip)
            self.chat.setParent(self)
            self.chat.hide()
        else:
            layout.addWidget(self.chat)

    def _connect(self) -> None:
        desk, controls = self.desk, self.controls
        desk.opened.connect(self._on_opened)
        desk.failed.connect(self._on_failed)
        desk.status_changed.connect(self._show_status)
        desk.jumped.connect(self._on_jumped)
        desk.ticked.connect(self._on_tick)
        self.bar.sought.connect(desk.seek)
        controls.pause_toggled.connect(lambda is_on: desk.pause(is_paused=is_on))
        controls.sound_chosen.connect(self._on_sound)
        controls.speed_chosen.connect(desk.choose_speed)
        controls.full_screen_wanted.connect(self._toggle_full_screen)
        controls.chapters_wanted.connect(self.chapters_wanted)
        controls.live_wanted.connect(self.live_wanted)
        self.clip.clicked.connect(self._on_clip)
        self.stage.double_clicked.connect(self._toggle_full_screen)
        self.stage.clicked.connect(controls.pause.click)
        self.back.clicked.connect(self.back_wanted)
        self.more.clicked.connect(self.more_wanted)
        self._elsewhere.clicked.connect(self.end_full_screen)

    def _on_clip(self) -> None:
        replay = self.desk.replay
        if replay is not None:
            self.export(msgspec.structs.replace(replay, duration_ms=self.desk.duration_ms))

    def export(self, replay: ReplayInfo) -> ExportDialog:
        """The player goes on beside the dialog, which takes its marks from it."""
        dialog = ExportDialog(
            self.window(),
            replay,
            control=self._house,
            loop=self._loop,
            door=self._door,
            position_ms=lambda: self._position_in(replay),
            settings=self.stage.danmaku.settings,
            emotes=self.stage.danmaku.pixmaps.emotes,
        )
        dialog.show()
        return dialog

    def _position_in(self, replay: ReplayInfo) -> int:
        """Its end, so far, while another recording plays."""
        playing = self.desk.replay
        is_it = playing is not None and playing.replay_id == replay.replay_id
        return int(self.desk.position_ms()) if is_it else replay.duration_ms

    def _forget(self) -> None:
        self.chat.clear()
        self.preview.forget()
        self.totals.show_totals(Totals())
        self._given_ms = -1.0
        self.bar.show_recording(1, (), 0, ())
        self.bar.show_position(0)
        self.controls.show_time(0, 0)
        self._show_head()
        self.stage.set_message(self.tr("Opening the recording"))

    def _on_opened(self) -> None:
        replay = self.desk.replay
        if replay is None:
            return
        self._show_head()
        self.bar.show_recording(
            self.desk.duration_ms, replay.density, replay.density_step_ms, replay.chapters
        )
        if self.desk.resumed_ms and replay.state != "recording":
            words = self.tr("Goes on at {0}").replace("{0}", clock_words(self.desk.resumed_ms))
            tell(self, words, "info", self.tr("From the start"), lambda: self.desk.seek(0))
            self.desk.resumed_ms = 0
        if not self.happenings.knows_gifts and self.desk.visit is not None:
            done = self._loop.submit(self.desk.visit.list_gifts())
            self._door.deliver(done, self.happenings.know_gifts, lambda _error: None)

    def _on_failed(self, error: LivehouseError) -> None:
        self.stage.set_message(self.tr("This recording does not open"), explain(error))

    def _show_head(self) -> None:
        replay = self.desk.replay
        self._title.show_line(replay_title(replay) if replay is not None else "")
        self._about.show_line(about_words(replay) if replay is not None else "")
        self.more.setIcon(icon("more"))
        self.clip.setIcon(icon("cut"))
        self.clip.setVisible(replay is not None)
        self.back.setIcon(icon("back"))
        self.more.setVisible(replay is not None and replay.can_manage and not self._is_embedded)
        is_live = self._is_embedded or (replay is not None and replay.state == "recording")
        self.controls.live.setVisible(is_live)

    def _show_status(self) -> None:
        status = self.desk.status
        self.controls.show_paused(is_paused=status.is_paused or status.phase == "ended")
        self.stage.danmaku.set_paused(is_paused=status.is_paused)
        if not self.desk.is_open:
            return
        self.bar.set_duration(self.desk.duration_ms)
        if status.phase == "failed":
            self.stage.set_message(
                self.tr("This recording does not play"),
                self.tr("The relay is not reached, or its file is damaged. Open it again later."),
            )
        elif status.phase == "waiting":
            self.stage.set_message("", badge=self.tr("Waiting for more"))
        elif status.phase == "opening":
            self.stage.set_message(self.tr("Opening the recording"))
        else:
            self.stage.set_message("")
        self.stage.wake()

    def _on_tick(self) -> None:
        at_ms = self.desk.position_ms()
        self.bar.show_position(int(at_ms))
        self.bar.set_duration(self.desk.duration_ms)
        self.controls.show_time(int(at_ms), self.desk.duration_ms)
        if self._given_ms >= 0:
            self.happenings.show(self.desk.timeline.between(self._given_ms, at_ms))
        self._given_ms = max(self._given_ms, at_ms)
        if not self._is_embedded:
            self.totals.show_totals(self.desk.timeline.totals(at_ms))
            self.chat.show_messages(self.desk.timeline.messages(at_ms))
            self.chat.set_hidden_count(self.stage.danmaku.hidden)
        self.stage.wake()

    def _on_jumped(self) -> None:
        danmaku = self.stage.danmaku
        if isinstance(danmaku, ReplayDanmaku):
            danmaku.jump()
        self._given_ms = self.desk.position_ms()
        if not self._is_embedded:
            self.chat.clear()
            self.chat.show_messages(self.desk.timeline.messages(self._given_ms))
            self.chat.view.scrollToBottom()
        totals = self.desk.timeline.totals(self._given_ms)
        self.happenings.begin(totals.likes)
        self.totals.show_totals(totals)
        self.stage.wake()

    # --- what the viewer does -----------------------------------------------------------------

    def _leave(self) -> None:
        if self._detached is not None:
            self.end_full_screen()
        elif self._is_embedded:
            self.live_wanted.emit()
        else:
            self.back_wanted.emit()

    def _on_sound(self, volume: float, is_muted: bool) -> None:  # noqa: FBT001 # a slot
        self._choices.put(preferences.VOLUME, volume)
        self._choices.put(preferences.IS_MUTED, is_muted)
        self.desk.choose_volume(0.0 if is_muted else volume)

    def _toggle_full_screen(self) -> None:
        if self._detached is not None:
            self.end_full_screen()
            return
        self._place.removeWidget(self.stage)
        self._elsewhere.show()
        self._place.setAlignment(self._elsewhere, Qt.AlignmentFlag.AlignCenter)
        window = DetachedWindow(self.stage, self._foot, "full", self._title.text())
        self._detached = window
        window.closing.connect(self.end_full_screen)
        window.key_pressed.connect(self.keys.obey)


def _tool() -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
