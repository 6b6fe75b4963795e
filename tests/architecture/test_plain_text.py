"""No surface of the window may guess that a stranger's text is HTML, or lose its ampersands.

Each finding says what to write instead. `app/ui/plain_text.py` is the one place that may.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name_of, python_files

Finding = tuple[int, str]
HOME = ROOT / "app" / "ui" / "plain_text.py"

_GUESSES = {
    "QLabel": "PlainLabel (app/ui/plain_text.py): a QLabel guesses what is markup",
    "QMessageBox": "Question (app/ui/question.py) or a toast: a message box guesses what is markup",
    "QTextEdit": "QPlainTextEdit: a QTextEdit takes markup",
    "QTextBrowser": "QPlainTextEdit: a QTextBrowser loads what markup names",
    "QErrorMessage": "a toast: QErrorMessage takes markup",
    "QStaticText": "QPainter.drawText: a QStaticText guesses what is markup",
    "QGraphicsTextItem": "QGraphicsSimpleTextItem",
    "QSplashScreen": "PlainLabel: a splash screen guesses what is markup",
    "QWhatsThis": "set_tooltip: QWhatsThis guesses what is markup",
}
_MARKUP_METHODS = {"setHtml", "appendHtml", "insertHtml", "setMarkdown", "insertMarkdown"}
_OWN_WORDS = {"tr", "translate"}
_FIRST_ARGUMENT = {
    # method: (the argument that is a text, who may make it, what to write)
    "setToolTip": (0, set(), "set_tooltip(widget, text): tooltips guess what is markup"),
    "setWhatsThis": (0, {"tooltip_text"}, "tooltip_text(text): it guesses what is markup"),
    "setStatusTip": (0, {"one_line"}, "one_line(text)"),
    "setWindowTitle": (0, {"one_line"}, "one_line(text): a title is one line"),
    "setAccessibleToolTip": (0, {"one_line"}, "one_line(text)"),
    "showText": (1, {"tooltip_text"}, "tooltip_text(text): tooltips guess what is markup"),
    "QAction": (0, {"button_text", "icon"}, "button_text(text): an ampersand is no shortcut"),
}
_DIALOG_WORDS = (1, 2)
"""Title and label of QInputDialog's static methods: the label guesses what is markup."""


def rich_surfaces(path: Path) -> Iterator[Finding]:
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in _GUESSES:
                    yield node.lineno, _GUESSES[alias.name]
        elif isinstance(node, ast.Attribute) and node.attr in {"RichText", "AutoText"}:
            yield node.lineno, "Qt.TextFormat.PlainText, by using PlainLabel"
        elif isinstance(node, ast.Attribute) and node.attr in _GUESSES:
            yield node.lineno, _GUESSES[node.attr]
        elif isinstance(node, ast.Call):
            yield from _look_at_call(node)


def _look_at_call(call: ast.Call) -> Iterator[Finding]:
    name = _last_name(call.func)
    if name in _MARKUP_METHODS:
        yield call.lineno, "insertText or setPlainText: this takes markup"
    if name in _FIRST_ARGUMENT:
        index, makers, remedy = _FIRST_ARGUMENT[name]
        if index < len(call.args) and not _is_safe(call.args[index], makers):
            yield call.lineno, remedy
    if name == "addAction" and len(call.args) > 1:
        texts = [argument for argument in call.args[:2] if not isinstance(argument, ast.Lambda)]
        if not any(_is_safe(text, {"button_text"}) for text in texts):
            yield call.lineno, "button_text(text): an ampersand in a menu is no shortcut"
    is_input_dialog = (
        isinstance(call.func, ast.Attribute) and _last_name(call.func.value) == "QInputDialog"
    )
    if is_input_dialog:
        for index in _DIALOG_WORDS:
            if index < len(call.args) and not _is_safe(call.args[index], set()):
                yield call.lineno, "self.tr(...): the label of an input dialog guesses"


def _is_safe(node: ast.expr, makers: set[str]) -> bool:
    """The program's own words, or a stranger's that went through one of `makers`."""
    if isinstance(node, ast.Constant):
        return True
    return isinstance(node, ast.Call) and _last_name(node.func) in _OWN_WORDS | makers


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_window_when_walked_then_every_surface_is_plain() -> None:
    findings = [
        f"{name_of(path)}:{line}: {remedy}"
        for path in python_files("app")
        if path != HOME
        for line, remedy in rich_surfaces(path)
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from PySide6.QtWidgets import QLabel\n", [1]),
        ("from PySide6 import QtWidgets\nQtWidgets.QMessageBox.question(self, a, b)\n", [2]),
        ("label.setTextFormat(Qt.TextFormat.RichText)\n", [1]),
        ("label.setTextFormat(Qt.TextFormat.AutoText)\n", [1]),
        ("edit.appendHtml(text)\n", [1]),
        ("button.setToolTip(room.title)\n", [1]),
        ("button.setToolTip(f'{name}')\n", [1]),
        ("button.setToolTip(self.tr('{0}').format(name))\n", [1]),
        ("button.setToolTip(self.tr('Mute'))\n", []),
        ("item.setToolTip('')\n", []),
        ("QToolTip.showText(place, text)\n", [1]),
        ("QToolTip.showText(place, tooltip_text(text))\n", []),
        ("self.setWindowTitle(room.title)\n", [1]),
        ("self.setWindowTitle(one_line(room.title))\n", []),
        ("menu.addAction(camera.name, act)\n", [1]),
        ("menu.addAction(button_text(camera.name), act)\n", []),
        ("menu.addAction(self.tr('Image…'), act)\n", []),
        ("menu.addAction(action)\n", []),
        ("QAction(words, menu)\n", [1]),
        ("QInputDialog.getText(self, self.tr('Text'), words)\n", [1]),
        ("QInputDialog.getText(self, self.tr('Text'), self.tr('Text'))\n", []),
    ],
)
def test_rule_when_given_a_sample_then_names_the_lines(
    source: str, lines: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")
    assert [line for line, _ in rich_surfaces(path)] == lines
