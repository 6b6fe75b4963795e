"""The theme in use, and changing it: the system's wish, or the user's.

The style sheet hangs on the window's parts and not on the application. Qt polishes every widget
under a sheet that changes, at 0.15 ms each and at once: 300 widgets are a stall of 50 ms, in which
the stage loses pictures. Only what is visible is dressed anew at once, a hidden page when it shows.
"""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme.style_sheet import make_style_sheet
from app.ui.theme.tokens import DARK, LIGHT, Theme

ThemeWish = Literal["system", "dark", "light"]


class _Themes(QObject):
    """Tells who paints by hand that the colours are others now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.wish: ThemeWish = "system"
        self.is_following = False
        self.is_applied = False
        """Whether the application has the palette of `theme`."""


_themes: Final = _Themes()
changed: Final = _themes.changed
"""Emitted on the GUI thread after a change."""


def theme() -> Theme:
    """The colours in use now."""
    return _themes.theme


class _Dress(QObject):
    """The style sheet of one part. Belongs to the part."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self._worn: Theme | None = None
        part.installEventFilter(self)
        changed.connect(self._on_changed)
        self._put_on()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._put_on()
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        if self._part.isVisible():
            self._put_on()

    def _put_on(self) -> None:
        if self._worn is not theme():
            self._worn = theme()
            self._part.setStyleSheet(make_style_sheet(self._worn))


def dress(part: QWidget) -> None:
    """Keep a part of the window, and all within it, in the theme.

    Pages and what stands directly in the main window get it by themselves; a window without a
    parent that has controls must be given it.
    """
    if not part.findChildren(_Dress, options=Qt.FindChildOption.FindDirectChildrenOnly):
        _Dress(part)


def apply(application: QApplication, wish: ThemeWish) -> None:
    """Set palette and style sheet; `system` follows the system from now on."""
    _themes.wish = wish
    if not _themes.is_following:
        _themes.is_following = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(_on_scheme)
    _set(application, _find_theme(wish))


def parse_wish(text: str) -> ThemeWish:
    """Anything else than the two themes follows the system."""
    if text == "dark":
        return "dark"
    return "light" if text == "light" else "system"


def _on_scheme() -> None:
    application = QApplication.instance()
    if _themes.wish == "system" and isinstance(application, QApplication):
        _set(application, _find_theme("system"))


def _find_theme(wish: ThemeWish) -> Theme:
    if wish == "system":
        # A system that does not say gets the dark one, for which the pages were drawn first.
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return DARK if wish == "dark" else LIGHT


def _set(application: QApplication, chosen: Theme) -> None:
    if _themes.is_applied and chosen is _themes.theme:
        return
    _themes.is_applied = True
    _themes.theme = chosen
    application.setPalette(_make_palette(chosen))
    _themes.changed.emit()


def _make_palette(chosen: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: chosen.ground,
        QPalette.ColorRole.WindowText: chosen.text,
        QPalette.ColorRole.Base: chosen.field,
        QPalette.ColorRole.AlternateBase: chosen.surface,
        QPalette.ColorRole.Text: chosen.text,
        QPalette.ColorRole.PlaceholderText: chosen.text_soft,
        QPalette.ColorRole.Button: chosen.raised,
        QPalette.ColorRole.ButtonText: chosen.text,
        QPalette.ColorRole.Highlight: chosen.accent,
        QPalette.ColorRole.HighlightedText: chosen.on_accent,
        QPalette.ColorRole.ToolTipBase: chosen.raised,
        QPalette.ColorRole.ToolTipText: chosen.text,
        QPalette.ColorRole.Link: chosen.accent_text,
        QPalette.ColorRole.Mid: chosen.line,
    }
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.text_soft))
    return palette
