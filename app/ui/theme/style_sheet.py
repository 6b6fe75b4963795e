"""The style sheet, made from the tokens. Buttons: kind="primary", "danger", "quiet"."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from typing import Final

from app.ui.theme.tokens import CONTROL_HEIGHT, RADIUS, Theme

_RULES: Final = """
* { font-size: 14px; }
QWidget { color: @text; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 8px; }
QDialog, QMainWindow { background: @ground; }
QDialog { border: 1px solid @line; }
QLabel#h1 { font-size: 26px; font-weight: 600; }
QLabel#h2 { font-size: 18px; font-weight: 600; }
QLabel#h3 { font-size: 14px; font-weight: 600; }
QLabel[kind="won"] { color: @accent_text; font-weight: 600; }
QLabel[soft="true"], QLabel#soft { color: @text_soft; }
QLabel#key { background: @raised; border: 1px solid @line; border-radius: 4px; padding: 2px 8px; }
QLabel[kind="bad"] { color: @bad; }
QLabel[kind="good"] { color: @good; }
QLabel[kind="warn"] { color: @warn; }
QLabel#badge { border: 1px solid @line; border-radius: 11px; padding: 1px 10px; font-size: 12px;
  font-weight: 600; color: @text_soft; }
QLabel#badge[kind="live"] { background: @live; border-color: @live; color: @on_live; }
QLabel#badge[kind="good"] { border-color: @good; color: @good; }
QLabel#badge[kind="new"] { background: @accent; border-color: @accent; color: @on_accent; }
QPushButton#preview, QPushButton#preview:focus { background: @field; padding: 0; }
QFrame#inboxitem { background: @field; border: 1px solid @line; border-radius: @radiuspx; }
QLabel#badge[kind="warn"] { border-color: @warn; color: @warn; }
QFrame#overlay { background: @surface; border: none; border-top: 1px solid @line; }
QFrame#raid { background: @surface; border: 2px solid @warn; border-radius: @radiuspx; }
QFrame#popup { background: @surface; border: 1px solid @line; }
QFrame#card, QWidget#card { background: @surface; border: 1px solid @line; border-radius: 12px; }

#sections { background: @surface; border-right: 1px solid @line; }
QPushButton#section { text-align: left; background: transparent; border-color: transparent;
  padding: 0 12px; }
QPushButton#section:hover { background: @raised; }
QPushButton#section:checked { background: @selected; color: @accent_text; font-weight: 600; }
QPushButton#section:focus { border: 2px solid @focus; padding: 0 11px; }

#rail { background: @rail; border-right: 1px solid @line; }
#rail QToolButton { background: transparent; border: 2px solid transparent; border-radius: 8px;
  color: @text_soft; padding: 4px 0; font-size: 12px; }
#rail QToolButton:hover { background: @raised; color: @text; }
#rail QToolButton:checked { background: @selected; color: @accent_text; font-weight: 600; }
#rail QToolButton:focus { border-color: @focus; }

QPushButton, QToolButton, QComboBox { background: @raised; border: 1px solid @line;
  border-radius: @radiuspx; padding: 0 16px; min-height: @innerpx; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: @text_soft; }
QPushButton:pressed, QToolButton:pressed { background: @field; }
QPushButton:focus, QToolButton:focus, QComboBox:focus { border: 2px solid @focus;
  padding: 0 15px; min-height: @focusedpx; }
QPushButton:checked { background: @selected; color: @accent_text; border-color: @accent; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: @text_soft;
  background: @field; }
QToolButton { padding: 0 6px; }
QToolButton#gift { padding: 4px 2px; min-height: 82px; }
QToolButton#gift:focus { padding: 3px 1px; min-height: 82px; }
QToolButton:focus { padding: 0 5px; }
QToolButton:checked { color: @accent_text; border-color: @accent; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border-color: @accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border-color: @focus; }
QPushButton[kind="primary"]:disabled { background: @raised; color: @text_soft;
  border-color: @line; }
QPushButton[kind="danger"] { color: @bad; border-color: @bad; }
QPushButton[kind="danger"]:disabled { color: @text_soft; border-color: @line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent;
  border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @raised; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: @focus; }
QPushButton#choice { background: @surface; border: 1px solid @line; border-radius: 16px;
  padding: 0; min-height: 192px; }
QPushButton#choice:hover { border-color: @accent; background: @raised; }
QPushButton#relay { text-align: left; background: @surface; }
QPushButton#slim { padding: 0 8px; }
QPushButton#relay:hover { border-color: @accent; background: @raised; }
QPushButton#choice:focus { border: 2px solid @focus; min-height: 190px; }

QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit { background: @field; border: 1px solid @line;
  border-radius: @radiuspx; padding: 0 12px; min-height: @innerpx;
  selection-background-color: @accent; selection-color: @on_accent;
  placeholder-text-color: @text_soft; }
QPlainTextEdit { padding: 8px 12px; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus {
  border: 2px solid @focus; padding: 0 11px; min-height: @focusedpx; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { background: transparent;
  border: none; padding: 0 8px; min-height: 0; }
QLineEdit:disabled { color: @text_soft; }
QComboBox::drop-down { border: none; width: 32px; }
QComboBox::down-arrow { image: url("@chevron"); width: 16px; height: 16px; }
QComboBox[kind="compact"] { padding: 0 0 0 8px; }
QComboBox[kind="compact"]:focus { padding: 0 0 0 7px; }
QComboBox[kind="compact"]::drop-down { width: 22px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @line; padding: 4px;
  selection-background-color: @raised; selection-color: @text; outline: none; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 28px; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator { width: 16px; height: 16px;
  border: 1px solid @text_soft; border-radius: 4px; background: @field; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QListView::indicator:checked {
  background: @accent; border: 1px solid @accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { image: url("@check"); }
QRadioButton::indicator:checked { image: url("@dot"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: @raised;
  border-color: @line; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled {
  background: @text_soft; border-color: @text_soft; }
QCheckBox:disabled, QRadioButton:disabled { color: @text_soft; }
QCheckBox:focus, QRadioButton:focus { color: @focus; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid @focus;
  width: 14px; height: 14px; }

QMenu { background: @surface; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 8px 24px 8px 16px; border-radius: 4px; }
QMenu::item:selected { background: @raised; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }

QScrollArea, QScrollArea > QWidget > QWidget#page { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; }
QScrollBar:horizontal { background: transparent; height: 12px; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 2px; min-height: 32px;
  min-width: 32px; }
QScrollBar::handle:hover { background: @text_soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QListView, QTreeView, QTableView { background: @field; border: 1px solid @line;
  border-radius: @radiuspx; outline: none; selection-background-color: @raised;
  selection-color: @text; }
QTableView { selection-background-color: @selected; selection-color: @text;
  alternate-background-color: @surface; }
QTableView::item { padding: 0 10px; border-bottom: 1px solid @line; }
QTableView:focus { border: 2px solid @focus; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @text_soft; border: none;
  border-bottom: 1px solid @line; padding: 6px 18px 6px 12px; font-size: 12px; font-weight: 600; }
QListView::item { min-height: 28px; }
QTreeView#statement::item { padding: 5px 8px; border: none; }
QListView#thanks::item, QListView#rows::item { padding: 6px 8px; border: none; }
QListView#rows::item:selected { background: @raised; color: @text; }
QListView:focus, QTreeView:focus { border: 2px solid @focus; }
QTabWidget::pane { border: none; }
QTabBar::tab { padding: 8px 16px; color: @text_soft; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @focus; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider::handle:horizontal { width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
  background: @text; }
QSlider::handle:horizontal:focus { background: @focus; }
QSplitter::handle { background: @line; }
QProgressBar { background: @field; border: 1px solid @line; border-radius: 4px; height: 8px;
  text-align: center; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QProgressBar#share { background: @raised; border: none; border-radius: 3px; }

QToolButton#oncard { background: rgba(0, 0, 0, 0.68); border: none; border-radius: 6px; padding: 0;
  min-height: 0; }
QToolButton#oncard:hover { background: rgba(0, 0, 0, 0.88); }
QToolButton#oncard:focus { border: 2px solid @focus; padding: 0; min-height: 0; }
QPushButton#intoast { background: transparent; border: none; color: @accent_text;
  font-weight: 600; padding: 0 8px; min-height: 28px; }
QPushButton#intoast:hover { background: @surface; }
QPushButton#intoast:focus { border: 2px solid @focus; padding: 0 6px; min-height: 24px; }
QProgressBar#strength { background: @field; border: none; border-radius: 3px; }

#toast { background: @raised; color: @text; border: 1px solid @line; border-radius: 8px;
  padding: 8px 24px; }
#toast[kind="good"] { border-color: @good; }
#toast[kind="bad"] { border-color: @bad; }
"""


def make_style_sheet(theme: Theme) -> str:
    """The rules with the theme's colours put in."""
    words = {name: str(value) for name, value in asdict(theme).items()}
    for name in ("chevron", "check", "dot"):
        picture = resources.files("resources") / "icons" / f"{name}_{theme.name}.svg"
        words[name] = str(picture).replace("\\", "/")
    words["radius"] = str(RADIUS)
    words["inner"] = str(CONTROL_HEIGHT - 2)
    words["focused"] = str(CONTROL_HEIGHT - 4)
    sheet = _RULES
    for name in sorted(words, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", words[name])
    return sheet
