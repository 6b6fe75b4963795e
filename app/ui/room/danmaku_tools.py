"""What a viewer does with danmaku: settings, the menu of a text, blocks, the box to keep clear."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QPoint, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.menus import empty
from app.ui.plain_text import button_text
from app.ui.room.danmaku_settings_panel import DanmakuSettingsPanel
from app.ui.room.keep_clear_editor import KeepClearEditor
from app.ui.theme.icons import icon
from app.ui.toast import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.danmaku.choices import Blocks, DanmakuSettings, Share
    from app.danmaku.lanes import Flight, Text
    from app.ui.room.stage import Stage
    from app.ui.room.viewer_choices import ViewerChoices


class DanmakuControls(Protocol):
    """The two buttons, wherever they stand."""

    @property
    def danmaku_toggled(self) -> SignalInstance: ...

    @property
    def danmaku_settings_wanted(self) -> SignalInstance: ...

    @property
    def danmaku_settings(self) -> QWidget: ...

    def show_danmaku(self, *, is_on: bool) -> None: ...


class DanmakuTools(QObject):
    """Joins the stage's danmaku with their controls, and remembers what was chosen."""

    def __init__(
        self, page: QWidget, stage: Stage, controls: DanmakuControls, choices: ViewerChoices
    ) -> None:
        super().__init__(page)
        self._page = page
        self._stage = stage
        self._controls = controls
        self._choices = choices
        self.panel = DanmakuSettingsPanel(page)
        self.editor = KeepClearEditor(stage)
        self.menu = QMenu(page)
        self.extend_menu: Callable[[QMenu, str], None] = lambda _menu, _key: None
        """Adds what may be done with the message of this key."""
        controls.danmaku_toggled.connect(self._on_toggled)
        controls.danmaku_settings_wanted.connect(self._on_settings_wanted)
        stage.danmaku_clicked.connect(self._on_clicked)
        self.panel.chosen.connect(self.choose)
        self.panel.drawing_wanted.connect(self._on_drawing_wanted)
        self.editor.drawn.connect(self._on_drawn)

    @property
    def settings(self) -> DanmakuSettings:
        return self._stage.danmaku.settings

    def begin_with(self, settings: DanmakuSettings) -> None:
        """As they were left."""
        self._stage.danmaku.choose(settings)
        self._controls.show_danmaku(is_on=settings.is_on)

    def show(self, settings: DanmakuSettings) -> None:
        """As they are elsewhere in the window."""
        self.begin_with(settings)
        self._stage.wake()

    def choose(self, settings: DanmakuSettings) -> None:
        """At once, and for the next start."""
        self._stage.danmaku.choose(settings)
        self._choices.put_danmaku(settings)
        self._stage.wake()

    def block_words(self, words: str) -> None:
        self._choose_blocks(self.settings.blocks.with_word(words))

    def block_user(self, user_id: str, name: str) -> None:
        self._choose_blocks(self.settings.blocks.with_user(user_id, name))

    def retranslate(self) -> None:
        self.panel.retranslate()
        self.editor.retranslate()

    def _choose_blocks(self, blocks: Blocks) -> None:
        if blocks == self.settings.blocks:
            return
        self.choose(replace(self.settings, blocks=blocks))
        tell(self._page, self.tr("Blocked. Danmaku settings has the list."), "good")

    def _on_toggled(self, is_on: bool) -> None:  # noqa: FBT001 # a slot
        self.choose(replace(self.settings, is_on=is_on))
        self.panel.show_settings(self.settings)

    def _on_settings_wanted(self) -> None:
        self.panel.show_settings(self.settings)
        self.panel.pop_up_above(self._controls.danmaku_settings)

    def _on_drawing_wanted(self) -> None:
        self.panel.hide()
        self.editor.begin(self.settings.keep_clear)

    def _on_drawn(self, share: Share | None) -> None:
        self.choose(replace(self.settings, keep_clear=share))

    def _on_clicked(self, flight: Flight, at: QPoint) -> None:
        self.fill_menu(flight.text)
        self.menu.popup(at)

    def fill_menu(self, text: Text) -> None:
        """Whose text it is comes first; it cannot be chosen."""
        menu = self.menu
        empty(menu)
        if text.name:
            menu.addAction(button_text(text.name)).setEnabled(False)
        menu.addAction(
            icon("copy"),
            self.tr("Copy the text"),
            lambda: QGuiApplication.clipboard().setText(text.text),
        )
        if not text.is_own:
            menu.addAction(self.tr("Block these words"), lambda: self.block_words(text.text))
        if text.user_id:
            menu.addAction(
                self.tr("Block this person"), lambda: self.block_user(text.user_id, text.name)
            )
            self.extend_menu(menu, text.key)
