"""The menus that add a source or a sound: what is plugged in, by its real name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMenu, QWidget

from app.media.capture.devices import Devices
from app.ui.plain_text import button_text, one_line

if TYPE_CHECKING:
    from app.state.studio_scene import ItemKind

__all__ = ["AddMenus", "Devices"]

TITLE_CHARACTERS_SHOWN: Final = 48


class AddMenus(QObject):
    """`on_source` takes kind, address and label; `on_sound` address and label."""

    def __init__(
        self,
        parent: QWidget,
        *,
        on_source: Callable[[ItemKind, str, str], None],
        on_text: Callable[[str], None],
        on_sound: Callable[[str, str], None],
    ) -> None:
        super().__init__(parent)
        self._widget = parent
        self._on_source = on_source
        self._on_text = on_text
        self._on_sound = on_sound

    def show_sources(self, devices: Devices, place: QPoint) -> None:
        menu = self._make_menu()
        for camera in devices.cameras:
            menu.addAction(
                button_text(camera.name),
                partial(self._on_source, "camera", camera.address, camera.name),
            )
        if not devices.cameras:
            menu.addAction(self.tr("No camera is plugged in")).setEnabled(False)
        self._add_screens(menu, devices)
        menu.addSeparator()
        menu.addAction(self.tr("Media file…"), self._ask_file)
        menu.addAction(self.tr("Network stream…"), self._ask_address)
        menu.addAction(self.tr("Image…"), self._ask_image)
        menu.addAction(self.tr("Text…"), self._ask_text)
        menu.addSeparator()
        menu.addAction(self.tr("Test card"), lambda: self._on_source("testcard", "testcard", ""))
        menu.popup(place)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _add_screens(self, menu: QMenu, devices: Devices) -> None:
        text = self.tr("All screens") if devices.screens else self.tr("The whole screen")
        screen = menu.addAction(button_text(text), lambda: self._on_source("screen", "screen", ""))
        screen.setEnabled(devices.has_screen)
        for number, device in enumerate(devices.screens, 1):
            label = self.tr("Screen %1").replace("%1", str(number))
            menu.addAction(
                button_text(f"{label} ({device.name})"),
                partial(self._on_source, "screen", device.address, label),
            )
        windows = QMenu(button_text(self.tr("Window of another program")), menu)
        for window in devices.windows:
            name = one_line(window.name, TITLE_CHARACTERS_SHOWN)
            windows.addAction(
                button_text(name), partial(self._on_source, "screen", window.address, name)
            )
        menu.addMenu(windows).setEnabled(bool(devices.windows))

    def show_sounds(self, devices: Devices, place: QPoint) -> None:
        menu = self._make_menu()
        for device in devices.microphones:
            menu.addAction(
                button_text(device.name),
                partial(self._on_sound, device.address, device.name),
            )
        if not devices.microphones:
            menu.addAction(self.tr("No microphone is plugged in")).setEnabled(False)
        menu.addSeparator()
        tone = self.tr("Test tone")
        menu.addAction(button_text(tone), lambda: self._on_sound("tone", tone))
        menu.popup(place)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._widget,
            self.tr("Media file"),
            "",
            self.tr("Video and sound") + " (*.mp4 *.mkv *.mov *.webm *.avi *.flv *.ts)",
        )
        if path:
            self._on_source("file", f"file:{path}", path.rsplit("/", 1)[-1])

    def _ask_image(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._widget,
            self.tr("Image"),
            "",
            self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.bmp *.gif)",
        )
        if path:
            self._on_source("image", path, path.rsplit("/", 1)[-1])

    def _ask_address(self) -> None:
        address, accepted = QInputDialog.getText(
            self._widget,
            self.tr("Network stream"),
            self.tr("Address, as in rtsp://camera.local/stream"),
            QLineEdit.EchoMode.Normal,
        )
        if accepted and address.strip():
            # The address may hold a password: the label does not show it.
            host = address.strip().split("://")[-1].split("@")[-1].split("/")[0]
            self._on_source("url", f"url:{address.strip()}", host)

    def _ask_text(self) -> None:
        text, accepted = QInputDialog.getText(
            self._widget, self.tr("Text"), self.tr("Text"), QLineEdit.EchoMode.Normal
        )
        if accepted and text.strip():
            self._on_text(text.strip())
