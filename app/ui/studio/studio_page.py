"""The Studio page: renders the session's states, and hands on what the user does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.media.capture.devices import has_screen, list_cameras, list_microphones
from app.state.studio import StudioState
from app.state.studio_events import ItemMoved
from app.state.studio_scene import LAYOUTS
from app.ui.double_click import ignore_double_click
from app.ui.emote_desk import EmoteDesk
from app.ui.errors_in_words import explain
from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.scrolling import scroll_over
from app.ui.studio.add_source import AddMenus, Devices
from app.ui.studio.figures_strip import FiguresStrip
from app.ui.studio.mixer_panel import MixerPanel
from app.ui.studio.own_addresses import list_own_addresses
from app.ui.studio.preflight import Preflight
from app.ui.studio.preview_stage import PreviewStage
from app.ui.studio.record_row import RecordRow
from app.ui.studio.room_desk import RoomDesk
from app.ui.studio.room_panel import RoomPanel
from app.ui.studio.sources_panel import SourcesPanel
from app.ui.studio.stream_words import describe_stream_in
from app.ui.studio.streams_desk import StreamsDesk
from app.ui.studio.streams_panel import StreamsPanel
from app.ui.studio.studio_chat import StudioChat
from app.ui.studio.studio_desk import StudioDesk
from app.ui.studio.studio_head import StudioHead
from app.ui.studio.text_picture import paint_text
from app.ui.studio.thanks_panel import ThanksPanel
from app.ui.studio.words import describe_notice, health_sentence, layout_name
from app.ui.theme.icons import set_lead_icon
from app.ui.theme.kinds import set_kind
from app.ui.toast import tell

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.studio import StudioSession
    from app.media.scene.filters_on_demand import Pixels
    from app.state.studio_scene import Box
    from app.ui.door import Door

SIDE_WIDTH: Final = 312
CONFIRM_MS: Final = 4000
REST_MS: Final = 1000
"""After a broadcast's end, which may have been pressed more often than was needed."""
HEIGHT_SMALL: Final = 720
HEIGHT_A_STRIP: Final = 120
_CHAT_TAB: Final = 2


class StudioPage(Page):
    """Made on the GUI thread; its session lives on the loop from the first showing on."""

    several_chosen = Signal(bool)
    """The user wants several qualities, or one: to be remembered."""
    way_chosen = Signal(str)
    """An address for a second way up, empty for none: to be remembered."""

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        self._is_shown = False
        self._state = StudioState()
        self._head = StudioHead()
        self._preview = PreviewStage()
        self._desk = StudioDesk(
            house,
            loop,
            door,
            on_state=self._render,
            on_pixels=self._preview.push,
            on_made=self._show_preview,
            on_error=self._on_error,
        )
        self._figures = FiguresStrip()
        self._mixer = MixerPanel()
        self._sources = SourcesPanel()
        self._room = RoomPanel()
        self._streams = StreamsPanel()
        self.chat = StudioChat()
        self.chat.people.own_user_id = house.own_user_id
        self._emotes = EmoteDesk(house, loop, door, self)
        for shown in (self.chat.list, self.chat.keep.album):
            shown.use_emotes(self._emotes.emotes)
        self._thanks = ThanksPanel()
        self._streams_desk = StreamsDesk(self, self._desk, self._streams)
        self._room_desk = RoomDesk(
            self,
            self._desk,
            head=self._head,
            room=self._room,
            chat=self.chat,
            thanks=self._thanks,
        )
        self._preflight = Preflight()
        self.recorder = RecordRow()
        self._tabs = QTabWidget()
        self._health = PlainLabel()
        self._health.setWordWrap(True)
        self.live_button = QPushButton()
        set_lead_icon(self.live_button, "broadcast", "on_accent")
        self.live_button.setProperty("kind", "primary")
        self.end_button = QPushButton()
        self.end_button.setProperty("kind", "danger")
        ignore_double_click(self.live_button, self.end_button)  # one in the other's place
        self._reconnect = QPushButton()
        set_lead_icon(self._reconnect, "refresh")
        self._is_confirming = False
        self._confirm = QTimer(self)
        self._confirm.setSingleShot(True)
        self._confirm.setInterval(CONFIRM_MS)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._layouts = QButtonGroup(self)
        self._menus = AddMenus(
            self,
            on_source=lambda kind, address, label: self._desk.run(
                lambda session: session.add_source(kind, address, label)
            ),
            on_text=self._add_text,
            on_sound=lambda address, label: self._desk.run(
                lambda session: session.add_sound(address, label)
            ),
        )
        self._build()
        self._connect()
        self.retranslate()
        self._render(self._state)

    # --- Page -------------------------------------------------------------------------------------

    def title(self) -> str:
        return self.tr("Studio")

    def begin_with(self, *, is_several: bool, second_path: str) -> None:
        """As it was left. Before the first showing."""
        self._desk.choose(is_several=is_several, second_path=second_path)

    def on_shown(self) -> None:
        self._is_shown = True
        self._preflight.show_ways(list_own_addresses(), self._desk.second_path)
        self._desk.begin()
        self._show_preview()

    def on_hidden(self) -> None:
        self._is_shown = False
        self._show_preview()

    def closing_question(self) -> str:
        if not self._state.is_on_air and self._state.stream_in.state not in {"live", "held"}:
            return ""
        return self.tr("You are live. End the broadcast and close?")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The preview comes first; a higher window shows more of the mixer as well.
        self._mixer.show_strips(1 + (self.height() - HEIGHT_SMALL) // HEIGHT_A_STRIP)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._mixer.held.emit(False)

    def toast_ground(self) -> QWidget:
        """The mixer is at the foot of the page."""
        return self._preview

    def retranslate(self) -> None:
        for button, layout in zip(self._layouts.buttons(), LAYOUTS, strict=True):
            button.setText(layout_name(layout))
            button.setAccessibleName(self.tr("Layout: {0}").format(layout_name(layout)))
        self._preview.setAccessibleName(
            self.tr("Preview. Arrow keys move the chosen source, with Shift they resize it.")
        )
        for index, words in enumerate(
            (self.tr("Sources"), self.tr("Room"), self.tr("Chat"), self.tr("Thanks"))
        ):
            self._tabs.setTabText(index, words)
        self.live_button.setText(self.tr("Go live"))
        self._reconnect.setText(self.tr("Reconnect now"))
        for panel in (
            self._head,
            self._figures,
            self._mixer,
            self._sources,
            self._room,
            self._streams,
            self.chat,
            self._thanks,
            self._preflight,
            self.recorder,
        ):
            panel.retranslate()
        self._render(self._state)

    # --- building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for index, layout in enumerate(LAYOUTS):
            button = QPushButton()
            set_lead_icon(button, f"layout_{layout}")
            button.setCheckable(True)
            self._layouts.addButton(button, index)
            bar.addWidget(button)
        bar.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._head)
        left.addWidget(self._preview, 100)
        left.addWidget(self._figures)
        left.addLayout(bar)
        left.addWidget(self._mixer, 1)
        room = QWidget()
        both = QVBoxLayout(room)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(16)
        both.addWidget(self._room)
        both.addWidget(self._streams, 1)
        for panel in (self._sources, room, self.chat, self._thanks):
            self._tabs.addTab(scroll_over(panel), "")
        side = QWidget()
        side.setFixedWidth(SIDE_WIDTH)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)  # the chat above needs every line at 640 pixels
        right.addWidget(self._tabs, 1)
        for widget in (
            self._preflight,
            self._health,
            self.recorder,
            self._reconnect,
            self.live_button,
            self.end_button,
        ):
            right.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(side)

    def _connect(self) -> None:
        self._preview.on_taken = self._on_taken
        self._room.cover.find_picture = self._preview.copy_picture
        self._preview.resized.connect(lambda _width, _height: self._show_preview())
        self._preview.moved.connect(self._on_moved)
        for widget in (self._preview, self._sources):
            widget.selected.connect(
                lambda key: self._desk.call(lambda session: session.select(key))
            )
        self._sources.changed.connect(
            lambda event: self._desk.call(lambda session: session.change(event))
        )
        self._sources.removed.connect(
            lambda key: self._desk.run(lambda session: session.remove(key))
        )
        self._sources.add_button.clicked.connect(
            lambda: self._with_devices(self._menus.show_sources, self._sources.add_button)
        )
        self._mixer.add_wanted.connect(
            lambda: self._with_devices(self._menus.show_sounds, self._mixer.add_button)
        )
        self._mixer.changed.connect(
            lambda event: self._desk.call(lambda session: session.change_channel(event))
        )
        self._mixer.removed.connect(lambda key: self._desk.run(lambda session: session.remove(key)))
        self._mixer.held.connect(
            lambda held: self._desk.call(lambda session: session.hold_microphones(held))
        )
        self._layouts.idClicked.connect(
            lambda index: self._desk.run(lambda session: session.show_layout(LAYOUTS[index]))
        )
        self._reconnect.clicked.connect(
            lambda: self._desk.call(lambda session: session.reconnect_now())
        )
        self._preflight.several_chosen.connect(self._on_several)
        self._preflight.way_chosen.connect(self._on_way)
        self.recorder.wanted.connect(
            lambda is_wanted, folder: self._desk.call(
                lambda session: session.record(is_wanted=is_wanted, folder=folder)
            )
        )
        self.live_button.clicked.connect(self._on_live)
        self.end_button.clicked.connect(self._on_end)
        self._confirm.timeout.connect(self._on_unconfirmed)
        self._rest.timeout.connect(lambda: self._render_phase(self._state))

    def _on_error(self, error: LivehouseError) -> None:
        tell(self, explain(error), "bad")

    # --- what the user does -----------------------------------------------------------------------

    def _on_live(self) -> None:
        house = self._desk.house

        async def go(session: StudioSession) -> None:
            if not house.state.has_relay:
                await house.host()
            await session.go_live()

        self._desk.run(go, lambda _: self._tabs.setCurrentIndex(_CHAT_TAB))

    def _on_end(self) -> None:
        if not self._is_confirming:
            self._is_confirming = True
            self._confirm.start()
            self._render(self._state)
            return
        self._on_unconfirmed()
        self._desk.run(lambda session: session.end())

    def _on_unconfirmed(self) -> None:
        self._is_confirming = False
        self._confirm.stop()
        self._render(self._state)

    def _on_several(self, is_several: bool) -> None:  # noqa: FBT001 # a slot
        self._desk.call(lambda session: session.choose_qualities(is_several))
        self.several_chosen.emit(is_several)

    def _on_way(self, address: str) -> None:
        self._desk.second_path = address
        self._desk.call(lambda session: session.choose_second_path(address))
        self.way_chosen.emit(address)

    def _on_moved(self, key: str, box: Box) -> None:
        self._desk.call(lambda session: session.change(ItemMoved(key, box)))

    def _add_text(self, text: str) -> None:
        pixels: Pixels = paint_text(text)
        self._desk.call(lambda session: session.add_text(text, pixels))

    def _with_devices(self, show: Callable[[Devices, QPoint], None], button: QPushButton) -> None:
        place = button.mapToGlobal(button.rect().bottomLeft())

        async def find() -> Devices:
            return await asyncio.to_thread(
                lambda: Devices(list_cameras(), list_microphones(), has_screen())
            )

        self._desk.door.deliver(
            self._desk.loop.submit(find()), lambda devices: show(devices, place), self._on_error
        )

    # --- rendering --------------------------------------------------------------------------------

    def _on_taken(self) -> None:
        session = self._desk.session
        if session is not None:
            session.stage.preview.taken()

    def _show_preview(self) -> None:
        session = self._desk.session
        if session is None:
            return
        rect, ratio = self._preview.picture_rect(), self._preview.devicePixelRatio()
        session.stage.show_preview(
            shown=self._is_shown,
            width=int(rect.width() * ratio),
            height=int(rect.height() * ratio),
        )

    def _render(self, state: StudioState) -> None:
        fresh = state.notices_count - self._state.notices_count
        if self._state.is_on_air and not state.is_on_air:
            self._rest.start()
        self._state = state
        self._preview.render_items(state.items, state.selected)
        self._head.render_state(state)
        self._mixer.render_state(state)
        self._sources.render_state(state)
        self._room.render_state(state)
        self._streams.render_state(state)
        self._streams_desk.render_state(state)
        self._emotes.render_room(state.kept.room_id, state.kept.lead.emotes)
        self.chat.render_state(state)
        self._room_desk.render_state(state)
        self._thanks.render_state(state)
        self._preflight.render_state(state)
        self.recorder.render_recording(state.recording)
        is_ours = state.stream_in.state not in {"live", "held"}  # else OBS has the room
        self._preflight.setVisible(not state.is_on_air and is_ours)
        self._figures.setVisible(state.is_on_air)
        if state.is_on_air:
            self._figures.render_state(state)
        self._layouts.button(LAYOUTS.index(state.layout)).setChecked(True)  # Qt's
        self._render_phase(state)
        for notice in state.notices[-fresh:] if fresh > 0 else ():
            tell(self, describe_notice(notice), "bad" if notice.error is not None else "info")

    def _render_phase(self, state: StudioState) -> None:
        failure = state.failure
        words = health_sentence(state.health) if failure is None else explain(failure)
        if state.stream_in.state in {"live", "held"}:
            words, _ = describe_stream_in(state.stream_in)
        self._health.setText(words)
        kinds = {"good": "good", "warn": "warn", "bad": "bad", "idle": ""}
        set_kind(self._health, "bad" if failure is not None else kinds[state.health.severity])
        self._reconnect.setVisible(state.phase == "waiting")
        self.live_button.setVisible(not state.is_on_air)
        is_resting = self._rest.isActive()
        self.live_button.setEnabled(state.stream_in.state == "off" and not is_resting)
        self.end_button.setVisible(state.is_on_air)
        self.end_button.setEnabled(state.phase != "ending")
        self.end_button.setText(
            self.tr("Click again to end") if self._is_confirming else self.tr("End the broadcast")
        )
